"""Voices and cast of a project → Cast."""

from narrator.casting.audition import reel, write_reel
from narrator.casting.cast import read_cast
from narrator.casting.coverage import check_cast, silent_roles
from narrator.casting.design import audition_line, drawn, keep, undrawn
from narrator.casting.fetching import fetch_recordings, keep_recording
from narrator.casting.first_project import part_entry, project_yaml, voice_entry
from narrator.casting.lint import gender_in_book, lint, summary, unknown_note
from narrator.casting.pools import KOKORO, Pool, pool_for
from narrator.casting.preview import DRAFT_ENGINE, PREVIEW_ENGINE, draft, preview
from narrator.casting.reference import named, prepared
from narrator.casting.suggest import Part, Proposal, additions, pool_of, propose, spelt

__all__ = [
    "DRAFT_ENGINE",
    "KOKORO",
    "PREVIEW_ENGINE",
    "Part",
    "Pool",
    "Proposal",
    "additions",
    "audition_line",
    "check_cast",
    "draft",
    "drawn",
    "fetch_recordings",
    "gender_in_book",
    "keep",
    "keep_recording",
    "lint",
    "named",
    "part_entry",
    "pool_for",
    "pool_of",
    "prepared",
    "preview",
    "project_yaml",
    "propose",
    "read_cast",
    "reel",
    "silent_roles",
    "spelt",
    "summary",
    "undrawn",
    "unknown_note",
    "voice_entry",
    "write_reel",
]
