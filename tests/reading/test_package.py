import re
from dataclasses import replace
from pathlib import Path

import pytest

from narrator.errors import BookError
from narrator.reading import read
from narrator.reading.archive import Archive
from narrator.reading.coverage import count_markup
from narrator.reading.languages import tag
from narrator.reading.opf import join
from narrator.reading.package import open_package
from narrator.settings.options import ReadOptions
from tests.pictures import JPEG, PNG
from tests.reading.epubs import ALICE, Book, Doc, Line, open_book, skipped, texts

PICTURES = "<item id='a' href='a' properties='cover-image'/><item id='cover' href='b' media-type='image/png'/>"
"""Two pictures, either of which may be the cover; the first is the more likely."""


def test_the_book_says_what_it_is(tmp_path: Path) -> None:
    """Title, authors, language, publisher, date, description and identifier come from the package."""
    metadata = (
        "<dc:title id='s'>Sub</dc:title><meta refines='#s' property='title-type'>subtitle</meta>"
        "<dc:title id='t'>\n The  Tide </dc:title><meta refines='#t' property='title-type'>main</meta>"
        "<dc:creator id='c'>Ann Author</dc:creator><meta refines='#c' property='role'>aut</meta>"
        "<dc:creator opf:role='ill'>Ida Inker</dc:creator><dc:creator>Bo Both</dc:creator>"
        "<dc:language>en-US</dc:language><dc:publisher>Ulm Press</dc:publisher><dc:date>1999-01-02</dc:date>"
        "<dc:description>Rain.</dc:description>"
    )
    found = open_book(Book(metadata=metadata), tmp_path)
    assert (found.title, found.authors, found.language) == ("The Tide", ("Ann Author", "Bo Both"), "en-us")
    assert (found.publisher, found.published, found.description) == ("Ulm Press", "1999-01-02", "Rain.")
    assert found.identifier == "urn:x:1"


def test_a_book_that_says_nothing_has_a_title_and_a_language(tmp_path: Path) -> None:
    """Without metadata the first chapter names the book, and its language is taken for English."""
    found = open_book(Book(metadata="", docs=[Doc(body="<h1>The Tide</h1><p>It rose.</p>")]), tmp_path)
    assert (found.title, found.authors, found.language) == ("The Tide", (), "en")


def test_the_project_may_overrule_the_language(tmp_path: Path) -> None:
    """What the project says of the language counts before what the book says."""
    path = Book().write(tmp_path / "book.epub")
    assert read(path, ReadOptions(), language="de_AT").language == "de-at"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("EN", "en"), ("en_GB", "en-gb"), ("eng", "en"), ("zh-Hant-TW", "zh-hant-tw"), ("und", "en"), (" ", "en")],
)
def test_languages_are_written_one_way(written: str, meant: str) -> None:
    """Case, underscores and three-letter codes make no difference."""
    assert tag(written) == meant


@pytest.mark.parametrize(
    ("manifest", "metadata", "data", "kind"),
    [
        ("<item id='x' href='p' properties='cover-image' media-type='image/jpeg'/>", "", JPEG, "image/jpeg"),
        ("<item id='x' href='p' media-type='image/png'/>", "<meta name='cover' content='x'/>", PNG, "image/png"),
        ("<item id='cover-picture' href='p' media-type='image/jpg'/>", "", PNG, "image/png"),
    ],
)
def test_the_cover_is_found_however_it_is_named(
    tmp_path: Path, manifest: str, metadata: str, data: bytes, kind: str
) -> None:
    """EPUB 3's property, EPUB 2's meta element or a telling id; its bytes say what kind of picture it is."""
    cover = open_book(Book(manifest=manifest, metadata=metadata, members={"OPS/p": data}), tmp_path).cover
    assert cover is not None
    assert (cover.media_type, cover.data) == (kind, data)


def test_a_cover_that_is_no_picture_is_none(tmp_path: Path) -> None:
    """A vector drawing, or a cover that is not there, is no cover and no error."""
    item = "<item id='cover' href='c.svg' properties='cover-image' media-type='image/svg+xml'/>"
    assert open_book(Book(manifest=item, members={"OPS/c.svg": b"<svg/>"}), tmp_path).cover is None
    assert open_book(Book(manifest=item), tmp_path).cover is None


