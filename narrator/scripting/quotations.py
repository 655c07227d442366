"""Where speech begins and ends in a paragraph."""

import re
from dataclasses import dataclass
from typing import Final

from narrator.scripting.languages import Language

PAIRS: Final = {
    "“": "”",
    "„": "“”‟",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "「": "」",
    "『": "』",
    "‘": "’",
    "‚": "‘’",
    '"': '"',
    "'": "'",
    "”": "”",
}
"""Opening mark → marks that may close it. `”…”` is Swedish and Finnish."""

DASHES: Final = "—–―"
_OPENING_DASH: Final = re.compile(rf"[{DASHES}]|--?(?=\s)")
"""Plain-text books print two hyphens."""
ENDS: Final = ".,!?…—–-;:"
_LETTER: Final = re.compile(r"[^\W_]")
_ELISIONS: Final = re.compile(
    r"['’‘](?:tis|twas|twere|twill|twould|em|bout|cause|fore|til|till|round|neath|gainst|tain|ere|un|n|s|d|m|re|ll|ve"
    r"|\d\ds?)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of speech, its marks included."""

    start: int
    end: int
    open: bool = False
    """No closing mark before the end of the paragraph: the next one may go on with the same speech."""
    mark: str = ""
    """The opening mark."""


def count_marks(text: str) -> dict[str, int]:
    """How often each pair of marks opens something in a text."""
    return {
        "“": text.count("“"),
        '"': text.count('"') // 2,
        "«": min(text.count("«"), text.count("»")),
        "„": text.count("„"),
        "「": text.count("「"),
        "‘": len(re.findall(r"(?<!\w)‘(?=\w)", text)),
        "'": len(re.findall(r"(?:^|(?<=[\s—(]))'(?=[A-ZÀ-Þ])", text)) if '"' not in text else 0,
    }


def dominant_marks(texts: list[str], language: Language) -> str:
    """The marks that open speech in this book, most used first, rare ones left out; a dash counts where it may open."""
    total: dict[str, int] = {}
    for text in texts:
        for mark, n in count_marks(text).items():
            total[mark] = total.get(mark, 0) + n
        if language.dashes and _OPENING_DASH.match(text):
            total["—"] = total.get("—", 0) + 1
    most = max(total.values(), default=0)
    return "".join(m for m, n in sorted(total.items(), key=lambda x: -x[1]) if n * 8 >= most and n)


def find(text: str, marks: str, language: Language) -> tuple[Quote, ...]:
    """The outermost quotations of a paragraph, in order.

    Args:
        text: The paragraph.
        marks: Opening marks in use in the book (`dominant_marks`); empty = any.
        language: Whether a dash opens speech.
    """
    if language.dashes and _OPENING_DASH.match(text) and not any(m in text for m in "«“"):
        return _after_dash(text, language)
    found: list[Quote] = []
    at = 0
    if (quote := _unopened(text)) is not None:
        found.append(quote)
        at = quote.end
    while (quote := _next(text, at, marks)) is not None:
        at = quote.end
        if _is_speech(text, quote):
            found.append(quote)
    if (quote := _reopened(text, at)) is not None:
        found.append(quote)
    return tuple(part for quote in found for part in _without_tags(text, quote, language))


def _unopened(text: str) -> Quote | None:
    """Speech from the start of a paragraph whose first mark closes: its opening mark is missing."""
    first = _ANY_MARK.search(text)
    if first is None or first[0] not in _MIXED.values() or text[first.start() - 1 : first.start()] not in set(",!?."):
        return None
    mark, end = first[0], first.end()
    lone = text.count('"') % 2 == 1 if mark == '"' else text.count("”") == text.count("“") + 1
    return Quote(0, end, mark="“" if mark == "”" else mark) if lone and text[end : end + 1] in {" ", ""} else None


_RETURN: Final = re.compile(rf"\s*[{DASHES}][^{DASHES}“”.!?]+[{DASHES}]\s*|[^,;.!?“”]+,\s+")
"""From a quotation to the next in the same sentence: `, said Anna, `."""


def _reopened(text: str, at: int) -> Quote | None:
    """Speech after a tag, to the paragraph's last mark, whose opening mark is missing: `“No,” said Anna, not now.”`."""
    lone = at and text.endswith("”") and not _ANY_MARK.search(text, at, len(text) - 1)
    tag = _RETURN.match(text, at) if lone and at < len(text) else None
    return Quote(tag.end(), len(text), mark="“") if tag and tag.end() < len(text) - 1 else None


def _next(text: str, at: int, marks: str) -> Quote | None:
    for i in range(at, len(text)):
        mark = text[i]
        if mark not in PAIRS or not _opens(text, i, mark, marks):
            continue
        close = _closing(text, i, PAIRS[mark])
        return Quote(i, len(text), open=True, mark=mark) if close is None else Quote(i, close + 1, mark=mark)
    return None


def _opens(text: str, i: int, mark: str, marks: str) -> bool:
    before, after = text[i - 1] if i else " ", text[i + 1] if i + 1 < len(text) else " "
    if mark in "'‘":
        return (
            (not marks or mark in marks)
            and not before.isalnum()
            and not after.isspace()
            and not _ELISIONS.match(text, i)
            and _closing(text, i, PAIRS[mark]) is not None
        )
    if mark in "»›":
        return mark == text.lstrip()[:1] or (before.isspace() and not after.isspace())
    if mark == "”":
        return _is_turned(text, i) if "“" in text or "„" in text else not before.isalnum() and not after.isspace()
    return not (mark == '"' and not before.isspace() and (after.isspace() or after in ENDS))


def _is_turned(text: str, i: int) -> bool:
    """A closing mark between two spaces, with its like to follow: it was printed for an opening one."""
    following = _ANY_MARK.search(text, i + 1)
    return text[i - 1 : i].isspace() and following is not None and following[0] == "”"


_ANY_MARK: Final = re.compile('[“”"‘«»„]')
_MIXED: Final = {"“": '"', '"': "”"}
"""Marks that careless printing closes them with."""


def _shuts(text: str, at: int) -> bool:
    """Stands behind a word, or between two spaces behind a dash."""
    return not text[at - 1].isspace() or (text[at - 2 : at - 1] in DASHES and text[at + 1 : at + 2].isspace())


def _closing(text: str, start: int, closers: str) -> int | None:
    if closers in {"'", "’", "‘’"}:
        return _closing_single(text, start, closers)
    depth = 0
    opener = text[start]
    for j in range(start + 1, len(text)):
        turned = text[j] == opener == "“" and text[j - 1].isspace() and text[j + 1 : j + 2].isspace()
        if text[j] in closers or turned or (opener in _MIXED and text[j] in _MIXED[opener] and _shuts(text, j)):
            if depth == 0:
                return j
            depth -= 1
        elif text[j] == opener and opener not in closers and opener in "「『«":
            depth += 1
    return None


def _closing_single(text: str, start: int, closers: str) -> int | None:
    """A single mark closes after punctuation; after a letter only if no better one comes before the next opening."""
    weak = None
    for j in range(start + 2, len(text)):
        after = text[j + 1] if j + 1 < len(text) else " "
        if text[j] in "‘'" and text[j - 1].isspace() and not after.isspace() and not _ELISIONS.match(text, j):
            break
        if text[j] not in closers or after.isalnum():
            continue
        if text[j - 1] in ENDS or not after.isspace():
            return j
        weak = weak or j
    return weak


def _is_speech(text: str, quote: Quote) -> bool:
    """Not a title, a nickname or a word held up with tongs: those lie inside a sentence without a stop of their own."""
    inner = text[quote.start + 1 : quote.end - 1].strip() if not quote.open else text[quote.start + 1 :].strip()
    if not _LETTER.search(inner):
        return False
    if quote.open or inner[-1] in ".!?…—–-;:" or len(inner.split()) > 8:
        return True
    before = text[: quote.start].rstrip()
    after = text[quote.end :].lstrip()
    if not before:
        return True
    if before[-1] in ",:—–-;.!?”’\"'":
        return before[-1] != "," or inner[-1] == "," or inner[:1].isupper()
    return (inner[-1] == "," and inner[:1].isupper() and len(inner.split()) > 3) or (not after and inner[:1].isupper())


# ── speech after a dash ───────────────────────────────────────────────────────────────────────────────────────────────


def _after_dash(text: str, language: Language) -> tuple[Quote, ...]:
    """Speech opened by a dash: to the tag, and on after it (`— Sí —dijo él—. Vamos.`, `— Oui, dit-il, viens.`)."""
    inner = [m for m in re.finditer(rf"[{DASHES}]|--", text) if m.start() > 1]
    toggles = [m for m in inner if text[m.start() - 1].isspace() and not text[m.end() : m.end() + 1].isspace()]
    if language.code in {"es", "pt", "ca", "gl", "it"} and toggles:
        parts = _toggled(text, [m for m in inner if m.start() >= toggles[0].start()])
    else:
        parts = [(0, len(text))]
    return tuple(
        p for start, end in parts for p in _without_tags(text, Quote(start, end, mark="—"), language) if p.end > p.start
    )


def _toggled(text: str, dashes: list[re.Match[str]]) -> list[tuple[int, int]]:
    parts, at, speaking = [], 0, True
    for dash in dashes:
        if speaking:
            parts.append((at, dash.start()))
        at, speaking = dash.end(), not speaking
    if speaking:
        parts.append((at, len(text)))
    return [(a, b) for a, b in parts if _LETTER.search(text[a:b])]


_TRAILING: Final = r"en|qui|avec|sans|d['’]une?|\w+ant|que|con|sin"
"""What goes on with a tag after its comma."""
_HYPHENATED: Final = "il|elle|ils|elles|on|je|t-il|t-elle|t-on"


_ASIDE: Final = re.compile(
    r"\((?:\w+ly )?(?!(?:accord|consider|concern|regard|respect|includ|exclud|except|allow|suppos|grant|assum|judg"
    r"|speak|mean|be|hav|ow|dur|even|morn|(?:no|some|any|every)?th)ing\b)"
    r"(?:\w{2,}ing\b|with an? (?:\w+ )?(?:smile|sigh|laugh|look|glance|bow|nod|shrug|frown|grin|sob|blush)\b)"
    r"(?:(?!\b(?:I|me|my|you|your|we|us|our)\b)[^()“”\"]){0,120}\)",
    re.IGNORECASE,
)
"""How somebody speaks, told in brackets inside the marks, as in `No (laughing), no`; not their own brackets."""


def _without_tags(text: str, quote: Quote, language: Language) -> tuple[Quote, ...]:
    """Cut what the narrator says out of a quotation.

    French, Spanish, Italian and Portuguese print tags inside the marks (`, dit-il,`), English stage directions.
    """
    if language.code not in {"fr", "es", "it", "pt", "en"}:
        return (quote,)
    told = _ASIDE if language.code == "en" else _tag(language)
    parts, at = [], quote.start
    for tag in told.finditer(text, quote.start, quote.end):
        if tag.start() > at:
            parts.append(Quote(at, tag.start(), mark=quote.mark))
        at = tag.end()
    if at < quote.end and _LETTER.search(text[at : quote.end]):
        parts.append(Quote(at, quote.end, open=quote.open, mark=quote.mark))
    return tuple(parts)


_tags: dict[str, re.Pattern[str]] = {}


def _tag(language: Language) -> re.Pattern[str]:
    if language.code not in _tags:
        verbs = "|".join(sorted(language.verbs, key=len, reverse=True)).replace("'", "['’]")
        pronouns = "|".join(sorted(language.he | language.she | language.i))
        subject = rf"(?:-(?:{_HYPHENATED})|\s+(?:{pronouns})|\s+(?:(?:\w+['’])?\w+\s+){{0,3}}?(?:\w+['’])?\w+)"
        _tags[language.code] = re.compile(
            rf"(?:(?<=[!?…»])|(?<=[,;—–])|(?<=[!?…,]\s)|(?<=\s[—–]))\s*"
            rf"(?:(?:lui|me|leur|nous|le|se|m['’]|s['’])\s?)?(?:(?:avait|avais|avaient|a|eut|ont)\s)?(?:{verbs}){subject}\b[^.!?;:«»—–]*?(?=[,.;:!?…]|\s[—–]|$)"
            rf"(?:,\s(?:{_TRAILING})\b[^.!?…;:«»—–]*)*[,.:;]?"
        )
    return _tags[language.code]
