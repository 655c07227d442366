"""English, the deepest: American unless the book says otherwise where the two differ."""

from narrator.scripting.spoken.english.figures import EnglishFigures
from narrator.scripting.spoken.english.names import after_figures, before_figures
from narrator.scripting.spoken.english.tongue import American, English
from narrator.scripting.spoken.finding import Rule


def rules(language: str) -> tuple[Rule, ...]:
    """The rules, most trusted first."""
    tag = language.lower().replace("_", "-")
    american = not tag.startswith("en-") or tag.startswith("en-us")
    tongue = American() if american else English()
    figures = EnglishFigures(tongue)
    return (
        *figures.long(),
        *figures.web(),
        *figures.scripture(),
        *figures.calendar(american=american),
        *figures.telephone(),
        *figures.sums(),
        *figures.clock(),
        *figures.spans_of_years(),
        *figures.idioms(),
        *figures.ordinals(),
        *figures.heights(),
        *figures.percent(),
        *figures.measures(),
        *figures.fractions(),
        *before_figures(),
        *figures.houses(),
        *figures.years(),
        *figures.ranges(),
        *figures.plain(),
        *after_figures(tongue),
    )
