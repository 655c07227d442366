import pytest

from narrator.scripting.languages import ENGLISH, words_of
from narrator.scripting.quotations import dominant_marks, find


def speech(text: str, language: str = "en", marks: str = "") -> list[str]:
    """The speech of a paragraph."""
    return [text[q.start : q.end] for q in find(text, marks, words_of(language))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Yes,” said Anna, “come in.”", ["“Yes,”", "“come in.”"]),
        ('"Yes," said Anna.', ['"Yes,"']),
        ("‘I saw the boys’ hats,’ he said. ‘Don’t go.’", ["‘I saw the boys’ hats,’", "‘Don’t go.’"]),
        ("'Tis late,' he said. 'Go home.'", ["'Go home.'"]),
        ("'It's late,' he said. 'I'll go.'", ["'It's late,'", "'I'll go.'"]),
        ("He took the boys' hats and Anna's.", []),
        ("“He said ‘no’ and left,” said Anna.", ["“He said ‘no’ and left,”"]),
        ("They called it “the hole” in town.", []),
        ("“I have read—", ["“I have read—"]),
        ("„Ja“, sagte sie.", ["„Ja“"]),
        ("»Ja«, sagte sie. »Gut.«", ["»Ja«", "»Gut.«"]),
        ("「はい」と言った。", ["「はい」"]),
    ],
)
def test_speech_is_found_between_its_marks(text: str, expected: list[str]):
    """Curly, straight and single marks, guillemets and brackets open speech; apostrophes and titles do not."""
    assert speech(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "— Oui, dit-il, je viens.", ["— Oui,", " je viens."]),
        ("fr", "« Oui, dit Pierre, je viens. »", ["« Oui,", " je viens. »"]),
        ("fr", "— Je ne sais pas.", ["— Je ne sais pas."]),
        ("fr", "-- Oui, dit-il.", ["-- Oui,"]),
        ("es", "—Sí —dijo él—. Vamos.", ["—Sí ", ". Vamos."]),
        ("en", "— Not speech in English.", []),
    ],
)
def test_a_dash_opens_speech_where_it_is_the_custom(language: str, text: str, expected: list[str]):
    """French and Spanish speech begins with a dash, and its tags are cut out."""
    assert speech(text, language) == expected


def test_speech_may_go_on_in_the_next_paragraph():
    """Without a closing mark the speech is open."""
    (quote,) = find("“One thing,", "", ENGLISH)
    assert quote.open


def test_the_books_marks_are_told_from_rare_ones():
    """A book in double marks does not take single ones for speech."""
    texts = ["“Yes.” “No.” “Oh.”"] * 9 + ["the ‘great’ man"]
    marks = dominant_marks(texts, ENGLISH)
    assert marks == "“"
    assert speech("He was ‘Great,’ they said.", marks=marks) == []
