"""Several errors told as one, so that a project is mended in one go."""

from collections.abc import Sequence

from narrator.errors import NarratorError, ProjectError
from narrator.settings.spelling import visible


def together(errors: Sequence[NarratorError]) -> NarratorError:
    """One error that tells them all; of the first kind among them that is a mistake in the project, if any is.

    Args:
        errors: At least one.
    """
    kind = type(next((error for error in errors if isinstance(error, ProjectError)), errors[0]))
    told = [kind(visible(error.message), hint=visible(error.hint)) for error in errors]
    return told[0] if len(told) == 1 else kind("\n".join(map(str, told)))
