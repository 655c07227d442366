"""Manuscript → every quotation and its speaker, without a cast and without lines: what `narrate speakers` shows."""

from collections.abc import Sequence

from narrator.domain import Character, Learnt, Manuscript, Paragraph, Quotation, SceneBreak, Span
from narrator.scripting.characters import with_first_person
from narrator.scripting.dialogue import Speech
from narrator.scripting.languages import words_of
from narrator.scripting.people import People, merged
from narrator.scripting.plays import Stage


def who_speaks(manuscript: Manuscript, learnt: Learnt, known: Sequence[Character] = ()) -> tuple[Quotation, ...]:
    """Every quotation of the book in order, as it is printed, with its speaker.

    Args:
        manuscript: The book.
        learnt: What was learnt from it.
        known: Characters that are given, under their canonical names; those learnt come after them.
    """
    words = words_of(manuscript.language)
    people = everybody(manuscript, learnt, known)
    found: list[Quotation] = []
    for chapter in manuscript.chapters:
        stage = Stage(people, words, "".join(learnt.quotes))
        for block in chapter.blocks:
            if isinstance(block, SceneBreak):
                stage = Stage(people, words, "".join(learnt.quotes))
            else:
                found += [_quotation(block, speech, people) for speech in stage.hear(block)]
    return tuple(found)


def everybody(manuscript: Manuscript, learnt: Learnt, known: Sequence[Character]) -> People:
    """The characters that are given, and the learnt ones; one of them is I, if the book is told by one of them."""
    words = words_of(manuscript.language)
    texts = [p.text for c in manuscript.chapters for p in c.paragraphs]
    return People(with_first_person(merged(known, learnt, words), texts, words, "".join(learnt.quotes)), words)


def _quotation(paragraph: Paragraph, speech: Speech, people: People) -> Quotation:
    return Quotation(
        source=paragraph.source(Span(start=speech.start, end=speech.end)),
        character=speech.character,
        gender=people.gender_of(speech.character),
        attribution=speech.attribution,
    )
