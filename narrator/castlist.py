"""The cast list: who speaks and in which voice, which lines are doubtful, and what a producer would stop at.

It needs no engine: a book that nothing here can speak is cast all the same.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from narrator import casting, preparation, scripting
from narrator.domain import NARRATOR, Cast, Finding, Learnt, Manuscript, Pause, Script, Utterance
from narrator.engines.registry import voice_kind
from narrator.findings import look_over
from narrator.project import Project
from narrator.rehearsal import lines_as_built
from narrator.scripting.overrides import ADDRESS
from narrator.store import Store

DOUBTFUL = 0.5
"""Attributions that are less than even."""
_WITHIN = frozenset({Pause.CLAUSE, Pause.SENTENCE})


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRow:
    """A character, and what of the book they speak."""

    character: str
    voice: str
    kind: str
    """Which kind of voice: `kokoro`, `clone` …"""
    n_lines: int
    n_letters: int
    cast: bool
    """False when the cast's `unknown:` speaks for them."""
    doubtful: int
    """Lines whose attribution is less than even."""
    gender: str
    """What the book tells."""
    aliases: tuple[str, ...]
    confidence: float
    """Mean over their lines, 0 … 1."""
    role_from: str
    """Where the role is written: `project.yaml:9:3`; empty when it is not."""
    voice_from: str
    """Where the voice is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulLine:
    """Speech of which it is less than even that the right character has it."""

    address: str
    """`ch03:l17`, or `ch03:l17-19` for a quotation of several lines."""
    character: str
    text: str
    rule: str
    """Why it was given to them."""
    evidence: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CastList:
    """Everything about a project's cast that a person wants to see before a build."""

    title: str
    roles: tuple[RoleRow, ...]
    """The narrator, then most letters first, then whom `unknown:` speaks for."""
    doubtful: tuple[DoubtfulLine, ...]
    """The least sure first."""
    findings: tuple[Finding, ...]
    note: str
    """Who reads what nobody is cast for."""


def cast_list(project: Project) -> CastList:
    """Who speaks in a project's book. Changes nothing.

    Raises:
        NarratorError: Book, project file or cast cannot be used.
    """
    Store(project.state).check_version()
    manuscript, cast, learnt, script = _written(project, ())
    casting.check_cast(cast, script)
    return CastList(
        title=manuscript.title,
        roles=_roles(script, cast, learnt),
        doubtful=tuple(sorted(_doubtful(script), key=lambda line: line.confidence)),
        findings=look_over(manuscript, cast, learnt, script),
        note=casting.unknown_note(cast, script),
    )


def overrule(project: Project, decisions: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Write down who says some lines.

    Args:
        project: Whose project.yaml is written.
        decisions: A line, by its address or its words, and who says it.

    Returns:
        The words by which each line was written down.

    Raises:
        ProjectError: There is no such line, or nobody of that name.
    """
    *_, script = _written(project, decisions)
    return tuple(project.overrule(line, speaker, script) for line, speaker in decisions)


def _written(project: Project, decisions: Sequence[tuple[str, str]]) -> tuple[Manuscript, Cast, Learnt, Script]:
    """The book as lines, as a build would speak it if these decisions stood in the project."""
    manuscript = preparation.read_book(project)
    cast = casting.read_cast(project.document, project.root)
    learnt = preparation.learnt_from(project, manuscript)
    rules = scripting.overruling(lines_as_built(project, cast, manuscript.language), decisions)
    return manuscript, cast, learnt, preparation.write_script(project, manuscript, cast, learnt, rules)


def _roles(script: Script, cast: Cast, learnt: Learnt) -> tuple[RoleRow, ...]:
    lines: defaultdict[str, list[Utterance]] = defaultdict(list)
    for line in (line for chapter in script.chapters for line in chapter.utterances):
        lines[line.character].append(line)
    named = {role.character for role in cast.roles}
    rows = []
    for character in {*lines, *named}:
        role = cast.role(character)
        assert role is not None, "characters that nobody may play are refused"  # noqa: S101
        own, in_cast = lines[character], character in named
        sure = [line.attribution.confidence for line in own if line.attribution]
        rows.append(
            RoleRow(
                character=character,
                voice=role.voice.name,
                kind=voice_kind(role.voice),
                n_lines=len(own),
                n_letters=sum(len(line.spoken) for line in own),
                cast=in_cast,
                doubtful=sum(each < DOUBTFUL for each in sure),
                gender=casting.gender_in_book((character, *role.aliases), learnt).value,
                aliases=role.aliases if in_cast else (),
                confidence=round(sum(sure) / len(sure), 2) if sure else 1.0,
                role_from=role.where,
                voice_from=role.voice.where,
            )
        )
    return tuple(sorted(rows, key=lambda r: (r.character != NARRATOR, not r.cast, -r.n_letters, r.character)))


def _doubtful(script: Script) -> Iterator[DoubtfulLine]:
    for chapter in script.chapters:
        for quotation in _quotations(chapter.utterances):
            first, last = quotation[0], quotation[-1]
            if first.attribution is None or first.attribution.confidence >= DOUBTFUL:
                continue
            match = ADDRESS.fullmatch(last.address)
            end = f"-{match[2]}" if match and last is not first else ""
            yield DoubtfulLine(
                address=f"{first.address}{end}",
                character=first.character,
                text=" ".join(line.text for line in quotation),
                rule=first.attribution.rule,
                evidence=first.attribution.evidence,
                confidence=first.attribution.confidence,
            )


def _quotations(lines: Sequence[Utterance]) -> Iterator[list[Utterance]]:
    """Lines that follow one another in one mouth and one paragraph."""
    quotation: list[Utterance] = []
    for line in lines:
        last = quotation[-1] if quotation else None
        if last and (last.attribution != line.attribution or last.pause_after not in _WITHIN):
            yield quotation
            quotation = []
        quotation.append(line)
    if quotation:
        yield quotation
