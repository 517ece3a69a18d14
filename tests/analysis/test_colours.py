import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vidtag.analysis.colours import BLACK_UP_TO, black_share, colour_share

colours = st.tuples(*[st.integers(0, 255)] * 3)


@given(arrays(np.uint8, st.tuples(st.integers(1, 5), st.integers(1, 5), st.just(3))), colours, st.integers(0, 255))
def test_the_share_is_that_of_pixels_looked_at_one_by_one(picture, colour, tolerance):
    near = [
        all(abs(int(p) - c) <= tolerance for p, c in zip(pixel, colour, strict=True))
        for pixel in picture.reshape(-1, 3)
    ]
    assert colour_share(picture, colour, tolerance) == sum(near) / len(near)


def test_black_is_dark_in_every_channel():
    levels = np.uint8([[[0, 0, 0], [BLACK_UP_TO] * 3, [0, BLACK_UP_TO + 1, 0], [255, 255, 255]]])
    assert black_share(levels) == 0.5
