"""A project: one folder for one book.

- `project.yaml`, `cast.yaml`, `lexicon.yaml`, `learnt.yaml`, `voices/`: what people decided; text and clips, for git.
- `.narrate/`: the take store and what is derived from it.
- `output/`: finished files; `output/preview/` for drafts and auditions, never under a final name.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from narrator.domain import Cover, Learnt, LexiconEntry, SpeakerOverride
from narrator.errors import ProjectError
from narrator.reading import pictures
from narrator.settings.document import Document
from narrator.settings.learnt import read_learnt, write_learnt
from narrator.settings.lexicon import read_lexicon
from narrator.settings.options import EngineOptions, MasteringProfile, ProjectOptions
from narrator.settings.presets import read_mastering
from narrator.settings.series import load_project

FILE = "project.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Where everything of a book lies, and what people decided about it."""

    root: Path
    document: Document[ProjectOptions]

    @property
    def options(self) -> ProjectOptions:
        """project.yaml."""
        return self.document.value

    @property
    def book(self) -> Path:
        """The book's own file."""
        path = self._home("book", "source") / self.options.book.source
        if not path.is_file():
            raise ProjectError(
                f"{self.document.where('book', 'source')}: there is no file {path}",
                hint="Put the book beside project.yaml, or correct `book: {source: …}`.",
            )
        return path

    @property
    def engine(self) -> EngineOptions:
        """Which engine and which weights; a folder of weights counts from the project's."""
        options = self.options.engine
        folder = self._home("engine", "source") / options.source
        return replace(options, source=str(folder.resolve())) if folder.is_dir() else options

    @property
    def state(self) -> Path:
        """The take store."""
        return self.root / ".narrate"

    @property
    def output(self) -> Path:
        """Finished files."""
        return self.root / "output"

    @property
    def preview(self) -> Path:
        """Drafts and auditions: nothing here has a final name."""
        return self.output / "preview"

    def learnt(self) -> Learnt | None:
        """What was learnt from the book and is frozen; None when nothing was yet."""
        path = self.root / "learnt.yaml"
        return read_learnt(path) if path.exists() else None

    def remember(self, learnt: Learnt) -> None:
        """Freeze what was learnt, unless something is frozen already."""
        if not (path := self.root / "learnt.yaml").exists():
            write_learnt(path, learnt)

    def lexicon(self) -> tuple[LexiconEntry, ...]:
        """How words are to be said: the entries of all lexicon files in order."""
        voices = self.options.voices
        files = (self._home("lexicon", n) / name for n, name in enumerate(self.options.lexicon))
        return tuple(entry for file in files for entry in read_lexicon(file, voices))

    def speakers(self) -> tuple[SpeakerOverride, ...]:
        """What was decided about single lines."""
        return tuple(
            SpeakerOverride(line=line, speaker=speaker, where=self.document.where("speakers", line))
            for line, speaker in self.options.speakers.items()
        )

    def profile(self) -> MasteringProfile:
        """What a finished chapter must measure."""
        return read_mastering(self.document, self._home("sound", "profile"))

    def cover(self) -> Cover | None:
        """The picture that project.yaml names; None = the book's own.

        Raises:
            ProjectError: The file is not there, or is no whole JPEG or PNG.
        """
        if (name := self.options.book.cover) == "auto":
            return None
        where = self.document.where("book", "cover")
        try:
            data = (self._home("book", "cover") / name).read_bytes()
        except OSError as error:
            raise ProjectError(f"{where}: cannot read {name}: {error.strerror}") from error
        if (found := pictures.cover(data)) is None:
            raise ProjectError(
                f"{where}: {name} is no JPEG or PNG picture, or is damaged",
                hint="Save it again as a JPEG or PNG, or write `cover: auto`.",
            )
        return found

    def _home(self, *keys: str | int) -> Path:
        """The folder from which a path counts: of the file that wrote it."""
        return self.document.beside(*keys) or self.root


def open_project(path: Path) -> Project:
    """The project of a `project.yaml`, or of the folder that holds one.

    Raises:
        ProjectError: The file is not there or says something that cannot be meant; all mistakes at once.
    """
    file = path / FILE if path.is_dir() else path
    return Project(root=file.parent, document=load_project(file))
