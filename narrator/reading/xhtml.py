"""XHTML → paragraphs, headings, verse and scene breaks, each letter with its place in the document."""

from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from narrator.domain import Paragraph, ParagraphKind, Span
from narrator.reading import lettering, rules
from narrator.reading.copyist import DIRECTION, EMPHASIS, LANGUAGE, PERSONA, Copied, Copyist
from narrator.reading.letters import ENDED, is_ornament, n_letters
from narrator.reading.notes import Notes, is_back_link
from narrator.reading.page import NOTHING, SCENE_BREAK, UNPRINTED, Anchor, Item, Page, Tally
from narrator.reading.trees import UNPRINTED_NAMES, local, text_content
from narrator.settings.options import ReadOptions

_MANY_BLANKS: Final = 0.1
"""Blank paragraphs for every paragraph of prose from which on they are the book's way to space all its paragraphs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """How text stands at a place in the document."""

    kind: ParagraphKind = ParagraphKind.PROSE
    rule: str = ""
    """Why it is not read."""
    note: str = ""
    level: int = 0
    quoted: bool = False
    preformatted: bool = False
    in_row: bool = False
    in_body: bool = False
    linked: bool = False
    language: str = ""


class _Reader:
    """Walks through one document."""

    def __init__(self, document: str, notes: Notes, options: ReadOptions, language: str) -> None:
        self.document = document
        self.notes = notes
        self.options = options
        self.items: list[Item] = []
        self.blanks: set[int] = set()
        self.anchors: list[Anchor] = []
        self.tally = Tally()
        self.division = ""
        self.n_linked = self.n_pictured = 0
        self._stack = [_Setting(language=language)]
        self._begun: list[int] = []
        self._copyist = Copyist()
        self._setting = _Setting()
        self._marks: list[str] = []
        self._position = 0
        self._n_breaks = 0
        self._scene_pending = False
        self._cap: lettering.Cap | None = None

    def walk(self, root: etree._Element) -> None:
        """Read everything below an element."""
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                self._enter(element)
                self._text(element.text)
            else:
                self._leave(element)
                if element is not root:
                    self._text(element.tail)
        self._cap = None
        self._finish()

    # ── elements ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _enter(self, element: etree._Element) -> None:
        outer = self._stack[-1]
        name = local(element)
        if not rules.is_inline(element, name) and not outer.rule:
            self._boundary(outer)
            self._break(element, name)
        for identifier in {element.get("id"), element.get("name") if name == "a" else None} - {None, ""}:
            self.anchors.append(Anchor(id=str(identifier), index=len(self.items)))
        setting = self._within(element, name, outer)
        if setting.rule == rules.MARK_RULE and element in self.notes.marks:
            self._marks.append(self.notes.marks[element])
        self._stack.append(setting)
        if setting.rule not in {"", outer.rule}:
            self.tally.begin(setting.rule)
        kinds = () if setting.rule else _kinds(element, name, outer.language)
        for kind in kinds:
            self._copyist.begin(kind)
        self._begun.append(len(kinds))
        if not setting.rule:
            self._begin(element, name, setting)

    def _within(self, element: etree._Element, name: str, outer: _Setting) -> _Setting:
        """The setting inside an element."""
        if name == "rt" and outer.rule == rules.BASE_RULE:
            return replace(outer, rule="")
        if outer.rule in {"", rules.NOTE_RULE} and not outer.note and (key := self.notes.bodies.get(element)):
            return replace(outer, rule="", note=key, kind=ParagraphKind.NOTE)
        if outer.rule:
            return replace(outer, rule=UNPRINTED) if name in UNPRINTED_NAMES else outer
        if rule := self._rule(element, name, outer):
            return replace(outer, rule=rule)
        if language := rules.language(element, outer.language):
            outer = replace(outer, language=language)
        if rules.is_inline(element, name):
            return replace(outer, linked=True) if name == "a" and element.get("href") else outer
        return self._block(element, name, outer)

    def _rule(self, element: etree._Element, name: str, outer: _Setting) -> str:
        if element in self.notes.marks or (outer.note and name == "a" and is_back_link(element)):
            return rules.MARK_RULE
        if name == "table" and self.options.tables == "skip":
            return "table"
        if self.options.code == "skip" and rules.is_code(element, name):
            return "code"
        if name == "ruby" and self.options.ruby == "reading" and rules.has_reading(element):
            return rules.BASE_RULE
        return rules.skip_rule(element, name, in_body=outer.in_body)

    def _block(self, element: etree._Element, name: str, outer: _Setting) -> _Setting:
        kinds = rules.types(element)
        if name in {"body", "section", "article", "div"} and not self.items:
            self.division = self.division or next(iter(sorted(kinds & rules.DIVISIONS)), "")
        setting = outer
        if "bodymatter" in kinds and not outer.in_body:
            setting = replace(setting, in_body=True)
        if name == "tr":
            setting = replace(setting, in_row=_is_line(element))
        if name == "blockquote" and not outer.quoted:
            setting = replace(setting, quoted=True)
        kind, level = self._kind(element, name, outer)
        if (kind, level) != (outer.kind, outer.level) or name == "pre":
            setting = replace(setting, kind=kind, level=level, preformatted=outer.preformatted or name == "pre")
        return setting

    def _kind(self, element: etree._Element, name: str, outer: _Setting) -> tuple[ParagraphKind, int]:
        if outer.note or outer.level:
            return outer.kind, outer.level
        if level := rules.heading_level(element, name):
            return ParagraphKind.HEADING, level
        if name == "pre" or rules.is_verse(element, name):
            return ParagraphKind.VERSE, 0
        if name in {"li", "dt", "dd", "tr"}:
            return ParagraphKind.ITEM, 0
        return outer.kind, outer.level

    def _begin(self, element: etree._Element, name: str, setting: _Setting) -> None:
        if name in {"img", "image"}:
            self._picture(element, setting)
        elif name == "br":
            self._line(setting)
        elif name == "tspan" and lettering.begins_line(element) and not self._copyist.ending.endswith("-"):
            self._copyist.separate(" ")
        elif name in {"td", "th"} and setting.in_row:
            self._copyist.separate(self._cell_gap(element))
        elif setting.kind is ParagraphKind.VERSE and "line" in rules.classes(element):
            self._copyist.separate("\n")

    def _leave(self, element: etree._Element) -> None:
        setting = self._stack.pop()
        name = local(element)
        for _ in range(self._begun.pop()):
            self._copyist.end()
        if not setting.rule and lettering.is_drop_cap(element):
            self._cap = lettering.cap(self._copyist.text, floats=not rules.is_inline(element, name))
        if not rules.is_inline(element, name) and not self._stack[-1].rule:
            self._boundary(self._stack[-1])

    # ── text ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _text(self, text: str | None) -> None:
        if not text:
            return
        setting = self._stack[-1]
        if setting.rule:
            self.tally.add(setting.rule, text, n_passages=0)
        elif not text.isspace() or not self._copyist.is_empty:
            self._copy(text, setting)
        self._position += len(text)

    def _copy(self, text: str, setting: _Setting) -> None:
        position = self._position
        if self._cap is not None:
            rest = self._cap.before(text)
            position, text = position + len(text) - len(rest), rest
        if text and not text.isspace():
            self._cap = None
            self._mark_setting(setting)
            if setting.linked:
                self.n_linked += n_letters(text)
        if not setting.preformatted:
            self._copyist.copy(text, position)
            return
        for line in text.splitlines(keepends=True):
            if not line.strip():
                self._boundary(setting)
            self._copyist.copy(line.rstrip("\r\n"), position)
            if line.endswith(("\n", "\r")):
                self._copyist.separate("\n")
            position += len(line)

    def _mark_setting(self, setting: _Setting) -> None:
        """Text stands here; a paragraph is set as its first words are."""
        self._n_breaks = 0
        if self._copyist.is_empty:
            self._setting = setting

    def _picture(self, picture: etree._Element, setting: _Setting) -> None:
        """A picture is read by its words where they are lettering, or where that is asked for."""
        words = lettering.words_of(picture)
        if words and (self.options.images == "alt" or lettering.is_lettering(picture, words)):
            self._mark_setting(setting)
            self._copyist.write(words)
            self.n_pictured += n_letters(words)

    def _line(self, setting: _Setting) -> None:
        """A line ends: a new line in verse, the same paragraph in prose, a new one after a second break."""
        self._n_breaks += 1
        if setting.in_row or setting.level:
            self._copyist.separate(" ")
        elif self._n_breaks > 1:
            self._boundary(setting)
        else:
            self._copyist.separate("\n" if setting.kind is ParagraphKind.VERSE else " ")

    def _cell_gap(self, cell: etree._Element) -> str:
        """What stands between two cells when a row is read as a line."""
        before = cell.getprevious()
        if self._copyist.ending.endswith(ENDED):
            return " "
        return ": " if before is not None and PERSONA in rules.parts_in_play(before) else ", "

    # ── paragraphs ────────────────────────────────────────────────────────────────────────────────────────────────

    def _boundary(self, outer: _Setting) -> None:
        """A block begins or ends here."""
        if outer.in_row:
            self._copyist.separate(" ")
        else:
            self._finish()

    def _break(self, element: etree._Element, name: str) -> None:
        if rules.is_break(element, name):
            self._scene()
        elif rules.is_blank(element, name):
            self.blanks.add(len(self.items))
            self._scene()
        elif name == "section" or rules.leads_in(element):
            self._scene_pending = True

    def _scene(self) -> None:
        self.items.append(SCENE_BREAK)

    def _finish(self) -> None:
        """End the paragraph."""
        self._n_breaks = 0
        if self._copyist.is_empty or self._cap is not None:
            return
        copied = self._copyist.take()
        setting = self._setting
        marks, self._marks = tuple(self._marks), []
        if is_ornament(copied.text):
            self.tally.add("ornament", copied.text)
            if not setting.level and not setting.note:
                self._scene()
            return
        paragraph = Paragraph(
            text=copied.text,
            kind=setting.kind,
            document=self.document,
            pieces=copied.pieces,
            emphases=copied.emphases,
            quoted=setting.quoted,
            languages=copied.languages,
            persona=_persona(copied),
            directions=copied.spans(DIRECTION),
        )
        if self._scene_pending and setting.kind is ParagraphKind.PROSE and _is_prose(self.items):
            self._scene()
        self._scene_pending = False
        self.items.append(Item(block=paragraph, level=setting.level, marks=marks, note=setting.note))


def _is_line(row: etree._Element) -> bool:
    """Whether a table's row can be read as one line: several cells, none of which holds a page of its own."""
    cells = [e for e in row if local(e) in {"td", "th"}]
    inner = [[local(e) for e in cell.iter()] for cell in cells]
    big = any(names.count("p") > 2 or "table" in names or set(names) & rules.HEADINGS.keys() for names in inner)
    return len(cells) > 1 and not big


