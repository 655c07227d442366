"""Manuscript + Cast → Script: what is learnt from a book once, and the lines that follow from it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from narrator.domain import (
    NARRATOR,
    Attribution,
    Cast,
    Change,
    Chapter,
    ChapterScript,
    Learnt,
    LexiconEntry,
    Manuscript,
    Paragraph,
    ParagraphKind,
    Pause,
    SceneBreak,
    Script,
    Span,
    SpeakerOverride,
    Utterance,
)
from narrator.scripting import characters, overrides, plays, quotations, sentences, tags
from narrator.scripting.dialogue import Speech
from narrator.scripting.languages import words_of
from narrator.scripting.lexicon import Lexicon
from narrator.scripting.normalise import heading_form, spoken_form
from narrator.scripting.people import everyone
from narrator.scripting.utterances import Cut, cuts, divide

_LETTER: Final = re.compile(r"[^\W_]")
_MIN_CHARS: Final = 20
"""Lines are not cut shorter than this, however long their spoken form is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptRules:
    """What a script must keep to."""

    max_chars: int
    """Longest line, in characters of spoken text."""
    lexicon: tuple[LexiconEntry, ...] = ()
    language: str = "en"
    speakers: tuple[SpeakerOverride, ...] = ()
    """What a person has decided about single lines."""


def overruling(rules: ScriptRules, decisions: Sequence[tuple[str, str]]) -> ScriptRules:
    """Rules with more overrides: a line and who says it, as typed on the command line."""
    typed = tuple(SpeakerOverride(line=line, speaker=name, where="--speaker") for line, name in decisions)
    return replace(rules, speakers=(*rules.speakers, *typed))


@dataclass(frozen=True, slots=True)
class _Line:
    paragraph: Paragraph
    cut: Cut
    spoken: str
    changes: tuple[Change, ...]
    tagged: bool
    """Speech with its tag right behind it."""
    talk: bool
    """Speech, or the tag behind it."""
    style: str = ""
    """Asked for by a directive."""

    @property
    def printed(self) -> str:
        return self.paragraph.text[self.cut.start : self.cut.end]


def learn(manuscript: Manuscript) -> Learnt:
    """What the book teaches about itself: abbreviations, its quotation marks, and who is in it."""
    words = words_of(manuscript.language)
    paragraphs = [p for c in manuscript.chapters for p in c.paragraphs if p.kind is not ParagraphKind.HEADING]
    texts = [p.text for p in paragraphs]
    marks = quotations.dominant_marks(texts, words)
    told = [plays.without_label(p) for p in paragraphs]
    found = characters.find_characters(told, words, marks, plays.personae(manuscript))
    return replace(sentences.train(texts, words), quotes=tuple(marks), characters=found)


def write_script(manuscript: Manuscript, cast: Cast | None, learnt: Learnt, rules: ScriptRules) -> Script:
    """The whole book as lines.

    Args:
        manuscript: The book.
        cast: Whose names are canonical; None = nobody is cast yet, and the learnt characters' names are used.
        learnt: What was learnt from the book and frozen.
        rules: Longest line, lexicon, language, overrides.

    Raises:
        ProjectError: An override or a directive names no line, more than one, or nobody who is known.
    """
    writer = _Writer(cast, learnt, rules)
    lines = writer.overruled([writer.chapter(c) for c in manuscript.chapters])
    chapters = tuple(
        ChapterScript(number=c.number, title=c.title, utterances=_addressed(c.number, own))
        for c, own in zip(manuscript.chapters, lines, strict=True)
    )
    return Script(language=rules.language, chapters=chapters)


