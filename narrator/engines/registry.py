"""Which engines are installed, and which one speaks the voices of a cast.

Engines are found by their entry points (group `narrator.engines`); ours register like anyone's. Asking for their names
imports none of them.
"""

from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any

from narrator.domain import Builtin, Cloned, Designed, Preset, VoiceProfile
from narrator.engines.protocol import Configurable, Engine
from narrator.errors import EngineError, LanguageError, MissingError, UsageError
from narrator.settings.spelling import did_you_mean

if TYPE_CHECKING:
    from narrator.settings.options import EngineOptions

GROUP = "narrator.engines"
AUTO = "auto"
ANY_LANGUAGE = "mul"
"""BCP 47's subtag for many languages: the engine does not mind which."""
DRAFT = "(To hear it now in the nearest embedded voices, add --preview; --draft is quicker.)"


def names() -> tuple[str, ...]:
    """The installed engines, in alphabetical order."""
    return tuple(_installed())


def load(name: str, options: "EngineOptions | None" = None) -> Engine:
    """An engine, constructed, and configured where it can be; its weights are not loaded.

    Args:
        name: Of its entry point.
        options: The project's; none = the engine as it is by itself.

    Raises:
        UsageError: No engine of that name is installed.
        MissingError: Something that it needs to be imported is not installed.
    """
    installed = _installed()
    if name not in installed:
        near = did_you_mean(name, (*installed, AUTO))
        raise UsageError(f"no engine is called {name!r} here{near}", hint=f"Installed: {', '.join(installed)}.")
    try:
        made: Any = installed[name].load()
    except ImportError as error:
        raise MissingError(
            f"the engine {name} cannot be imported: {error}", hint=_reinstall(installed[name])
        ) from error
    return configured(made(), options)


def configured(engine: Engine, options: "EngineOptions | None") -> Engine:
    """An engine as the options want it; the same where it takes none or there are none."""
    return engine.configured(options) if options is not None and isinstance(engine, Configurable) else engine


def choose(
    use: str, voices: Sequence[VoiceProfile], language: str, options: "EngineOptions | None" = None
) -> tuple[Engine, str]:
    """The engine that speaks all these voices, and why it was taken.

    Args:
        use: An engine's name, or `auto`: the first, by name, that speaks every voice as it is and has the
            weights to do so. Never another voice.
        voices: The voices of the cast.
        language: Of the book, BCP 47.
        options: Handed to engines that can be configured; their `use` is not looked at.

    Raises:
        UsageError: No engine is called `use`.
        EngineError: A voice would need an engine that is not there, or the voices need different ones.
        LanguageError: It does not speak the book's language.
        MissingError: The engine called `use` cannot be imported.
    """
    if use != AUTO:
        engine, why = load(use, options), "asked for"
        if lacking := _lacking(engine, voices):
            raise EngineError(
                f"the engine {use} cannot speak {_needs(lacking)}",
                hint=f"Say `use: auto`, or choose other voices. {DRAFT}",
            )
    else:
        engine = _first_for(voices, options)
        why = f"speaks all voices of the cast ({', '.join(sorted({voice_kind(voice) for voice in voices}))})"
    _check_language(engine, language)
    return engine, why


def voice_kind(voice: VoiceProfile) -> str:
    """What an engine must have to speak this voice: one of its `voice_kinds`."""
    match voice.source:
        case Cloned():
            return "clone"
        case Designed():
            return "design"
        case Preset():
            return "preset"
        case Builtin(engine=engine):
            return engine


def _first_for(voices: Sequence[VoiceProfile], options: "EngineOptions | None") -> Engine:
    engines: list[Engine] = []
    broken: list[MissingError] = []
    mute: list[MissingError] = []
    for name in names():
        try:
            engines.append(load(name, options))
        except MissingError as error:
            broken.append(error)
    for engine in engines:
        if not _lacking(engine, voices):
            try:
                for voice in voices:
                    engine.revision(voice)
            except MissingError as error:  # it speaks such voices, and its weights are not here
                mute.append(error)
            else:
                return engine
    why = "".join(f"; {message}" for message in dict.fromkeys(error.message for error in mute or broken))
    hint = mute[0].hint if mute else _mend(voices, frozenset().union(*(engine.info.voice_kinds for engine in engines)))
    raise EngineError(f"no engine here speaks all of these voices: {_needs(voices)}{why}", hint=f"{hint} {DRAFT}")


def _mend(voices: Sequence[VoiceProfile], known: frozenset[str]) -> str:
    unknown = sorted({voice_kind(voice) for voice in voices} - known)
    if unknown:
        return f"Install an engine for {', '.join(unknown)}."
    return "Each is spoken by some engine, but one build has one: choose voices of one kind."


def _lacking(engine: Engine, voices: Sequence[VoiceProfile]) -> tuple[VoiceProfile, ...]:
    return tuple(voice for voice in voices if voice_kind(voice) not in engine.info.voice_kinds)


def _needs(voices: Sequence[VoiceProfile]) -> str:
    """`a, b (clone); c (kokoro)`."""
    kinds = dict.fromkeys(voice_kind(voice) for voice in voices)
    return "; ".join(f"{', '.join(v.name for v in voices if voice_kind(v) == kind)} ({kind})" for kind in kinds)


def _check_language(engine: Engine, language: str) -> None:
    spoken = engine.info.languages
    if spoken.isdisjoint({ANY_LANGUAGE, language.lower().partition("-")[0]}):
        raise LanguageError(
            f"the engine {engine.info.name} does not speak {language!r}; it speaks {', '.join(sorted(spoken))}",
            hint="If the book says its language wrongly, give the right one as `book: {language: …}`.",
        )


def _installed() -> dict[str, EntryPoint]:
    found = sorted(entry_points(group=GROUP), key=lambda entry: entry.name)
    return {entry.name: entry for entry in found}


def _reinstall(entry: EntryPoint) -> str:
    package = entry.dist.name if entry.dist else entry.value
    return f"Run: pip install --upgrade {package}"
