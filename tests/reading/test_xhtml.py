from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narrator.domain import Paragraph, ParagraphKind, SceneBreak
from narrator.reading.coverage import count_markup
from narrator.reading.letters import n_letters
from narrator.reading.notes import find_notes
from narrator.reading.page import Item
from narrator.reading.trees import parse, text_content
from narrator.reading.xhtml import read_xhtml
from narrator.settings.options import ReadOptions
from tests.reading.epubs import NAMESPACES, XHTML, Doc, check_pieces, open_body, paragraphs, skipped, texts

A = "<p>Alice was tired.</p>"
Z = "<p>The end came.</p>"


def items(body: str, options: ReadOptions | None = None) -> Sequence[Item]:
    """The items of a document with this body."""
    source = f"{XHTML}{NAMESPACES}<head><title>t</title></head><body>{body}</body></html>"
    root = parse(source, count_markup(source))
    return read_xhtml("x", root, find_notes({"x": root})["x"], options or ReadOptions()).items


def shape(body: str) -> str:
    """One letter a block: p prose, h heading, v verse, i item, n note, - scene break."""
    return "".join(i.paragraph.kind[0] if i.paragraph else "-" for i in items(body))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p><span class='dropcap'>A</span>lice</p>", "Alice"),
        ("<p><span class='drop-cap'>W</span>\n hen</p>", "When"),
        ("<p><span class='dropcap'>A</span> man</p>", "A man"),
        ("<p><span class='dropcap'>A</span> <i>man</i></p>", "A man"),
        ("<div class='dropcap'>“T</div>\n<p>HE <b>end</b></p>", "“THE end"),
        ("<div class='lettrine'>A</div>\n<p>lice</p>", "Alice"),
        ("<p><span><img src='o.png' alt='O'/></span>nce</p>", "Once"),
        ("<h2><a><img src='1.png' alt='Chapter One'/></a></h2>", "Chapter One"),
        ("<p><b>A</b><small>LICE</small> was</p>", "ALICE was"),
        ("<p><span class='smallcaps'>m</span><span class='smallcaps'>r. b</span></p>", "mr. b"),
        (
            "<svg><text><tspan y='1'>at </tspan><tspan y='1'>sea.</tspan><tspan y='2'>Then</tspan></text></svg>",
            "at sea. Then",
        ),
        ("<svg><text><tspan y='1'>his res-</tspan><tspan y='2'>tless</tspan></text></svg>", "his res-tless"),
        ("<p>won\u00adder\u2060ful&shy;ly</p>", "wonderfully"),
        ("<p>\n  one\n\t two&nbsp; three </p>", "one two three"),
        ("<p>one<br/>two</p>", "one two"),
        ("<p>one<!-- no -->two<?no no?></p>", "onetwo"),
        ("<p>m<sup>2</sup> and H<sub>2</sub>O, 1<sup>st</sup></p>", "m2 and H2O, 1st"),
        ("<p>be<span epub:type='pagebreak' id='p9'>9</span>fore</p>", "before"),
        ("<p>be<span class='pagenum'>[Pg 12]</span>fore</p>", "before"),
        ("<p>see <img src='a.png' alt='an owl'/>there</p>", "see there"),
        ("<p><ruby>山<rp>(</rp><rt>やま</rt><rp>)</rp>路<rt>みち</rt></ruby>を</p>", "山路を"),
        ("<p>caf&eacute; &mdash; &ldquo;so&rdquo;</p>", "café — “so”"),
        ("loose <i>words</i> in the body", "loose words in the body"),
    ],
)
def test_a_paragraph_reads_as_it_is_printed(body: str, text: str) -> None:
    """Markup inside a word does not split it, white space is single, and what is not printed text is not read."""
    assert [i.paragraph.text for i in items(body) if i.paragraph] == [text]


