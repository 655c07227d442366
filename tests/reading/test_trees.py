from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrator.reading.coverage import count_markup
from narrator.reading.decoding import decode
from narrator.reading.entities import EntityError, resolved
from narrator.reading.letters import n_letters
from narrator.reading.trees import TreeError, parse, parse_xml, text_content, texts
from tests.reading.epubs import hostile

READ = {
    "nested 300 deep": "deep water",
    "latin-1": "Café noir",
    "utf-16": "Café noir",
    "wrong declaration": "Café noir",
    "unknown encoding": "Café noir",
    "unclosed paragraph": "onetwo",
    "cdata": "one < two",
    "stray ampersand": "Smith & Sons, AT&T © &unknown; — é",
    "self-closed title": "onetwo",
    "fragment": "just words",
    "control": "one twothree",
    "nul": "one two",
}
REFUSED = {
    "billion laughs": "entities of its own",
    "external entity": "entities of its own",
    "nested 5000 deep": "only 0 of its 9 letters",
    "nested 200000 deep": "only 0 of its 9 letters",
    "many tags": "more than 1,000,000 tags",
}


@pytest.mark.parametrize("name", READ)
def test_what_can_be_read_is_read_whole(name: str) -> None:
    """Each of these loses text in a common parser, and none does here."""
    source = decode(hostile()[name], markup=True)
    assert text_content(parse(source, count_markup(source))) == READ[name]


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_whole_is_refused(name: str) -> None:
    """Where libxml2 would drop text or the document is an attack, there is no tree."""
    source = decode(hostile()[name], markup=True)
    with pytest.raises((TreeError, EntityError), match=REFUSED[name]):
        parse(resolved(source), count_markup(source))


@pytest.mark.parametrize("name", sorted(hostile().keys() - REFUSED.keys()))
def test_a_hostile_document_gives_all_its_letters_or_none(name: str) -> None:
    """Whatever stands in a document, the tree has the letters that the dumb reader counted, or there is no tree."""
    source = decode(hostile()[name], markup=True)
    expected = count_markup(source)
    with suppress(TreeError):
        assert sum(map(n_letters, texts(parse(source, expected)))) == expected


def test_a_paragraph_of_twelve_million_letters_is_kept_whole() -> None:
    """libxml2's limit of ten million characters in a text node does not cut a paragraph short."""
    source = f"<html><body><p>{'word ' * 2_400_000}</p></body></html>"
    assert len(text_content(parse(source, count_markup(source)))) == 12_000_000


@given(st.text(st.sampled_from("<>/&;!-?[]\"'= apbi#x1é\n"), max_size=80))
def test_any_markup_is_read_whole_or_refused(markup: str) -> None:
    """Random markup never raises anything but a refusal."""
    source = f"<html><body>{markup}</body></html>"
    expected = count_markup(source)
    with suppress(TreeError):
        assert sum(map(n_letters, texts(parse(source, expected)))) == expected


@pytest.mark.parametrize(
    ("markup", "n"),
    [
        ("<p>one</p>", 3),
        ("<p title='a > b'>x</p>", 1),
        ("<title>no</title><style>p {}</style><script>if (a<b) {}</script><svg:title>no</svg:title>x", 1),
        ("<script src='a'/>x<title/>y", 2),
        ("<!-- no --><?php no ?><!DOCTYPE html [ <!ELEMENT p ANY> ]>x", 1),
        ("<![CDATA[a<b]]>", 2),
        ("&eacute;&#233;&#xe9;&amp;&nope;", 7),
        ("1 < 2", 2),
    ],
)
def test_the_dumb_reader_counts_text_and_nothing_else(markup: str, n: int) -> None:
    """Tags, comments, declarations, scripts and windows' titles are not text; everything else is."""
    assert count_markup(markup) == n


def test_small_xml_is_mended() -> None:
    """A package file with an unclosed element is read, its own entities resolved; entities within entities are not."""
    root = parse_xml(b"<package><metadata><title>A</metadata></package>")
    assert root is not None
    assert text_content(root) == "A"
    assert parse_xml(b"") is None
    half = parse_xml(b"<package a='&#xD800;'>&#xD800;&eacute;&nope;</package>")
    assert half is not None
    assert (half.get("a"), text_content(half)) == ("\ufffd", "\ufffd\u00e9&nope;")
    resolved = parse_xml('<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "b">]><p>&a;</p>'.encode("utf-16"))
    assert resolved is not None
    assert text_content(resolved) == "b"
    with pytest.raises(EntityError):
        parse_xml('<!DOCTYPE p [<!ENTITY a "&b;"><!ENTITY b "b">]><p>&a;</p>'.encode("utf-16"))
