"""Manuscript + Cast → Script. Pure text, no files."""

from narrator.scripting.guessing import guess_language
from narrator.scripting.hearing import who_speaks
from narrator.scripting.normalise import spoken_form, spoken_languages
from narrator.scripting.script import ScriptRules, learn, write_script

__all__ = [
    "ScriptRules",
    "guess_language",
    "learn",
    "spoken_form",
    "spoken_languages",
    "who_speaks",
    "write_script",
]
