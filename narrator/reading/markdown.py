"""Markdown → Manuscript.

CommonMark with tables, YAML front matter and `[^1]` footnotes. Indented text is a paragraph, never program code: novels
indent first lines. Positions count characters of the decoded file, newlines as they stand in it.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from narrator.domain import Manuscript, Paragraph, ParagraphKind
from narrator.errors import BookError
from narrator.reading.contents import by_headings, cut
from narrator.reading.decoding import decode
from narrator.reading.directives import SKIPPED, Directives, find, refuse_first
from narrator.reading.frontmatter import front_matter
from narrator.reading.inline import Inline, Marks
from narrator.reading.languages import tag
from narrator.reading.letters import ENDED, is_ornament, n_letters
from narrator.reading.manuscript import Edition, account
from narrator.reading.page import SCENE_BREAK, Item, Tally
from narrator.reading.rules import INLINE, MARK_RULE
from narrator.settings.options import ReadOptions

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_BYTES: Final = 16 << 20
_MASKS: Final = "\u2e0f\u2e10\u2e11\u2e12\u2e13"
"""One of these stands for each character hidden from the parser: punctuation marks of ancient manuscripts, so that
`_word_[^1]` still ends its emphasis, and the first that the book itself does not use."""
_DEFINITION: Final = re.compile(
    r"^ {0,3}\[\^(?P<label>[^\]\s]+)\]:"
    r"(?P<text>[^\n]*(?:\n(?![ ]{0,3}\[\^[^\]\s]+\]:)[^\S\n]*\S[^\n]*)*"
    r"(?:\n(?:[^\S\n]*\n)+(?: {4}|\t)[^\n]*(?:\n(?![ ]{0,3}\[\^)[^\S\n]*\S[^\n]*)*)*)",
    re.MULTILINE,
)
_REFERENCE: Final = re.compile(r"\[\^([^\]\s]+)\]")
_TAG: Final = re.compile(
    r"<!--(?:(?!<!--).)*?-->|<(script|style)\b(?:(?!<\1\b).)*?</\1\s*>|</?(?P<name>[A-Za-z][\w-]*)[^>]*>|<[?!][^>]*>",
    re.DOTALL | re.IGNORECASE,
)
"""No alternative looks beyond the next one of its kind, so that none is slow where nothing is ever closed."""
_EXTRA_CELL: Final = re.compile(r"[^|\n]*[^\W_][^|\n]*")
_NUMBER: Final = re.compile(r"[\s>*+-]*\d+[.)]")


def read_markdown(path: Path, options: ReadOptions, *, language: str = "") -> Manuscript:
    """Read a Markdown file.

    Raises:
        BookError: It is over a limit, its front matter is not YAML, or text would be lost.
    """
    if path.stat().st_size > MAX_BYTES:
        raise BookError(f"{path.name} is larger than {MAX_BYTES >> 20} MiB.", hint="Split it into several books.")
    source = decode(path.read_bytes())
    front = front_matter(source, path.name)
    reader = _Reader(path.name, options)
    reader.tally.add("front matter", source[: front.end])
    reader.read_book(source, front.end)
    headlines = [i.paragraph.text for i in reader.items if i.level == 1 and i.paragraph]
    title = front.first("title") or (headlines[0] if len(headlines) == 1 else "")
    edition = Edition(
        title=title or path.stem,
        authors=front.all("author", "authors", "creator"),
        language=tag(language or front.first("lang", "language")),
        publisher=front.first("publisher"),
        published=front.first("date"),
        description=front.first("description"),
        identifier=front.first("identifier", "isbn"),
    )
    reader.directives.finish()
    book = cut(reader.items, by_headings(reader.items, title), title=edition.title, footnotes=options.footnotes)
    refuse_first(book.chapters)
    skipped = reader.tally.skipped(path.name)
    return account(edition, book, skipped, {path.name: n_letters(source)}, personae=options.personae)


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _parse(text: str) -> tuple[list["Token"], list[tuple[int, int]]]:
    """Tokens of a stretch, and the lines of the link definitions in it."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 — 60 ms that an EPUB need not pay

    parser = MarkdownIt("commonmark").enable("table").disable(["text_join", "code"])
    env: dict[str, Any] = {}
    tokens = parser.parse(text, env)
    definitions = [*env.get("references", {}).values(), *env.get("duplicate_refs", [])]
    return tokens, [(d["map"][0], d["map"][1]) for d in definitions]


