"""The voices of a project.yaml → voice profiles."""

import re
from collections.abc import Iterable
from pathlib import Path

from narrator.casting.faults import together
from narrator.casting.fetching import fetched_file
from narrator.domain import Builtin, Cloned, Delivery, Designed, Gender, Preset, Rights, VoiceProfile, VoiceSource
from narrator.errors import NarratorError, ProjectError, RightsError
from narrator.settings.document import Document, read_text
from narrator.settings.options import CloneOptions, ProjectOptions, VoiceOptions
from narrator.settings.spelling import did_you_mean
from narrator.transfers import web_address

HIBARI = {
    "heart": Gender.FEMALE,
    "girl": Gender.FEMALE,
    "alto": Gender.FEMALE,
    "tenor": Gender.MALE,
    "bass": Gender.MALE,
}
"""hibari's five voices that are never taken for one another."""
_SPEAKERS = {
    # Qwen3-TTS CustomVoice, by its model card.
    **dict.fromkeys(("vivian", "serena", "ono_anna", "sohee"), Gender.FEMALE),
    **dict.fromkeys(("uncle_fu", "dylan", "eric", "ryan", "aiden"), Gender.MALE),
}
_FEMALE = re.compile(r"\b(female|woman|women|girl|lady|mother|grandmother|actress|feminine)\b", re.IGNORECASE)
_MALE = re.compile(r"\b(male|man|men|boy|gentleman|father|grandfather|actor|masculine)\b", re.IGNORECASE)


def read_voices(project: Document[ProjectOptions], root: Path) -> tuple[VoiceProfile, ...]:
    """Every voice of the project, in the order of the file.

    Raises:
        ProjectError: Everything that is wrong with the voices, one line each.
        RightsError: Nothing is wrong but that a cloned voice says nothing of its rights.
    """
    profiles: list[VoiceProfile] = []
    errors: list[NarratorError] = []
    for name in project.value.voices:
        try:
            profiles.append(_profile(project, name, root))
        except NarratorError as error:
            errors.append(error)
    if errors:
        raise together(errors)
    return tuple(profiles)


def _profile(project: Document[ProjectOptions], name: str, root: Path) -> VoiceProfile:
    options, where = project.value.voices[name], project.where("voices", name)
    source = _source(project, name, root)
    if isinstance(source, Cloned) and options.rights is None:
        raise RightsError(
            f"{where}: voices.{name} is cloned from a recording, and nothing says that it may be",
            hint=f'Add under voices.{name}: `rights: {{kind: own, speaker: "NAME"}}` (or licensed, public-domain, '
            "synthetic).",
        )
    return VoiceProfile(
        name=name,
        source=source,
        delivery=Delivery(pace=options.pace, style=options.style.strip()),
        gender=options.gender if options.gender is not Gender.UNKNOWN else gender_of(source),
        rights=Rights(kind=options.rights.kind, speaker=options.rights.speaker, note=options.rights.note)
        if options.rights
        else None,
        level_db=options.level,
        where=where,
        home=project.beside("voices", name, "design"),
    )


def _source(project: Document[ProjectOptions], name: str, root: Path) -> VoiceSource:
    """The one thing that a voice is made from."""
    options, what = project.value.voices[name], f"{project.where('voices', name)}: voices.{name}"
    _check_kind(options, what)
    if clone := _clone(options):
        keys = ("voices", name, "ref_audio" if options.ref_audio is not None else "clone")
        home = project.beside(*keys) or root
        if web_address(clone.audio):
            return _cloned(clone, fetched_file(root, clone.audio, what), what, home)
        return _cloned(clone, project_file(home, clone.audio, what), what, home)
    if options.design is not None:
        return Designed(description=options.design)
    if options.preset is not None:
        return Preset(speaker=options.preset)
    for engine in ("kokoro", "hibari", "tone"):
        if (voice := getattr(options, engine)) is not None:
            return Builtin(engine=engine, voice=voice.strip() if isinstance(voice, str) else f"{voice:g}")
    return Builtin(engine=options.engine or "", voice=options.voice or "")


