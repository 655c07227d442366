import resource
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from narrator.domain import Manuscript, ParagraphKind
from narrator.errors import BookError, ProjectError
from narrator.reading import read
from narrator.reading.archive import Archive
from narrator.reading.coverage import count_markup
from narrator.reading.decoding import decode
from narrator.reading.trees import parse, text_content
from narrator.settings.options import ReadOptions
from tests.reading.epubs import Book, Doc, check_pieces, hostile, paragraphs, skipped, texts
from tests.reading.mutants import mutant

EVERYTHING = ReadOptions(footnotes="inline", tables="skip", code="read", images="alt", ruby="reading")

BOOKS = {
    "jane-austen_pride-and-prejudice": (61, "I", "It is a truth universally acknowledged"),
    "lewis-carroll_alices-adventures-in-wonderland_john-tenniel": (
        13,
        "All in the Golden Afternoon",
        "All in the golden afternoon",
    ),
    "arthur-conan-doyle_the-adventures-of-sherlock-holmes": (14, "A Scandal in Bohemia, I", "A Scandal in Bohemia"),
    "oscar-wilde_the-importance-of-being-earnest": (5, "Dramatis Personae", "Dramatis Personae"),
    "walt-whitman_leaves-of-grass": (664, "Epigraph", "Come, said my Soul,"),
    "herman-melville_moby-dick": (139, "Dedication", "In token"),
    "de_kafka_die-verwandlung": (3, "I.", "I."),
    "fr_flaubert_madame-bovary": (35, "Première partie, I", "Première partie, I"),
    "ja_soseki_kusamakura": (14, "一", "一"),
}
"""Chapters, the first title, the first words (of the second paragraph where the first is a bare number)."""
REFUSED = {
    "epubcheck_ocf-zip-unreadable-no-end-header-fatal",
    "epubcheck_ocf-zip-unreadable-empty-fatal",
    "epubcheck_ocf-container-file-missing-fatal",
    "epubcheck_fallback-chain-waterfall-valid",
    "epubcheck_fallback-chain-circular-error",
    "kb_epub20_minimal_encryption",
    "epubreader_Malformed_MissingToc",
    "epubreader_BugFixes_53",
    "epubreader_Workarounds_Xml11",
}
"""Of the 54 tricky files: damaged, protected, without anything to read, or with a picture alone."""


TRICKY = {
    "epubcheck_e2_ops-dtbook-valid": ("Moby Dick", "Loomings"),
    "epubcheck_nav-toc-unordered-spine-warning": ("content 001", "content 002", "content 003"),
    "epubcheck_ocf-filename-duplicate-after-common-case-folding-error": ("Loomings", "Loomings"),
    "kb_epub20__invalid_entity": (
        "When (not) to migrate a PDF to PDF/A",
        "PDF/A is a profile",
        "Loss, alteration during migration",
        "Complexity and effect of errors",
        "Digitised vs born-digital",
        "Conclusions",
    ),
    "sample_georgia-pls-ssml": (
        "GEORGIA", "Climate and Soils", "Minerals", "Agriculture", "Manufactures", "Population", "Government",
        "Education", "Finance", "History",
    ),
    "sample_hefty-water": ("Hefty Water", "The Switch", "The Source", "Hefty Ruby Water"),
    "sample_sous-le-vent": ("Sous le vent", "Commencer la lecture"),
    "w3ctests_mol-tts_single": ("Entry page", "Content with Media Overlay"),
    "w3ctests_nav-spine_in-spine-hidden-toc-html": ("The first link", "The second link"),
    "w3ctests_pkg-spine-duplicate-item-rendering": ("Link to first page", "Link to second page"),
}  # fmt: skip
"""The chapters of tricky files that have several and whose contents say so."""


def book(shared: Path, name: str) -> Manuscript:
    """One of the real books."""
    return read(shared / "books" / f"{name}.epub", ReadOptions())


@pytest.mark.parametrize("name", BOOKS)
def test_real_books_are_read_whole(shared: Path, name: str) -> None:
    """Each of nine real books has its chapters, its first words, and not one letter unaccounted for."""
    started = time.perf_counter()
    found = book(shared, name)
    n_chapters, title, words = BOOKS[name]
    assert (len(found.chapters), found.chapters[0].title) == (n_chapters, title)
    assert any(p.text.startswith(words) for p in found.chapters[0].paragraphs[:2])
    assert found.coverage.n_unaccounted == 0
    assert found.coverage.n_letters > 90_000
    assert time.perf_counter() - started < 20


def test_what_is_skipped_of_a_real_book_is_named(shared: Path) -> None:
    """Of Alice only the publisher's pages are left out, of Moby-Dick the notes and a scene’s personae too."""
    front = {"title page", "imprint", "colophon", "copyright"}
    assert skipped(book(shared, "lewis-carroll_alices-adventures-in-wonderland_john-tenniel")).keys() == {
        *front,
        "list of illustrations",
    }
    assert skipped(book(shared, "herman-melville_moby-dick")).keys() == {*front, "note", "note mark", "persona"}


def test_notes_of_a_real_book_come_home(shared: Path) -> None:
    """All 22 notes of Moby-Dick are read where they are asked for, and nothing but their heading stays behind."""
    path = shared / "books" / "herman-melville_moby-dick.epub"
    found = read(path, ReadOptions(footnotes="end-of-chapter"))
    assert found.coverage.n_unaccounted == 0
    assert skipped(found)["note"] == len("Endnotes")
    assert sum(p.kind is ParagraphKind.NOTE for p in paragraphs(found)) >= 22


