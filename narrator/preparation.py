"""A book made ready to be spoken: read, and written as lines.

Both are pure and take seconds, so their answers are kept: a second look at a book that has not
changed reads them back. Each is kept by all that it is made from, and made from nothing else.
"""

import hashlib
from dataclasses import replace

from narrator import collation, reading, scripting
from narrator.answers import Answers
from narrator.domain import Builtin, Cast, Delivery, Learnt, Manuscript, Role, Script, VoiceProfile
from narrator.project import Project


def read_book(project: Project) -> Manuscript:
    """The manuscript, with what project.yaml says in the place of what the file says.

    Raises:
        NarratorError: See `reading.read_apart`; or the cover that project.yaml names is no picture.
    """
    path, book, options = project.book, project.options.book, project.options.read
    found = _kept(project).get(
        "manuscript",
        Manuscript,
        # The name is in it: a Markdown file's places have it, and its suffix decides how it is read.
        lambda: (path.name, hashlib.sha256(path.read_bytes()).hexdigest(), options, book.language),
        lambda: reading.read_apart(path, options, language=book.language),
    )
    return replace(
        found,
        title=book.title or found.title,
        authors=(book.author,) if book.author else found.authors,
        publisher=book.publisher or found.publisher,
        cover=project.cover() or found.cover,
    )


def learnt_from(project: Project, manuscript: Manuscript) -> Learnt:
    """What is frozen in learnt.yaml or, before anything is, what the book teaches about itself."""
    pages = _pages(manuscript)
    return project.learnt() or _kept(project).get("learnt", Learnt, lambda: pages, lambda: scripting.learn(pages))


def write_script(
    project: Project, manuscript: Manuscript, cast: Cast, learnt: Learnt, rules: scripting.ScriptRules
) -> Script:
    """The whole book as lines, of which it is known that they tell all of it.

    Raises:
        ProjectError: See `scripting.write_script`.
        BookError: Letters of the book stand in no line.
    """
    pages, names = _pages(manuscript), _names(cast)

    def written() -> Script:
        script = scripting.write_script(pages, names, learnt, rules)
        collation.insist(collation.collate(pages, script, rules.lexicon))
        return script

    return _kept(project).get("script", Script, lambda: (pages, names, learnt, rules), written)


def _kept(project: Project) -> Answers:
    return Answers(project.state / "answers")


def _pages(manuscript: Manuscript) -> Manuscript:
    """The book without its picture, which teaches nothing and says nothing."""
    return replace(manuscript, cover=None)


def _names(cast: Cast) -> Cast:
    """The cast as a script may see it: who is in it and who shares a voice, not how anyone sounds."""
    silent = cast.recast(lambda voice: VoiceProfile(name=voice.name, source=Builtin(engine="", voice="")))
    return Cast(
        roles=tuple(_name(role) for role in silent.roles), unknown=_name(silent.unknown) if silent.unknown else None
    )


def _name(role: Role) -> Role:
    return replace(role, delivery=Delivery(), where="")
