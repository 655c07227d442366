"""The whole pipeline: how a book becomes an audiobook. The page where the stages meet; its end is `finishing`.

    read → cast → script → requests → (in the store? else record) → master → publish

Everything down to the requests is pure and fast. Resuming, rebuilding after an edit and "what is missing" are one
look-up of their keys in the store.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from narrator import casting, preparation, publishing, scripting
from narrator.audio.tempo import stretched
from narrator.domain import Cast, Finding, Learnt, Manuscript, Samples, Script, Take, VoiceProfile
from narrator.engines import prompts, registry
from narrator.engines.protocol import Engine, Line, Session, Spoken, TakesTurns, VoicePrompt
from narrator.errors import EngineError, UsageError
from narrator.events import BookRead, EngineOpened, Event, Listener, Planned, TakeDamaged, Warned
from narrator.findings import look_over, warnings
from narrator.finishing import Finishing, Sleeve
from narrator.project import Project
from narrator.recording import Booth, Request, in_recording_order, proof_of, record, requests, shared_out, speak
from narrator.store import Store

Stopped = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What one build is asked for, over and above the project file."""

    engine: str = ""
    draft: bool = False
    """The embedded draft voices instead of the cast's, into `output/preview/`."""
    preview: bool = False
    """Of the embedded voices those nearest to the cast's, into `output/preview/`."""
    chapters: tuple[int, ...] = ()
    """Numbers from 1; none = all."""
    output: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that is known before a word is spoken."""

    project: Project
    wishes: Wishes
    manuscript: Manuscript
    learnt: Learnt
    cast: Cast
    script: Script
    findings: tuple[Finding, ...]
    """What a person should look at."""
    engine: Engine
    why: str
    """Why this engine."""
    requests: tuple[Request, ...]
    """Of the chapters that are wanted, in order; repeats are counted over the whole book."""
    takes: Mapping[str, Take]
    """What is in the store already, by key."""

    @property
    def missing(self) -> tuple[Request, ...]:
        """What has to be recorded."""
        return tuple(r for r in self.requests if r.key not in self.takes)

    @property
    def output(self) -> Path:
        """Where finished files go."""
        return self.wishes.output or (
            self.project.preview if self.wishes.draft or self.wishes.preview else self.project.output
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How a build ended."""

    n_recorded: int
    n_reused: int
    flagged: tuple[tuple[str, str], ...]
    """Lines to listen to: address, and what proofing holds against the take."""
    lost: tuple[str, ...]
    """Addresses of lines that no attempt could speak; their chapters are not published."""
    files: tuple[Path, ...]
    stopped: bool


# ── from the book to the list of what is missing ──────────────────────────────────────────────────────────────────────


def plan(project: Project, wishes: Wishes, listener: Listener) -> Plan:
    """Read, cast and script a book, and look up which takes are there. Changes nothing.

    Raises:
        NarratorError: Book, project file, voices or language cannot be used; each says what to do about it.
    """
    Store(project.state).check_version()
    manuscript = preparation.read_book(project)
    listener(
        BookRead(
            title=manuscript.title,
            n_chapters=len(manuscript.chapters),
            n_letters=manuscript.coverage.n_letters,
            n_skipped=manuscript.coverage.n_skipped,
        )
    )
    wanted = _wanted(wishes.chapters, manuscript)
    cast = _cast(project, wishes)
    embedded = casting.DRAFT_ENGINE if wishes.draft else casting.PREVIEW_ENGINE if wishes.preview else ""
    use = wishes.engine or embedded or project.engine.use
    engine, why = registry.choose(use, cast.voices, manuscript.language, project.engine)
    learnt = preparation.learnt_from(project, manuscript)
    rules = project.rules(manuscript.language, max_chars=engine.info.max_chars)
    script = preparation.write_script(project, manuscript, cast, learnt, rules)
    casting.check_cast(cast, script)
    findings = look_over(manuscript, cast, learnt, script)
    for message in warnings(cast, script, engine, findings):
        listener(Warned(message=message))
    planned = Plan(
        project=project,
        wishes=wishes,
        manuscript=manuscript,
        learnt=learnt,
        cast=cast,
        script=script,
        findings=findings,
        engine=engine,
        why=why,
        requests=(),
        takes={},
    )
    return _looked_up(planned, wanted)


def _looked_up(planned: Plan, wanted: frozenset[int]) -> Plan:
    """The plan with what has to be asked of the engine by its cast, and what of it is in the store."""
    seed, store = planned.project.options.engine.seed, Store(planned.project.state)
    asked = requests(planned.script, planned.cast, planned.engine, seed=seed)
    here = tuple(r for r in asked if r.chapter in wanted)
    takes = {r.key: take for r in here if (take := store.find(r.key)) is not None}
    return replace(planned, requests=here, takes=takes)