@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        (f"{A}<hr/>{Z}", "p-p"),
        (f"{A}<p>* * *</p>{Z}", "p-p"),
        (f"{A}<p>⁂</p>{Z}", "p-p"),
        (f"{A}<p>#</p>{Z}", "p-p"),
        (f"{A}<p>—</p>{Z}", "p-p"),
        (f"{A}<p>-oOo-</p>{Z}", "p-p"),
        (f"{A}<p class='scene-break'><img src='o.png' alt='x'/></p>{Z}", "p-p"),
        (f"{A}<hr epub:type='pagebreak'/>{Z}", "pp"),
        (f"{A}<hr class='pb'/>{Z}", "pp"),
        (f"<div class='chapter'><h2>I</h2></div>{Z}", "hp"),
        (f"{A}<section>{Z}</section>", "p-p"),
        (f"{A}<p class='space-above'>The end came.</p>", "p-p"),
        (f"{A * 11}<p>&#160;</p>{Z}", "p" * 11 + "-p"),
        (f"{A}<section><h2>Two</h2>{Z}</section>", "php"),
        (f"{A}<p>“…!”</p>{Z}", "ppp"),
        (f"{A}<p>I</p>{Z}", "ppp"),
        ("<h2>I</h2><p>x</p>", "hp"),
        ("<hgroup><h2>I</h2><p>The Storm</p></hgroup>" + A, "hhp"),
        ("<header><h2>I</h2><p class='subtitle'>The Storm</p></header>" + A, "hhp"),
        ("<p class='chapter-title'>The Storm</p>" + A, "hp"),
        ("<ul><li>one</li><li><p>two</p></li></ul>", "ii"),
        ("<dl><dt>one</dt><dd>two</dd></dl>", "ii"),
        ("<p>one<br/><br/>two</p>", "pp"),
        ("<div>one<p>two</p>three</div>", "ppp"),
        ("<pre>one\n two\n\nthree</pre>", "vv"),
        ("<figure><img src='a'/><figcaption>An owl.</figcaption></figure>", "p"),
    ],
)
def test_blocks_are_what_they_look_like(body: str, blocks: str) -> None:
    """Rules, ornaments, blank space, headings, lists and line breaks make the blocks that a reader sees."""
    assert shape(body) == blocks


def test_blank_paragraphs_everywhere_are_no_scene_breaks(tmp_path: Path) -> None:
    """A book that puts an empty paragraph between all its paragraphs has no scene at each of them."""
    manuscript = open_body((A + "<p>&#160;</p>") * 12, tmp_path)
    assert not [b for b in manuscript.chapters[0].blocks if isinstance(b, SceneBreak)]


@pytest.mark.parametrize(
    "body",
    [
        "<p><span>one</span>\n<br/>\n<span class='i1'>two</span></p>",
        "<blockquote epub:type='z3998:poem'><p>one<br/>two</p></blockquote>",
        "<div class='poem'><div><span class='i0'>one<br/></span><span class='i2'>two<br/></span></div></div>",
        "<div class='verse'><p><span class='line'>one</span><span class='line'>two</span></p></div>",
        "<pre>one\n  two</pre>",
    ],
)
def test_verse_keeps_its_lines(body: str) -> None:
    """However a producer marks up a poem, its lines are parted by newlines."""
    (item,) = items(body)
    assert item.paragraph
    assert (item.paragraph.text, item.paragraph.kind) == ("one\ntwo", ParagraphKind.VERSE)


def test_a_row_of_a_table_is_one_item() -> None:
    """Cells are parted by a comma, a speaker by a colon, and a row that holds a page of its own is read as a page."""
    body = (
        "<table><tr><td>one</td><td>two</td></tr>"
        "<tr><td epub:type='z3998:persona'>Lane</td><td>Yes, <i>sir</i>.</td></tr><tr><td/><td>Enter Jack.</td></tr>"
        "<tr><td><h2>Big</h2><p>page</p></td><td>x</td></tr></table>"
    )
    found = [i.paragraph for i in items(body) if i.paragraph]
    assert [p.text for p in found] == ["one, two", "Lane: Yes, sir.", "Enter Jack.", "Big", "page", "x"]
    assert found[0].kind is ParagraphKind.ITEM
    assert found[3].kind is ParagraphKind.HEADING


def test_quotations_and_emphasis_are_kept() -> None:
    """A paragraph knows that it stands in a block quotation, and which of its words are emphasised."""
    (item,) = items("<blockquote><p>so <em>very</em> <strong>odd</strong></p></blockquote>")
    assert item.paragraph
    assert item.paragraph.quoted
    assert [item.paragraph.text[e.start : e.end] for e in item.paragraph.emphases] == ["very", "odd"]


def test_headings_know_their_level() -> None:
    """Every line of a group of headings has the level of the group."""
    found = items("<h1>A</h1><hgroup><h3>I</h3><p>B</p></hgroup><h6>C</h6><div class='chapter'><h2>D</h2></div>")
    assert [i.level for i in found] == [1, 3, 3, 6, 2]


