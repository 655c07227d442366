"""Which language a text is in, where its file does not say: by its script, and by its small words."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from narrator.scripting.languages import KNOWN, Language

_ENOUGH: Final = 20
"""Small words below which nothing is guessed."""
_SAMPLE: Final = 200_000
"""Characters looked at."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_SCRIPTS: Final = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
_SHARE: Final = 0.1
"""Of a text's letters, in a script, that make it this script's language; kana stand among ideographs."""


def guess_language(texts: Iterable[str], default: str) -> str:
    """The language of a text; `default` where too little speaks for another."""
    sample = "\n".join(texts)[:_SAMPLE]
    letters = sum(map(len, _WORD.findall(sample)))
    for code, script in _SCRIPTS:
        if len(script.findall(sample)) > _SHARE * max(letters, 1):
            return code
    words = Counter(w.lower() for w in _WORD.findall(sample))
    known = {language.code: sum(words[w] for w in _small_words(language)) for language in KNOWN}
    best = max(known, key=lambda code: known[code])
    return best if known[best] >= _ENOUGH and known[best] > known.get(default, 0) else default


def _small_words(language: Language) -> frozenset[str]:
    pronouns = language.he | language.she | language.his | language.her
    return pronouns | language.determiners | language.prepositions | language.clause_words
