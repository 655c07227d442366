"""What every engine owes, as tests: an engine's own test module inherits `EngineContract` and names two voices.

The lines are spoken once for a whole class, in two sessions, and looked at by many tests: engines are slow.
"""

import json
import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import ClassVar

import numpy as np
import pytest

from narrator.domain import Builtin, Delivery, VoiceProfile
from narrator.engines import registry
from narrator.engines.protocol import Ended, Engine, Line, Session, Spoken
from narrator.errors import ProjectError

TEXT = "He counted the carts, and there were eleven of them."
OTHER = "Nobody spoke."
WORDS = "and the river ran high between its banks, brown with the rain of the week before; "
UNSPEAKABLE = ("", "   ", "...", "“”", "\N{GRINNING FACE}", "***")
FOREIGN = "She said 你好 to him, and 你好 again; he paid € and went to Дом."
PATIENCE_S = 60.0


def line(text: str, voice: str, *, seed: int = 7, pace: float = 1.0, line_id: str = "line") -> Line:
    """A line in English."""
    return Line(id=line_id, text=text, voice=voice, language="en", delivery=Delivery(pace=pace), seed=seed)


def spoken(session: Session, lines: Sequence[Line]) -> list[Spoken]:
    """Submit lines and poll until all are there, in the order in which they finished."""
    session.submit(lines)
    return drained(session, len(lines))


