"""What people look at before and between builds: a proposed project, the outline, an audition.

Nothing here publishes anything under a final name. Takes made for an audition go to the store, and a build reuses them.
"""

import shutil
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from narrator import casting, files, reading, scripting
from narrator.audio.files import decode
from narrator.audio.tempo import stretched
from narrator.domain import (
    NARRATOR,
    Cast,
    Character,
    Learnt,
    LexiconEntry,
    Manuscript,
    Quotation,
    Samples,
    Script,
    Take,
    name_key,
)
from narrator.engines import inventory, registry
from narrator.errors import EngineError, LanguageError, MissingError, ProjectError, UsageError
from narrator.events import Listener
from narrator.preparation import read_book
from narrator.production import Plan, Stopped, Wishes, drawn, plan, quiet, ready, recordings, say
from narrator.project import FILE, Project, open_project
from narrator.publishing import read_manifest, safe_name
from narrator.recording import Request
from narrator.settings.learnt import write_learnt
from narrator.settings.options import EngineOptions, ReadOptions
from narrator.settings.spelling import did_you_mean
from narrator.store import Store

USUAL_CHARS = 280
"""The longest line of most engines, for books that none here can speak."""

AUDITION_LINES = 3
AUDITION_CHARS = (40, 200)
"""Lines that tell a voice without tiring: neither a word nor a speech."""


# ── narrate new ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProject:
    """What was proposed for a book."""

    file: Path
    manuscript: Manuscript
    proposal: casting.Proposal


