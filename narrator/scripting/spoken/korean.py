"""Korean: Sino-Korean numbers, and the native ones before native counters."""

import re
from collections.abc import Mapping
from typing import ClassVar, Final

from narrator.scripting.spoken.classes import UNITS
from narrator.scripting.spoken.east_asian import EastAsian, in_ten_thousands
from narrator.scripting.spoken.finding import Match, Rule

_ONES: Final = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_TENS: Final = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
_COUNTERS: Final = (
    "번째|시간|시|살|명|개(?!월)|마리|권|잔|병|장|대|채|그루|사람|가지|송이|켤레|군데|자리|척|통|벌|자루|줄|배|달|곳|쌍"
    "|모금"
)
_AFTER_VOWEL: Final = {"이": "가", "은": "는", "을": "를", "과": "와"}


class Korean(EastAsian):
    """Korean."""

    code = "ko"
    zeros = "영일이삼사오육칠팔구"
    smalls: ClassVar[tuple[str, ...]] = ("", "십", "백", "천")
    bigs: ClassVar[tuple[str, ...]] = ("", "만", "억", "조", "경")
    big_signs = "만억조"
    gap = " "
    w_point = "점"
    w_minus = "마이너스 "
    w_to = " 부터 "
    w_percent = "퍼센트"
    w_and = "과 "
    parts_of = "분의 "
    marks = ("년", "월", "일")
    clock = ("시", "분", "초")
    coins: ClassVar[Mapping[str, str]] = {
        "₩": "원", "$": "달러", "US$": "달러", "HK$": "홍콩 달러", "€": "유로", "£": "파운드", "¥": "엔",
        "KRW": "원", "krw": "원", "JPY": "엔", "USD": "달러", "EUR": "유로",
    }  # fmt: skip
    units: ClassVar[Mapping[str, str]] = {
        "°": "도", "℃": "도", "°C": "도", "h": "시간", "s": "초", "min": "분", "km/h": "킬로미터 퍼 시간",
        "m/s": "미터 퍼 초",
    }  # fmt: skip

    particles = r"[이은을과](?!\w)"

    def cardinal(self, number: int) -> str:
        """`만삼천`."""
        if not number:
            return "영"
        said = ""
        for group, power in in_ten_thousands(number):
            bare = group == 1 and power == 1 and not said
            said += ("" if bare else self._group(group)) + self.bigs[power]
        return said

    def _group(self, group: int) -> str:
        said = ""
        for place in (3, 2, 1, 0):
            figure = group // 10**place % 10
            said += ("" if figure == 1 and place else self.zeros[figure]) + self.smalls[place] if figure else ""
        return said

    def native(self, number: int) -> str:
        """`스무`, `스물한`; Sino-Korean from a hundred on."""
        if not 0 < number < 100:
            return self.cardinal(number)
        return "스무" if number == 20 else _TENS[number // 10] + _ONES[number % 10]

    def month(self, number: int) -> str:
        """June and October lose a sound."""
        return {6: "유월", 10: "시월"}.get(number) or super().month(number)

    def hour(self, number: int, before: str) -> str:
        """Native up to twelve, unless the clock has twenty-four hours."""
        half = any(word in before for word in ("오전", "오후", "새벽", "아침", "저녁", "밤", "낮"))
        return f"{self.native(number) if half or 0 < number <= 12 else self.cardinal(number)}시"

    def money(self, match: Match) -> str | None:
        """Won touch their number."""
        said = super().money(match)
        return said.replace(" 원", "원") if said else said

    def particle(self, before: str, printed: str) -> str:
        """`이` is `가` after a vowel, and so on."""
        open_ended = "가" <= before[-1] <= "힣" and (ord(before[-1]) - ord("가")) % 28 == 0
        return _AFTER_VOWEL[printed] if open_ended else printed

    def telephone(self, match: Match) -> str | None:
        """The country's number is announced."""
        said = super().telephone(match)
        return f"국가번호 {said}" if said and match[0].startswith("+") else said

    def _counted(self, match: Match) -> str | None:
        number, counter = self.value(match["n"]), match["counter"]
        if counter == "번째" and number == 1:
            return f"첫{match['space']}번째"
        if counter == "시" and number > 12:
            return None
        return f"{self.native(number)}{match['space']}{counter}"

    def _month(self, match: Match) -> str | None:
        number = int(match["n"])
        return self.month(number) if 1 <= number <= 12 else None

    def own(self) -> tuple[Rule, ...]:
        """Native counters, months, won."""
        return (
            Rule(
                "counted",
                re.compile(
                    rf"(?<![\d.,제-])(?P<n>\d{{1,3}}(?:,\d{{3}}){{1,6}}|\d+)(?P<space>\s?)(?P<counter>{_COUNTERS})"
                ),
                self._counted,
            ),
            Rule("date", re.compile(r"(?<![\d.])(?P<n>\d{1,2})월"), self._month),
            Rule("date", re.compile(r"(?<=일)\s?\((?P<day>[월화수목금토일])\)"), lambda m: f" {m['day']}요일", r"\("),
        )

    def unit(self, symbol: str) -> str:
        """Units of the Unicode locale data carry no space."""
        return self.units.get(symbol) or (super().unit(symbol) if symbol in UNITS else "")


def rules(language: str) -> tuple[Rule, ...]:  # noqa: ARG001 - one for all countries
    """The rules, most trusted first."""
    return Korean().rules()


def chapter(number: int) -> tuple[str, str]:
    """A chapter's name, and its number."""
    count = Korean().cardinal(number)
    return f"제{count}장", count
