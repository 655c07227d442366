"""Plays: whose speech it is when the page names the speaker before it."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from narrator.domain import NARRATOR, Attribution, Manuscript, Paragraph, ParagraphKind
from narrator.scripting.dialogue import Listener, Speech
from narrator.scripting.languages import Language
from narrator.scripting.people import People

RULE: Final = "persona"
_CHORUS: Final = 0.4
"""How sure we are of one voice for two who speak together: a person should look."""
_LETTER: Final = re.compile(r"[^\W_]")


class Stage:
    """Attributes the speech of one scene: by the names before it, or else as a listener hears it."""

    def __init__(self, people: People, language: Language, marks: str) -> None:
        self._listener = Listener(people, language, marks)
        self._people = people
        self._speaking = ""
        """The name that stood before the last speech."""
        self._goes_on = False
        """It stood alone: what follows is said by its bearer."""

    def hear(self, paragraph: Paragraph) -> tuple[Speech, ...]:
        """The speech of the scene's next paragraph, in order; directions are the narrator's."""
        if paragraph.kind is ParagraphKind.HEADING:
            self._speaking = ""
        elif paragraph.persona is not None:
            self._speaking = paragraph.text[paragraph.persona.start : paragraph.persona.end]
            self._goes_on = not _LETTER.search(paragraph.text, paragraph.speech_start)
            return self._said(paragraph)
        elif self._speaking and (self._goes_on or paragraph.kind is ParagraphKind.VERSE):
            return self._said(paragraph)
        return self._listener.hear(paragraph)

    def _said(self, paragraph: Paragraph) -> tuple[Speech, ...]:
        name, confidence = speaker(self._speaking, self._people)
        why = Attribution(rule=RULE, confidence=confidence, evidence=self._speaking)
        return tuple(Speech(start, end, name, why) for start, end in said(paragraph))


def said(paragraph: Paragraph) -> Iterator[tuple[int, int]]:
    """The stretches of a speech that are said: all but its label and its directions."""
    at, text = paragraph.speech_start, paragraph.text
    for span in sorted(paragraph.directions, key=lambda s: s.start):
        yield from _trimmed(text, at, span.start)
        at = max(at, span.end)
    yield from _trimmed(text, at, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if _LETTER.search(text, start, max(start, end)):
        words = text[start:end]
        yield start + len(words) - len(words.lstrip()), start + len(words.rstrip())


def label(paragraph: Paragraph) -> tuple[Speech, ...]:
    """The name before a speech, if there is one, as the narrator reads it."""
    if paragraph.persona is None:
        return ()
    words = paragraph.text[: paragraph.persona.end]
    why = Attribution(rule=RULE, confidence=1.0, evidence=words)
    return (Speech(0, paragraph.speech_start, NARRATOR, why),)


def speaker(words: str, people: People) -> tuple[str, float]:
    """Whom a label means, and how sure that is; of two who speak together, the first."""
    if (known := people.named(words)) is not None:
        return known, 1.0
    for one, other in _pairs(words):
        if (first := people.named(one)) and people.named(other):
            return first, _CHORUS
    return spelt(words), 1.0


def personae(manuscript: Manuscript) -> Counter[str]:
    """The names before the speeches of a play, and how often each speaks; choruses left out."""
    found = Counter(
        spelt(p.text[p.persona.start : p.persona.end]) for c in manuscript.chapters for p in c.paragraphs if p.persona
    )
    choruses = {name for name in found if any(one in found and other in found for one, other in _pairs(name))}
    return Counter({name: n for name, n in found.items() if name not in choruses})


def without_label(paragraph: Paragraph) -> str:
    """What a paragraph tells of people: a direction tells of who speaks, the words of a speech do not."""
    if paragraph.persona is None:
        return paragraph.text
    name = spelt(paragraph.text[paragraph.persona.start : paragraph.persona.end])
    directions = " ".join(paragraph.text[s.start : s.end] for s in paragraph.directions)
    speech = paragraph.text[paragraph.speech_start :]
    return f"{name}. {directions}\n{speech}" if directions else speech


def _pairs(words: str) -> Iterator[tuple[str, str]]:
    """The two that a label may name: `Gwendolen and Cecily`, with a word between them."""
    parts = words.split()
    return ((" ".join(parts[:i]), " ".join(parts[i + 1 :])) for i in range(1, len(parts) - 1))


def spelt(words: str) -> str:
    """A label as a name: `LADY BRACKNELL.` → `Lady Bracknell`."""
    name = " ".join(words.split()).rstrip(".:, ")
    return name.title().replace("’S", "’s").replace("'S", "'s") if name.isupper() else name
