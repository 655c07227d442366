"""A recipe names every cause of a take and nothing else."""

from collections.abc import Mapping
from dataclasses import fields, replace

import pytest

from narrator.domain import (
    Builtin,
    Cast,
    ChapterScript,
    Delivery,
    Pause,
    Role,
    Script,
    SourceSpan,
    Utterance,
    VoiceProfile,
)
from narrator.engines.registry import load
from narrator.engines.tone import ToneEngine
from narrator.recording.queue import in_recording_order
from narrator.recording.recipe import Recipe, Request, line, requests

RECIPE = Recipe(
    text="Good morning.",
    language="en",
    pace="1.000",
    style="",
    voice={"tone": "220"},
    engine="tone",
    audio_version=1,
    weights="none",
    sampling={},
    seed=20,
)
OTHERS: Mapping[str, object] = {
    "text": "Good evening.",
    "language": "de",
    "pace": "1.050",
    "style": "dry",
    "voice": {"tone": "330"},
    "engine": "hibari",
    "audio_version": 2,
    "weights": "abc",
    "sampling": {"top_k": "50"},
    "seed": 21,
    "repeat": 1,
    "retake": 1,
}


def utterance(text: str, number: int, character: str = "narrator") -> Utterance:
    """A line of a script."""
    return Utterance(
        address=f"ch01:l{number:02}",
        text=text,
        spoken=text,
        character=character,
        pause_after=Pause.SENTENCE,
        source=SourceSpan(document="a.md", start=number, end=number + 1),
    )


def cast(**voices: int) -> Cast:
    """Characters and the pitch of their tone."""
    roles = tuple(
        Role(
            character=name,
            voice=VoiceProfile(name=f"v{hz}", source=Builtin(engine="tone", voice=str(hz))),
            delivery=Delivery(),
        )
        for name, hz in voices.items()
    )
    return Cast(roles=roles, unknown=roles[0])


def ask(*lines: tuple[str, str], roles: Cast | None = None) -> tuple[Request, ...]:
    """Requests of a one-chapter book, given as (character, text)."""
    chapter = ChapterScript(
        number=1, title="I", utterances=tuple(utterance(t, n, c) for n, (c, t) in enumerate(lines, start=1))
    )
    script = Script(language="en", chapters=(chapter,))
    return requests(script, roles or cast(narrator=220, anna=330), load("tone"), seed=20)


@pytest.mark.parametrize("cause", [f.name for f in fields(Recipe)])
def test_each_cause_changes_the_key(cause: str) -> None:
    """Every field of a recipe is a cause: another value, another key."""
    assert replace(RECIPE, **{cause: OTHERS[cause]}).key != RECIPE.key  # type: ignore[arg-type]


def test_key_is_stable() -> None:
    """The key of a recipe never changes between releases, or every book would be recorded again."""
    assert RECIPE.key == "026e18d48312b1719f037d2eb0de35f9908150ead7e56d17c322c5ef0b3b5986"


def test_equal_lines_are_counted() -> None:
    """The same words of the same voice twice are two takes; of another voice they are counted apart."""
    keys = [r.recipe.repeat for r in ask(("narrator", "No."), ("anna", "No."), ("narrator", "No."))]
    assert keys == [0, 0, 1]


def test_position_is_no_cause() -> None:
    """A line put in front changes no other key."""
    before = ask(("narrator", "One."), ("anna", "Two."))
    after = ask(("narrator", "New."), ("narrator", "One."), ("anna", "Two."))
    assert [r.key for r in after][1:] == [r.key for r in before]


def test_name_of_a_character_is_no_cause() -> None:
    """Renaming a character records nothing again."""
    before = ask(("anna", "Two."))
    after = ask(("eve", "Two."), roles=cast(narrator=220, eve=330))
    assert [r.key for r in after] == [r.key for r in before]


