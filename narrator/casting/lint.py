"""What a producer would stop at in a cast, and in the lines that it speaks."""

from collections import Counter
from collections.abc import Iterator, Sequence

from narrator.casting.coverage import silent_roles
from narrator.domain import NARRATOR, UNKNOWN, Cast, Finding, Gender, Learnt, Role, Script, name_key

IMPORTANT_SHARE = 0.05
"""Of all that characters say: who says as much is known to a listener by their voice."""
IMPORTANT_LINES = 10


def lint(cast: Cast, script: Script, learnt: Learnt, authors: Sequence[str]) -> tuple[Finding, ...]:
    """Roles without lines, a byline cast as a person, one voice for two, a man's voice for a woman.

    Args:
        cast: Who plays whom.
        script: The lines.
        learnt: What the book tells of its characters.
        authors: Of the book; they write, and speak in it only in a byline.
    """
    lines = Counter(line.character for chapter in script.chapters for line in chapter.utterances)
    return (
        *_silent(cast, script),
        *_bylines(cast, authors),
        *_shared(cast, lines),
        *_genders(cast, learnt, lines),
    )


def _silent(cast: Cast, script: Script) -> Iterator[Finding]:
    for role in silent_roles(cast, script):
        yield _about(role, "no lines", "is in the cast and has no line: is the name written as in the book?")


def _bylines(cast: Cast, authors: Sequence[str]) -> Iterator[Finding]:
    wrote = {name_key(author) for author in authors}
    for role in cast.roles:
        if role.character != NARRATOR and wrote & {name_key(name) for name in (role.character, *role.aliases)}:
            yield _about(role, "byline", "wrote the book: a byline or a preface was taken for speech")


def _shared(cast: Cast, lines: Counter[str]) -> Iterator[Finding]:
    n_spoken = sum(n for character, n in lines.items() if character not in {NARRATOR, UNKNOWN})
    heard: dict[object, Role] = {}
    for role in cast.roles:
        enough = max(IMPORTANT_LINES, IMPORTANT_SHARE * n_spoken)
        if role.character != NARRATOR and lines[role.character] < enough:
            continue
        first = heard.setdefault(role.voice.source, role)
        if first is not role:
            yield _about(
                role, "one voice", f"has the voice of {first.character} ({role.voice.name}), and both say much"
            )


def _genders(cast: Cast, learnt: Learnt, lines: Counter[str]) -> Iterator[Finding]:
    for role in cast.roles:
        if role.character == NARRATOR or not lines[role.character]:
            continue
        gender = gender_in_book((role.character, *role.aliases), learnt)
        if Gender.UNKNOWN not in {gender, role.voice.gender} and gender is not role.voice.gender:
            yield _about(
                role, "gender", f"is {gender} in the book and has the {role.voice.gender} voice {role.voice.name}"
            )


def gender_in_book(names: Sequence[str], learnt: Learnt) -> Gender:
    """What the book tells of whoever has the first of these names that it knows."""
    known = {name_key(name): who.gender for who in learnt.characters for name in (*who.aliases, who.name)}
    return next((known[key] for key in map(name_key, names) if key in known), Gender.UNKNOWN)


def _about(role: Role, rule: str, message: str) -> Finding:
    return Finding(rule=rule, character=role.character, message=f"{role.character} {message}", where=role.where)


def summary(findings: Sequence[Finding]) -> Iterator[str]:
    """One note for each thing about the cast, and one for all lines of a kind: a build is not the place for a list."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.address:
            by_rule.setdefault(finding.rule, []).append(finding)
        else:
            yield finding.message
    for found in by_rule.values():
        more = (
            f"; and {len(found) - 1} more such {'lines' if len(found) > 2 else 'line'}, see `narrate cast`"
            if len(found) > 1
            else ""
        )
        yield f"{found[0].address}: {found[0].message}{more}"


def unknown_note(cast: Cast, script: Script) -> str:
    """Who reads what nobody is cast for, in one sentence; empty when there is no such line."""
    if cast.unknown is None:
        return ""
    named = {role.character for role in cast.roles}
    lines = Counter(line.character for chapter in script.chapters for line in chapter.utterances)
    others = {character: n for character, n in lines.items() if character not in named | {UNKNOWN}}
    parts = []
    if lines[UNKNOWN]:
        parts.append(f"{_n_lines(lines[UNKNOWN])} of unknown speakers")
    if others:
        most = sorted(others, key=lambda name: (-others[name], name))
        more = f" and {len(most) - 3} more" if len(most) > 3 else ""
        parts.append(f"{_n_lines(sum(others.values()))} of {', '.join(most[:3])}{more}, who are not in the cast")
    if not parts:
        return ""
    return f"the voice {cast.unknown.voice.name} reads {' and '.join(parts)}, as `unknown:` says"


def _n_lines(number: int) -> str:
    return "1 line" if number == 1 else f"{number} lines"
