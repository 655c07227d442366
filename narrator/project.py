"""A project: one folder for one book.

- `project.yaml`, `cast.yaml`, `lexicon.yaml`, `learnt.yaml`, `voices/`: what people decided; text and clips, for git.
- `.narrate/`: the take store and what is derived from it.
- `output/`: finished files; `output/preview/` for drafts and auditions, never under a final name.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from narrator import files
from narrator.domain import Cover, Learnt, LexiconEntry, Script, SpeakerOverride
from narrator.errors import ProjectError
from narrator.reading import pictures
from narrator.scripting import ScriptRules, pinned, places
from narrator.scripting.overrides import ADDRESS
from narrator.settings.document import Document, read_text
from narrator.settings.editing import Entry, with_entries, with_key
from narrator.settings.learnt import read_learnt, write_learnt
from narrator.settings.lexicon import read_lexicon
from narrator.settings.options import EngineOptions, MasteringProfile, ProjectOptions
from narrator.settings.presets import read_mastering
from narrator.settings.series import load_own, load_project
from narrator.settings.writing import scalar

FILE = "project.yaml"
BOOKS = frozenset({".epub", ".md", ".markdown", ".txt"})


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
            self.remember_base(learnt)

    def learnt_base(self) -> Learnt:
        """What narrator itself had learnt when it last wrote learnt.yaml; empty when that is not known any more."""
        path = self.state / "learnt.yaml"
        return read_learnt(path) if path.exists() else Learnt()

    def remember_base(self, learnt: Learnt) -> None:
        """Keep what narrator itself learnt, to tell it from a person's corrections later."""
        write_learnt(self.state / "learnt.yaml", learnt)

    def cast_file(self) -> Path | None:
        """The file that project.yaml itself names for its cast; None when the cast stands in project.yaml."""
        cast = load_own(self.document.path).get("cast")
        return self.root / cast if isinstance(cast, str) else None

    def pin(self, script: Script) -> tuple[str, ...]:
        """Write overrides that name a line by its address in the line's own words: an address moves, words stay.

        Returns:
            What was written, or could not be, in sentences.
        """
        path, told = self.document.path, []
        known = places(script)
        own = load_own(path).get("speakers") or {}
        for line in (each for each in own if ADDRESS.fullmatch(each.strip())):
            try:
                words = pinned(line, known, self.document.where("speakers", line))
                edited = with_key(read_text(path), str(path), "speakers", line, Entry(key=words, value=own[line]))
            except ProjectError as error:
                told.append(error.message)
                continue
            files.write(path, edited)
            told.append(f"{path}: the override of {line} is now written in the line's own words")
        return tuple(told)

    def overrule(self, line: str, speaker: str, script: Script) -> str:
        """Write down who says a line, in the line's own words.

        Returns:
            Those words.

        Raises:
            ProjectError: There is no such line, or project.yaml cannot be added to.
        """
        path = self.document.path
        words = pinned(line, places(script), "--speaker")
        text = read_text(path)
        entry = Entry(key=words, value=scalar(speaker))
        if words in (load_own(path).get("speakers") or {}):
            raise ProjectError(
                f"{self.document.where('speakers', words)}: this line has an override already", hint="Change it there."
            )
        files.write(path, with_entries(text, str(path), "speakers", [entry]))
        return words

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

    def rules(self, language: str, *, max_chars: int) -> ScriptRules:
        """How the book is cut into lines, for whom and how they are said.

        Args:
            language: Of the manuscript.
            max_chars: The longest line that the engine takes.
        """
        return ScriptRules(max_chars=max_chars, lexicon=self.lexicon(), language=language, speakers=self.speakers())

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
    if path.suffix.lower() in BOOKS:
        raise ProjectError(f"{path}: is a book, not a project", hint=f"Make a project of it first: narrate new {path}")
    file = path / FILE if path.is_dir() else path
    return Project(root=file.parent, document=load_project(file))