def _cast(project: Project, wishes: Wishes) -> Cast:
    """Who plays whom, in embedded voices or in their own: recordings named by their bytes, designs by their clips."""
    cast = casting.read_cast(project.document, project.root)
    if wishes.draft:
        return casting.draft(cast)
    drawn = casting.drawn(cast, project.root)
    return casting.preview(drawn) if wishes.preview else drawn.recast(casting.named)


def _wanted(numbers: tuple[int, ...], manuscript: Manuscript) -> frozenset[int]:
    known = frozenset(chapter.number for chapter in manuscript.chapters)
    if strange := sorted(set(numbers) - known):
        raise UsageError(f"there is no chapter {strange[0]}", hint=f"The book has chapters 1 to {len(known)}.")
    return frozenset(numbers) or known


# ── from what is missing to the finished book ─────────────────────────────────────────────────────────────────────────


def quiet(_event: Event) -> None:
    """A listener that hears nothing."""


def go_on() -> bool:
    """Never stop."""
    return False


def build(project: Project, wishes: Wishes = Wishes(), listener: Listener = quiet, stopped: Stopped = go_on) -> Report:
    """Make the audiobook, or go on where the last build was left.

    Args:
        project: The book and what was decided about it.
        wishes: What this build is asked for.
        listener: Told of every step.
        stopped: When it says true, the lines that are being spoken are finished and stored, and the build ends.

    Raises:
        LockedError: Another build of the project is running.
        DiskFullError: No room; everything recorded is kept.
        NarratorError: See `plan`.
    """
    store = Store(project.state)
    with store.locked():
        planned = ready(project, wishes, listener)
        own = planned.output.resolve().is_relative_to(project.root.resolve())
        with (
            publishing.claimed(planned.output, store.identity, own=own) as manifest,
            closing(Finishing(_sleeve(planned), manifest, planned.requests, listener)) as finishing,
        ):
            planned = replace(planned, takes=_undamaged(planned.takes, finishing, store, listener))
            listener(_told(planned))
            lost: list[str] = []
            _insist(planned, planned.takes)
            finishing.start(planned.takes)
            for request, take in recordings(planned, planned.missing, listener, stopped):
                _insist(planned, {request.key: take})
                if take is None:
                    lost.append(request.utterance.address)
                else:
                    finishing.add(request, take)
            takes = finishing.takes
            finished = finishing.finish(stopped=stopped())
        return Report(
            n_recorded=len(takes) - len(planned.takes),
            n_reused=len(planned.takes),
            flagged=flagged(planned.requests, takes),
            lost=tuple(lost),
            files=finished,
            stopped=stopped(),
        )


def ready(project: Project, wishes: Wishes, listener: Listener) -> Plan:
    """A plan to record by, under the lock: what was learnt is frozen, and designed voices have their clips."""
    planned = plan(project, wishes, listener)
    project.remember(planned.learnt)
    if not (wishes.draft or wishes.preview or wishes.engine):  # they may cut the book into other lines
        for message in project.pin(planned.script):
            listener(Warned(message=message))
    return drawn(planned)


def drawn(planned: Plan) -> Plan:
    """The plan with a clip for each designed voice: those that have none yet are rendered.

    Raises:
        EngineError: A voice could not be drawn from its description.
    """
    if not _draw_voices(planned):
        return planned
    # Nobody speaks other words for it: only the voices have changed, and so which takes there are.
    cast = _cast(planned.project, planned.wishes)
    return _looked_up(replace(planned, cast=cast), frozenset(r.chapter for r in planned.requests))


def recordings(
    planned: Plan, missing: Sequence[Request], listener: Listener, stopped: Stopped
) -> Iterator[tuple[Request, Take | None]]:
    """Record what is missing; the engine is loaded only if anything is. See `recording.record`."""
    if not missing:
        return
    engine = planned.engine
    voices = {request.voice.name: request.voice for request in missing}
    with closing(engine.open([_prompt(planned, voice) for voice in voices.values()])) as session:
        listener(EngineOpened(engine=engine.info.name, why=planned.why, device=session.device))
        booth = Booth(
            info=engine.info,
            session=session,
            store=Store(planned.project.state),
            retries=planned.project.options.proof.retries,
            listener=listener,
            stopped=stopped,
        )
        turns = session.turns if isinstance(session, TakesTurns) else {}
        yield from record(in_recording_order(missing, turns), booth)


def _prompt(planned: Plan, voice: VoiceProfile) -> VoicePrompt:
    """A voice made ready, from the store if it was made ready before."""
    folder = planned.project.state / "prompts"
    return prompts.prompt(
        planned.engine, voice, folder, lambda: planned.engine.prepare(casting.prepared(voice, folder))
    )


