"""The project.yaml that a new book begins with: to be read, heard and changed."""

from narrator.casting.suggest import Part, Proposal
from narrator.domain import NARRATOR, Manuscript
from narrator.settings.writing import inline, scalar

UNSURE = 0.7
"""Below this confidence a person is asked to look."""
_ACCENTS = {"a": "American", "b": "British"}
_SEXES = {"f": "female", "m": "male"}


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
        _comment(f"{manuscript.title}{by}", width=110),
        "# Written by `narrate new` to be changed: try other voices, then `narrate build` records only what changed.",
        "narrate: 1",
        f"book: {{source: {scalar(source)}{language}}}  # title, author and cover come from the book",
        "",
        *_voices(proposal, manuscript.language),
        "",
        *_cast(proposal),
        "",
        "sound: {profile: standard}",
        "outputs: [{format: m4b}, {format: mp3}]",
        "",
    ])


def _voices(proposal: Proposal, language: str) -> list[str]:
    lines = ["voices:"]
    if not language.startswith("en"):
        lines.append("  # These voices speak English. For this book, clone or design voices of its language.")
    for voice in dict.fromkeys(part.voice for part in proposal.parts):
        description = f"{_SEXES[voice[1]]}, {_ACCENTS[voice[0]]}"
        lines.append(f"  {voice_name(voice)}: {{kokoro: {voice}}}  # {description}")
    return lines


def voice_name(voice: str) -> str:
    """A Kokoro voice's own name: `emma` for `bf_emma`."""
    return voice.partition("_")[2]


def _cast(proposal: Proposal) -> list[str]:
    lines = ["cast:  # who in the book speaks with which voice"]
    for part in proposal.parts:
        lines += _part(part)
    if proposal.minor:
        lines.append("  # Too few lines for a voice of their own; add them here if you like:")
        lines += [f"  {_comment(name)}" for name in proposal.minor]
    n_left = f"{_n_lines(proposal.n_unknown)} of unknown speakers, " if proposal.n_unknown else ""
    lines.append(f"  unknown: {NARRATOR}  # {n_left}and whoever is not listed; or: error")
    return lines


def _part(part: Part) -> list[str]:
    voice = voice_name(part.voice)
    if part.character == NARRATOR:
        return [f"  {NARRATOR}: {voice}  # {_n_lines(part.n_lines)}"]
    check = ", please check" if part.confidence < UNSURE else ""
    facts = f"{_n_lines(part.n_lines)}, {part.gender}, confidence {part.confidence:.2f}{check}: {part.sample}"
    entry = f"{{voice: {voice}, aliases: {inline(part.aliases)}}}" if part.aliases else voice
    return [f"  {_comment(facts)}", f"  {scalar(part.character)}: {entry}"]


def _n_lines(number: int) -> str:
    return "1 line" if number == 1 else f"{number} lines"


def _comment(text: str, width: int = 100) -> str:
    """Text as one line of comment, whatever is in it."""
    flat = "".join(letter if letter.isprintable() else " " for letter in " ".join(text.split()))
    return f"# {flat if len(flat) <= width else flat[: width - 1].rstrip() + '…'}"
