"""Abbreviations and signs, by a language's own lists."""

import re
from collections.abc import Mapping
from typing import Final

from narrator.scripting.spoken.finding import Match, Rule, Say, any_of, ends_line
from narrator.scripting.spoken.tongue import Tongue

_FIGURE: Final = r"\d|[IVXLC]{2,}\b"
_AND_SO_ON: Final = frozenset({"und so weiter", "et cetera", "etcétera", "eccetera", "так далее", "тому подобное"})
"""Before a capital these end a sentence."""
_CAPITAL: Final = re.compile(r"\s[A-ZÀ-ÞА-ЯЁ]")
_STOP: Final = r"(?:\.|(?<=\.[a-z][a-z])|(?<=\.ssa))"
"""`Sig.ra` has no stop of its own."""
_ARITHMETIC: Final = frozenset("+=×")


def _pattern(choices: Mapping[str, str]) -> str:
    """Any of these; a space in one may be any space or none."""
    return any_of(choices).replace(r"\ ", r"[ \u00a0\u202f]?")


def _key(printed: str) -> str:
    return re.sub(r"\.\s?", ". ", printed)


def _listed(choices: Mapping[str, str]) -> Say:
    folded = {key.casefold(): said for key, said in choices.items()}

    def say(match: Match) -> str | None:
        printed = match["w"]
        said = folded.get(_key(printed).casefold()) or folded.get(printed.casefold())
        if said is None:
            return None
        if printed[0].isupper() and said[0].islower():
            said = said[0].upper() + said[1:]
        ends = ends_line(match) or (said in _AND_SO_ON and _CAPITAL.match(match.string, match.end()))
        return said + ("." if match[0].endswith(".") and ends else "")

    return say


def _before(tongue: Tongue) -> Say:
    spelt = _listed(tongue.before_figures)

    def say(match: Match) -> str | None:
        said = spelt(match)
        return said and f"{said} "

    return say


def abbreviations(tongue: Tongue) -> tuple[Rule, ...]:
    """A language's abbreviations: before figures, before names, and anywhere."""
    names = {k: v for k, v in tongue.abbreviations.items() if k[0].isupper()}
    others = {k: v for k, v in tongue.abbreviations.items() if not k[0].isupper()}
    found = []
    if tongue.before_figures:
        pattern = rf"(?<![\w.])(?P<w>{_pattern(tongue.before_figures)})(?:\.|(?<=[°º]))[ \u00a0]?(?={_FIGURE})"
        found.append(Rule("abbreviation", re.compile(pattern, re.IGNORECASE), _before(tongue), r"[\dIVXLC]"))
    if names:
        dotted = rf"(?<![\w.])(?P<w>{_pattern(names)}){_STOP}(?=[ \u00a0\n]?[^\W\d_a-zß-ÿа-я])"
        found.append(Rule("title", re.compile(dotted), _listed(names), r"\w\."))
    if others:
        dotted = rf"(?<![\w.])(?P<w>{_pattern(others)}){_STOP}(?!\w)"
        found.append(Rule("abbreviation", re.compile(dotted, re.IGNORECASE), _listed(others), r"\w\."))
    return tuple(found)


def signs(tongue: Tongue) -> tuple[Rule, ...]:
    """`&` and its like, each as a word of its own; signs of arithmetic only between words or figures."""
    rules = []
    for choices, pattern in (
        (set(tongue.signs) & _ARITHMETIC, r"(?<=[\w)½¼¾])[ \u00a0]?(?P<sign>{})[ \u00a0]?(?=[\w(])"),
        (set(tongue.signs) - _ARITHMETIC, r"[ \u00a0]?(?P<sign>{})[ \u00a0]?"),
    ):
        if choices:
            signs = any_of(choices)
            rules.append(Rule("sign", re.compile(pattern.format(signs)), lambda m: _sign(m, tongue), signs))
    return tuple(rules)


def _sign(match: Match, tongue: Tongue) -> str:
    right = " " if match.end() < len(match.string) else ""
    return f"{' ' if match.start() else ''}{tongue.signs[match['sign']]}{right}"
