"""How well the characters of a book are found, beside people's cast lists.

    python scripts/bench/characters.py DATA [--corpus NAME …] [--names]

DATA holds labelled books (`CORPUS/BOOK/text.txt`, `quotes.jsonl`, `characters.json`). A book is learnt and cast as
`narrate new` does it. Of its gold characters with five quotations or more: how many have a role, how many have more
than one, how many the right gender. Of the roles proposed: how many are nobody in the gold list. With --names, which.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from narrator import casting, reading, scripting
from narrator.domain import Gender
from narrator.rehearsal import USUAL_CHARS, pool
from narrator.scripting.people import key_of
from narrator.settings.options import ReadOptions

MIN_QUOTATIONS = 5
_GENDERS = {"M": Gender.MALE, "F": Gender.FEMALE}


def proposed(text: Path, language: str) -> tuple[casting.Part, ...]:
    """The roles that `narrate new` would propose, the narrator's left out."""
    manuscript = reading.read(text, ReadOptions(), language=language)
    learnt = scripting.learn(manuscript)
    rules = scripting.ScriptRules(max_chars=USUAL_CHARS, language=manuscript.language)
    script = scripting.write_script(manuscript, None, learnt, rules)
    known = {c.name: c.aliases for c in learnt.characters}
    parts = casting.propose(learnt, script, pool(manuscript.language)).parts[1:]
    return tuple(casting.Part(**{**_fields(p), "aliases": known.get(p.character, ())}) for p in parts)


def language_of(book: Path) -> str:
    """A labelled book's language, as its words tell it."""
    paragraphs = (book / "text.txt").read_text("utf-8").split("\n\n")
    return scripting.guess_language(paragraphs, "en")


def _fields(part: casting.Part) -> dict[str, Any]:
    return {"character": part.character, "gender": part.gender, "voice": part.voice, "n_lines": part.n_lines}


def faults(book: Path, n: Counter[str]) -> Iterator[str]:
    """Count a book, and say what is wrong with its cast."""
    gold = json.loads((book / "characters.json").read_text("utf-8"))
    said = Counter[str]()
    for quote in map(json.loads, (book / "quotes.jsonl").read_text("utf-8").splitlines()):
        said[quote["speaker"] or ""] += not quote.get("ignore")
    roles = proposed(book / "text.txt", language_of(book))
    owners: dict[tuple[str, ...], set[str]] = {}
    for one in gold:
        for name in (one["name"], *one["aliases"], *one.get("nominals", ())):
            owners.setdefault(key_of(name), set()).add(one["name"])
    meant = {r.character: _meant(r, owners) for r in roles}
    for one in (g for g in gold if said[g["name"]] >= MIN_QUOTATIONS):
        yield from _found(one, [r for r in roles if one["name"] in meant[r.character]], n)
    n["roles"] += len(roles)
    for role in roles:
        if not meant[role.character]:
            n["false"] += 1
            yield f"false {role.character} ({role.n_lines} lines)"


def _meant(role: casting.Part, owners: dict[tuple[str, ...], set[str]]) -> set[str]:
    """Whom a role's names mean: those that mean one character, else any of several."""
    each = [owners.get(key_of(name), set()) for name in (role.character, *role.aliases)]
    return set().union(*(names for names in each if len(names) == 1)) or set().union(*each)


def _found(one: dict[str, Any], roles: list[casting.Part], n: Counter[str]) -> Iterator[str]:
    n["gold"] += 1
    n["found"] += bool(roles)
    n["doubled"] += len(roles) > 1
    if not roles:
        yield f"missing {one['name']}"
    if len(roles) > 1:
        yield f"doubled {', '.join(r.character for r in roles)}"
    wanted = _GENDERS.get(one["gender"])
    if roles and wanted:
        n["sexed"] += 1
        n["right"] += roles[0].gender is wanted
        if roles[0].gender is not wanted:
            yield f"{roles[0].character} is {roles[0].gender.value}, not {wanted.value}"


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--corpus", nargs="*", help="these only")
    parser.add_argument("--names", action="store_true", help="say what is wrong with each book")
    asked = parser.parse_args()
    for corpus in sorted(p for p in asked.data.iterdir() if p.is_dir()):
        books = sorted(b for b in corpus.iterdir() if (b / "characters.json").exists())
        if not books or (asked.corpus and corpus.name not in asked.corpus):
            continue
        n = Counter[str]()
        for book in books:
            wrong = list(faults(book, n))
            if asked.names and wrong:
                print(f"  {book.name}: {'; '.join(wrong)}")
        print(
            f"{corpus.name}: found {n['found']} of {n['gold']}, doubled {n['doubled']}, "
            f"gender right {n['right']} of {n['sexed']}; {n['roles']} roles, {n['false']} of them nobody"
        )


if __name__ == "__main__":
    main()