def propose(book: Path, folder: Path | None) -> NewProject:
    """Read a book and write a project for it: project.yaml to be reviewed, and what was learnt.

    Args:
        book: EPUB, Markdown or plain text; it is copied into the project.
        folder: The project's folder; `projects/TITLE` here unless given.

    Raises:
        BookError: The book cannot be read.
        ProjectError: There is a project already.
    """
    manuscript = reading.read_apart(book, ReadOptions())
    root = folder or Path("projects") / slug(manuscript.title or book.stem)
    if (root / FILE).exists():
        raise ProjectError(
            f"{root / FILE}: there is a project already",
            hint="Edit it, or name another folder: narrate new BOOK FOLDER.",
        )
    copy = root / book.name
    _refuse_overwriting(root / "learnt.yaml", b"")
    _refuse_overwriting(copy, book.read_bytes())
    learnt = scripting.learn(manuscript)
    rules = scripting.ScriptRules(max_chars=USUAL_CHARS, language=manuscript.language)
    script = scripting.write_script(manuscript, None, learnt, rules)
    proposal = casting.propose(learnt, script, pool(manuscript.language))
    root.mkdir(parents=True, exist_ok=True)
    if not copy.exists():
        files.write(copy, book.read_bytes())
    write_learnt(root / "learnt.yaml", learnt)
    files.write(root / FILE, casting.project_yaml(proposal, manuscript, book.name), replace=False)
    open_project(root).remember_base(learnt)
    return NewProject(file=root / FILE, manuscript=manuscript, proposal=proposal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A book and its lines, whatever engine will speak them."""

    manuscript: Manuscript
    learnt: Learnt
    script: Script
    lexicon: tuple[LexiconEntry, ...]


def open_text(path: Path) -> Text:
    """The text of a book's file, or of a project with its cast and lexicon.

    Raises:
        NarratorError: The book or the project cannot be read.
    """
    cast: Cast | None = None
    if path.is_dir() or path.suffix.lower() in {".yaml", ".yml"}:
        project = open_project(path)
        manuscript, learnt = read_book(project), project.learnt()
        cast = casting.read_cast(project.document, project.root)
        rules = lines_as_built(project, cast, manuscript.language)
    else:
        manuscript, learnt = reading.read_apart(path, ReadOptions()), None
        rules = scripting.ScriptRules(max_chars=USUAL_CHARS, language=manuscript.language)
    learnt = learnt or scripting.learn(manuscript)
    script = scripting.write_script(manuscript, cast, learnt, rules)
    return Text(manuscript=manuscript, learnt=learnt, script=script, lexicon=rules.lexicon)


def pool(language: str) -> casting.Pool:
    """The voices to propose for a book of this language: those that can be heard here, if any can."""
    options = EngineOptions()
    gpu = shutil.which("nvidia-smi") is not None
    return casting.pool_for(language, presets_here=gpu and inventory.model(options, "custom_voice").here)


def lines_as_built(project: Project, cast: Cast, language: str) -> scripting.ScriptRules:
    """Rules that cut a book as a build would; as most engines would, where none here can speak it."""
    try:
        engine, _ = registry.choose(project.engine.use, cast.voices, language, project.engine)
        max_chars = engine.info.max_chars
    except (EngineError, LanguageError, MissingError):
        max_chars = USUAL_CHARS
    return project.rules(language, max_chars=max_chars)


def _refuse_overwriting(path: Path, data: bytes) -> None:
    """What a person may have worked on is never replaced."""
    if path.exists() and path.read_bytes() != data:
        raise ProjectError(f"{path}: is there already, and not the same", hint="Move it away, or name another folder.")


def slug(title: str) -> str:
    """A title as a folder's name: `alices-adventures-in-wonderland`."""
    words = "".join(c if c.isalnum() else " " for c in title.casefold().replace("’", "").replace("'", "")).split()
    return safe_name("-".join(words))[:60].rstrip("-") or "book"


def speakers(book: Path, known: Sequence[Character], language: str) -> tuple[Quotation, ...]:
    """Every quotation of a book in order, and who speaks it.

    Args:
        book: Markdown or plain text; in an EPUB positions count within each document.
        known: Characters that are given, under their canonical names.
        language: The book's; for Markdown and plain text that do not say, it is guessed.

    Raises:
        ProjectError: There is no such file, or it is of another kind.
        BookError: The book cannot be read.
    """
    manuscript = reading.read_apart(book, ReadOptions(), language=language)
    if not language and book.suffix.lower() != ".epub":
        texts = (p.text for c in manuscript.chapters for p in c.paragraphs)
        manuscript = replace(manuscript, language=scripting.guess_language(texts, manuscript.language))
    return scripting.who_speaks(manuscript, scripting.learn(manuscript), known)


# ── narrate plan, status ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterRow:
    """How far a chapter is."""

    number: int
    title: str
    n_lines: int
    n_missing: int
    recorded_s: float
    seconds: float
    """Recorded, and estimated for what is missing; pauses not counted."""


def outline(planned: Plan) -> tuple[ChapterRow, ...]:
    """The chapters that are wanted, line by line in the store or not."""
    chapters: defaultdict[int, list[Request]] = defaultdict(list)
    for request in planned.requests:
        chapters[request.chapter].append(request)
    titles = {chapter.number: chapter.title for chapter in planned.script.chapters}
    return tuple(_row(number, titles[number], asked, planned) for number, asked in chapters.items())


def _row(number: int, title: str, asked: list[Request], planned: Plan) -> ChapterRow:
    recorded_s = sum(planned.takes[r.key].seconds / r.tempo for r in asked if r.key in planned.takes)
    missing = [r for r in asked if r.key not in planned.takes]
    missing_s = sum(len(r.recipe.text) / planned.engine.info.chars_per_s / r.delivery.pace / r.tempo for r in missing)
    return ChapterRow(
        number=number,
        title=title,
        n_lines=len(asked),
        n_missing=len(missing),
        recorded_s=recorded_s,
        seconds=recorded_s + missing_s,
    )


def skipped(manuscript: Manuscript) -> tuple[tuple[str, int], ...]:
    """What is printed and not read, by rule: letters."""
    letters: Counter[str] = Counter()
    for each in manuscript.skipped:
        letters[each.rule] += each.n_letters
    return tuple(sorted(letters.items()))


def finished(planned: Plan) -> tuple[Path, ...]:
    """Files that stand in the output folder."""
    manifest = read_manifest(planned.output)
    return tuple(p for product in manifest.products.values() for p in product.paths(planned.output) if p.exists())


# ── narrate audition ──────────────────────────────────────────────────────────────────────────────────────────────────


def audition(project: Project, role: str, listener: Listener, stopped: Stopped) -> Path | None:
    """Record a few of a role's real lines and join them to a reel in the preview folder.

    Returns:
        The reel; None after a stop.

    Raises:
        UsageError: Nobody of that name speaks.
        EngineError: None of the lines could be spoken.
        LockedError: A build is running.
    """
    store = Store(project.state)
    with store.locked():
        planned = ready(project, Wishes(), listener)
        lines = _audition_lines(planned, role)
        takes: dict[str, Take] = {r.key: planned.takes[r.key] for r in lines if r.key in planned.takes}
        missing = [r for r in lines if r.key not in takes or not store.sound(takes[r.key])]
        made = recordings(planned, missing, listener, stopped)
        takes.update({request.key: take for request, take in made if take is not None})
        if stopped():
            return None
        rate_hz = planned.engine.info.sample_rate_hz
        clips = [
            stretched(decode(takes[r.key].path.read_bytes(), where=r.utterance.address)[0], rate_hz, r.tempo)
            for r in lines
            if r.key in takes
        ]
        samples = casting.reel(clips, rate_hz)
        if not len(samples):
            raise EngineError(f"{role}: nothing could be heard", hint="Choose another voice for this role.")
        target = project.preview / f"audition {safe_name(role)}.wav"
        casting.write_reel(target, samples, rate_hz)
        return target


def speak(project: Project, text: str, character: str = NARRATOR) -> tuple[Samples, int]:
    """Say something in a role's voice: mono samples in [-1, 1], shape [n_samples], and their rate in Hz.

    Nothing is stored but the voice's prompt, and a designed voice's clip if it has none yet.

    Raises:
        UsageError: Nobody of that name is cast, or there is nothing to say in the text.
        NarratorError: Project, voice or engine cannot be used.
    """
    store = Store(project.state)
    with store.locked():
        return say(drawn(plan(project, Wishes(), quiet)), text, character)


def give_recording(project: Project, voice: str, recording: bytes | tuple[NDArray[Any], int]) -> Path:
    """Put a recording that a program has at the place where project.yaml looks for it, `clone: {audio: …}`.

    It stays there as a file of the project, so a later `narrate build` hears the same voice.

    Args:
        project: Its project.yaml casts the voice as a clone.
        voice: Its name there.
        recording: The bytes of a file of any common format; or samples, floating point in [-1, 1], shape [n_samples]
            or [n_samples, n_channels], and their rate in Hz, which are kept as .flac or .wav.

    Raises:
        UsageError: There is no such voice, it is not cloned from a file, or the file's name suits no samples.
        ProjectError: The recording cannot be cloned, or another file is there already.
    """
    return casting.keep_recording(project.document, project.root, voice, recording)


def _audition_lines(planned: Plan, role: str) -> tuple[Request, ...]:
    """The role's lines that tell the voice best, in the order of the book."""
    by_name: Mapping[str, str] = {
        name_key(name): r.character for r in planned.cast.roles for name in (r.character, *r.aliases)
    }
    known = sorted({r.utterance.character for r in planned.requests})
    character = by_name.get(name_key(role)) or next((n for n in known if name_key(n) == name_key(role)), "")
    own = [r for r in planned.requests if r.utterance.character == character]
    if not own:
        raise UsageError(
            f"nobody called {role!r} has a line{did_you_mean(role, known)}", hint=f"These speak: {', '.join(known)}."
        )
    shortest, longest = AUDITION_CHARS
    middle = (shortest + longest) / 2
    fit = sorted(own, key=lambda r: abs(len(r.recipe.text) - middle))[:AUDITION_LINES]
    return tuple(request for request in own if request in fit)
