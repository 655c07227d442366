import io

import webvtt as judge

from narrator.domain import Cue
from narrator.publishing.captions import webvtt, write_captions


def cue(text: str, start_s: float, end_s: float, character: str = "Alice") -> Cue:
    """A line that is heard at some time."""
    return Cue(address="ch01:l1", text=text, character=character, start_s=start_s, end_s=end_s)


def test_captions_are_read_back_by_another_reader(tmp_path):
    """Times, speaker, address and text come back as they were."""
    write_captions(
        [cue("“Curiouser!”", 0.72, 2.0), cue("She fell.", 3600.0004, 3661.5, "narrator")], tmp_path / "a.vtt"
    )
    first, second = judge.read(tmp_path / "a.vtt").captions
    assert (first.start, first.end, first.text, first.voice) == (
        "00:00:00.720",
        "00:00:02.000",
        "“Curiouser!”",
        "Alice",
    )
    assert (second.start, second.end, second.identifier) == ("01:00:00.000", "01:01:01.500", "ch01:l1")


def test_marks_of_the_format_are_text_in_a_line():
    """Angle brackets, ampersands and arrows of the book do not end a cue or start a tag."""
    text = webvtt([cue("a <b> & c --> d", 0, 1, "A>B")])
    assert "<v A&gt;B>a &lt;b&gt; &amp; c --&gt; d</v>" in text
    assert text.count("-->") == 1


def test_an_empty_line_does_not_end_a_cue():
    """Verse keeps its lines; blank ones between them are dropped."""
    text = webvtt([cue("How doth\n\n  the little\r\ncrocodile", 0, 1)])
    assert "<v Alice>How doth\nthe little\ncrocodile</v>\n" in text
    assert len(judge.from_buffer(io.StringIO(text)).captions) == 1


def test_a_line_without_sound_has_no_caption():
    """What takes no time is not shown."""
    assert webvtt([cue("…", 1.0, 1.0)]) == "WEBVTT\n"


def test_captions_of_a_bound_chapter_start_with_the_chapter():
    """The offset moves every time, over the minute and the hour."""
    assert "01:00:00.250 --> 01:00:01.250" in webvtt([cue("x", 0.75, 1.75)], offset_s=3599.5)
