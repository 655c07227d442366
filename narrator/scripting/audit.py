"""A second, dumber reading of who speaks: where it disagrees with the script, a person should look."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from narrator.domain import NARRATOR, UNKNOWN, Cast, Finding, Learnt, Pause, Script, Utterance
from narrator.scripting import tags
from narrator.scripting.languages import Language, words_of
from narrator.scripting.overrides import BY_HAND, DIRECTIVE, unmarked
from narrator.scripting.people import People, everyone

TAG: Final = "tag"
TURN: Final = "turn"
_WITHIN: Final = frozenset({Pause.CLAUSE, Pause.SENTENCE})
_MARKS: Final = "”\"'’»«“‹›」』"


def audit(script: Script, cast: Cast, learnt: Learnt) -> tuple[Finding, ...]:
    """Lines whose speaker is not whom the words beside them name, and two speeches in a row of one character.

    What a person has decided is not questioned.
    """
    words = words_of(script.language)
    people = everyone(cast, learnt, words)
    found: list[Finding] = []
    for chapter in script.chapters:
        found += _contradictions(chapter.utterances, people, words)
        found += _missed_turns(chapter.utterances)
    return tuple(found)


def _contradictions(lines: Sequence[Utterance], people: People, language: Language) -> Iterator[Finding]:
    for line, following in pairwise(lines):
        if not _guessed(line) or following.attribution is not None or line.pause_after not in _WITHIN:
            continue
        text = f"{line.text} {following.text}"
        if line.text.rstrip(_MARKS)[-1:] == "." and following.text[:1].isupper():
            continue  # a sentence of its own
        subject = tags.after(text, len(line.text), len(text), language)
        named = people.named(text[subject.start : subject.end]) if subject and subject.kind is tags.Kind.NAME else None
        if named is not None and named != line.character:
            beside = f"“{unmarked(following.text)}” stands beside it"
            yield Finding(
                rule=TAG,
                address=line.address,
                character=line.character,
                message=f"given to {line.character}, and {beside}: “{unmarked(line.text)}”",
            )


def _missed_turns(lines: Sequence[Utterance]) -> Iterator[Finding]:
    for before, line in pairwise(_paragraphs(lines)):
        last, first = before[-1], line[0]
        same = last.character == first.character not in {NARRATOR, UNKNOWN} and last.pause_after is not Pause.SCENE
        untagged = all(map(_guessed, line)) and _guessed(last) and not _goes_on(first)
        if same and untagged and last.text.rstrip()[-1:] in _MARKS:
            yield Finding(
                rule=TURN,
                address=first.address,
                character=first.character,
                message=f"{first.character} speaks twice in a row, untagged: “{unmarked(first.text)}”",
            )


def _goes_on(line: Utterance) -> bool:
    """Speech of several paragraphs."""
    return line.attribution is not None and line.attribution.rule == "goes on"


def _paragraphs(lines: Sequence[Utterance]) -> Iterator[list[Utterance]]:
    paragraph: list[Utterance] = []
    for line in lines:
        paragraph.append(line)
        if line.pause_after not in _WITHIN:
            yield paragraph
            paragraph = []


def _guessed(line: Utterance) -> bool:
    """Speech whose speaker was found by rule, and not by a person."""
    return line.attribution is not None and line.attribution.rule not in {BY_HAND, DIRECTIVE}
