"""`narrate new --refresh`: a book learnt anew, shown beside what is frozen, and written only if a person wants it.

What people decided stays: roles, voices, comments and every line of learnt.yaml that is not as narrator left it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from narrator import casting, files, scripting
from narrator.domain import Builtin, Cast, Delivery, Learnt, Manuscript, Preset, Role, Script, VoiceProfile
from narrator.engines.registry import voice_kind
from narrator.errors import ProjectError
from narrator.preparation import read_book
from narrator.project import Project
from narrator.rehearsal import lines_as_built, pool
from narrator.settings.document import read_text
from narrator.settings.editing import Entry, with_entries
from narrator.settings.learnt import write_learnt


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """What a second look at a book would change."""

    project: Project
    raw: Learnt
    """As narrator learns it now."""
    learnt: Learnt
    """With a person's corrections: what would be written."""
    differences: tuple[str, ...]
    parts: tuple[casting.Part, ...]
    """Roles that would be added to the cast."""
    edits: tuple[tuple[Path, str], ...]
    """Project files with those roles."""
    n_again: int
    """Lines of the book that would be recorded anew."""
    n_lines: int

    @property
    def changes(self) -> bool:
        """Whether anything would be written."""
        return bool(self.differences or self.parts)


def look_again(project: Project) -> Refresh:
    """Learn a project's book anew. Changes nothing.

    Raises:
        NarratorError: Book or project cannot be used.
    """
    manuscript = read_book(project)
    own, raw = project.learnt(), scripting.learn(manuscript)
    learnt = raw if own is None else scripting.merged(project.learnt_base(), own, raw)
    cast = casting.read_cast(project.document, project.root)
    before = _script(project, manuscript, cast, own or raw)
    after = _script(project, manuscript, cast, learnt)
    voices = _voices(cast, manuscript.language)
    parts = casting.additions(learnt, after, cast, voices)
    names = _names(parts, voices, cast)
    grown = _grown(cast, parts, voices, names)
    final = _script(project, manuscript, grown, learnt) if parts else after
    heard, wanted = _takes(before, cast), _takes(final, grown)
    return Refresh(
        project=project,
        raw=raw,
        learnt=learnt,
        differences=scripting.differences(own or Learnt(), learnt),
        parts=parts,
        edits=tuple(_edits(project, parts, voices, names)) if parts else (),
        n_again=(wanted - heard).total(),
        n_lines=wanted.total(),
    )


def accept(refresh: Refresh) -> None:
    """Write what a second look found."""
    for path, text in refresh.edits:
        files.write(path, text)
    write_learnt(refresh.project.root / "learnt.yaml", refresh.learnt)
    refresh.project.remember_base(refresh.raw)


def _script(project: Project, manuscript: Manuscript, cast: Cast, learnt: Learnt) -> Script:
    return scripting.write_script(manuscript, cast, learnt, lines_as_built(project, cast, manuscript.language))


def _takes(script: Script, cast: Cast) -> Counter[tuple[object, ...]]:
    """Every line by what decides its sound: two scripts differ in their takes as these do."""
    takes: Counter[tuple[object, ...]] = Counter()
    for line in (line for chapter in script.chapters for line in chapter.utterances):
        role = cast.role(line.character)
        takes[line.spoken, line.style, role and (role.voice.source, role.delivery)] += 1
    return takes


def _voices(cast: Cast, language: str) -> casting.Pool:
    """Where new roles get their voices: of the kind that the cast has, or, where that is no pool, from the cast."""
    fresh = pool(language)
    kinds = {voice_kind(voice) for voice in cast.voices}
    return fresh if kinds == {fresh.key} else casting.pool_of(cast)


def _names(parts: Sequence[casting.Part], voices: casting.Pool, cast: Cast) -> dict[str, str]:
    """What the project calls each voice of the new parts: as it does already, or by a name that is free."""
    called = {casting.spelt(voice): voice.name for voice in cast.voices} if voices.key else {}
    taken = {voice.name for voice in cast.voices}
    names: dict[str, str] = {}
    for voice in dict.fromkeys(part.voice for part in parts):
        name = called.get(voice) or voices.name(voice)
        while voice not in called and voices.key and name in taken:
            name += "-2"
        names[voice] = name
        taken.add(name)
    return names


def _grown(cast: Cast, parts: Sequence[casting.Part], voices: casting.Pool, names: dict[str, str]) -> Cast:
    known = {voice.name: voice for voice in cast.voices}
    roles = []
    for part in parts:
        name = names[part.voice]
        source = Preset(speaker=part.voice) if voices.key == "preset" else Builtin(engine=voices.key, voice=part.voice)
        voice = known.get(name) or VoiceProfile(name=name, source=source)
        delivery = voice.delivery if name in known else Delivery()
        roles.append(Role(character=part.character, aliases=part.aliases, voice=voice, delivery=delivery))
    return replace(cast, roles=(*cast.roles, *roles))


def _edits(
    project: Project, parts: Sequence[casting.Part], voices: casting.Pool, names: dict[str, str]
) -> list[tuple[Path, str]]:
    """project.yaml, and the file of its cast where that is another, with the new roles in them."""
    path = project.document.path
    text = read_text(path)
    known = set(project.options.voices)
    added = [voice for voice in names if names[voice] not in known]
    if added:
        entries = [replace(casting.voice_entry(voice, voices), key=names[voice]) for voice in added]
        text = with_entries(text, str(path), "voices", entries)
    roles = [casting.part_entry(part, names[part.voice]) for part in parts]
    sheet = project.cast_file()
    if sheet is not None:
        return [(path, text), (sheet, _with_roles(read_text(sheet), str(sheet), "", roles))]
    return [(path, _with_roles(text, str(path), "cast", roles))]


def _with_roles(text: str, name: str, key: str, roles: Sequence[Entry]) -> str:
    try:
        return with_entries(text, name, key, roles, before="unknown")
    except ProjectError as error:
        raise ProjectError(f"{error.message}, so new roles cannot be written", hint=error.hint) from error
