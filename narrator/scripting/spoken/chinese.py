"""Chinese (Mandarin)."""

import re
from collections.abc import Mapping
from typing import ClassVar, Final

from narrator.scripting.spoken.east_asian import EastAsian, in_ten_thousands
from narrator.scripting.spoken.finding import Match, Rule

_COUNTED: Final = (
    "个個本只隻条條位名张張件次天人家匹头頭座辆輛杯瓶碗口棵朵把枝支双雙对對种種岁歲层層间間句封块塊步趟回遍匙里尺斤两公"
)
"""Measure words: two of them is 两."""


class Chinese(EastAsian):
    """Chinese."""

    code = "zh"
    zeros = "零一二三四五六七八九"
    smalls: ClassVar[tuple[str, ...]] = ("", "十", "百", "千")
    bigs: ClassVar[tuple[str, ...]] = ("", "万", "亿", "兆", "京")
    big_signs = "万萬亿億兆"
    w_point = "点"
    w_minus = "负"
    w_to = "到"
    w_and = "又"
    parts_of = "分之"
    marks = ("年", "月", "日")
    clock = ("点", "分", "秒")
    coins: ClassVar[Mapping[str, str]] = {
        "$": "美元", "US$": "美元", "€": "欧元", "£": "英镑", "¥": "元", "￥": "元", "₩": "韩元",
        "HK$": "港元", "₽": "卢布",
    }  # fmt: skip
    units: ClassVar[Mapping[str, str]] = {
        "km": "千米", "m": "米", "dm": "分米", "cm": "厘米", "mm": "毫米", "µm": "微米", "μm": "微米", "nm": "纳米",
        "km²": "平方千米", "m²": "平方米", "cm²": "平方厘米", "m³": "立方米", "cm³": "立方厘米", "ha": "公顷",
        "kg": "千克", "g": "克", "mg": "毫克", "t": "吨", "l": "升", "L": "升", "ml": "毫升", "mL": "毫升", "s": "秒",
        "ms": "毫秒", "min": "分钟", "h": "小时", "°C": "摄氏度", "°F": "华氏度", "℃": "摄氏度", "°": "度",
        "km/h": "千米每小时", "m/s": "米每秒", "W": "瓦", "kW": "千瓦", "V": "伏", "A": "安培", "Hz": "赫兹",
        "kHz": "千赫", "MHz": "兆赫",
        "in": "英寸", "ft": "英尺", "lb": "磅", "oz": "盎司",
    }  # fmt: skip

    def cardinal(self, number: int) -> str:
        """`一万零二百`; two thousand, ten thousand or hundred million is 两."""
        if not number:
            return "零"
        said, last = "", 0
        for group, power in in_ten_thousands(number):
            gap = said and (group < 1000 or last - power > 1)
            said += ("零" if gap else "") + self._group(group, first=not said, power=power) + self.bigs[power]
            last = power
        return said

    def _group(self, group: int, *, first: bool, power: int) -> str:
        if group == 2 and power:
            return "两"
        said, zero = "", False
        for place in (3, 2, 1, 0):
            figure = group // 10**place % 10
            if figure:
                word = "两" if figure == 2 and place == 3 else self.zeros[figure]
                said += ("零" if zero and said else "") + word + self.smalls[place]
            zero = not figure
        return said.removeprefix("一") if said.startswith("一十") and (first or power) else said

    def percent(self, match: Match) -> str:
        """`百分之五`."""
        minus = self.w_minus if match["neg"] else ""
        part = f"{self.w_point}{self.digits(match['part'])}" if match["part"] else ""
        return f"{minus}百分之{self.whole(match['n'])}{part}"

    def year(self, text: str) -> str:
        """Figure by figure."""
        return self.digits(text)

    def _calendar_year(self, match: Match) -> str:
        return self.digits(match["y"])

    def _two(self, _match: Match) -> str:
        return "两"

    def own(self) -> tuple[Rule, ...]:
        """Years of the calendar, and two of a thing."""
        return (
            Rule(
                "year",
                re.compile(r"(?<![\d.])(?P<y>1[1-9]\d\d|20\d\d|10[1-9]\d|100[1-9])(?=\s?年)"),
                self._calendar_year,
            ),
            Rule(
                "year",
                re.compile(r"(?<=公元)(?P<y>\d{2,4})(?=\s?年)|(?<=公元前)(?P<b>\d{2,4})(?=\s?年)"),
                lambda m: self.digits(m[0]),
            ),
            Rule("counted", re.compile(rf"(?<![\d.第/:])2(?=[{_COUNTED}])"), self._two, "2"),
        )


def rules(language: str) -> tuple[Rule, ...]:  # noqa: ARG001 - one for all countries
    """The rules, most trusted first."""
    return Chinese().rules()


def chapter(number: int) -> tuple[str, str]:
    """A chapter's name, and its number."""
    count = Chinese().cardinal(number)
    return f"第{count}章", count
