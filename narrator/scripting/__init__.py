"""Manuscript + Cast → Script. Pure text, no files."""

from narrator.scripting.normalise import spoken_form
from narrator.scripting.overrides import pinned, places
from narrator.scripting.script import ScriptRules, learn, write_script

__all__ = ["ScriptRules", "learn", "pinned", "places", "spoken_form", "write_script"]
