"""Manuscript + Cast → Script. Pure text, no files."""

from narrator.scripting.audit import audit
from narrator.scripting.normalise import spoken_form
from narrator.scripting.overrides import pinned, places
from narrator.scripting.script import ScriptRules, learn, write_script

__all__ = ["ScriptRules", "audit", "learn", "pinned", "places", "spoken_form", "write_script"]
