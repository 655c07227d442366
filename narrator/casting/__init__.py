"""Voices and cast of a project → Cast."""

from narrator.casting.audition import reel, write_reel
from narrator.casting.cast import read_cast
from narrator.casting.coverage import check_cast, silent_roles
from narrator.casting.first_project import project_yaml
from narrator.casting.preview import DRAFT_ENGINE, draft
from narrator.casting.suggest import Part, Proposal, propose

__all__ = [
    "DRAFT_ENGINE",
    "Part",
    "Proposal",
    "check_cast",
    "draft",
    "project_yaml",
    "propose",
    "read_cast",
    "reel",
    "silent_roles",
    "write_reel",
]
