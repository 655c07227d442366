"""Japanese: figures become kanji numerals, which a reader bends before their counters."""

import re
from collections.abc import Mapping
from typing import ClassVar

from narrator.scripting.spoken.east_asian import EastAsian, in_ten_thousands
from narrator.scripting.spoken.finding import Rule


class Japanese(EastAsian):
    """Japanese."""

    code = "ja"
    zeros = "零一二三四五六七八九"
    smalls: ClassVar[tuple[str, ...]] = ("", "十", "百", "千")
    bigs: ClassVar[tuple[str, ...]] = ("", "万", "億", "兆", "京")
    big_signs = "万億兆"
    w_point = "点"
    w_minus = "マイナス"
    w_to = "から"
    w_percent = "パーセント"
    w_and = "と"
    parts_of = "分の"
    marks = ("年", "月", "日")
    clock = ("時", "分", "秒")
    coins: ClassVar[Mapping[str, str]] = {
        "$": "ドル",
        "€": "ユーロ",
        "£": "ポンド",
        "¥": "円",
        "￥": "円",
        "₩": "ウォン",
    }
    units: ClassVar[Mapping[str, str]] = {"℃": "度", "°C": "度", "°": "度"}

    def cardinal(self, number: int) -> str:
        """`千二百`, `一千二百万`."""
        if not number:
            return "零"
        return "".join(self._group(group, power) + self.bigs[power] for group, power in in_ten_thousands(number))

    def _group(self, group: int, power: int) -> str:
        said = ""
        for place in (3, 2, 1, 0):
            figure = group // 10**place % 10
            bare = figure == 1 and place and not (place == 3 and power)
            said += ("" if bare else self.zeros[figure]) + self.smalls[place] if figure else ""
        return said

    def own(self) -> tuple[Rule, ...]:
        """The day of the week in brackets behind a date."""
        day = re.compile(r"(?<=日)\s?[(（](?P<day>[日月火水木金土])[)）]")
        return (Rule("date", day, lambda m: f"{m['day']}曜日", "[(（]"),)


def rules(language: str) -> tuple[Rule, ...]:  # noqa: ARG001 - one for all countries
    """The rules, most trusted first."""
    return Japanese().rules()


def chapter(number: int) -> tuple[str, str]:
    """A chapter's name, and its number."""
    count = Japanese().cardinal(number)
    return f"第{count}章", count
