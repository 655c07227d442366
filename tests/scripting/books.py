"""Small manuscripts written as text: blank lines part paragraphs, `# ` heads, `***` breaks a scene, `---` a chapter."""

import re

from narrator.domain import (
    Block,
    Builtin,
    Cast,
    Chapter,
    Coverage,
    Delivery,
    Manuscript,
    Paragraph,
    ParagraphKind,
    Piece,
    Role,
    SceneBreak,
    Script,
    VoiceProfile,
)

VOICE = VoiceProfile(name="reed", source=Builtin(engine="tone", voice="220"))


def paragraph(text: str, kind: ParagraphKind = ParagraphKind.PROSE) -> Paragraph:
    """A paragraph that is its whole document."""
    return Paragraph(text=text, kind=kind, document="book.md", pieces=(Piece(start=0, source=0, n_chars=len(text)),))


def block(text: str) -> Block:
    """A paragraph, heading or scene break."""
    if text == "***":
        return SceneBreak()
    if text.startswith("# "):
        return paragraph(text[2:], ParagraphKind.HEADING)
    return paragraph(" ".join(text.split()))


def manuscript(text: str, language: str = "en") -> Manuscript:
    """The chapters of a text."""
    chapters = tuple(
        Chapter(number=n, title="", blocks=tuple(block(p.strip()) for p in re.split(r"\n\s*\n", part) if p.strip()))
        for n, part in enumerate(re.split(r"^---$", text, flags=re.MULTILINE), start=1)
    )
    return Manuscript(
        title="A book", language=language, chapters=chapters, coverage=Coverage(n_letters=0, n_spoken=0, n_skipped=0)
    )


def role(character: str, *aliases: str, voice: VoiceProfile = VOICE) -> Role:
    """A role played by `voice`."""
    return Role(character=character, aliases=aliases, voice=voice, delivery=Delivery())


def cast(*roles: Role) -> Cast:
    """A cast with a narrator, who reads unknown speakers too."""
    narrator = role("narrator")
    return Cast(roles=(narrator, *roles), unknown=narrator)


def letters(text: str) -> str:
    """The letters and digits of a text."""
    return "".join(c for c in text if c.isalnum())


def spoken_by(script: Script) -> list[tuple[str, str]]:
    """Every line as (character, text)."""
    return [(u.character, u.text) for c in script.chapters for u in c.utterances]
