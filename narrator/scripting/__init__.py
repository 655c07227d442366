"""Manuscript + Cast → Script. Pure text, no files."""

from narrator.scripting.normalise import spoken_form, spoken_languages
from narrator.scripting.script import ScriptRules, learn, write_script

__all__ = ["ScriptRules", "learn", "spoken_form", "spoken_languages", "write_script"]
