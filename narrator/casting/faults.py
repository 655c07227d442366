"""Several errors told as one, so that a project is mended in one go."""

from collections.abc import Sequence

from narrator.errors import NarratorError, ProjectError


def together(errors: Sequence[NarratorError]) -> NarratorError:
    """One error that tells them all; of the first kind among them that is a mistake in the project, if any is.

    Args:
        errors: At least one.
    """
    if len(errors) == 1:
        return errors[0]
    kind = type(next((error for error in errors if isinstance(error, ProjectError)), errors[0]))
    return kind("\n".join(str(error) for error in errors))