def _draw_voices(planned: Plan) -> bool:
    """Render the clips of designed voices that have none yet; true if there were any."""
    voices = casting.undrawn(planned.cast, planned.project.root)
    if not voices:
        return False
    engine = planned.engine
    with closing(engine.open([engine.prepare(voice) for voice in voices])) as session:
        for voice in voices:
            line, spoken = _drawn(voice, planned, session)
            casting.keep(voice, planned.project.root, spoken.samples, engine.info.sample_rate_hz, line.text)
    return True


def _drawn(voice: VoiceProfile, planned: Plan, session: Session) -> tuple[Line, Spoken]:
    """A designed voice's first words: the first good attempt, or else the longest with something to hear."""
    options = planned.project.options
    best: tuple[Line, Spoken] | None = None
    for attempt in range(1 + options.proof.retries):
        line = casting.audition_line(voice, planned.manuscript.language, seed=options.engine.seed + attempt)
        spoken = speak(line, session)
        verdict = proof_of(spoken, line, planned.engine.info)
        if verdict.good:
            return line, spoken
        if verdict.usable and (best is None or len(spoken.samples) > len(best[1].samples)):
            best = line, spoken
    if best is None:
        raise EngineError(
            f"voices.{voice.name}: no voice could be drawn from this description",
            hint=f"Describe it otherwise, or put a recording at voices/{voice.name}.design.wav.",
        )
    return best


def say(planned: Plan, text: str, character: str) -> tuple[Samples, int]:
    """Words of one's own in a role's voice; see `narrator.speak`."""
    role = next((r for r in planned.cast.roles if r.character == character), None)
    if role is None:
        known = ", ".join(r.character for r in planned.cast.roles)
        raise UsageError(f"nobody called {character!r} is in the cast", hint=f"There are {known}.")
    engine, language = planned.engine, planned.manuscript.language
    spoken, _ = scripting.spoken_form(text, language)
    if not any(map(str.isalnum, spoken)):
        raise UsageError(f"there is nothing to say in {text!r}", hint="Give a text with a letter or a digit in it.")
    delivery, tempo = shared_out(role.delivery, engine.info)
    line = Line(
        id="line",
        text=spoken,
        voice=role.voice.name,
        language=language,
        delivery=delivery,
        seed=planned.project.engine.seed,
    )
    with closing(engine.open([_prompt(planned, role.voice)])) as session:
        rate_hz = engine.info.sample_rate_hz
        return stretched(speak(line, session).samples, rate_hz, tempo), rate_hz


def flagged(asked: Sequence[Request], takes: Mapping[str, Take]) -> tuple[tuple[str, str], ...]:
    """Lines whose take did not pass proofing: address and reason."""
    return tuple((r.utterance.address, takes[r.key].flag) for r in asked if r.key in takes and takes[r.key].flag)


def _insist(planned: Plan, takes: Mapping[str, Take | None]) -> None:
    """Stop at a take that did not pass proofing, if the project wants that."""
    if planned.project.options.proof.on_fail == "flag":
        return
    failed = {key for key, take in takes.items() if take is None or take.flag}
    for request in planned.requests if failed else ():
        take = takes.get(request.key)
        if request.key in failed:
            raise EngineError(
                f"{request.utterance.address}: no take passed proofing{': ' + take.flag if take else ''}",
                hint="Change the line, its voice or the lexicon; or set `proof: {on_fail: flag}` to go on.",
            )


def _undamaged(takes: Mapping[str, Take], finishing: Finishing, store: Store, listener: Listener) -> Mapping[str, Take]:
    """Takes whose bytes are still what they were; those of chapters that stand finished are not read."""
    kept = dict(takes)
    for request in finishing.unfinished(takes):
        take = kept.get(request.key)
        if take is not None and not store.sound(take):
            del kept[request.key]
            listener(TakeDamaged(key=take.key, path=take.path))
    return kept


def _sleeve(planned: Plan) -> Sleeve:
    return Sleeve(
        manuscript=planned.manuscript,
        options=planned.project.options,
        profile=planned.project.profile(),
        output=planned.output,
        parts=planned.project.state / "chapters",
        siblings=(planned.project.output, planned.project.preview),
        narrator=planned.project.options.book.narrator or f"AI voices ({planned.engine.info.name})",
        whole=not planned.wishes.chapters,
    )


def _told(planned: Plan) -> Planned:
    missing = planned.missing
    return Planned(
        n_lines=len(planned.requests),
        n_reused=len(planned.requests) - len(missing),
        n_letters=sum(len(r.recipe.text) for r in planned.requests),
        n_letters_missing=sum(len(r.recipe.text) for r in missing),
    )