@pytest.mark.parametrize(
    ("body", "rule", "n"),
    [
        ("<p hidden='hidden'>secret</p>", "hidden", 6),
        ("<p style='display: none'>secret</p>", "hidden", 6),
        ("<template><p>secret</p></template>", "hidden", 6),
        ("<video><p>no player</p></video>", "media", 8),
        ("<svg xmlns='http://www.w3.org/2000/svg'><desc>owl</desc></svg>", "picture", 3),
        ("<section epub:type='titlepage'><p>words<style>p {}</style></p></section>", "title page", 5),
        ("<nav epub:type='toc'><ol><li>one</li></ol></nav>", "contents", 3),
        ("<section role='doc-colophon'><p>words</p></section>", "colophon", 5),
        ("<div class='pg-boilerplate'><p>words</p></div>", "licence", 5),
        ("<p>-oOo-</p>", "ornament", 3),
        ("<pre><code>x = 1</code></pre>", "code", 2),
    ],
)
def test_what_is_not_read_is_counted_under_its_rule(tmp_path: Path, body: str, rule: str, n: int) -> None:
    """Nothing is left out without a rule's name, its letters and a sample; scripts and styles are no letters at all."""
    manuscript = open_body(A + body + Z, tmp_path)
    assert skipped(manuscript) == {rule: n}
    assert manuscript.skipped[0].sample
    assert texts(manuscript) == ["Alice was tired.", "The end came."]


def test_everything_in_the_body_of_the_book_is_kept(tmp_path: Path) -> None:
    """A colophon or an index that the author put into the body is part of the story."""
    body = "<div epub:type='bodymatter'><section epub:type='colophon'><p>words</p></section></div>"
    assert texts(open_body(body, tmp_path)) == ["words"]


def test_tables_and_code_follow_the_options(tmp_path: Path) -> None:
    """`tables: skip` leaves out tables, `code: read` reads code by lines; code in a sentence is always read."""
    table = "<table><tr><td>one</td><td>two</td></tr></table>"
    body = f"{A}{table}<pre><code>x = 1\ny = 2</code></pre><p>run <code>ls</code></p>"
    manuscript = open_body(body, tmp_path, ReadOptions(tables="skip", code="read"))
    assert texts(manuscript) == ["Alice was tired.", "x = 1\ny = 2", "run ls"]
    assert skipped(manuscript) == {"table": 6}


def test_of_a_switch_one_alternative_is_read(tmp_path: Path) -> None:
    """epub:switch is read once: its default, or its first case where it has none."""
    first = "<epub:case required-namespace='x'>one</epub:case>"
    second = "<epub:case required-namespace='y'>two</epub:case>"
    with_default = f"<p>a <epub:switch>{first}<epub:default>three</epub:default></epub:switch></p>"
    without = f"<p>b <epub:switch>{first}{second}</epub:switch></p>"
    assert texts(open_body(with_default + without, tmp_path)) == ["a three", "b one"]


NAMES = "p div span i em b h2 section blockquote li ul table tr td pre br hr sup a aside figure header ruby rt img"
TAGS = st.sampled_from(NAMES.split())
ATTRIBUTES = st.sampled_from(
    ["", "", " class='dropcap'", " lang='fr'", " class='persona'", " alt='A'", " alt='An owl.'",
     " class='poem'", " class='pagenum'", " hidden=''", " epub:type='footnote' id='n'", " href='#n'", " id='n'",
     " epub:type='noteref' href='#n'", " epub:type='toc'", " class='footnotes'", " epub:type='z3998:verse'"]
)  # fmt: skip
WORDS = st.sampled_from(["Alice ", " was", "9", "* * *", "\n", "\xa0", "[1]", "—", "so&shy;on", "é", "“No”"])
TREES = st.recursive(
    WORDS,
    lambda inner: st.tuples(TAGS, ATTRIBUTES, st.lists(inner, max_size=4)).map(
        lambda t: f"<{t[0]}{t[1]}/>" if t[0] in {"br", "hr", "img"} else f"<{t[0]}{t[1]}>{''.join(t[2])}</{t[0]}>"
    ),
    max_leaves=25,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(TREES, max_size=6),
    st.sampled_from(["skip", "rows"]),
    st.sampled_from(["skip", "read"]),
    st.sampled_from(["base", "reading"]),
)
def test_every_letter_is_read_or_counted_and_every_piece_stands_in_the_document(
    trees: list[str], tables: str, code: str, ruby: str
) -> None:
    """In any nesting of any markup no letter is lost or made up, and source positions are right."""
    source = f"{XHTML}{NAMESPACES}<head><title>t</title></head><body>{''.join(trees)}</body></html>"
    expected = count_markup(source)
    root = parse(source, expected)
    images = "alt" if code == "read" else "skip"
    options = ReadOptions(tables=tables, code=code, ruby=ruby, images=images)  # type: ignore[arg-type]  # literals above
    page = read_xhtml("x", root, find_notes({"x": root})["x"], options)
    found = [i.paragraph for i in page.items if i.paragraph]
    assert sum(n_letters(p.text) for p in found) + sum(s.n_letters for s in page.skipped) == expected + page.n_pictured
    for paragraph in found:
        check_pieces(paragraph, text_content(root))
        assert paragraph.text == "\n".join(" ".join(line.split()) for line in paragraph.text.split("\n"))
        assert paragraph.text
    assert all(0 <= a.index <= len(page.items) for a in page.anchors)