class _Reader:
    """Reads the body of a file, then its notes."""

    def __init__(self, document: str, options: ReadOptions) -> None:
        self.document = document
        self.options = options
        self.items: list[Item] = []
        self.tally = Tally()
        self.directives = Directives()

    def read_book(self, source: str, start: int) -> None:
        """Read a file from a position on."""
        marks = Marks(mask=next((m for m in _MASKS if m not in source), ""))
        text = source.replace("\r\n", " \n").replace("\r", "\n")
        notes = {m["label"]: m for m in _DEFINITION.finditer(text, start)} if marks.mask else {}

        def hide(match: re.Match[str]) -> str:
            if match[1] not in notes:
                return match[0]
            marks.keys[match.start()] = f"{self.document}#{match[1]}"
            self.tally.add(MARK_RULE, match[1])
            return marks.mask * len(match[0])

        body = text
        for match in reversed(notes.values()):
            body = body[: match.start()] + _blank(match[0]) + body[match.end() :]
        body = self._directed(_blank(body[:start]) + body[start:])
        hidden = _REFERENCE.sub(hide, body)
        _Stretch(self, Inline(hidden, 0, marks, self.tally)).read(hidden)
        for label, match in notes.items():
            self.tally.add(MARK_RULE, label)
            note = f"{self.document}#{label}"
            _Stretch(self, Inline(match["text"], match.start("text"), marks, self.tally), note).read(match["text"])

    def _directed(self, body: str) -> str:
        """The body without what directives skip; the others are kept for the paragraphs below them."""
        if "narrate:" not in body.lower():
            return body
        self.directives = find(body, self.document, _parse(body)[0])
        for start, end in self.directives.skips:
            self.tally.add(SKIPPED, body[start:end])
            body = body[:start] + _blank(body[start:end]) + body[end:]
        return body


