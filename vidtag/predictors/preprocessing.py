"""What is done to a picture before the network sees it, by name: the same in training, evaluation and on films.

First a picture is placed into the network's input, which needs to know it as it was; the film reader lets ffmpeg do
that. Then the small frame may be changed once more, which every predictor does by itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.fitting import fit_inside
from vidtag.errors import OptionError, SetupError

Frames = NDArray[np.uint8]

# Weight of the total variation against the likeness, for values 0-1: grain goes, drawn lines stay.
_DENOISE_WEIGHT = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Preprocessing:
    """One way to prepare pictures.

    Attributes:
        keeps_aspect: whether a picture is fitted into the input with black around it; else it is stretched.
        cuts_boxes: whether only the box around a character is used where one is known; films have none.
        finish: changes (n, height, width, 3) uint8 frames in the network's input size, each by itself.
        arguments: what the network is built with in addition, because its first layers do the work.
    """

    keeps_aspect: bool = True
    cuts_boxes: bool = False
    finish: Callable[[Frames], Frames] = lambda frames: frames
    arguments: Mapping[str, Any] = field(default_factory=dict)


def denoise(frames: Frames) -> Frames:
    """Smooth frames by total variation (Chambolle, 2004): flat parts become flat, edges stay.

    Args:
        frames: (n, height, width, 3) uint8 RGB.

    Raises:
        SetupError: scikit-image is not installed.
    """
    try:
        from skimage.restoration import denoise_tv_chambolle
    except ImportError as error:
        raise SetupError("denoise needs scikit-image; `pip install 'vidtag[denoise]'` adds it") from error
    changed = np.empty_like(frames)
    for index, frame in enumerate(frames):
        smooth = denoise_tv_chambolle(frame.astype(np.float32) / 255, weight=_DENOISE_WEIGHT, channel_axis=-1)
        changed[index] = np.clip(np.rint(smooth * 255), 0, 255)
    return changed


PREPROCESSINGS: Mapping[str, Preprocessing] = {
    "pad": Preprocessing(),
    "resize": Preprocessing(keeps_aspect=False),
    "crop": Preprocessing(cuts_boxes=True),
    "denoise": Preprocessing(finish=denoise),
    "super-resolution": Preprocessing(arguments={"super_resolution": 16}),
}


def find_preprocessing(name: str) -> Preprocessing:
    """Give what `PREPROCESSINGS` holds under a name.

    Raises:
        OptionError: nothing.
    """
    if name not in PREPROCESSINGS:
        raise OptionError(f"no preprocessing is called {name!r}; there are: {', '.join(PREPROCESSINGS)}")
    return PREPROCESSINGS[name]


def to_picture_fractions(
    points: NDArray[np.floating[Any]],
    picture_size: tuple[int, int],
    input_size: tuple[int, int],
    preprocessing: Preprocessing,
) -> NDArray[np.float32]:
    """Say where points of a network's input lie in the picture that was placed there.

    Args:
        points: (..., 2) x and y as fractions of the input's width and height.
        picture_size: (height, width) of the picture in px, square pixels.
        input_size: (height, width) of the input in px.
        preprocessing: how the picture was placed.

    Returns:
        (..., 2) float32, x and y as fractions of the picture; points beside it are moved to its edge.
    """
    if not preprocessing.keeps_aspect:
        return np.clip(np.asarray(points, np.float32), 0, 1)
    place = fit_inside(picture_size[1], picture_size[0], input_size[1], input_size[0])
    corner, size = np.array([place.left, place.top]), np.array([place.width, place.height])
    inside = (np.asarray(points) * np.array(input_size[::-1]) - corner) / size
    return np.clip(np.asarray(inside, np.float32), 0, 1)
