"""How a picture is placed into a network's input: scaled to fit, centred, the rest black. Never distorted."""

from dataclasses import dataclass
from fractions import Fraction

from vidtag.errors import ShapeError


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the scaled picture lies in the input, all in pixels: size, and left and top edge."""

    width: int
    height: int
    left: int
    top: int


def fit_inside(
    width: int, height: int, input_width: int, input_height: int, sample_aspect: Fraction = Fraction(1)
) -> Placement:
    """Scale a picture to the largest size that fits the input and centre it.

    Args:
        width: stored width of the picture in px, >= 1.
        height: stored height in px, >= 1.
        input_width: width of the network's input in px, >= 1.
        input_height: height of the input in px, >= 1.
        sample_aspect: width of one stored pixel over its height, > 0.

    Returns:
        The placement; sizes are rounded half up and at least 1, odd margins put the extra pixel right and below.

    Raises:
        ShapeError: a size is below 1 or the aspect not above 0.

    >>> fit_inside(640, 480, 192, 144)
    Placement(width=192, height=144, left=0, top=0)
    >>> fit_inside(1280, 720, 192, 144)
    Placement(width=192, height=108, left=0, top=18)
    """
    if min(width, height, input_width, input_height) < 1 or sample_aspect <= 0:
        raise ShapeError(
            f"cannot fit {width}x{height} (pixel aspect {sample_aspect}) into {input_width}x{input_height}"
        )
    shown = width * sample_aspect
    scale = min(input_width / shown, Fraction(input_height, height))
    fitted_width = min(max(1, int(shown * scale + Fraction(1, 2))), input_width)
    fitted_height = min(max(1, int(height * scale + Fraction(1, 2))), input_height)
    left, top = (input_width - fitted_width) // 2, (input_height - fitted_height) // 2
    return Placement(fitted_width, fitted_height, left, top)
