import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrator.scripting.normalise import heading_form, spoken_form
from tests.scripting.books import letters

ENGLISH = (
    ("Dr. Smith met Mrs. Lee in St. James’s St.", "Doctor Smith met Missus Lee in Saint James's Street."),
    ("Mr Darcy, Mrs Long", "Mister Darcy, Missus Long"),
    ("No. 42 and nos. 5", "number forty-two and numbers five"),
    ("“No. I will not.”", "No. I will not."),
    ("It cost $3,450.75.", "It cost three thousand four hundred and fifty dollars and seventy-five cents."),
    ("He had £1 and $2 million", "He had one pound and two million dollars"),
    ("£3 10s. 6d. in all", "three pounds ten shillings six pence in all"),
    ("it was 7:45 p.m. or 10:05", "it was seven forty-five PM or ten oh five"),
    ("In 1812 he led 1812 men.", "In eighteen twelve he led one thousand eight hundred and twelve men."),
    ("in 1905", "in nineteen oh five"),
    ("12th March, 1998", "the twelfth of March, nineteen ninety-eight"),
    ("June 5, 1805", "June fifth, eighteen oh five"),
    ("on 2001-02-03", "on February third two thousand and one"),
    ("the 1920s", "the nineteen twenties"),
    ("1914–18", "nineteen fourteen to eighteen"),
    ("2½ miles and 3/4", "two and a half miles and three quarters"),
    ("the 22nd, 20°C, 50%", "the twenty-second, twenty degrees Celsius, fifty percent"),
    ("Henry VIII and Louis XIV.", "Henry the eighth and Louis the fourteenth."),
    ("as I told Charles I was ill", "as I told Charles I was ill"),
    ("Chapter IV; the letter I wrote", "Chapter four; the letter I wrote"),
    ("pp. 3-5", "pages three to five"),
    ("5 lbs. of it in Elm St. It rained", "five pounds of it in Elm Street. It rained"),
    ("007 and 3.14", "zero zero seven and three point one four"),
    ("J. R. R. Tolkien left the U.S.A.", "J R R Tolkien left the USA."),
    ("bread, wine, etc. Then", "bread, wine, et cetera. Then"),
    ("Then & now, e.g. this", "Then and now, for example this"),
    ("see www.example.com/a", "see www dot example dot com slash a"),
    ("You MUST NOT ring the BBC, you KNOW.", "You must not ring the BBC, you know."),
    ("DON'T go, ELIZABETH", "Don't go, Elizabeth"),
    ("“’Tis the boys’ hats,” he said, ‘goin’ on’", "'Tis the boys' hats, he said, goin' on"),
    ("well--no--never", "well — no — never"),
    ("“I never—”", "I never—"),
    ("I . . . never…ever", "I… never… ever"),
    ("_Never_ (she said) *again*", "Never, she said, again"),
    ("one line,\nanother line\na third", "one line, another line, a third"),
)


@pytest.mark.parametrize(("printed", "spoken"), ENGLISH)
def test_english_is_said_as_a_reader_says_it(printed: str, spoken: str):
    """What is printed in figures, abbreviations and marks is said in words."""
    assert spoken_form(printed, "en")[0] == spoken


def test_dates_in_figures_follow_the_country():
    """12/03 is in December for an American, in March for a Briton."""
    assert spoken_form("12/03/1998", "en-us")[0].startswith("December third")
    assert spoken_form("12/03/1998", "en-gb")[0].startswith("the twelfth of March")


@pytest.mark.parametrize(
    ("language", "printed", "spoken"),
    [
        ("de", "Am 12. Juni 1815", "Am zwölften Juni achtzehnhundertfünfzehn"),
        ("de", "1.234,50 €", "eintausendzweihundertvierunddreißig Euro fünfzig Cent"),
        ("fr", "Le 1er mai, 1 234 hommes", "Le premier mai, mille deux cent trente-quatre hommes"),
        ("es", "Tenía 25 años", "Tenía veinticinco años"),
        ("xx", "25 of them", "25 of them"),
        ("en", "drôle d’affaire", "drôle d'affaire"),
    ],
)
def test_other_languages_change_what_is_sure(language: str, printed: str, spoken: str):
    """Numbers, ordinals and sums are said in the book's language; an unknown language keeps its figures."""
    assert spoken_form(printed, language)[0] == spoken


