import weakref
from fractions import Fraction
from itertools import groupby

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vidtag.frames.choosing import Distinct, most_different, one_a_shot, take_anything
from vidtag.media.stills import Sample

COLOURS = {"a": (250, 30, 30), "b": (30, 30, 250), "c": (30, 250, 30), "d": (250, 250, 250)}


def scene(letter, light=0):
    """A picture in one colour, a little darker in its lower half."""
    picture = np.full((45, 80, 3), COLOURS[letter], np.uint8)
    picture[22:] = picture[22:] // 8 * 7
    return np.clip(picture.astype(int) - light, 0, 255).astype(np.uint8)


def film(letters):
    return [Sample(index, Fraction(2 * index + 1, 10), scene(letter)) for index, letter in enumerate(letters)]


letters = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 4)), max_size=8).map(
    lambda shots: "".join(letter * length for letter, length in shots)
)


@given(letters)
def test_every_shot_that_lasts_gives_one_frame(letters):
    runs = [(letter, len(list(run))) for letter, run in groupby(letters)]
    taken = list(one_a_shot(film(letters), 0.08, take_anything))
    assert [letters[sample.index] for sample in taken] == [
        letter for letter, length in runs if length > 1 or len(runs) == 1
    ]


@given(letters)
def test_a_threshold_of_one_sees_no_cut(letters):
    assert len(list(one_a_shot(film(letters), 1.0, take_anything))) == (len(letters) > 0)


def test_the_steadiest_frame_is_taken():
    lights = (0, 24, 48, 48, 48, 72)
    samples = [Sample(index, Fraction(index), scene("a", light)) for index, light in enumerate(lights)]
    assert [sample.index for sample in one_a_shot(samples, 0.5, take_anything)] == [3]


def test_only_what_is_accepted_stands_for_a_shot():
    samples = film("aaabbb")
    blue = list(one_a_shot(samples, 0.08, lambda picture: picture[0, 0, 2] > 200))
    assert [sample.index for sample in blue] == [3]


def test_few_pictures_are_held():
    held = []

    def samples():
        for index in range(200):
            picture = scene("ab"[index // 10 % 2])
            held.append(weakref.ref(picture))
            yield Sample(index, Fraction(index), picture)
            del picture
            assert sum(reference() is not None for reference in held) <= 4

    assert sum(1 for _ in one_a_shot(samples(), 0.08, take_anything)) == 20


def test_the_most_different_frames_are_one_of_each_scene():
    assert {index // 5 for index in most_different(film("aaaaabbbbbcccccddddd"), 4)} == {0, 1, 2, 3}
    assert most_different(film("aab"), 9) == {0, 2}
    assert most_different([], 3) == set()


def test_a_picture_is_new_once():
    random = np.random.default_rng(1)
    first, second = (
        np.kron(random.integers(0, 256, (9, 16, 3)), np.ones((5, 5, 1))).astype(np.uint8) for _ in range(2)
    )
    brighter = np.clip(first.astype(int) + 6, 0, 255).astype(np.uint8)
    known = Distinct()
    assert [known.add(picture) for picture in (first, second, brighter, first)] == [True, True, False, False]
