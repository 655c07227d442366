"""The project.yaml that a new book begins with: to be read, heard and changed."""

from collections.abc import Sequence

from narrator.casting.pools import KOKORO, Pool
from narrator.casting.suggest import Part, Proposal
from narrator.domain import NARRATOR, Gender, Manuscript
from narrator.settings.editing import Entry
from narrator.settings.writing import inline, scalar

UNSURE = 0.7
"""Below this confidence a person is asked to look."""
_WIDTH = 110


def project_yaml(proposal: Proposal, manuscript: Manuscript, source: str) -> str:
    """A whole project.yaml: the proposed cast with the reasons beside it as comments.

    Args:
        proposal: The cast.
        manuscript: For title, author and language.
        source: The book's file, relative to the project's folder.
    """
    by = f", by {', '.join(manuscript.authors)}" if manuscript.authors else ""
    language = f", language: {scalar(manuscript.language)}" if manuscript.language else ""
    return "\n".join([
        _comment(f"{manuscript.title}{by}"),
        "# Written by `narrate new` to be changed: try other voices, then `narrate build` records only what changed.",
        "narrate: 1",
        f"book: {{source: {scalar(source)}{language}}}  # title, author and cover come from the book",
        "",
        *_voices(proposal),
        "",
        *_cast(proposal),
        "",
        "# A line in the wrong mouth? Name it by its words or its address, as `narrate cast` shows them:",
        '# speakers: {"words of the line": NAME, ch01:l12: NAME}',
        "",
        "sound: {profile: standard}",
        "outputs: [{format: m4b}, {format: mp3}]",
        "",
    ])


def _voices(proposal: Proposal) -> list[str]:
    pool = proposal.pool
    entries = [voice_entry(voice, pool) for voice in dict.fromkeys(part.voice for part in proposal.parts)]
    return ["voices:", *(f"  {_comment(note)}" for note in pool.notes), *_lines(entries)]


def voice_entry(voice: str, pool: Pool) -> Entry:
    """A voice of a pool as a line of `voices:`."""
    return Entry(key=pool.name(voice), value=f"{{{pool.key}: {scalar(voice)}}}", note=_comment(pool.description(voice)))


def voice_name(voice: str) -> str:
    """A Kokoro voice's own name: `emma` for `bf_emma`."""
    return KOKORO.name(voice)


def _cast(proposal: Proposal) -> list[str]:
    narrator, *others = proposal.parts
    n_left = f"{_n_lines(proposal.n_unknown)} of unknown speakers, " if proposal.n_unknown else ""
    return [
        "cast:  # who in the book speaks with which voice, those who say most first",
        f"  {NARRATOR}: {scalar(proposal.pool.name(narrator.voice))}  # {_n_lines(narrator.n_lines)}",
        *_lines([part_entry(part, proposal.pool.name(part.voice)) for part in others]),
        *_minor(proposal.minor),
        f"  unknown: {NARRATOR}  # {n_left}and whoever is not listed; or: error",
    ]


def _minor(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    return [
        "  # Too few lines for a voice of their own; add them here if you like:",
        *(f"  {_comment(name)}" for name in names),
    ]


def part_entry(part: Part, voice: str) -> Entry:
    """A part as a line of `cast:`, with what speaks for it above."""
    check = ", please check" if part.confidence < UNSURE else ""
    gender = part.gender.value if part.gender is not Gender.UNKNOWN else "gender unknown"
    facts = f"{_n_lines(part.n_lines)}, {gender}, confidence {part.confidence:.2f}{check}"
    aliases = f", aliases: {inline(part.aliases)}" if part.aliases else ""
    return Entry(
        key=part.character,
        value=f"{{voice: {scalar(voice)}{aliases}}}" if aliases else scalar(voice),
        comments=(_comment(facts), *(_comment(f"  {address} {text}") for address, text in part.samples)),
    )


def _lines(entries: Sequence[Entry]) -> list[str]:
    return [line for entry in entries for line in entry.lines("  ")]


def _n_lines(number: int) -> str:
    return "1 line" if number == 1 else f"{number:,} lines"


def _comment(text: str) -> str:
    """Text as one line of comment, whatever is in it."""
    indent = text[: len(text) - len(text.lstrip(" "))]
    flat = indent + "".join(letter if letter.isprintable() else " " for letter in " ".join(text.split()))
    return f"# {flat if len(flat) <= _WIDTH else flat[: _WIDTH - 1].rstrip() + '…'}"