def _check_kind(options: VoiceOptions, what: str) -> None:
    kinds = ("clone", "ref_audio", "design", "preset", "kokoro", "hibari", "tone", "engine")
    given = [kind for kind in kinds if getattr(options, kind) is not None]
    if not given:
        raise ProjectError(
            f"{what} does not say what it is",
            hint="Give it one of clone, design, preset, kokoro, hibari or tone; such as `kokoro: af_heart`.",
        )
    if len(given) > 1:
        raise ProjectError(f"{what} is both {' and '.join(given)}", hint="Keep one of them.")
    if given == ["engine"] and options.voice is None:
        raise ProjectError(f"{what} names an engine and no voice of it", hint="Add `voice: NAME`.")
    if given != ["engine"] and options.voice is not None:
        raise ProjectError(f"{what} has `voice` without `engine`", hint="`voice` names a voice of a plug-in engine.")
    if given != ["ref_audio"] and (options.ref_text is not None or options.x_vector_only is not None):
        key = "ref_text" if options.ref_text is not None else "x_vector_only"
        raise ProjectError(
            f"{what} has `{key}` without `ref_audio`", hint="Inside `clone` write `text`, `x_vector_only`."
        )
    blank = [kind for kind in (*given, "voice") if isinstance(text := getattr(options, kind), str) and not text.strip()]
    if blank:
        raise ProjectError(f"{what}.{blank[0]} is empty", hint="Fill it in.")


def _clone(options: VoiceOptions) -> CloneOptions | None:
    if options.ref_audio is None:
        return options.clone
    return CloneOptions(
        audio=options.ref_audio, text=options.ref_text or "", x_vector_only=options.x_vector_only or False
    )


def _cloned(clone: CloneOptions, audio: Path, what: str, home: Path) -> Cloned:
    if clone.x_vector_only:
        return Cloned(audio=audio, x_vector_only=True)  # a transcript would change nothing that is heard
    transcript = _transcript(clone.text.strip(), what, home)
    if not transcript:
        raise ProjectError(
            f"{what} is cloned without a transcript",
            hint="Add `text:` with the words of the recording, or `x_vector_only: true` for a weaker likeness.",
        )
    return Cloned(audio=audio, transcript=transcript)


def _transcript(text: str, what: str, root: Path) -> str:
    if not text.casefold().endswith(".txt"):
        return text
    return " ".join(read_text(project_file(root, text, what)).split())


def project_file(root: Path, name: str, what: str) -> Path:
    """A file that exists inside the project's folder, links followed.

    Raises:
        ProjectError: Outside, not there, or not a file; `what` begins the message.
    """
    path = root / name
    try:
        real = path.resolve()
        if not real.is_relative_to(root.resolve()):
            raise ProjectError(
                f"{what}: {name} lies outside the project's folder", hint="Copy the file into the folder and name it."
            )
        there = real.is_file()
    except (OSError, ValueError, RuntimeError):  # a name too long, a null in it, a ring of links
        there = False
    if not there:
        siblings = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
        near = did_you_mean(path.name, siblings) if path.name not in siblings else ""
        raise ProjectError(f"{what}: no file {name}{near}", hint="Names of files are taken from the project's folder.")
    return path


def gender_of(source: VoiceSource) -> Gender:
    """What a voice's maker or its description says; unknown for recordings."""
    match source:
        case Builtin(engine="kokoro", voice=voice):
            return _kokoro_gender(voice)
        case Builtin(engine="hibari", voice=voice):
            return HIBARI.get(voice, Gender.UNKNOWN)
        case Preset(speaker=speaker):
            return _SPEAKERS.get(speaker.casefold(), Gender.UNKNOWN)
        case Designed(description=text):
            female, male = _FEMALE.search(text) is not None, _MALE.search(text) is not None
            return Gender.UNKNOWN if female == male else Gender.FEMALE if female else Gender.MALE
        case _:
            return Gender.UNKNOWN


def _kokoro_gender(mix: str) -> Gender:
    """The gender that outweighs the other in `0.6*bf_emma+0.4*af_heart`."""
    weights = {"f": 0.0, "m": 0.0}
    for weight, letter in _terms(mix):
        weights[letter] += weight
    if weights["f"] == weights["m"]:
        return Gender.UNKNOWN
    return Gender.FEMALE if weights["f"] > weights["m"] else Gender.MALE


def _terms(mix: str) -> Iterable[tuple[float, str]]:
    for term in mix.split("+"):
        if match := re.fullmatch(r"\s*(?:(\d*\.?\d+)\s*\*)?\s*[a-z]([fm])_\w+\s*", term):
            yield float(match[1] or 1), match[2]