def only(body: str, options: ReadOptions | None = None) -> Paragraph:
    """The one paragraph of a document."""
    (found,) = (i.paragraph for i in items(body, options) if i.paragraph)
    return found


def test_pictures_are_read_by_their_words_on_request() -> None:
    """`images: alt` reads what stands for a picture, but no file name and no “image”; other pictures stay silent."""
    body = (
        "<figure><img src='a.png' alt='An owl.'/></figure><img alt='image 3'/><img alt='a_1.jpg'/><img alt=''/><img/>"
    )
    assert items(body) == ()
    assert only(body, ReadOptions(images="alt")).text == "An owl."


def test_letters_of_pictures_are_in_the_account(tmp_path: Path) -> None:
    """A picture that is read adds its letters to what the book has, and the account comes out even."""
    found = open_body(f"{A}<p><img src='a.png' alt='An owl.'/></p>", tmp_path, ReadOptions(images="alt"))
    assert texts(found) == ["Alice was tired.", "An owl."]
    assert (found.coverage.n_spoken, found.coverage.n_unaccounted) == (len("Alicewastired") + len("Anowl"), 0)


def test_readings_take_the_place_of_characters_on_request() -> None:
    """`ruby: reading` says how a character is read; one without a reading beside it is read itself."""
    body = "<p>草<ruby>枕<rp>(</rp><rt>まくら</rt><rp>)</rp></ruby>と<ruby><rb>山</rb><rt> </rt></ruby>路</p>"
    assert only(body).text == "草枕と山路"
    assert only(body, ReadOptions(ruby="reading")).text == "草まくらと山路"


def test_words_in_another_language_are_known() -> None:
    """A paragraph knows which of its words the page calls French or German; a region makes no other language."""
    found = only("<div lang='de'><p xml:lang='fr'>Il dit <i lang='en-US'>so</i> ici</p></div>")
    assert [(found.text[s.start : s.end], s.language) for s in found.languages] == [
        ("Il dit so ici", "de"),
        ("Il dit so ici", "fr"),
        ("so", "en-us"),
    ]
    assert only("<p xml:lang='en-GB'>one <i lang='en'>two</i> <b lang='und'>three</b></p>").languages == ()


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("<table><tr><td epub:type='z3998:persona'>Lane</td><td>Yes, sir.</td></tr></table>", "Lane"),
        ("<p class='persona'><b epub:type='z3998:persona'>1st Sailor</b>.</p>", "1st Sailor"),
        ("<p><b class='speaker'>ANNA:</b> No.</p>", "ANNA:"),
        ("<p><span class='speaker'>Anna</span>. No.</p>", "Anna"),
        ("<p class='speaker'>Anna</p>", "Anna"),
        ("<p><b epub:type='z3998:persona'>Lane</b> enters.</p>", ""),
        ("<p>Enter <b epub:type='z3998:persona'>Lane</b>.</p>", ""),
        ("<p>Anna: no.</p>", ""),
    ],
)
def test_a_play_says_who_speaks(body: str, name: str) -> None:
    """A speech knows where its first words name the speaker; a name in a stage direction is no speaker's."""
    found = only(body)
    assert (found.text[found.persona.start : found.persona.end] if found.persona else "") == name


def test_stage_directions_are_known() -> None:
    """A speech knows which of its words are done and not said."""
    found = only("<p>Yes. <i epub:type='z3998:stage-direction'>Goes.</i> <i>Now</i> no.</p>")
    assert [found.text[s.start : s.end] for s in found.directions] == ["Goes."]


def test_positions_count_the_text_of_the_whole_document(tmp_path: Path) -> None:
    """The first word of a paragraph is found again at its source position, the window's title counted in."""
    (first, *_) = paragraphs(open_body(A + Z, tmp_path))
    source = Doc(body=A + Z).data().decode()
    root = parse(source, count_markup(source))
    text = text_content(root)
    assert text[first.pieces[0].source :].startswith("Alice was tired.")