class _Stretch:
    """Walks through the blocks of one stretch of the file."""

    def __init__(self, reader: _Reader, inline: Inline, note: str = "") -> None:
        self._reader = reader
        self._inline = inline
        self._note = note
        self._lines: list[int] = []
        self._text = ""
        self._level = self._n_quotes = self._n_items = 0
        self._in_row = False
        self._row_end = 0
        self._until = ""
        self._acts: dict[str, Callable[[Token], None]] = {
            "inline": self._paragraph,
            "heading_open": self._heading,
            "heading_close": self._heading,
            "blockquote_open": self._quote,
            "blockquote_close": self._quote,
            "list_item_open": self._item,
            "list_item_close": self._item,
            "table_open": self._table,
            "tr_open": self._row,
            "tr_close": self._row,
            "td_open": self._cell,
            "th_open": self._cell,
            "fence": self._code,
            "html_block": self._html,
            "hr": self._scene,
        }

    def read(self, text: str) -> None:
        """Read all of it."""
        tokens, definitions = _parse(text)
        self._text = text
        self._lines = [0, *(m.end() for m in re.finditer("\n", text)), len(text)]
        for first, last in definitions:
            self._reader.tally.add("link", text[self._lines[first] : self._lines[last]])
        for token in tokens:
            if self._until:
                self._until = "" if token.type == self._until else self._until
                continue
            if token.map:
                self._inline.cursor = max(self._inline.cursor, self._lines[token.map[0]])
            if act := self._acts.get(token.type):
                act(token)

    def _slice(self, token: "Token") -> tuple[int, int]:
        first, last = token.map or (0, 0)
        return self._lines[first], self._lines[last]

    # ── what the tokens do ────────────────────────────────────────────────────────────────────────────────────────

    def _heading(self, token: "Token") -> None:
        self._level = int(token.tag[1]) if token.nesting > 0 else 0

    def _quote(self, token: "Token") -> None:
        self._n_quotes += token.nesting

    def _item(self, token: "Token") -> None:
        self._n_items += token.nesting
        if token.info and (number := _NUMBER.match(self._text, self._inline.cursor)):
            self._inline.pass_over(number.end(), "list number")

    def _table(self, token: "Token") -> None:
        if self._reader.options.tables == "skip":
            self._inline.pass_over(self._slice(token)[1], "table")
            self._until = "table_close"

    def _row(self, token: "Token") -> None:
        self._in_row = token.nesting > 0
        if self._in_row:
            self._row_end = self._slice(token)[1]
            return
        for extra in _EXTRA_CELL.finditer(self._text, self._inline.cursor, self._row_end):
            self._cell(token)  # the parser drops cells that have no head above them; their words are read all the same
            self._inline.cursor = extra.start()
            self._inline.text(extra.end())
        self._finish(ParagraphKind.ITEM)

    def _cell(self, _: "Token") -> None:
        ended = self._inline.copyist.ending.endswith(ENDED)
        self._inline.copyist.separate(" " if ended else ", ")

    def _scene(self, _: "Token") -> None:
        self._reader.items.append(SCENE_BREAK)

    def _paragraph(self, token: "Token") -> None:
        children = token.children or []
        ends = {c.type for c in children if c.type in {"softbreak", "hardbreak"}}
        verse = ends == {"hardbreak"} and not self._level
        self._inline.copy(children, verse=verse)
        if self._in_row:
            return
        if self._inline.copyist.is_empty and self._level:
            self._reader.items.append(SCENE_BREAK)  # `#` alone
        self._finish(ParagraphKind.VERSE if verse else ParagraphKind.PROSE)

    def _code(self, token: "Token") -> None:
        start, end = self._slice(token)
        if self._reader.options.code == "skip":
            self._inline.pass_over(end, "code")
            return
        self._inline.pass_over(self._text.find("\n", start, end), "code")
        for line in token.content.splitlines():
            self._inline.run(line)
            self._inline.copyist.separate("\n")
        self._finish(ParagraphKind.VERSE)

    def _html(self, token: "Token") -> None:
        """Text between tags is read, the tags are not."""
        start, end = self._slice(token)
        last = self._text.rfind(">", start, end) + 1
        for match in _TAG.finditer(self._text, start, max(start, last)):
            self._inline.text(match.start())
            self._inline.pass_over(match.end(), "comment" if match[0].startswith("<!--") else "html")
            if (match["name"] or "br").lower() not in INLINE - {"br"}:
                self._finish(ParagraphKind.PROSE)
        self._inline.text(end)
        self._finish(ParagraphKind.PROSE)

    def _finish(self, kind: ParagraphKind) -> None:
        """End the paragraph."""
        if self._inline.copyist.is_empty:
            return
        copied = self._inline.copyist.take()
        if is_ornament(copied.text):
            self._reader.tally.add("ornament", copied.text)
            self._reader.items.append(SCENE_BREAK)
            return
        if kind is ParagraphKind.PROSE and self._n_items:
            kind = ParagraphKind.ITEM
        kind = ParagraphKind.HEADING if self._level else ParagraphKind.NOTE if self._note else kind
        paragraph = Paragraph(
            text=copied.text,
            kind=kind,
            document=self._reader.document,
            pieces=copied.pieces,
            emphases=copied.emphases,
            quoted=self._n_quotes > 0,
            directive=self._reader.directives.take(copied.pieces[0].source) if copied.pieces else None,
        )
        marks = self._inline.take_marks()
        self._reader.items.append(Item(block=paragraph, level=self._level, marks=marks, note=self._note))
