"""A first cast for a book: who speaks how much, and a voice for each of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from narrator.casting.pitches import described_hz, tells_height
from narrator.casting.pools import KOKORO, Pool
from narrator.domain import (
    NARRATOR,
    UNKNOWN,
    Builtin,
    Cast,
    Character,
    Gender,
    Learnt,
    Preset,
    Script,
    Utterance,
    VoiceProfile,
)

MIN_LINES = 2
"""Who speaks less is left to `unknown`: a voice for one line is heard as a mistake."""

GLANCE_CHARS = 80

SAMPLES = 2
"""Lines shown beside a role."""
VOICES = KOKORO.voices


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A character worth a voice, and the voice proposed."""

    character: str
    aliases: tuple[str, ...] = ()
    gender: Gender = Gender.UNKNOWN
    voice: str
    """A voice of the pool."""
    n_lines: int
    samples: tuple[tuple[str, str], ...] = ()
    """Lines of theirs to judge them by, the most telling first: address and text."""
    confidence: float = 1.0
    """Mean over their lines that the attribution is right, 0 … 1."""

    @property
    def sample(self) -> str:
        """The most telling of their lines."""
        return self.samples[0][1] if self.samples else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A cast to be reviewed by a person."""

    parts: tuple[Part, ...]
    """The narrator, then by number of lines."""
    minor: tuple[str, ...] = ()
    """Characters with too few lines for a voice."""
    n_unknown: int = 0
    """Lines whose speaker the text does not tell."""
    pool: Pool = KOKORO
    """Where the voices are from."""


def propose(learnt: Learnt, script: Script, pool: Pool = KOKORO) -> Proposal:
    """Voices for the narrator and everyone who speaks more than a line, by gender, age and number of lines."""
    lines = _lines_by_character(script)
    ranked = _ranked(lines)
    narrator = Part(character=NARRATOR, voice=pool.narrator, n_lines=len(lines.get(NARRATOR, ())))
    parts = (narrator, *_parts(learnt, lines, pool, Counter({pool.narrator: 0}), {NARRATOR, UNKNOWN}))
    cast = {part.character for part in parts}
    return Proposal(
        parts=parts,
        minor=tuple(name for name in ranked if name not in cast),
        n_unknown=len(lines.get(UNKNOWN, ())),
        pool=pool,
    )


def additions(learnt: Learnt, script: Script, cast: Cast, pool: Pool) -> tuple[Part, ...]:
    """Parts for those whom nobody plays yet; what is cast stays as it is.

    Args:
        learnt: What the book tells of its characters.
        script: The lines, as the cast speaks them now.
        cast: The cast as it is.
        pool: Voices to take, those of the cast's own that are in it least of all.
    """
    lines = _lines_by_character(script)
    names = {name.casefold() for role in cast.roles for name in (role.character, *role.aliases)}
    load = Counter({spelt(role.voice): len(lines.get(role.character, ())) for role in cast.roles})
    load[pool.narrator] += 0
    new = {name: own for name, own in lines.items() if name.casefold() not in names}
    return tuple(_parts(learnt, new, pool, load, names | {NARRATOR, UNKNOWN}))


def pool_of(cast: Cast) -> Pool:
    """The voices that a cast has already, for those who join it when no others would fit."""
    voices = {v.name: v for v in cast.voices}
    narrator = cast.roles[0].voice.name
    return Pool(
        key="",
        voices={g: tuple(n for n, v in voices.items() if v.gender in {g, Gender.UNKNOWN}) for g in KOKORO.voices},
        narrator=narrator,
    )


def spelt(voice: VoiceProfile) -> str:
    """What its pool calls a voice; empty for clones and designs, which are in none."""
    source = voice.source
    return source.voice if isinstance(source, Builtin) else source.speaker if isinstance(source, Preset) else ""


def _ranked(lines: Mapping[str, Sequence[Utterance]]) -> list[str]:
    return sorted(lines.keys() - {NARRATOR, UNKNOWN}, key=lambda name: (-len(lines[name]), name))


def _parts(
    learnt: Learnt, lines: Mapping[str, Sequence[Utterance]], pool: Pool, load: Counter[str], names: set[str]
) -> Iterator[Part]:
    """A part for everyone who speaks more than a line; `names` are taken, `load` is what each voice says so far."""
    known = {character.name: character for character in learnt.characters}
    ranked = _ranked(lines)
    named = _first_of_each_name(ranked)
    taken = {name.casefold() for name in (*ranked, *names)}
    for name in named:
        own = lines[name]
        if len(own) < MIN_LINES and not any(map(_asked_for, own)):
            continue
        character = known.get(name, Character(name=name))
        voice = _choose(character, pool, load)
        load[voice] += len(own)
        telling = sorted(own, key=_telling, reverse=True)
        yield Part(
            character=name,
            aliases=_free(character.aliases, taken),
            gender=character.gender,
            voice=voice,
            n_lines=len(own),
            samples=tuple((line.address, line.text) for line in telling[:SAMPLES]),
            confidence=sum(map(_confidence, own)) / len(own),
        )


def _lines_by_character(script: Script) -> dict[str, list[Utterance]]:
    lines: dict[str, list[Utterance]] = {}
    for chapter in script.chapters:
        for line in chapter.utterances:
            lines.setdefault(line.character, []).append(line)
    return lines


def _first_of_each_name(names: Iterable[str]) -> list[str]:
    """Names that a cast can tell apart: it does not see capitals, and two names are its own."""
    seen, kept = {NARRATOR, UNKNOWN}, []
    for name in names:
        if name.casefold() not in seen:
            seen.add(name.casefold())
            kept.append(name)
    return kept


def _asked_for(line: Utterance) -> bool:
    """A directive of the manuscript names its speaker."""
    return line.attribution is not None and line.attribution.rule == "directive"


def _free(aliases: Sequence[str], taken: set[str]) -> tuple[str, ...]:
    """Aliases that nobody has yet, marked as taken: a name leads to one role."""
    free = []
    for alias in aliases:
        if alias.casefold() not in taken:
            taken.add(alias.casefold())
            free.append(alias)
    return tuple(free)


def _confidence(line: Utterance) -> float:
    return line.attribution.confidence if line.attribution else 1.0


def _telling(line: Utterance) -> tuple[float, int]:
    """Surest theirs first, then the longest that a glance takes in."""
    n_chars = len(line.text)
    return _confidence(line), n_chars if n_chars <= GLANCE_CHARS else -n_chars


def _choose(character: Character, pool: Pool, load: Mapping[str, int]) -> str:
    """A voice for a character; the narrator's is never shared while there is another.

    Old and young ones get the free voice of their height. When a gender's voices are used up, whoever comes shares the
    voice with the fewest lines so far.
    """
    voices = _voices(character.gender, pool, load)
    free = [voice for voice in voices if voice not in load]
    words = " ".join((character.name, *character.aliases))
    if free and tells_height(words):
        wanted = described_hz(words, character.gender)
        return min(free, key=lambda voice: abs(pool.hz.get(voice, wanted) - wanted))
    shared = [voice for voice in voices if voice != pool.narrator] or [pool.narrator]
    return free[0] if free else min(shared, key=lambda each: (load.get(each, 0), each))


def _voices(gender: Gender, pool: Pool, load: Mapping[str, int]) -> tuple[str, ...]:
    if gender in pool.voices:
        return pool.voices[gender]
    n_free = {each: sum(voice not in load for voice in voices) for each, voices in pool.voices.items()}
    more = max(pool.voices, key=lambda each: n_free[each])
    return (*((pool.androgynous,) if pool.androgynous else ()), *pool.voices[more])
