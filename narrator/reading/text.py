"""Plain text → Manuscript.

Paragraphs are parted by blank lines; lines inside them are joined, unless they are verse. Where lines are longer than a
printed line, each is a paragraph. Chapters begin at headings (`narrator.reading.headlines`). Positions count characters
of the decoded file.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from narrator.domain import Manuscript, Paragraph, ParagraphKind
from narrator.errors import BookError
from narrator.reading import headlines, matter
from narrator.reading.contents import by_headings, cut
from narrator.reading.copyist import Copied, Copyist
from narrator.reading.decoding import decode
from narrator.reading.languages import tag
from narrator.reading.letters import is_ornament, n_letters
from narrator.reading.manuscript import Edition, account
from narrator.reading.page import SCENE_BREAK, Item, Tally, skip_items
from narrator.settings.options import ReadOptions

MAX_BYTES: Final = 16 << 20
_BLOCK: Final = re.compile(r"[^\S\n]*\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*")
_LINE: Final = re.compile(r"[^\S\n]*\S[^\n]*")
_ITALICS: Final = re.compile(r"(?<!\w)_(?=[^\s_])[^_]*?(?<=\S)_(?![^\W_])")
_WRAPPED: Final = 100
"""Characters; files with longer lines have one line a paragraph."""
_VERSE_LINE: Final = 56
_SHORT_LINE: Final = 45
_HEADER: Final = 20_000


def read_text(path: Path, options: ReadOptions, *, language: str = "") -> Manuscript:
    """Read a text file.

    Raises:
        BookError: It is over a limit, or has no text.
    """
    if path.stat().st_size > MAX_BYTES:
        raise BookError(f"{path.name} is larger than {MAX_BYTES >> 20} MiB.", hint="Split it into several books.")
    source = decode(path.read_bytes())
    tally = Tally()
    items = list(_items(path.name, source.replace("\r\n", " \n").replace("\r", "\n"), tally))
    body = matter.licence(items)
    left = skip_items((*items[: body.start], *items[body.stop :]), "licence")
    kept, listed = headlines.without_contents(items[body])
    author = _fact(source, "Author")
    edition = Edition(
        title=_fact(source, "Title") or path.stem, authors=(author,) if author else (), language=tag(language)
    )
    opening = kept[: _n_opening(kept, edition)]
    kept = kept[len(opening) :]
    book = cut(kept, by_headings(kept, edition.title), title=edition.title, footnotes=options.footnotes)
    skipped = (*tally.skipped(path.name), *left, *skip_items(listed, "contents"), *skip_items(opening, "title page"))
    return account(edition, book, skipped, {path.name: n_letters(source)}, personae=options.personae)


def _n_opening(items: Sequence[Item], edition: Edition) -> int:
    """How many items are a title page."""
    end = next((n for n, item in enumerate(items) if item.level), 0)
    texts = [i.paragraph.text for i in items[:end] if i.paragraph]
    return end if matter.is_title_page(texts, edition.title, edition.authors) else 0


def _fact(source: str, name: str) -> str:
    """A line of a Project Gutenberg header."""
    start = matter.START.search(source[:_HEADER])
    match = re.search(rf"^{name}:[ \t]*(\S.*?)\s*$", source[: start.start()], re.MULTILINE) if start else None
    return match[1] if match else ""


def _items(document: str, text: str, tally: Tally) -> Iterator[Item]:
    above = 0
    for start, block in _blocks(text):
        verse = _is_verse(block)
        copied = _copy(block, start, verse=verse)
        if is_ornament(copied.text):
            tally.add("ornament", copied.text)
            yield SCENE_BREAK
            continue
        above = headlines.level(block, above)
        kind = ParagraphKind.VERSE if verse else ParagraphKind.PROSE
        paragraph = Paragraph(
            text=" ".join(copied.text.split("\n")) if above else copied.text,
            kind=ParagraphKind.HEADING if above else kind,
            document=document,
            pieces=copied.pieces,
            emphases=copied.emphases,
        )
        yield Item(block=paragraph, level=above)


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Where each paragraph begins, and its lines."""
    lengths = sorted(len(m[0]) for m in _LINE.finditer(text))
    wrapped = not lengths or lengths[len(lengths) * 19 // 20] <= _WRAPPED
    for match in (_BLOCK if wrapped else _LINE).finditer(text):
        for start, block in _indented(match[0]):
            yield match.start() + start, block


def _indented(block: str) -> Iterator[tuple[int, str]]:
    """The paragraphs of a block that are parted by indented first lines only; verse stays whole."""
    lines = list(_LINE.finditer(block))
    indented = [m for m in lines if m[0][0].isspace()]
    if not indented or len(indented) * 2 > len(lines) or _is_verse(block):
        yield 0, block
        return
    starts = sorted({0, *(m.start() for m in indented)})
    for start, end in zip(starts, [*starts[1:], len(block)], strict=True):
        yield start, block[start:end]


def _is_verse(block: str) -> bool:
    """Whether lines are verse: all indented and short, or at least three, very short and each with a capital."""
    lines = [line for line in block.split("\n") if line.strip()]
    longest = max(map(len, lines))
    if len(lines) < 2 or longest > _VERSE_LINE:
        return False
    if all(line[0].isspace() for line in lines):
        return True
    heads = [re.sub(r"^\W+", "", line)[:1] for line in lines]
    return len(lines) >= 3 and longest <= _SHORT_LINE and all(h.isupper() for h in heads)


def _copy(block: str, start: int, *, verse: bool) -> Copied:
    """A paragraph with its lines joined, and `_words_` emphasised."""
    copyist = Copyist()
    cursor = 0
    for match in _ITALICS.finditer(block):
        _copy_lines(copyist, block[cursor : match.start()], start + cursor, verse=verse)
        copyist.begin()
        _copy_lines(copyist, match[0][1:-1], start + match.start() + 1, verse=verse)
        copyist.end()
        cursor = match.end()
    _copy_lines(copyist, block[cursor:], start + cursor, verse=verse)
    return copyist.take()


def _copy_lines(copyist: Copyist, text: str, start: int, *, verse: bool) -> None:
    if not verse:
        copyist.copy(text, start)
        return
    for number, line in enumerate(re.finditer(r"[^\n]*", text)):
        if number and line.start() and text[line.start() - 1] == "\n":
            copyist.separate("\n")
        copyist.copy(line[0], start + line.start())
