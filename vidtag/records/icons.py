"""The icons for scores out of a file, which hold none: those of the model that made them, or of a given one."""

from vidtag.cast import Cast
from vidtag.errors import BundleError, OptionError
from vidtag.records.bundles import find_bundle
from vidtag.scores import Scores


def cast_with_icons(scores: Scores, model: str | None) -> tuple[Cast, tuple[str, ...]]:
    """Take names and icons from a model, or else from the one that made the scores, if it is here and has their cast.

    Returns:
        The cast, and a line if nobody's icon was found.

    Raises:
        BundleError: the given model is not there.
        OptionError: it has another cast than the scores.
    """
    made_by = scores.provenance.model
    if model is not None:
        cast = find_bundle(model).cast
        if cast.ids != scores.cast.ids:
            raise OptionError(f"the model {model} has another cast than the scores, which the model {made_by} made")
        return cast, ()
    if any(character.icon for character in scores.cast):  # fresh from the network, not out of a file
        return scores.cast, ()
    try:
        cast = find_bundle(made_by).cast
    except BundleError:
        cast = scores.cast
    if cast is scores.cast or cast.ids != scores.cast.ids:
        return scores.cast, (
            f"the model {made_by} is not installed here, so the bar shows initials; --model takes a path",
        )
    return cast, ()
