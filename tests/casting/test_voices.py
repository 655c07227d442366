"""Voices of a project."""

from pathlib import Path

import pytest

from narrator.casting.voices import gender_of
from narrator.domain import (
    Builtin,
    Cloned,
    Delivery,
    Designed,
    Gender,
    Preset,
    Rights,
    VoiceProfile,
    VoiceSource,
)
from narrator.errors import ProjectError
from tests.casting.scripts import cast_of


def voice(folder: Path, options: str) -> VoiceProfile:
    """The one voice of a project, from its YAML."""
    return cast_of(folder, f"{{v: {options}}}", "{narrator: v}").voices[0]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project's folder with a clip and its transcript."""
    folder = tmp_path / "project"
    (folder / "voices").mkdir(parents=True)
    (folder / "voices" / "reed.wav").write_bytes(b"RIFF")
    (folder / "voices" / "reed.txt").write_text("I never said\nI would stay.\n", "utf-8")
    return folder


@pytest.mark.parametrize(
    ("options", "source"),
    [
        ("{design: an old man}", Designed(description="an old man")),
        ("{preset: ryan, style: amused}", Preset(speaker="ryan")),
        ("{kokoro: 0.6*bf_emma+0.4*af_heart}", Builtin(engine="kokoro", voice="0.6*bf_emma+0.4*af_heart")),
        ("{hibari: alto}", Builtin(engine="hibari", voice="alto")),
        ("{tone: 220}", Builtin(engine="tone", voice="220")),
        ("{tone: 220.5}", Builtin(engine="tone", voice="220.5")),
        ("{engine: plug, voice: x}", Builtin(engine="plug", voice="x")),
    ],
)
def test_each_kind_of_voice_is_read(options: str, source: VoiceSource, tmp_path: Path) -> None:
    """One key says what a voice is made from."""
    assert voice(tmp_path, options).source == source


@pytest.mark.parametrize(
    "options",
    [
        "{clone: {audio: voices/reed.wav, text: voices/reed.txt}, rights: {kind: own}}",
        "{clone: {audio: voices/reed.wav, text: I never said I would stay.}, rights: {kind: own}}",
        "{ref_audio: voices/reed.wav, ref_text: I never said I would stay., rights: {kind: own}}",
        "{ref_audio: voices/reed.wav, ref_text: voices/reed.txt, rights: {kind: own}}",
    ],
)
def test_a_clone_is_written_in_any_of_the_usual_ways(options: str, project: Path) -> None:
    """Transcripts stand in the project or in a file, and the keys are ours or those of Qwen's examples."""
    expected = Cloned(audio=project / "voices" / "reed.wav", transcript="I never said I would stay.")
    assert voice(project, options).source == expected


def test_a_clone_needs_no_transcript_when_it_says_so(project: Path) -> None:
    """With x_vector_only the transcript is no cause of the sound and is left out."""
    for clone in (
        "clone: {audio: voices/reed.wav, x_vector_only: true}",
        "ref_audio: voices/reed.wav, x_vector_only: true",
    ):
        source = voice(project, f"{{{clone}, rights: {{kind: own}}}}").source
        assert source == Cloned(audio=project / "voices" / "reed.wav", x_vector_only=True)


def test_everything_about_a_voice_is_kept(project: Path) -> None:
    """Delivery, gender, level and rights go into the profile."""
    options = "{design: x, gender: male, pace: 0.9, style: dry, level: -2dB, rights: {kind: own, speaker: M. Reed}}"
    assert voice(project, options) == VoiceProfile(
        name="v",
        source=Designed(description="x"),
        delivery=Delivery(pace=0.9, style="dry"),
        gender=Gender.MALE,
        rights=Rights(kind="own", speaker="M. Reed"),
        level_db=-2.0,
    )


def test_a_link_out_of_the_project_is_no_way_out(project: Path) -> None:
    """Files are judged by where they really lie."""
    (project.parent / "secret.wav").write_bytes(b"RIFF")
    (project / "voices" / "link.wav").symlink_to(project.parent / "secret.wav")
    with pytest.raises(ProjectError, match=r"voices/link\.wav lies outside the project's folder"):
        voice(project, "{clone: {audio: voices/link.wav, text: Hm.}, rights: {kind: own}}")


def test_a_link_inside_the_project_is_followed(project: Path) -> None:
    """A link to another clip of the project is that clip."""
    (project / "voices" / "link.wav").symlink_to(project / "voices" / "reed.wav")
    source = voice(project, "{clone: {audio: voices/link.wav, text: Hm.}, rights: {kind: own}}").source
    assert isinstance(source, Cloned)


def test_a_ring_of_links_is_no_file(project: Path) -> None:
    """What cannot be resolved is not there."""
    (project / "a.wav").symlink_to(project / "b.wav")
    (project / "b.wav").symlink_to(project / "a.wav")
    with pytest.raises(ProjectError, match=r"no file a\.wav"):
        voice(project, "{clone: {audio: a.wav, text: Hm.}, rights: {kind: own}}")


@pytest.mark.parametrize(
    ("source", "gender"),
    [
        (Builtin(engine="kokoro", voice="bf_emma"), Gender.FEMALE),
        (Builtin(engine="kokoro", voice="am_onyx"), Gender.MALE),
        (Builtin(engine="kokoro", voice="0.3*bf_emma+0.7*am_onyx"), Gender.MALE),
        (Builtin(engine="kokoro", voice="bf_emma + am_onyx"), Gender.UNKNOWN),
        (Builtin(engine="kokoro", voice="nonsense"), Gender.UNKNOWN),
        (Builtin(engine="hibari", voice="girl"), Gender.FEMALE),
        (Builtin(engine="hibari", voice="bass"), Gender.MALE),
        (Builtin(engine="tone", voice="220"), Gender.UNKNOWN),
        (Preset(speaker="Ryan"), Gender.MALE),
        (Preset(speaker="someone"), Gender.UNKNOWN),
        (Designed(description="An elderly woman, hoarse"), Gender.FEMALE),
        (Designed(description="a man who was raised by women"), Gender.UNKNOWN),
        (Cloned(audio=Path("a.wav")), Gender.UNKNOWN),
    ],
)
def test_gender_is_what_the_maker_says(source: VoiceSource, gender: Gender) -> None:
    """Built-in voices by their names, designs by their words, recordings not at all."""
    assert gender_of(source) is gender
