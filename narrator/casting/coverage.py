"""Does the cast fit the script: is every line spoken by someone, and does everyone speak?"""

from collections.abc import Sequence

from narrator.domain import NARRATOR, UNKNOWN, Cast, Role, Script, Utterance
from narrator.errors import ProjectError
from narrator.settings.spelling import did_you_mean, visible

_TITLES = frozenset({"mr", "mrs", "ms", "miss", "sir", "lady", "lord", "madam", "dr", "captain", "the", "of"})
_MAX_TOLD = 12


def check_cast(cast: Cast, script: Script) -> None:
    """Refuse a script with lines that nobody may read.

    Raises:
        ProjectError: Who speaks them, where they are, and whose alias that may be.
    """
    orphans: dict[str, list[Utterance]] = {}
    for chapter in script.chapters:
        for line in chapter.utterances:
            if cast.role(line.character) is None:
                orphans.setdefault(line.character, []).append(line)
    if not orphans:
        return
    ranked = sorted(orphans, key=lambda character: (-len(orphans[character]), character))
    told = [_orphaned(character, orphans[character], cast) for character in ranked[:_MAX_TOLD]]
    if len(ranked) > _MAX_TOLD:
        told.append(f"and {len(ranked) - _MAX_TOLD} more who are not in the cast")
    raise ProjectError(
        "\n".join(map(visible, told)),
        hint="Or set `unknown: narrator` in the cast: the narrator reads what is left over.",
    )


def silent_roles(cast: Cast, script: Script) -> tuple[Role, ...]:
    """Roles without a line, in the order of the cast: often a name that the book spells otherwise."""
    heard = {line.character for chapter in script.chapters for line in chapter.utterances}
    return tuple(role for role in cast.roles if role.character not in heard | {NARRATOR})


def _orphaned(character: str, lines: Sequence[Utterance], cast: Cast) -> str:
    sample = f"{lines[0].address} “{_short(lines[0].text)}”"
    n_lines = "1 line" if len(lines) == 1 else f"{len(lines)} lines"
    if character == UNKNOWN:
        return f"cast: nobody is known to say {n_lines}, first {sample}"
    near = _alike(character, cast)
    advice = f"add it or list it under aliases of `{near}`" if near else f"add `{character}: NAME_OF_A_VOICE`"
    return f"cast: `{character}` is not in the cast; {advice} ({n_lines}, first {sample})"


def _alike(character: str, cast: Cast) -> str:
    """The role whose name shares a word with this one, or is spelt much like it; empty if none."""
    names = {name: role.character for role in cast.roles for name in (role.character, *role.aliases)}
    names = {name: owner for name, owner in names.items() if owner != NARRATOR or name != NARRATOR}
    shared = next((owner for name, owner in names.items() if _words(name) & _words(character)), "")
    return shared or next((owner for name, owner in names.items() if f"'{name}'" in did_you_mean(character, names)), "")


def _words(name: str) -> set[str]:
    return {word.strip(".,’'") for word in name.casefold().split()} - _TITLES


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59].rstrip() + "…"