class _Writer:
    def __init__(self, cast: Cast | None, learnt: Learnt, rules: ScriptRules) -> None:
        self._cast = cast
        self._rules = rules
        self._words = words_of(rules.language)
        self._marks = "".join(learnt.quotes)
        self._people = everyone(cast, learnt, self._words)
        self._known = self._people if cast else None
        self._splitter = sentences.Splitter(learnt, rules.language)
        self._lexicon = Lexicon(rules.lexicon)

    def chapter(self, chapter: Chapter) -> list[_Line | None]:
        """The lines of a chapter; None where a scene ends."""
        lines: list[_Line | None] = []
        stage = self._stage()
        opening = True
        for block in chapter.blocks:
            if isinstance(block, SceneBreak):
                lines.append(None)
                stage = self._stage()
                continue
            lines += self._lines(block, stage, opening=opening)
            opening = False
        return lines

    def overruled(self, chapters: list[list[_Line | None]]) -> list[list[_Line | None]]:
        """The lines of the book as a person has overruled them: nothing else follows from that."""
        if not self._rules.speakers:
            return chapters
        places = [
            overrides.Place(overrides.address_of(n, number), line.printed, line.cut.speech is not None)
            for n, lines in enumerate(chapters, 1)
            for number, line in enumerate(filter(None, lines), 1)
        ]
        found = overrides.decided(self._rules.speakers, places, self._known)
        index = count()
        return [[line and self._respoken(line, found.get(next(index))) for line in lines] for lines in chapters]

    def _respoken(self, line: _Line, decision: Attribution | None) -> _Line:
        """A line in another's mouth: its lexicon is that of another voice."""
        if decision is None:
            return line
        cut = replace(line.cut, speech=Speech(line.cut.start, line.cut.end, decision.evidence, decision))
        spoken, changes = self._spoken(line.printed, cut, first=False)
        return replace(line, cut=cut, spoken=_stopped(spoken, cut), changes=changes)

    def _stage(self) -> plays.Stage:
        return plays.Stage(self._people, self._words, self._marks)

    def _lines(self, paragraph: Paragraph, stage: plays.Stage, *, opening: bool) -> Iterator[_Line]:
        text = paragraph.text
        speeches = overrides.directed(paragraph, stage.hear(paragraph), self._known)
        style = paragraph.directive.style if paragraph.directive else ""
        first, talk = opening and paragraph.kind is ParagraphKind.HEADING, False
        named = (*plays.label(paragraph), *speeches)
        for cut in cuts(text, named, self._splitter.split(text), self._rules.max_chars, self._words):
            if paragraph.unread and cut.end <= paragraph.unread.end:
                continue
            talk = cut.speech is not None or talk
            tagged = self._has_tag(text, cut)
            for part, spoken, changes in self._fitting(text, cut, first=first):
                if _LETTER.search(spoken):
                    line = _Line(paragraph, part, _stopped(spoken, part), changes, tagged and part.end == cut.end, talk)
                    yield replace(line, style=style) if cut.speech or not speeches else line
            talk = tagged

    def _has_tag(self, text: str, cut: Cut) -> bool:
        if cut.speech is None or text[cut.end : cut.speech.end].strip():
            return False
        return tags.after(text, cut.speech.end, len(text), self._words) is not None

    def _fitting(self, text: str, cut: Cut, *, first: bool) -> list[tuple[Cut, str, tuple[Change, ...]]]:
        """A line as it is said, in as many parts as make it short enough: figures in words grow."""
        spoken, changes = self._spoken(text[cut.start : cut.end], cut, first=first)
        length = cut.end - cut.start
        if len(spoken) < self._rules.max_chars or length <= _MIN_CHARS:
            return [(cut, spoken, changes)]
        limit = max(_MIN_CHARS, min(length - 1, length * self._rules.max_chars // (len(spoken) + 1)))
        parts = divide(text, cut, limit, self._words)
        if len(parts) == 1:
            return [(cut, spoken, changes)]
        return [p for part in parts for p in self._fitting(text, part, first=False)]

    def _spoken(self, text: str, cut: Cut, *, first: bool) -> tuple[str, tuple[Change, ...]]:
        voice = self._voice(NARRATOR if cut.speech is None else cut.speech.character)
        form = heading_form if first and cut.start == 0 else spoken_form
        return form(text, self._rules.language, self._lexicon.find(text, voice))

    def _voice(self, character: str) -> str:
        role = self._cast.role(character) if self._cast else None
        return role.voice.name if role else ""


def _stopped(spoken: str, cut: Cut) -> str:
    """With a stop at the end: engines run on without one."""
    return spoken + ("." if cut.ends_sentence else ",") if spoken[-1].isalnum() else spoken


def _addressed(chapter: int, lines: Sequence[_Line | None]) -> tuple[Utterance, ...]:
    """The chapter's lines with address and pause, made from the last to the first: a pause depends on what follows."""
    number = sum(line is not None for line in lines)
    utterances: list[Utterance] = []
    following: _Line | None = None
    scene_ends = False
    for line in reversed(lines):
        if line is None:
            scene_ends = True
            continue
        pause = _pause(line, following, scene_ends=scene_ends)
        utterances.append(_utterance(overrides.address_of(chapter, number), line, pause, _asked_pause(line, following)))
        following, scene_ends, number = line, False, number - 1
    return tuple(reversed(utterances))


def _asked_pause(line: _Line, following: _Line | None) -> float | None:
    """The silence that a directive above the next paragraph asks for."""
    if following is None or following.paragraph is line.paragraph or following.paragraph.directive is None:
        return None
    return following.paragraph.directive.pause_s


def _utterance(address: str, line: _Line, pause: Pause, pause_s: float | None) -> Utterance:
    speech = line.cut.speech
    return Utterance(
        address=address,
        text=line.printed,
        spoken=line.spoken,
        character=_character(line),
        pause_after=pause,
        source=line.paragraph.source(Span(start=line.cut.start, end=line.cut.end)),
        attribution=speech.attribution if speech else None,
        changes=line.changes,
        style=line.style,
        pause_s=pause_s,
    )


def _character(line: _Line) -> str:
    return line.cut.speech.character if line.cut.speech else NARRATOR


def _pause(line: _Line, following: _Line | None, *, scene_ends: bool) -> Pause:
    if following is None:
        return Pause.END
    if scene_ends:
        return Pause.SCENE
    if following.paragraph is not line.paragraph:
        return _between_paragraphs(line, following)
    return _within_paragraph(line, following)


def _between_paragraphs(line: _Line, following: _Line) -> Pause:
    if line.paragraph.kind is ParagraphKind.HEADING:
        return Pause.TITLE
    answers = following.cut.speech is not None and not _before(following).strip()
    if answers and line.talk and _character(line) != _character(following):
        return Pause.SPEAKER
    return Pause.PARAGRAPH


def _before(line: _Line) -> str:
    """What stands before a line in its paragraph, the speaker's name in a play left out."""
    return line.paragraph.text[line.paragraph.speech_start : line.cut.start]


def _within_paragraph(line: _Line, following: _Line) -> Pause:
    if line.tagged or not line.cut.ends_sentence:
        return Pause.CLAUSE
    both = line.cut.speech is not None and following.cut.speech is not None
    return Pause.SPEAKER if both and _character(line) != _character(following) else Pause.SENTENCE