def _kinds(element: etree._Element, name: str, language: str) -> tuple[str, ...]:
    """What is known of the text in an element: emphasis, another language than around it, its part in a play."""
    emphasis = (EMPHASIS,) if name in rules.EMPHASES else ()
    if not element.attrib:
        return emphasis
    other = rules.language(element, language)
    return (*emphasis, *((LANGUAGE + other,) if other else ()), *rules.parts_in_play(element))


def _persona(copied: Copied) -> Span | None:
    """The name that a speech of a play begins with: alone in its paragraph, or with a stop behind it."""
    names = [span for span in copied.spans(PERSONA) if span.start == 0]
    if not names:
        return None
    name = min(names, key=lambda span: span.end)
    rest = copied.text[name.end :].lstrip()
    stopped = copied.text[name.end - 1] in ".:" or rest[:1] in {".", ":"}
    return name if stopped or not n_letters(rest) else None


def _is_prose(items: list[Item]) -> bool:
    paragraph = items[-1].paragraph if items else None
    return paragraph is not None and paragraph.kind is ParagraphKind.PROSE


def _true_breaks(items: list[Item], blanks: set[int]) -> list[Item]:
    """The items, blank paragraphs among them only where they part two scenes; the number of items stays."""
    n_prose = sum(_is_prose([i]) for i in items)
    kept = list(items)
    for index in blanks:
        between = 0 < index < len(items) - 1 and _is_prose(items[index - 1 : index]) and _is_prose([items[index + 1]])
        if not between or len(blanks) > _MANY_BLANKS * n_prose:
            kept[index] = NOTHING
    return kept


def read_xhtml(document: str, root: etree._Element, notes: Notes, options: ReadOptions, language: str = "en") -> Page:
    """Read a document.

    Args:
        document: Its name in the book.
        root: Its tree.
        notes: Its footnotes and the marks that lead to them.
        options: What of the page is read aloud.
        language: The book's.

    Returns:
        The page; every printed letter is in an item or counted as skipped.
    """
    reader = _Reader(document, notes, options, language)
    reader.walk(root)
    title = next((" ".join(text_content(e).split()) for e in root.iter("{*}title")), "")
    return Page(
        document=document,
        title=title,
        division=reader.division,
        items=tuple(_true_breaks(reader.items, reader.blanks)),
        anchors=tuple(reader.anchors),
        skipped=reader.tally.skipped(document),
        n_linked=reader.n_linked,
        n_pictured=reader.n_pictured,
    )