def test_second_attempt_differs() -> None:
    """A retry changes what the engine can change: the seed, or for engines without dice the pace."""
    request = ask(("narrator", "One."))[0]
    first, second = (line(request, attempt=n, seeded=True) for n in (0, 1))
    assert first.seed != second.seed
    assert first.delivery == second.delivery
    assert line(request, attempt=1, seeded=False).delivery.pace == pytest.approx(1.03)


def test_last_tenth_goes_longest_first() -> None:
    """The book is recorded in its order, but for the last tenth of its letters."""
    texts = [f"{'long ' * 20}{n}" for n in range(18)] + [
        "a short one",
        "quite a bit longer than that",
        "mid length one",
    ]
    order = [r.utterance.text for r in in_recording_order(ask(*(("narrator", t) for t in texts)))]
    assert order[:18] == texts[:18]
    assert [len(t) for t in order[18:]] == sorted((len(t) for t in texts[18:]), reverse=True)


def test_turns_are_recorded_one_after_another() -> None:
    """The turn with the fewest letters comes first; within a turn the order is that of the book."""
    said = ask(("narrator", "a long beginning"), ("anna", "one"), ("narrator", "and then more"), ("anna", "two"))
    voice = {r.utterance.character: r.voice.name for r in said}
    turns = {voice["narrator"]: "base", voice["anna"]: "custom_voice"}
    order = [r.utterance.text for r in in_recording_order(said, turns)]
    assert order == ["one", "two", "a long beginning", "and then more"]


class Styled(ToneEngine):
    """An engine that hears how a line is to be said, in its own voices."""

    info = replace(ToneEngine.info, styled=frozenset({"tone"}))


def test_a_style_is_a_cause_where_it_is_heard() -> None:
    """Another style is another take in kinds of voice that take one, and in no others."""
    script = Script(language="en", chapters=(ChapterScript(number=1, title="I", utterances=(utterance("No.", 1),)),))
    plain = cast(narrator=220)
    dry = Cast(roles=(replace(plain.roles[0], delivery=Delivery(style="dry")),), unknown=None)
    for engine, told in ((Styled(), "dry"), (ToneEngine(), "")):
        keys = [requests(script, roles, engine, seed=20)[0] for roles in (plain, dry)]
        assert [request.recipe.style for request in keys] == ["", told]
        assert (keys[0].key == keys[1].key) is not bool(told)


class Unpaced(ToneEngine):
    """An engine that speaks at its own pace."""

    info = replace(ToneEngine.info, paced=False)


def test_a_pace_that_an_engine_cannot_hear_is_no_cause() -> None:
    """Its takes are the same at any pace, are asked for at their own, and are heard at a tempo instead."""
    script = Script(language="en", chapters=(ChapterScript(number=1, title="I", utterances=(utterance("No.", 1),)),))
    plain = cast(narrator=220)
    slow = Cast(roles=(replace(plain.roles[0], delivery=Delivery(pace=0.9)),), unknown=None)
    heard: list[Request] = []
    for engine in (Unpaced(), ToneEngine()):
        heard += [requests(script, roles, engine, seed=20)[0] for roles in (plain, slow)]
    assert heard[0].key == heard[1].key
    assert heard[2].key != heard[3].key
    assert [request.tempo for request in heard] == [1.0, 0.9, 1.0, 1.0]
    assert [line(request, attempt=0, seeded=True).delivery.pace for request in heard] == [1.0, 1.0, 1.0, 0.9]


def test_a_style_of_the_manuscript_goes_before_the_role_s():
    """On its own line; engines that take none are not asked for it."""
    whisper = replace(utterance("Hush.", 1), style="whisper")
    script = Script(
        language="en", chapters=(ChapterScript(number=1, title="", utterances=(whisper, utterance("Well.", 2))),)
    )
    played = cast(narrator=220)
    dry = replace(played, roles=tuple(replace(r, delivery=Delivery(style="dry")) for r in played.roles))
    styled = requests(script, dry, Styled(), seed=20)
    assert [(r.recipe.style, r.delivery.style) for r in styled] == [("whisper", "whisper"), ("dry", "dry")]
    assert [r.recipe.style for r in requests(script, dry, load("tone"), seed=20)] == ["", ""]
