"""The bar's strips in the colours of the picture they come under: converted once a look, not by ffmpeg every time."""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Values = NDArray[np.float32]

KEPT_BYTES = 16 * 2**20
"""How much is remembered, strips and what they were converted to; what was used longest ago goes first."""

# The shares of red and of blue in luma (ITU-T H.273, matrix coefficients).
_SHARES = {
    "bt709": (0.2126, 0.0722),
    "fcc": (0.30, 0.11),
    "bt470bg": (0.299, 0.114),
    "smpte170m": (0.299, 0.114),
    "smpte240m": (0.212, 0.087),
    "bt2020nc": (0.2627, 0.0593),
}


@dataclass(frozen=True, slots=True)
class StripFormat:
    """What ffmpeg is given.

    Attributes:
        laid_under: ffmpeg's name of the picture's format: `yuv420p`, `yuv422p` or `yuv444p`, with `j` or `10le`. ffmpeg
            knows no others that have a twin with alpha, and refuses them.
        matrix: ffmpeg's name of the matrix that the picture is meant by.
        full_range: whether the picture takes all values, or those of television.
    """

    laid_under: str
    matrix: str
    full_range: bool

    @property
    def pixel_format(self) -> str:
        """Ffmpeg's name of it: the picture's with alpha, which its overlay asks for."""
        return "yuva" + self.laid_under.removeprefix("yuvj").removeprefix("yuv")

    def convert(self, strip: NDArray[np.uint8]) -> Bytes:
        """Convert a strip.

        Chroma lies on every second column, between every two lines: as in MPEG-2, and in H.264 that says nothing.

        Args:
            strip: (height, width, 3) uint8 RGB; both even.

        Returns:
            (bytes,) uint8, its planes one behind the other: luma, two of chroma, and alpha, which is opaque.
        """
        bits, wide = (10, "<u2") if self.laid_under.endswith("10le") else (8, "u1")
        peak, unit = 2**bits - 1, 2 ** (bits - 8)
        red, blue = _SHARES[self.matrix]
        rgb: Values = np.divide(strip, 255, dtype=np.float32)
        luma = rgb @ np.array([red, 1 - red - blue, blue], np.float32)
        from_blue = self._thinned((rgb[..., 2] - luma) / np.float32(2 - 2 * blue))
        from_red = self._thinned((rgb[..., 0] - luma) / np.float32(2 - 2 * red))
        black, luma_span, chroma_span = (0, peak, peak) if self.full_range else (16 * unit, 219 * unit, 224 * unit)
        planes = [black + luma_span * luma, *(128 * unit + chroma_span * plane for plane in (from_blue, from_red))]
        whole = [np.clip(np.rint(plane), 0, peak).astype(wide) for plane in (*planes, np.full_like(luma, peak))]
        return np.concatenate([plane.reshape(-1).view(np.uint8) for plane in whole])

    def _thinned(self, colour: Values) -> Values:
        """Keep as much of a colour's (height, width) as the format has."""
        if "444" in self.laid_under:
            return colour
        before = np.concatenate([colour[:, :1], colour[:, 1:-1:2]], axis=1)
        across: Values = (before + 2 * colour[:, ::2] + colour[:, 1::2]) / np.float32(4)
        return (across[::2] + across[1::2]) / np.float32(2) if "420" in self.laid_under else across


class StripConverter:
    """Converts strips, and remembers what it converted: a bar has a few dozen looks. For one thread.

    Args:
        form: what ffmpeg is given.
    """

    def __init__(self, form: StripFormat) -> None:
        self._form = form
        self._kept: OrderedDict[int, tuple[NDArray[np.uint8], Bytes]] = OrderedDict()

    def convert(self, strip: NDArray[np.uint8]) -> Bytes:
        """Convert as `StripFormat.convert` does.

        Args:
            strip: (height, width, 3) uint8 RGB; not to be changed afterwards, as it is known by where it lies.
        """
        key = id(strip)  # its own as long as the strip is kept beside it
        if key not in self._kept:
            self._kept[key] = (strip, self._form.convert(strip))
        self._kept.move_to_end(key)
        converted = self._kept[key][1]
        while len(self._kept) > 1 and len(self._kept) * (strip.nbytes + converted.nbytes) > KEPT_BYTES:
            self._kept.popitem(last=False)
        return converted
