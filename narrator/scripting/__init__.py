"""Manuscript + Cast → Script. Pure text, no files."""

from narrator.scripting.audit import audit
from narrator.scripting.guessing import guess_language
from narrator.scripting.hearing import who_speaks
from narrator.scripting.normalise import spoken_form, spoken_languages
from narrator.scripting.overrides import pinned, places
from narrator.scripting.relearning import differences, merged
from narrator.scripting.script import ScriptRules, learn, overruling, write_script

__all__ = [
    "ScriptRules",
    "audit",
    "differences",
    "guess_language",
    "learn",
    "merged",
    "overruling",
    "pinned",
    "places",
    "spoken_form",
    "spoken_languages",
    "who_speaks",
    "write_script",
]
