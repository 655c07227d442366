"""A first cast for a book: who speaks how much, and a voice for each of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from narrator.domain import NARRATOR, UNKNOWN, Character, Gender, Learnt, Script, Utterance

MIN_LINES = 2
"""Who speaks less is left to `unknown`: a voice for one line is heard as a mistake."""

GLANCE_CHARS = 80

VOICES = {
    # Kokoro's English voices, by likeness of their speaker embeddings: first those that lie far from all before them,
    # then those that are near nobody here (< 0.84; nearest are daniel and george with 0.83). Left out: the near (bella,
    # nova, sarah to heart; puck to fenrir; fable to alloy) and the poor (nicole whispers; alice, santa). No mixes: five
    # even ones measured 0.86 … 0.89 to the nearer parent, and sharing a voice is more honest.
    Gender.FEMALE: (
        *("af_heart", "bf_emma", "af_alloy", "af_river", "bf_lily"),
        *("bf_isabella", "af_kore", "af_aoede", "af_jessica", "af_sky"),
    ),
    Gender.MALE: (
        *("bm_daniel", "am_eric", "am_onyx", "am_fenrir", "am_michael", "am_liam", "am_adam"),
        *("bm_george", "bm_lewis", "am_echo"),
    ),
}
NARRATOR_VOICE = "af_heart"
"""The best of them by every measure."""
_ANDROGYNOUS = "af_alloy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A character worth a voice, and the voice proposed."""

    character: str
    aliases: tuple[str, ...] = ()
    gender: Gender = Gender.UNKNOWN
    voice: str
    """A voice of Kokoro's."""
    n_lines: int
    sample: str = ""
    """A line of theirs to judge them by."""
    confidence: float = 1.0
    """Mean over their lines that the attribution is right, 0 … 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A cast to be reviewed by a person."""

    parts: tuple[Part, ...]
    """The narrator, then by number of lines."""
    minor: tuple[str, ...] = ()
    """Characters with too few lines for a voice."""
    n_unknown: int = 0
    """Lines whose speaker the text does not tell."""


def propose(learnt: Learnt, script: Script) -> Proposal:
    """Voices for the narrator and everyone who speaks more than a line, by gender and number of lines."""
    lines = _lines_by_character(script)
    known = {character.name: character for character in learnt.characters}
    ranked = sorted(lines.keys() - {NARRATOR, UNKNOWN}, key=lambda name: (-len(lines[name]), name))
    named = _first_of_each_name(ranked)
    major = [known.get(name, Character(name=name)) for name in named if len(lines[name]) >= MIN_LINES]
    taken = {name.casefold() for name in (*ranked, NARRATOR, UNKNOWN)}
    parts = [Part(character=NARRATOR, voice=NARRATOR_VOICE, n_lines=len(lines.get(NARRATOR, ())))]
    for character, voice in zip(major, _choose([(who.gender, len(lines[who.name])) for who in major]), strict=True):
        own = lines[character.name]
        parts.append(
            Part(
                character=character.name,
                aliases=_free(character.aliases, taken),
                gender=character.gender,
                voice=voice,
                n_lines=len(own),
                sample=max(own, key=_telling).text,
                confidence=sum(map(_confidence, own)) / len(own),
            )
        )
    cast = {part.character for part in parts}
    return Proposal(
        parts=tuple(parts),
        minor=tuple(name for name in ranked if name not in cast),
        n_unknown=len(lines.get(UNKNOWN, ())),
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


def _choose(wanted: Sequence[tuple[Gender, int]]) -> list[str]:
    """A voice for each gender and number of lines; the narrator's is never shared.

    When a gender's voices are used up, whoever comes shares the voice with the fewest lines so far.
    """
    load: Counter[str] = Counter({NARRATOR_VOICE: 0})
    chosen = []
    for gender, n_lines in wanted:
        pool = _pool(gender, load)
        voice = next((voice for voice in pool if voice not in load), None)
        if voice is None:
            voice = min((voice for voice in pool if voice != NARRATOR_VOICE), key=lambda each: (load[each], each))
        load[voice] += n_lines
        chosen.append(voice)
    return chosen


def _pool(gender: Gender, load: Counter[str]) -> tuple[str, ...]:
    if gender is not Gender.UNKNOWN:
        return VOICES[gender]
    n_free = {each: sum(voice not in load for voice in voices) for each, voices in VOICES.items()}
    more = max(VOICES, key=lambda each: n_free[each])
    return (_ANDROGYNOUS, *VOICES[more])