@pytest.mark.parametrize(
    ("language", "printed", "spoken"),
    [
        ("de", "IV", "Kapitel vier"),
        ("fr", "12", "Chapitre douze"),
        ("ru", "IV", "Глава четвёртая"),
        ("zh", "12", "第十二章"),
        ("ja", "3", "第三章"),
        ("ko", "3.", "제삼장"),
        ("xx", "3", "3"),
    ],
)
def test_a_chapter_is_called_as_its_language_calls_it(language: str, printed: str, spoken: str):
    """A numeral alone at the head of a chapter is a chapter in every language that is known."""
    assert heading_form(printed, language)[0] == spoken


@pytest.mark.parametrize(
    ("printed", "spoken"),
    [
        ("IV", "Chapter four"),
        ("12.", "Chapter twelve"),
        ("I. A SCANDAL IN BOHEMIA", "One. A Scandal in Bohemia"),
        ("CHAPTER IV. THE SPECKLED BAND", "Chapter four. The Speckled Band"),
        ("I Go to Sea", "I Go to Sea"),
    ],
)
def test_a_chapters_number_is_said_as_a_chapter(printed: str, spoken: str):
    """A numeral alone is read as `Chapter four`, capitals as a title."""
    assert heading_form(printed, "en")[0] == spoken


def test_every_change_is_recorded():
    """A change tells its rule, what was printed and what is said."""
    _, changes = spoken_form("Mr. Lee owes £5.", "en")
    assert [(c.rule, c.printed, c.spoken, c.span.start, c.span.end) for c in changes] == [
        ("title", "Mr.", "Mister", 0, 3),
        ("money", "£5", "five pounds", 13, 15),
    ]


@given(st.text(alphabet=st.sampled_from("abcdeIVXMrsDt.,;:!?—–-…'’‘“”\"() \n0123456789/£$%&°½AZé_*"), max_size=60))
def test_no_letter_changes_without_a_record(text: str):
    """Letters of the spoken form = printed letters, less what the changes took, plus what they brought."""
    spoken, changes = spoken_form(text, "en")
    expected = sorted(letters(text) + "".join(letters(c.spoken) for c in changes))
    assert sorted(letters(spoken) + "".join(letters(c.printed) for c in changes)) == expected


LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "ru", "zh", "ja", "ko", "nl", "tlh")
FIGURES = "0123456789०٣①½⅔.,:;/-–—+%°'’$£€¥₽ªº()hIVXLCest rdamp年月日時点분시개個〜\n"


@given(st.text(max_size=60) | st.text(alphabet=st.sampled_from(FIGURES), max_size=40), st.sampled_from(LANGUAGES))
@settings(max_examples=250, deadline=None)
def test_any_text_can_be_said(text: str, language: str):
    """No text breaks the rules, what is said holds no quotation mark, and changes are in order and do not overlap."""
    spoken, changes = spoken_form(text, language)
    assert not set(spoken) & set('“”„«»"')
    borders = [at for change in changes for at in (change.span.start, change.span.end)]
    assert borders == sorted(borders)
    assert all(text[c.span.start : c.span.end].strip() == c.printed for c in changes)


UNITS = ("1", "1,", "1.", "A.", "1/", "£1 ", "Mr. ", "“a” ", "-1", "I", "CAPS ", "a@", "1 000 ", "XI ", "5年 ", "½")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_takes_time_by_its_length(language: str):
    """A line of 4,000 characters of any kind is said at once: nothing takes time by the square of the length."""
    spoken_form("1 Mr. I", language)
    for unit in UNITS:
        began = time.process_time()
        spoken_form(unit * (4000 // len(unit)), language)
        assert time.process_time() - began < 0.5, unit
