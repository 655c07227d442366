"""Words set in capitals: shouted, in a heading, or spelt."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from narrator.scripting.languages import primary
from narrator.scripting.spoken.finding import Found, words

_CAPS: Final = re.compile(r"(?<![\w.&’'-])[A-ZÀ-ÖØ-ÞА-ЯЁ]{2,}(?:[’'-][A-ZÀ-ÖØ-ÞА-ЯЁ]+)*(?![\w&]|\.[A-Z])")
_BEGINS: Final = re.compile(r"(?:^|[.!?])[^\w.!?]*$")
_VOWEL: Final = re.compile(r"[AEIOUYÀ-ÖØ-ÝАЕЁИОУЫЭЮЯ]")
_CLUSTER: Final = re.compile(r"[B-DF-HJ-NP-TV-XZ]{4}")
_SPELT: Final = words("YMCA YWCA USAF USSR HTML RSVP IOU UEFA AIDS USA UNO EU UE ONU URSS EPUB США СССР")
_SHORT_WORDS: Final = words(
    "AN AM AS AT BE BY DO GO HE IF IN IS IT ME MY NO OF OH ON OR SO TO UP WE AH HA HO LO YE ALL AND ANY ARE ASK"
    " BAD BAG BED BIG BOX BOY BUT BUY CAN CAT CRY CUT DAY DID DIE DOG DRY EAR EAT END EYE FAR FEW FOR FUN GET GOD"
    " GOT GUN HAD HAS HAT HER HIM HIS HIT HOT HOW ILL ITS JOY KEY LAW LAY LED LEG LET LIE LOT LOW MAN MAY MEN MET"
    " NAY NEW NOR NOT NOW ODD OFF OLD ONE OUR OUT OWN PAY POOR PUT RAN RED RUN SAD SAT SAW SAY SEA SEE SET SHE"
    " SIR SIT SIX SKY SON SUN TEA TEN THE TOO TOP TRY TWO USE WAR WAS WAY WET WHO WHY WIN WON YES YET YOU MRS MR"
    " THAT WITH HAVE THIS WILL YOUR FROM THEY KNOW WANT BEEN GOOD MUCH SOME TIME VERY WHEN COME HERE JUST LIKE OVER"
    " SUCH TAKE THAN THEM WELL WERE WHAT MUST INTO ONLY EVER EVEN THEN HELP STOP MORE MOST BACK DOWN LOOK MAKE GIVE"
    " NEVER DON'T WON'T CAN'T AGAIN ALWAYS SHALL WOULD COULD SHOULD THERE THEIR THESE THOSE WHERE WHICH WHILE ABOUT"
    " AFTER OTHER UNDER EVERY NOTHING CALLED MIGHT"
    " DR ST LONG"
)


def find_capitals(text: str, language: str, found: Sequence[Found]) -> Iterator[Found]:
    """Words in capitals that are read as words, but those that another rule has changed."""
    shouted = list(_CAPS.finditer(text))
    if not shouted:
        return
    run = len(shouted) > 1 and sum(len(m[0]) for m in shouted) * 2 > sum(c.isalpha() for c in text)
    changed = bytearray(len(text))
    for each in found:
        changed[each.start : each.end] = b"\1" * (each.end - each.start)
    for match in shouted:
        word = match[0]
        if changed.find(1, match.start(), match.end()) >= 0 or not _is_emphasis(word, language, run=run):
            continue
        if word == "AM" and text[max(0, match.start() - 2) : match.start()].strip() != "I":  # half past nine AM
            continue
        lower = word.lower()
        first = _BEGINS.search(text, max(0, match.start() - 16), match.start()) is not None
        titled = run and word not in _SHORT_WORDS and (len(word) > 3 or primary(language) == "en")
        said = lower[0].upper() + lower[1:] if first or titled else lower
        yield Found(match.start(), match.end(), "capitals", said)


def _is_emphasis(word: str, language: str, *, run: bool) -> bool:
    """Shouted or set in capitals, not spelt out letter by letter; in a line of capitals short words are words too."""
    if primary(language) in {"zh", "ja", "ko"} or word in _SPELT or not _VOWEL.search(word) or _CLUSTER.search(word):
        return False
    if len(re.split(r"[’'-]", word)[0]) <= 3 and "'" not in word and "’" not in word:
        return word in _SHORT_WORDS if primary(language) == "en" else run
    return True