def test_a_real_play_says_who_speaks(shared: Path) -> None:
    """Of the speeches of The Importance of Being Earnest each knows its speaker, and 325 directions are none."""
    found = paragraphs(book(shared, "oscar-wilde_the-importance-of-being-earnest"))
    names = [p.text[p.persona.start : p.persona.end] for p in found if p.persona]
    assert (len(names), len(set(names)), names.count("Jack")) == (879, 11, 218)
    assert sum(len(p.directions) for p in found) == 325


def test_readings_of_a_real_book_can_be_read(shared: Path) -> None:
    """Kusamakura is read by its base characters or by their readings, and either way nothing is lost."""
    found = read(shared / "books" / "ja_soseki_kusamakura.epub", ReadOptions(ruby="reading"))
    assert (found.coverage.n_unaccounted, "ruby" in skipped(found)) == (0, False)
    assert found.chapters[0].paragraphs[1].text.startswith("やまみちを登りながら")


def test_positions_hold_in_a_real_book(shared: Path) -> None:
    """Every piece of every paragraph of Alice stands in its document as it stands in the paragraph."""
    path = shared / "books" / "lewis-carroll_alices-adventures-in-wonderland_john-tenniel.epub"
    found = read(path, ReadOptions())
    sources: dict[str, str] = {}
    with Archive(path) as archive:
        for paragraph in paragraphs(found):
            if paragraph.document not in sources:
                markup = decode(archive.read(paragraph.document), markup=True)
                sources[paragraph.document] = text_content(parse(markup, count_markup(markup)))
            check_pieces(paragraph, sources[paragraph.document])


def test_every_tricky_file_is_read_or_refused_in_words(shared: Path) -> None:
    """54 files that readers stumble over: each gives text with nothing lost, or one clear refusal, within seconds."""
    files = sorted((shared / "epub-torture").glob("*.epub"))
    assert len(files) == 54
    refused = set()
    for path in files:
        started = time.perf_counter()
        try:
            found = read(path, ReadOptions())
        except BookError:
            refused.add(path.stem)
        else:
            assert texts(found)
            assert found.coverage.n_unaccounted == 0
            titles = tuple(chapter.title for chapter in found.chapters)
            assert titles == TRICKY.get(path.stem, titles)
        assert time.perf_counter() - started < 5
    assert refused == REFUSED


@pytest.mark.parametrize("name", sorted(hostile()))
def test_a_hostile_chapter_is_read_whole_or_the_book_is_refused(tmp_path: Path, name: str) -> None:
    """No document, however broken, ends in a traceback or in a shorter book."""
    hostile_book = Book(docs=[Doc(), Doc(name="h.xhtml", raw=hostile()[name])])
    path = hostile_book.write(tmp_path / "book.epub", zipfile.ZIP_STORED)  # packed, many are refused for their ratio
    started = time.perf_counter()
    with suppress(BookError):
        assert read(path, ReadOptions()).coverage.n_unaccounted == 0
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize(
    ("name", "hint"), [("book.pdf", "Convert"), ("book", "Convert"), ("gone.epub", "book.source"), (".", "book.source")]
)
def test_what_cannot_be_read_is_a_matter_of_the_project(tmp_path: Path, name: str, hint: str) -> None:
    """A file of another kind, or none at all, is refused with the next step."""
    if not name.startswith((".", "gone")):
        (tmp_path / name).write_text("words")
    with pytest.raises(ProjectError) as caught:
        read(tmp_path / name, ReadOptions())
    assert hint in caught.value.hint


@pytest.mark.slow
def test_the_largest_legal_book_is_bounded(tmp_path: Path) -> None:
    """A book of small members that unpack to more text than any novel is refused by its amount."""
    body = "<p>" + "word " * 1_500_000 + "</p>"
    docs = [Doc(name=f"{n}.xhtml", raw=Doc(body=f"{n}{body}").data()) for n in range(10)]
    path = Book(docs=docs).write(tmp_path / "book.epub", zipfile.ZIP_STORED)
    with pytest.raises(BookError, match="million characters"):
        read(path, ReadOptions())


def run_mutants(folder: Path, seeds: range) -> int:
    """Read spoilt books, each within five seconds; how many gave a manuscript."""
    n_read = 0
    for seed in seeds:
        suffix, data = mutant(seed)
        path = folder / f"mutant{suffix}"
        path.write_bytes(data)
        options = (ReadOptions(), EVERYTHING)[seed % 2]
        started = time.process_time()
        try:
            found = read(path, options)
        except BookError:
            continue
        finally:
            assert time.process_time() - started < 5, seed
        assert found.coverage.n_unaccounted == 0, seed
        n_read += 1
    return n_read


def test_spoilt_books_are_read_whole_or_refused(tmp_path: Path) -> None:
    """500 spoilt copies of a book: no other exception than a refusal, and many are still read."""
    assert run_mutants(tmp_path, range(500)) > 250


@pytest.mark.slow
def test_twenty_thousand_spoilt_books(tmp_path: Path) -> None:
    """The same with 20,000 copies, and the memory of all of it stays below 512 MB."""
    assert run_mutants(tmp_path, range(1000, 21_000)) > 10_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 512 << 10
