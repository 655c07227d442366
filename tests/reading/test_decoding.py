import pytest

from narrator.reading.decoding import decode


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_byte_order_mark_is_honoured_and_taken_off(encoding: str) -> None:
    """The mark decides the encoding and is no part of the text."""
    mark = "\ufeff" if encoding in {"utf-16-le", "utf-16-be"} else ""
    assert decode((mark + "Café — “naïve”\r\n").encode(encoding)) == "Café — “naïve”\r\n"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b'<?xml version="1.0" encoding="windows-1251"?>\xcf', "П"),
        (b'<html><head><meta charset="koi8-r"></head>\xf0', "П"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">\x93', "“"),
        (b'<?xml version="1.0" encoding="utf-8"?>\xe9', "é"),
        (b'<?xml version="1.0" encoding="hex"?>\xc3\xa9', "é"),
    ],
)
def test_a_declaration_counts_unless_it_does_not_fit(data: bytes, text: str) -> None:
    """Declarations are believed, Latin-1 is read as Windows-1252, and one that cannot be right is passed over."""
    assert decode(data, markup=True)[-1:] == text


def test_utf16_without_a_mark_is_told_by_its_declaration() -> None:
    """An XML document that begins `<?` in two-byte units is UTF-16."""
    assert decode('<?xml version="1.0"?><p>é</p>'.encode("utf-16-be"), markup=True).endswith("<p>é</p>")


def test_undeclared_text_is_utf8_or_else_windows() -> None:
    """What says nothing is UTF-8 if it fits, Windows-1252 if not; plain text is never searched for declarations."""
    assert decode("naïve".encode()) == "naïve"
    assert decode("“naïve”".encode("cp1252")) == "“naïve”"
    assert decode(b'<meta charset="koi8-r">\xe9') == '<meta charset="koi8-r">é'