def test_a_broken_cover_gives_way(tmp_path: Path) -> None:
    """A picture that is cut short is dropped, and the next that may be the cover is taken."""
    for second in (PNG, None):
        members = {"OPS/a": JPEG[:-20], "OPS/b": second or PNG[:-20]}
        cover = open_book(Book(manifest=PICTURES, members=members), tmp_path).cover
        assert (cover and cover.data) == second


@pytest.mark.parametrize(
    "manifest",
    [
        "<item id='css' href='gone.css' media-type='text/css'/>",
        "<item/>",
        "<item id='x'/>",
        "<item id='web' href='http://example.com/a.css' media-type='text/css'/>",
    ],
)
def test_a_manifest_that_lies_about_other_things_stops_nothing(tmp_path: Path, manifest: str) -> None:
    """Only what is read must be there; ebooklib gives up on most of these, and our own reading goes on."""
    assert texts(open_book(Book(manifest=manifest), tmp_path))


def test_both_readings_of_a_package_agree(tmp_path: Path) -> None:
    """What ebooklib and we read of a well-formed book is one and the same."""
    docs = [Doc(name="a b.xhtml"), Doc(name="sub/c.xhtml")]
    lines = [Line(label="A", href="a%20b.xhtml", below=[Line(label="C", href="sub/c.xhtml#x")])]
    with Archive(Book(docs=docs, contents=lines).write(tmp_path / "book.epub")) as archive:
        package = open_package(archive)
    assert [(e.label, e.target, e.depth) for e in package.contents] == [
        ("A", "OPS/a b.xhtml", 0),
        ("C", "OPS/sub/c.xhtml#x", 1),
    ]
    assert [name for name, _ in package.spine] == ["d0", "d1"]


def test_a_missing_chapter_is_an_error_and_not_a_shorter_book(tmp_path: Path) -> None:
    """A document of the spine that is not in the archive refuses the book by its name."""
    package = Book(docs=[Doc(), Doc(name="gone.xhtml")]).files()["OPS/package.opf"]
    with pytest.raises(BookError, match=r"OPS/gone\.xhtml"):
        open_book(Book(members={"OPS/package.opf": package}), tmp_path)


@pytest.mark.parametrize(
    "container",
    [b"", b"<container/>", b"<container><rootfile full-path='nowhere.opf'/></container>", b"<!ENTITY x 'y'>"],
)
def test_a_container_without_a_package_is_refused(tmp_path: Path, container: bytes) -> None:
    """No container, no package, or a package that is not there: not an EPUB, said in one sentence."""
    with pytest.raises(BookError):
        open_book(Book(members={"META-INF/container.xml": container}), tmp_path)


def test_an_empty_spine_is_refused(tmp_path: Path) -> None:
    """A book that lists nothing to read is no empty audiobook."""
    with pytest.raises(BookError, match="order of reading"):
        open_book(Book(docs=[]), tmp_path)


def test_documents_outside_the_flow_are_named_and_left_out(tmp_path: Path) -> None:
    """`linear="no"` documents are asides, unless the contents name them or the whole book is marked so."""
    docs = [Doc(), Doc(name="aside.xhtml", body="<p>aside</p>", linear=False)]
    left = open_book(Book(docs=docs), tmp_path)
    assert [(s.document, s.rule, s.n_letters) for s in left.skipped] == [("OPS/aside.xhtml", "outside the flow", 5)]
    assert (left.coverage.n_letters, left.coverage.n_unaccounted) == (count_markup(ALICE) + 5, 0)
    assert "aside" in texts(open_book(Book(docs=docs, contents=[Line(label="x", href="aside.xhtml")]), tmp_path))
    assert texts(open_book(Book(docs=[Doc(linear=False)]), tmp_path))


def test_a_foreign_document_is_read_by_its_fallback(tmp_path: Path) -> None:
    """Fallbacks are followed to the first that is text, and a circle of them ends."""
    docs = [Doc(name="a.bin", raw=b"\0", media_type='application/x-a" fallback="f')]
    manifest = "<item id='f' href='f.xhtml' media-type='application/xhtml+xml'/>"
    found = open_book(Book(docs=docs, manifest=manifest, members={"OPS/f.xhtml": Doc().data()}), tmp_path)
    assert len(texts(found)) == 1
    circle = [Doc(), Doc(name="b.bin", raw=b"\0", media_type='application/x-b" fallback="d1')]
    assert [s.rule for s in open_book(Book(docs=circle), tmp_path).skipped] == ["no text"]


