import pytest

from narrator.reading.entities import EntityError, resolved


def declared(subset: str, text: str) -> str:
    """A document with an internal subset."""
    return f"<!DOCTYPE html [{subset}]><p>{text}</p>"


@pytest.mark.parametrize(
    ("subset", "text", "said"),
    [
        ('<!ENTITY author "Ann &amp; Bob">', "by &author;", "by Ann &amp; Bob"),
        ("<!ENTITY ndash '&#8211;'>", "1&ndash;2", "1&#8211;2"),
        ('<!ENTITY a "one"><!ENTITY a "two">', "&a;", "one"),
        ('<!ENTITY a "one">', "&a; &b; &amp; &eacute;", "one &b; &amp; &eacute;"),
        ('<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY a "one">', "&a;", "one"),
        ('<!ENTITY % dtd SYSTEM "x.dtd"> %dtd;', "none", "none"),
        ("", "&a;", "&a;"),
    ],
)
def test_text_that_a_document_declares_is_put_in_its_place(subset: str, text: str, said: str) -> None:
    """Entities of plain text are resolved, the first declaration counts, and what is not used does no harm."""
    assert f"<p>{said}</p>" in resolved(declared(subset, text))


@pytest.mark.parametrize(
    ("subset", "text"),
    [
        ('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"),
        ('<!ENTITY x PUBLIC "-//x" "http://example.org/x">', "&x;"),
        ('<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">', "&b;"),
        ('<!ENTITY a "<p>">', "&a;"),
        ('<!ENTITY a "%p;">', "&a;"),
        (f'<!ENTITY a "{"a" * 1000}">', "&a;" * 1100),
    ],
)
def test_what_lies_outside_or_grows_is_refused(subset: str, text: str) -> None:
    """Files and addresses, entities of entities, elements, and a text that swells are not resolved but refused."""
    with pytest.raises(EntityError, match="declares entities of its own"):
        resolved(declared(subset, text))
