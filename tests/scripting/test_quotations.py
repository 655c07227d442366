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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Stop it, Kitty. You tear them to pieces.”", ["“Stop it, Kitty. You tear them to pieces.”"]),
        ("Stop it, Kitty. You tear them to pieces.”", ["Stop it, Kitty. You tear them to pieces.”"]),
        ("“Here,” she said; ” and there is more.”", ["“Here,”", "” and there is more.”"]),
        ("“You must not — “ were her first words. “I am well.”", ["“You must not — “", "“I am well.”"]),
        ("“This account,” whispered Anna, is not like him.”", ["“This account,”", "is not like him.”"]),
        ("“But no,” — thinking again — that could never be.”", ["“But no,”", "that could never be.”"]),
    ],
)
def test_a_mark_that_is_missing_or_turned_is_made_good(text: str, expected: list[str]):
    """Speech is found where its opening mark was left out, or printed the wrong way round."""
    assert speech(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“No (laughing softly), no.”", ["“No ", ", no.”"]),
        ("“But (with a smile) you would.”", ["“But ", " you would.”"]),
        ("“He is (considering his age) well.”", ["“He is (considering his age) well.”"]),
        ("“It was (comparatively speaking) cheap.”", ["“It was (comparatively speaking) cheap.”"]),
        ("“He (meeting me by chance) bowed.”", ["“He (meeting me by chance) bowed.”"]),
    ],
)
def test_how_somebody_speaks_is_not_their_speech(text: str, expected: list[str]):
    """What the narrator tells in brackets is cut out of a quotation, what the speaker says in brackets is not."""
    assert speech(text) == expected