def drained(session: Session, n_lines: int) -> list[Spoken]:
    """Poll until `n_lines` are there."""
    finished: list[Spoken] = []
    polls = count()
    while len(finished) < n_lines:
        assert next(polls) < 1000, "the session does not finish its lines"
        finished += session.poll(PATIENCE_S)
    return finished


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What one session said."""

    order: tuple[str, ...]
    """Line ids as they came back."""
    takes: Mapping[str, Spoken]
    idle: tuple[Spoken, ...]
    """What a poll gives when nothing is queued."""


class EngineContract:
    """Inherit; name the engine, two of its voices, one that it must refuse, and what it cannot say of `FOREIGN`."""

    name: ClassVar[str]
    voices: ClassVar[tuple[str, str]]
    unknown_voice: ClassVar[str]
    unspoken: ClassVar[str]

    @classmethod
    def profile(cls, voice: str) -> VoiceProfile:
        """A voice of the engine; override for clones and the like."""
        return VoiceProfile(name=voice, source=Builtin(engine=cls.name, voice=voice))

    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls) -> Engine:
        return registry.load(cls.name)

    @pytest.fixture(scope="class")
    @classmethod
    def session(cls, engine: Engine) -> Iterator[Session]:
        opened = engine.open([engine.prepare(cls.profile(voice)) for voice in cls.voices])
        yield opened
        opened.close()

    @pytest.fixture(scope="class")
    @classmethod
    def rehearsal(cls, session: Session) -> Rehearsal:
        first, second = cls.voices
        batch = [
            line(TEXT, first, line_id="a line"),
            *(line(text, first, line_id=f"unspeakable {text}") for text in UNSPEAKABLE),
            line(TEXT, second, line_id="the other voice"),
            line(TEXT, first, line_id="slower", pace=0.8),
            line(TEXT, first, line_id="faster", pace=1.25),
        ]
        late = [line(OTHER, second, line_id="late"), line(TEXT, first, line_id="again")]
        session.submit(batch)
        session.submit(late)
        finished = drained(session, len(batch) + len(late))
        order = tuple(take.line_id for take in finished)
        return Rehearsal(order=order, takes={take.line_id: take for take in finished}, idle=session.poll(0.0))

    def test_it_says_what_it_is_before_its_weights_are_loaded(self, engine: Engine) -> None:
        """The information names the engine as it was asked for, with languages, voices and limits that can be used."""
        info = engine.info
        assert info.name == self.name
        assert info.audio_version >= 1
        assert info.sample_rate_hz >= 16_000
        assert info.max_chars >= 100
        assert info.languages
        assert info.voice_kinds
        assert 5 < info.chars_per_s < 30

    def test_identity_and_revision_are_the_same_when_asked_again(self, engine: Engine) -> None:
        """Asked twice, and by another instance, a voice has one identity and one revision, in strings."""
        profile = self.profile(self.voices[0])
        assert dict(engine.identity(profile)) == dict(registry.load(self.name).identity(profile))
        assert all(isinstance(value, str) for value in engine.identity(profile).values())
        assert engine.revision(profile) == registry.load(self.name).revision(profile) != ""

    def test_two_voices_have_two_identities(self, engine: Engine) -> None:
        """Voices that sound different cannot share a take."""
        first, second = (dict(engine.identity(self.profile(voice))) for voice in self.voices)
        assert first != second

    def test_a_voice_is_not_known_by_its_name_in_the_project(self, engine: Engine) -> None:
        """Renaming a voice changes no recipe."""
        profile = self.profile(self.voices[0])
        renamed = VoiceProfile(name="another name", source=profile.source)
        assert dict(engine.identity(profile)) == dict(engine.identity(renamed))

    def test_what_it_cannot_say_it_tells(self, engine: Engine) -> None:
        """Each letter that it cannot say is told once, in order, and a line in its own language has none."""
        assert engine.unspoken(FOREIGN) == self.unspoken
        assert engine.unspoken(TEXT) == engine.unspoken("") == ""

    def test_an_unknown_voice_is_refused(self, engine: Engine) -> None:
        """A voice that the engine lacks is an error that names the voice and says what to do."""
        for ask in (engine.identity, engine.prepare):
            with pytest.raises(ProjectError) as refusal:
                ask(self.profile(self.unknown_voice))
            assert self.unknown_voice in refusal.value.message
            assert refusal.value.hint

    def test_a_prompt_survives_the_store_and_another_process(self, engine: Engine) -> None:
        """A prompt is picklable, its facts are JSON scalars and its arrays are plain numbers."""
        prompt = engine.prepare(self.profile(self.voices[0]))
        again = pickle.loads(pickle.dumps(prompt))
        assert again.voice == prompt.voice == self.voices[0]
        assert json.loads(json.dumps(dict(prompt.facts))) == dict(again.facts)
        assert all(array.dtype.kind in "fiub" for array in prompt.arrays.values())

    def test_every_line_comes_back_once(self, rehearsal: Rehearsal, session: Session) -> None:
        """All ids come back, each once, and nothing comes when nothing is queued; one at a time means in order."""
        expected = ["a line", *(f"unspeakable {text}" for text in UNSPEAKABLE)]
        expected += ["the other voice", "slower", "faster", "late", "again"]
        assert sorted(rehearsal.order) == sorted(expected)
        assert rehearsal.idle == ()
        if session.slots == 1:
            assert list(rehearsal.order) == expected

    def test_takes_are_sound(self, rehearsal: Rehearsal) -> None:
        """Takes are mono float32 in [-1, 1], finite, and complete."""
        for take in rehearsal.takes.values():
            assert take.samples.dtype == np.float32
            assert take.samples.ndim == 1
            assert np.isfinite(take.samples).all()
            assert np.abs(take.samples).max(initial=0) <= 1
            assert take.ended is Ended.EOS

    def test_a_line_is_as_long_as_its_words(self, rehearsal: Rehearsal, engine: Engine) -> None:
        """A line takes between half and twice the time that the engine's speed of speech foretells."""
        expected = len(TEXT) / engine.info.chars_per_s * engine.info.sample_rate_hz
        for name in ("a line", "the other voice"):
            samples = rehearsal.takes[name].samples
            assert expected / 2 < len(samples) < expected * 2
            assert np.abs(samples).max() > 0.02

    def test_where_there_is_nothing_to_say_nothing_is_said(self, rehearsal: Rehearsal) -> None:
        """Nothing, points, quotation marks and pictures give a take without samples."""
        for text in UNSPEAKABLE:
            assert len(rehearsal.takes[f"unspeakable {text}"].samples) == 0, text

    def test_a_line_sounds_the_same_whoever_is_beside_it(self, rehearsal: Rehearsal) -> None:
        """The same line with the same seed is the same take, whatever was spoken in between."""
        assert np.array_equal(rehearsal.takes["a line"].samples, rehearsal.takes["again"].samples)

    def test_takes_do_not_share_memory(self, rehearsal: Rehearsal) -> None:
        """Who changes one take changes no other."""
        assert not np.shares_memory(rehearsal.takes["a line"].samples, rehearsal.takes["again"].samples)

    def test_voices_differ(self, rehearsal: Rehearsal) -> None:
        """The same words in two voices are two takes."""
        first, second = (rehearsal.takes[name].samples for name in ("a line", "the other voice"))
        assert len(first) != len(second) or not np.allclose(first, second)

    def test_pace_is_a_factor_on_speed(self, rehearsal: Rehearsal) -> None:
        """Faster is shorter and slower is longer, roughly by the factor."""
        slower, usual, faster = (len(rehearsal.takes[name].samples) for name in ("slower", "a line", "faster"))
        assert slower > usual * 1.1
        assert faster < usual / 1.1

    def test_another_seed_is_another_take_where_the_engine_says_so(self, session: Session, engine: Engine) -> None:
        """`seeded` is true if and only if the seed changes the sound."""
        (one,) = spoken(session, [line(OTHER, self.voices[0], seed=1)])
        (two,) = spoken(session, [line(OTHER, self.voices[0], seed=2**63 - 1)])
        same = len(one.samples) == len(two.samples) and np.array_equal(one.samples, two.samples)
        assert same is not engine.info.seeded

    def test_a_line_in_a_voice_that_was_not_opened_is_refused(self, session: Session) -> None:
        """Such a line is a programming mistake, found when it is submitted, and its mates are not spoken either."""
        with pytest.raises(ValueError, match="stranger"):
            session.submit([line(OTHER, self.voices[0]), line(OTHER, "stranger")])
        assert session.poll(0.0) == ()

    def test_the_longest_line_is_spoken_to_its_end(self, session: Session, engine: Engine) -> None:
        """A line of `max_chars` is complete and as long as its words."""
        text = (WORDS * (engine.info.max_chars // len(WORDS) + 1))[: engine.info.max_chars]
        (take,) = spoken(session, [line(text, self.voices[0])])
        expected = len(text) / engine.info.chars_per_s * engine.info.sample_rate_hz
        assert take.ended is Ended.EOS
        assert expected / 2 < len(take.samples) < expected * 2

    def test_a_closed_session_drops_what_was_queued(self, engine: Engine) -> None:
        """After closing, nothing is spoken any more."""
        session = engine.open([engine.prepare(self.profile(self.voices[0]))])
        session.submit([line(OTHER, self.voices[0])])
        session.close()
        assert session.poll(0.0) == ()
