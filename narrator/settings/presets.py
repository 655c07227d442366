"""Presets that a project names: beside the project first, then as they came with narrator."""

import re
from pathlib import Path

from narrator.errors import ProjectError
from narrator.settings.document import Document, load
from narrator.settings.options import MasteringProfile, ProjectOptions
from narrator.settings.spelling import did_you_mean


def find_preset(kind: str, name: str, root: Path) -> Path:
    """The file of a preset.

    Args:
        kind: The folder under configs/: `mastering`.
        name: The file's name without `.yaml`.
        root: The project's folder; its own `configs/` comes first.

    Raises:
        ProjectError: There is none of that name.
    """
    folders = [folder / kind for folder in (root / "configs", *_packaged())]
    if re.fullmatch(r"[\w-]+(\.[\w-]+)*", name):
        for folder in folders:
            if (path := folder / f"{name}.yaml").is_file():
                return path
    known = sorted({path.stem for folder in folders for path in folder.glob("*.yaml")})
    raise ProjectError(
        f"no {kind} preset is called '{name}'{did_you_mean(name, known)}",
        hint=f"There are {', '.join(known) or 'none'}. Your own go to configs/{kind}/ beside project.yaml.",
    )


def read_mastering(project: Document[ProjectOptions], root: Path) -> MasteringProfile:
    """The mastering profile that a project names; a preset file without keys is the standard.

    Raises:
        ProjectError: There is none of that name, or something is wrong with it.
    """
    try:
        path = find_preset("mastering", project.value.sound.profile, root)
    except ProjectError as error:
        raise ProjectError(f"{project.where('sound', 'profile')}: {error.message}", hint=error.hint) from error
    return load(path, MasteringProfile, empty=MasteringProfile()).value


def _packaged() -> tuple[Path, ...]:
    """Inside an installed wheel; and at the root of a checkout."""
    package = Path(__file__).parent.parent
    return package / "configs", package.parent / "configs"