def test_a_document_listed_twice_is_read_twice(tmp_path: Path) -> None:
    """The same file twice in the order of reading is read twice, as EPUB 3.3 has it, its notes only once."""
    mark, note = "<a epub:type='noteref' href='#n'>1</a>", "<aside epub:type='footnote' id='n'>A note.</aside>"
    doc = Doc(body=f"<h1>A refrain{mark}</h1>{note}")
    found = open_book(Book(docs=[doc, Doc(name="two.xhtml"), doc]), tmp_path, ReadOptions(footnotes="inline"))
    assert [t[:9] for t in texts(found)] == ["A refrain", "A note.", "Alice was", "A refrain"]
    assert skipped(found) == {"note mark": 2, "note": len("Anote")}
    assert found.coverage.n_unaccounted == 0


def test_a_package_without_an_order_of_reading_is_read_in_the_manifests(tmp_path: Path) -> None:
    """Where the spine is empty, the documents of the manifest are read in its order, the contents page aside."""
    book = Book(docs=[Doc(name="b.xhtml", body="<p>One.</p>"), Doc(name="a.xhtml", body="<p>Two.</p>")])
    package = re.sub(rb"<itemref[^>]*>", b"", book.files()["OPS/package.opf"])
    found = open_book(replace(book, members={"OPS/package.opf": package}), tmp_path)
    assert texts(found) == ["One.", "Two."]


def test_an_order_of_reading_without_end_is_refused(tmp_path: Path) -> None:
    """A package of a few kilobytes cannot have a document read a hundred thousand times."""
    book = Book()
    package = book.files()["OPS/package.opf"].replace(b"</spine>", b"<itemref idref='d0'/>" * 20_001 + b"</spine>")
    with pytest.raises(BookError, match="more than 20,000 documents"):
        open_book(replace(book, members={"OPS/package.opf": package}), tmp_path)


def test_what_is_called_encrypted_and_is_not_can_be_read(tmp_path: Path) -> None:
    """A document that encryption.xml names and that is whole XHTML all the same is read; noise is refused."""
    listing = (
        b'<encryption><EncryptedData><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#kw-aes128"/>'
        b'<CipherReference URI="OPS/one.xhtml"/></EncryptedData></encryption>'
    )
    members = {"META-INF/encryption.xml": listing}
    assert texts(open_book(Book(members=members), tmp_path))
    with pytest.raises(BookError, match="protected"):
        open_book(Book(docs=[Doc(raw=b"c2VjcmV0IHdvcmRz")], members=members), tmp_path)


def test_an_aside_that_is_not_there_is_missing(tmp_path: Path) -> None:
    """A document outside the flow that cannot be read, or that the manifest does not know, stops nothing."""
    docs = [Doc(), Doc(name="gone.xhtml", linear=False)]
    package = Book(docs=docs).files()["OPS/package.opf"].replace(b"</spine>", b"<itemref idref='nobody'/></spine>")
    found = open_book(Book(members={"OPS/package.opf": package}), tmp_path)
    assert [(s.document, s.rule, s.n_letters) for s in found.skipped] == [
        ("OPS/gone.xhtml", "missing", 0),
        ("nobody", "missing", 0),
    ]


def test_an_aside_that_is_read_later_is_read(tmp_path: Path) -> None:
    """A document that stands outside the flow and in it is spoken once, and both places are counted."""
    found = open_book(Book(docs=[Doc(linear=False), Doc()]), tmp_path)
    assert skipped(found) == {"outside the flow": found.coverage.n_spoken}
    assert found.coverage.n_unaccounted == 0


@pytest.mark.parametrize(
    ("origin", "href", "name"),
    [
        ("OPS/p.opf", "a.xhtml", "OPS/a.xhtml"),
        ("OPS/p.opf", "../a.xhtml#x%20y", "a.xhtml#x y"),
        ("OPS/p.opf", "../../../a.xhtml", "a.xhtml"),
        ("p.opf", "/OPS/a%C3%BC.xhtml", "OPS/aü.xhtml"),
        ("OPS/n.xhtml", "#x", "OPS/n.xhtml#x"),
    ],
)
def test_references_stay_inside_the_archive(origin: str, href: str, name: str) -> None:
    """Relative, absolute, percent-encoded: a reference names a member, and never a file outside."""
    assert join(origin, href) == name
