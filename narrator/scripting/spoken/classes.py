"""What figures can mean, in every language: amounts, sums of money, dates, times of day."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number as printed: `-2`, `3,14`, `2 1/2`, `1.5 million`."""

    whole: int | None = None
    part: str = ""
    """The figures after the decimal sign."""
    negative: bool = False
    top: int = 0
    bottom: int = 0
    """Of a fraction; 0 = there is none."""
    scale: str = ""
    """The word for many that follows, as printed."""

    @property
    def count(self) -> float:
        """Its size, good enough to choose between singular and plural."""
        if self.scale:
            return 1e6
        if self.bottom:
            return 1.0 if not self.whole else 1.5
        if self.part.strip("0") or (self.part and self.whole is None):
            return (self.whole or 0) + 0.5
        return min(self.whole or 0, 10**9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """A day, or a month of a year (day 0), or a day of no year (year 0)."""

    day: int = 0
    month: int
    year: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A time of day."""

    hour: int
    minute: int = 0
    second: int | None = None


@dataclass(frozen=True, slots=True)
class Coin:
    """A currency's unit and its hundredth part: one, many (Russian: two to four, then many)."""

    one: str
    many: str
    part_one: str = ""
    part_many: str = ""
    few: str = ""
    part_few: str = ""


GLYPHS: Final = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5),
    "⅙": (1, 6), "⅚": (5, 6), "⅐": (1, 7), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
    "⅑": (1, 9), "⅒": (1, 10),
}  # fmt: skip
"""Fractions that are one character."""

UNITS: Final = {
    "km": "length-kilometer", "m": "length-meter", "dm": "length-decimeter", "cm": "length-centimeter",
    "mm": "length-millimeter", "µm": "length-micrometer", "μm": "length-micrometer", "nm": "length-nanometer",
    "in": "length-inch", "ft": "length-foot", "yd": "length-yard", "mi": "length-mile",
    "km²": "area-square-kilometer", "m²": "area-square-meter", "cm²": "area-square-centimeter", "ha": "area-hectare",
    "m³": "volume-cubic-meter", "cm³": "volume-cubic-centimeter", "km³": "volume-cubic-kilometer",
    "l": "volume-liter", "L": "volume-liter", "ml": "volume-milliliter", "mL": "volume-milliliter",
    "cl": "volume-centiliter", "dl": "volume-deciliter", "hl": "volume-hectoliter",
    "kg": "mass-kilogram", "g": "mass-gram", "mg": "mass-milligram", "t": "mass-tonne", "lb": "mass-pound",
    "lbs": "mass-pound", "oz": "mass-ounce",
    "km/h": "speed-kilometer-per-hour", "m/s": "speed-meter-per-second", "mph": "speed-mile-per-hour",
    "s": "duration-second", "ms": "duration-millisecond", "min": "duration-minute", "h": "duration-hour",
    "°C": "temperature-celsius", "°F": "temperature-fahrenheit", "°": "angle-degree", "K": "temperature-kelvin",
    "kWh": "energy-kilowatt-hour", "kW": "power-kilowatt", "W": "power-watt", "V": "electric-volt",
    "A": "electric-ampere", "Hz": "frequency-hertz", "kHz": "frequency-kilohertz", "MHz": "frequency-megahertz",
    "hp": "power-horsepower", "kcal": "energy-kilocalorie", "MB": "digital-megabyte", "GB": "digital-gigabyte",
}  # fmt: skip
"""Symbols of units and what the Unicode locale data call them."""
