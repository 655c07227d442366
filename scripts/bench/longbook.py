"""A book of any length, made of nothing: its lines are as long as a novel's, and every run makes the same one."""

import random

CHARS_PER_S = 15.0
"""Of English read aloud; all engines of ours count with it."""
WORDS = (
    "the", "and", "a", "of", "to", "in", "was", "he", "she", "it", "that", "his", "her", "had", "with", "for", "as",
    "not", "from", "this", "all", "were", "when", "there", "been", "would", "so", "no", "if", "out", "up", "into",
    "them", "then", "what", "more", "some", "could", "upon", "very", "little", "great", "man", "said", "old", "house",
    "door", "hand", "night", "before", "after", "again", "long", "water", "road", "morning", "letter", "window",
    "river", "money", "garden", "never", "always", "winter", "village", "carriage", "silence", "brother", "captain",
    "daughter", "evening", "question", "answer", "mountain", "harbour", "lantern", "stranger", "remember", "together",
    "another", "nothing", "everything", "because", "without", "against", "between", "through", "thought", "looked",
)  # fmt: skip
NAMES = ("Anna", "Harding", "Tom", "Miriam")
SPEECH = 0.35
"""Share of paragraphs that are spoken by somebody."""


def book(hours: float, *, chapter_minutes: float = 25.0, seed: int = 20) -> str:
    """Markdown of a novel that takes so many hours to read aloud."""
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    n_chapters = max(2, round(hours * 60 / chapter_minutes))
    n_chars = int(hours * 3600 * CHARS_PER_S / n_chapters)
    chapters = (f"## Chapter {n + 1}\n\n" + "\n\n".join(_paragraphs(dice, n_chars)) for n in range(n_chapters))
    return "# The Long Road\n\n" + "\n\n".join(chapters) + "\n"


def _paragraphs(dice: random.Random, n_chars: int) -> list[str]:
    made: list[str] = []
    while sum(map(len, made)) < n_chars:
        said = " ".join(_sentence(dice) for _ in range(dice.choice((1, 1, 2, 3))))
        if dice.random() < SPEECH:
            made.append(f"“{said[:-1]},” said {dice.choice(NAMES)}. “{_sentence(dice)}”")
        else:
            made.append(" ".join((said, *(_sentence(dice) for _ in range(dice.randrange(4))))))
    return made


def _sentence(dice: random.Random) -> str:
    n_words = max(2, min(45, round(dice.lognormvariate(2.6, 0.55))))
    words = [dice.choice(WORDS) for _ in range(n_words)]
    if n_words > 14:
        words[n_words // 2] += ","
    return f"{' '.join(words).capitalize()}."
