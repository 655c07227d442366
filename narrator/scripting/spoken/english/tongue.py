"""How English puts each class into words."""

from collections.abc import Mapping
from typing import ClassVar

from narrator.scripting import numbers
from narrator.scripting.spoken.classes import Amount, Clock, Coin, Date
from narrator.scripting.spoken.tongue import Tongue

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_UNITS: Mapping[str, tuple[str, str]] = {
    "kg": ("kilogram", "kilograms"), "km": ("kilometre", "kilometres"), "cm": ("centimetre", "centimetres"),
    "mm": ("millimetre", "millimetres"), "lbs": ("pound", "pounds"), "lb": ("pound", "pounds"),
    "oz": ("ounce", "ounces"), "ft": ("foot", "feet"), "mph": ("mile per hour", "miles per hour"),
    "km/h": ("kilometre per hour", "kilometres per hour"), "mg": ("milligram", "milligrams"),
    "ml": ("millilitre", "millilitres"), "m²": ("square metre", "square metres"), "yd": ("yard", "yards"),
    "km²": ("square kilometre", "square kilometres"), "m³": ("cubic metre", "cubic metres"),
    "cm³": ("cubic centimetre", "cubic centimetres"), "km³": ("cubic kilometre", "cubic kilometres"),
    "kW": ("kilowatt", "kilowatts"), "kWh": ("kilowatt hour", "kilowatt hours"), "Hz": ("hertz", "hertz"),
    "kHz": ("kilohertz", "kilohertz"), "MHz": ("megahertz", "megahertz"),
    "mbps": ("megabit per second", "megabits per second"),
    "hp": ("horsepower", "horsepower"), "yds": ("yard", "yards"), "cwt": ("hundredweight", "hundredweight"),
    "MB": ("megabyte", "megabytes"), "GB": ("gigabyte", "gigabytes"), "KB": ("kilobyte", "kilobytes"),
    "ha": ("hectare", "hectares"),
    "°": ("degree", "degrees"), "°C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
}  # fmt: skip


class English(Tongue):
    """English."""

    code = "en"
    group = ","
    point = "."
    months: ClassVar[tuple[str, ...]] = MONTHS
    short_months: ClassVar[Mapping[str, int]] = {
        "Jan": 1, "Feb": 2, "Febr": 2, "Mar": 3, "Apr": 4, "Jun": 6, "Jul": 7, "Aug": 8, "Sept": 9, "Sep": 9, "Oct": 10,
        "Nov": 11, "Dec": 12,
    }  # fmt: skip
    scales: ClassVar[tuple[str, ...]] = ("hundred", "thousand", "million", "billion", "trillion")
    coins: ClassVar[Mapping[str, Coin]] = {
        "$": Coin("dollar", "dollars", "cent", "cents"),
        "US$": Coin("US dollar", "US dollars", "cent", "cents"),
        "£": Coin("pound", "pounds", "penny", "pence"),
        "¢": Coin("cent", "cents"),
        "€": Coin("euro", "euros", "cent", "cents"),
        "¥": Coin("yen", "yen"),
        "₩": Coin("won", "won"),
        "₹": Coin("rupee", "rupees", "paisa", "paise"),
        "₽": Coin("rouble", "roubles", "kopeck", "kopecks"),
    }
    units: ClassVar[tuple[str, ...]] = tuple(_UNITS)
    w_point = "point"
    w_to = "to"
    w_and = "and"
    w_change = "and"
    w_percent = "percent"
    w_dash = "dash"
    signs: ClassVar[Mapping[str, str]] = {
        "&": "and", "+": "plus", "=": "equals", "×": "times", "§": "section", "@": "at", "№": "number",
    }  # fmt: skip

    def year(self, number: int) -> str:
        """`eighteen twelve`, `nineteen oh five`."""
        return numbers.year(number)

    def amount(self, amount: Amount, gender: str = "") -> str | None:
        """`two and a half`: after a whole, one part is `a` part."""
        said = super().amount(amount, gender)
        if said and amount.whole is None and amount.part:
            return said.replace("zero point", "point", 1)
        return said.replace(" and one ", " and a ") if said and amount.bottom and amount.top == 1 else said

    def fraction(self, top: int, bottom: int) -> str | None:
        """`one half`, `three quarters`, `thirty-one thirty-seconds`."""
        if not top or (not 1 < bottom <= 100 and bottom != 1000):
            return None
        names = {2: ("half", "halves"), 4: ("quarter", "quarters")}
        one, many = names.get(bottom, (self.ordinal(bottom), f"{self.ordinal(bottom)}s"))
        return f"{self.cardinal(top)} {one if top == 1 else many}"

    def unit(self, symbol: str, amount: Amount) -> str:
        """`two kilometres`."""
        one, many = _UNITS[symbol]
        return one if amount.count == 1 else many

    def date(self, date: Date) -> str:
        """`the third of December nineteen ninety-eight`."""
        return f"the {self.ordinal(date.day)} of {self.months[date.month - 1]} {self.year(date.year)}"

    def american_date(self, date: Date) -> str:
        """`December third nineteen ninety-eight`."""
        return f"{self.months[date.month - 1]} {self.ordinal(date.day)} {self.year(date.year)}"

    def time(self, clock: Clock) -> str:
        """`seven forty-five`, `ten oh five`, `seven o'clock`."""
        if clock.second is not None:
            parts = ((clock.hour, "hour"), (clock.minute, "minute"), (clock.second, "second"))
            hour, minute, second = (f"{self.cardinal(n)} {noun}{'' if n == 1 else 's'}" for n, noun in parts)
            return f"{hour} {minute} and {second}"
        if not clock.minute:
            return f"{self.cardinal(clock.hour)} o'clock"
        return f"{self.cardinal(clock.hour)} {'oh ' if clock.minute < 10 else ''}{self.cardinal(clock.minute)}"


class American(English):
    """English as America spells it."""

    def unit(self, symbol: str, amount: Amount) -> str:
        """`two kilometers`."""
        return super().unit(symbol, amount).replace("metre", "meter").replace("litre", "liter")
