"""A project: one folder for one book.

project.yaml, cast.yaml, lexicon.yaml, learnt.yaml, voices/   what people decided: text and clips, for git
.narrate/                                                     the take store and what is derived from it
output/                                                       finished files; output/preview/ for drafts
"""

from dataclasses import dataclass
from pathlib import Path

from narrator.domain import Learnt, LexiconEntry
from narrator.errors import ProjectError
from narrator.settings.document import Document, load
from narrator.settings.options import MasteringProfile, ProjectOptions

PROJECT_FILE = "project.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Where everything of a book lies, and what its project.yaml says."""

    root: Path
    document: Document[ProjectOptions]

    @property
    def options(self) -> ProjectOptions:
        """project.yaml."""
        return self.document.value

    @property
    def book(self) -> Path:
        """The book's own file."""
        return self.root / self.options.book.source

    @property
    def state(self) -> Path:
        """The take store."""
        return self.root / ".narrate"

    @property
    def learnt_file(self) -> Path:
        """What was learnt from the book."""
        return self.root / "learnt.yaml"

    @property
    def output(self) -> Path:
        """Finished files."""
        return self.root / "output"

    @property
    def preview(self) -> Path:
        """Drafts, auditions: nothing here has a final name."""
        return self.output / "preview"
