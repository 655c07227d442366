"""cast: in project.yaml, or a file that it names → who plays whom."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from narrator.casting.faults import together
from narrator.casting.voices import project_file, read_voices
from narrator.domain import NARRATOR, UNKNOWN, Cast, Delivery, Role, VoiceProfile, name_key
from narrator.errors import NarratorError, ProjectError
from narrator.settings.document import Document, load
from narrator.settings.options import ProjectOptions, RoleOptions
from narrator.settings.spelling import did_you_mean

NOBODY = "error"
"""`unknown: error`: a line that nobody is known to say stops the build."""

_Sheet: TypeAlias = dict[str, str | RoleOptions]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A line of the cast."""

    name: str
    """As written; `Narrator` and `UNKNOWN` in lower case."""
    options: RoleOptions
    where: str
    voice_where: str


def read_cast(project: Document[ProjectOptions], root: Path) -> Cast:
    """Who plays whom, the narrator first, then as in the file.

    Raises:
        ProjectError: Everything that is wrong with voices or cast, one line each.
        RightsError: Nothing is wrong but that a cloned voice says nothing of its rights.
    """
    voices = {voice.name: voice for voice in read_voices(project, root)}
    where, entries = _read_sheet(project, root)
    roles: list[Role] = []
    errors: list[NarratorError] = list(_clashes(entries))
    for entry in entries:
        try:
            if entry.name != UNKNOWN:
                roles.append(_role(entry, voices))
        except ProjectError as error:
            errors.append(error)
    if not any(entry.name == NARRATOR for entry in entries):
        errors.append(ProjectError(f"{where}: nobody is cast as narrator", hint="Add `narrator: NAME_OF_A_VOICE`."))
    unknown = None
    try:
        unknown = _unknown(entries, roles, voices)
    except ProjectError as error:
        errors.append(error)
    if errors:
        raise together(errors)
    roles.sort(key=lambda role: role.character != NARRATOR)
    return Cast(roles=tuple(roles), unknown=unknown)


def _read_sheet(project: Document[ProjectOptions], root: Path) -> tuple[str, tuple[_Entry, ...]]:
    """Where the cast is written, and its lines."""
    cast = project.value.cast
    if isinstance(cast, dict):
        return project.where("cast"), tuple(_entries(project, ("cast",), cast))
    document = load(project_file(root, cast, f"{project.where('cast')}: cast"), _Sheet)
    return document.where(), tuple(_entries(document, (), document.value))


def _entries(
    document: Document[ProjectOptions] | Document[_Sheet], prefix: tuple[str, ...], sheet: _Sheet
) -> Iterator[_Entry]:
    for key, each in sheet.items():
        name = key.casefold() if key.casefold() in {NARRATOR, UNKNOWN} else key.strip()
        yield _Entry(
            name=name,
            options=RoleOptions(voice=each) if isinstance(each, str) else each,
            where=document.where(*prefix, key),
            voice_where=document.where(*prefix, key, "voice"),
        )


def _role(entry: _Entry, voices: dict[str, VoiceProfile]) -> Role:
    voice = voices.get(entry.options.voice)
    if voice is None:
        raise _no_voice(entry, voices)
    return Role(
        character=entry.name,
        aliases=entry.options.aliases,
        voice=voice,
        delivery=_delivery(entry, voice.delivery),
        where=entry.where,
    )


def _no_voice(entry: _Entry, voices: Iterable[str], others: Collection[str] = ()) -> ProjectError:
    known = [*voices, *others]
    what = "no voice" if not others else "neither a voice nor a role"
    return ProjectError(
        f"{entry.voice_where}: {what} is called '{entry.options.voice}'{did_you_mean(entry.options.voice, known)}",
        hint=f"There are {', '.join(known)}.",
    )


def _delivery(entry: _Entry, voice: Delivery) -> Delivery:
    """The voice's pace times the role's; the role's style instead of the voice's, if it has one."""
    pace = round(voice.pace * entry.options.pace, 4)  # so that 0.97 × 1.05 is the same number everywhere
    if not 0.5 <= pace <= 2.0:
        raise ProjectError(
            f"{entry.where}: the pace of {entry.name} and of their voice come to {pace:g}",
            hint="Keep their product between 0.5 and 2.",
        )
    return Delivery(pace=pace, style=entry.options.style.strip() or voice.style)


def _unknown(entries: Sequence[_Entry], roles: Sequence[Role], voices: dict[str, VoiceProfile]) -> Role | None:
    """Who reads what nobody is known to say: the narrator unless the cast decides otherwise."""
    by_name = {role.character: role for role in roles}
    entry = next((entry for entry in entries if entry.name == UNKNOWN), None)
    asked = entry.options.voice if entry else NARRATOR
    if asked == NOBODY:
        return None
    if asked.casefold() == NARRATOR:
        asked = NARRATOR
    role = by_name.get(asked)
    voice = role.voice if role else voices.get(asked)
    if voice is None:
        if entry is None or asked == NARRATOR:
            return None  # the missing narrator is an error of its own
        raise _no_voice(entry, voices, (*by_name, NOBODY))
    delivery = role.delivery if role else voice.delivery
    return Role(
        character=UNKNOWN,
        voice=voice,
        delivery=_delivery(entry, delivery) if entry else delivery,
        where=entry.where if entry else "",
    )


def _clashes(entries: Sequence[_Entry]) -> Iterator[ProjectError]:
    """Names that two roles lay claim to."""
    owners: dict[str, _Entry] = {}
    for entry in entries:
        for name in (entry.name, *entry.options.aliases):
            owner = owners.setdefault(name_key(name), entry)
            if owner is not entry:
                problem = (
                    f"'{name}' is a name of {owner.name} already" if name != owner.name else f"{name} is cast twice"
                )
                yield ProjectError(
                    f"{entry.where}: {problem}", hint="A name leads to one role: leave it to one of them."
                )
        if entry.name == UNKNOWN and entry.options.aliases:
            yield ProjectError(f"{entry.where}: `unknown` stands for nobody", hint="Take its aliases out.")
