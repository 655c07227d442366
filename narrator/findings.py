"""What a person may not have meant: in the cast, in the lines, in what an engine can say. It stops nothing."""

from collections.abc import Iterator, Sequence

from narrator import casting, scripting
from narrator.domain import Cast, Finding, Learnt, Manuscript, Script
from narrator.engines.protocol import Engine
from narrator.engines.registry import voice_kind


def look_over(manuscript: Manuscript, cast: Cast, learnt: Learnt, script: Script) -> tuple[Finding, ...]:
    """What a producer would stop at in the cast and its lines."""
    return (*casting.lint(cast, script, learnt, manuscript.authors), *scripting.audit(script, cast, learnt))


def warnings(cast: Cast, script: Script, engine: Engine, findings: Sequence[Finding]) -> Iterator[str]:
    """What to say before a build, in sentences: a line for each kind of thing."""
    yield from casting.summary(findings)
    if note := casting.unknown_note(cast, script):
        yield note
    lines = [line for chapter in script.chapters for line in chapter.utterances]
    deaf = [line.address for line in lines if line.style and not _hears_style(line.character, cast, engine)]
    if deaf:
        others = f" and {len(deaf) - 1} other lines are" if len(deaf) > 1 else " is"
        yield f"{engine.info.name} takes no style in such a voice: {deaf[0]}{others} said as ever"
    for line in lines:
        if left := engine.unspoken(line.spoken):
            yield f"{line.address}: {engine.info.name} cannot say “{left}”: write in the lexicon how it sounds"


def _hears_style(character: str, cast: Cast, engine: Engine) -> bool:
    role = cast.role(character)
    return role is not None and voice_kind(role.voice) in engine.info.styled
