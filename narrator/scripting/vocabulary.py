"""What is known of a language, in one table: closed word classes, all lower case."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def words(text: str) -> frozenset[str]:
    """The words of a line."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language's closed word classes, all lower case."""

    code: str
    abbreviations: frozenset[str] = frozenset()
    """Never end a sentence before a capital."""
    ending_abbreviations: frozenset[str] = frozenset()
    """End a sentence when a sentence starter follows."""
    numbered: frozenset[str] = frozenset()
    """Abbreviations only before a number: `No. 4`."""
    months: frozenset[str] = frozenset()
    """Where days are printed with a full stop: `12. Juni`."""
    contractions: frozenset[str] = frozenset()
    """Prepositions with their article: `vom`."""
    starters: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    """Verbs of speaking as they stand beside a quotation."""
    he: frozenset[str] = frozenset()
    she: frozenset[str] = frozenset()
    i: frozenset[str] = frozenset()
    who: frozenset[str] = frozenset()
    """What begins a clause about somebody: `Anna, who said`."""
    answers: frozenset[str] = frozenset()
    """What speech is called: `was his reply`."""
    adverbs: frozenset[str] = frozenset()
    """Words that begin a sentence with a capital and are no name."""
    others: frozenset[str] = frozenset()
    """Pronouns that tell no gender: you, we, they."""
    sirs: frozenset[str] = frozenset()
    """What a man is called by who speaks to him."""
    madams: frozenset[str] = frozenset()
    his: frozenset[str] = frozenset()
    her: frozenset[str] = frozenset()
    titles_male: frozenset[str] = frozenset()
    titles_female: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    """Titles of either gender."""
    ranks: frozenset[str] = frozenset()
    """Titles that stand for their bearer with an article: `the general`."""
    married: frozenset[str] = frozenset()
    """Titles of husbands and wives, as names are compared."""
    kin: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    """What mother, father, wife, husband, sister and brother are called."""
    nouns_male: frozenset[str] = frozenset()
    nouns_female: frozenset[str] = frozenset()
    determiners: frozenset[str] = frozenset()
    prepositions: frozenset[str] = frozenset()
    clause_words: frozenset[str] = frozenset()
    """A long sentence may be cut before these."""
    dashes: bool = False
    """A dash at the start of a paragraph opens speech."""
    chapter: str = ""
    """What a chapter is called aloud: `Chapter one`."""

    @property
    def all_titles(self) -> frozenset[str]:
        """Every title, without its full stop."""
        return self.titles | self.titles_male | self.titles_female
