"""Putting the manuscript together, and proving that no letter was lost on the way."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from narrator.domain import Chapter, Cover, Coverage, Manuscript, Skipped
from narrator.errors import BookError
from narrator.reading.contents import Cut
from narrator.reading.letters import n_letters
from narrator.reading.plays import staged


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What a book says about itself."""

    title: str
    authors: tuple[str, ...] = ()
    language: str = "en"
    publisher: str = ""
    published: str = ""
    description: str = ""
    identifier: str = ""
    cover: Cover | None = None


def account(
    edition: Edition, book: Cut, skipped: Sequence[Skipped], counts: Mapping[str, int], *, personae: str = "skip"
) -> Manuscript:
    """The manuscript, every letter accounted for.

    Args:
        edition: What the book says about itself.
        book: Its chapters, and what was skipped in cutting them.
        skipped: What was skipped before.
        counts: Letters and digits of each document, by the second reader.
        personae: Whether the names before speeches are read: `skip` or `read`.

    Raises:
        BookError: A document's letters are not all spoken or skipped, or there is nothing to speak.
    """
    left = (*skipped, *book.skipped)
    spoken = _letters(book.chapters)
    told = Counter(spoken)
    for each in left:
        told[each.document] += each.n_letters
    for document, expected in counts.items():
        if told[document] != expected:
            where = next((c.title for c in book.chapters if any(p.document == document for p in c.paragraphs)), "")
            raise BookError(
                f"{document}{f' ({where})' if where else ''}: {expected} letters are printed, and {told[document]} "
                "would be spoken or skipped by rule.",
                hint="The document is damaged, or narrator misreads it: please report it.",
            )
    if not spoken.total():
        raise BookError("The book has no text to read aloud.", hint="It may consist of pictures only.")
    chapters, labels = staged(book.chapters, aloud=personae == "read")
    n_unread = sum(s.n_letters for s in labels)
    return Manuscript(
        title=edition.title or book.chapters[0].title,
        authors=edition.authors,
        language=edition.language,
        publisher=edition.publisher,
        published=edition.published,
        description=edition.description,
        identifier=edition.identifier,
        cover=edition.cover,
        chapters=chapters,
        skipped=(*left, *labels),
        coverage=Coverage(
            n_letters=sum(counts.values()),
            n_spoken=spoken.total() - n_unread,
            n_skipped=n_unread + sum(s.n_letters for s in left),
        ),
    )


def _letters(chapters: Sequence[Chapter]) -> Counter[str]:
    """Letters and digits of the chapters, by document."""
    found: Counter[str] = Counter()
    for paragraph in (p for chapter in chapters for p in chapter.paragraphs):
        found[paragraph.document] += n_letters(paragraph.text)
    return found
