from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from vidtag.training.dataset import Example
from vidtag.training.split import group_twins, hold_out, without_twins


def scene(seed: int) -> np.ndarray:
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3)).astype(np.uint8)
    return cv2.resize(coarse, (160, 120), interpolation=cv2.INTER_CUBIC)


def twin(picture: np.ndarray, seed: int) -> np.ndarray:
    """The next frame of the same shot: a little brighter, smaller and noisier."""
    noise = np.random.default_rng(seed).normal(6, 4, picture.shape)
    return cv2.resize(np.clip(picture + noise, 0, 255).astype(np.uint8), (148, 112), interpolation=cv2.INTER_AREA)


def test_twins_share_a_group_and_strangers_do_not():
    scenes = [scene(seed) for seed in range(40)]
    groups = group_twins([*scenes, *(twin(picture, seed) for seed, picture in enumerate(scenes))])
    assert groups.tolist() == [*range(40), *range(40)]


def test_a_chain_of_twins_is_one_group():
    first, second = scene(1), scene(2)
    chain = [cv2.addWeighted(first, 1 - share, second, share, 0) for share in np.linspace(0, 1, 60)]
    assert len(set(group_twins(chain).tolist())) == 1
    assert len(set(group_twins([chain[0], chain[-1]]).tolist())) == 2


@pytest.mark.parametrize("seed", range(5))
def test_no_twin_of_a_held_out_picture_is_learned_from(seed):
    examples = [
        Example.showing(Path(f"{shot}-{copy}"), twin(scene(shot), copy), (shot % 3,), 3)
        for copy in range(3)
        for shot in range(30)
    ]
    learning, held_out = hold_out(examples, 0.2, seed)
    shots = [{example.path.name.split("-")[0] for example in part} for part in (learning, held_out)]
    assert shots[0].isdisjoint(shots[1])
    assert len(learning) + len(held_out) == len(examples)
    assert [sum(example.columns == (column,) for example in held_out) for column in range(3)] == [6, 6, 6]


def test_the_only_picture_of_someone_is_learned_from():
    learning, held_out = hold_out([Example.showing(Path("a"), scene(1), (0,), 1)], 0.5, seed=1)
    assert (len(learning), held_out) == (1, [])


@pytest.mark.parametrize("seed", range(5))
def test_an_episode_is_held_out_as_a_whole_or_not_at_all(seed):
    examples = [
        replace(Example.showing(Path(f"{shot}"), scene(shot), (shot % 2,), 2), group=f"E{shot // 6}")
        for shot in range(60)
    ]
    learning, held_out = hold_out(examples, 0.2, seed)
    assert {example.group for example in learning}.isdisjoint(example.group for example in held_out)
    assert len(held_out) == 12


def test_many_equal_pictures_are_one_group():
    groups = group_twins([scene(1), *[np.zeros((40, 60, 3), np.uint8)] * 3000, twin(scene(1), 1)])
    assert groups.tolist() == [0, *[1] * 3000, 0]


def shots(*sizes, columns=(0,), characters=2, group="", begin=0):
    """Give a shot of near-identical pictures of somebody for each size."""
    return [
        replace(
            Example.showing(Path(f"{begin + shot}"), twin(scene(begin + shot), copy), columns, characters),
            group=group and f"{group}{shot}",
        )
        for shot, size in enumerate(sizes)
        for copy in range(size)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_a_large_pile_does_not_keep_small_ones_from_being_held_out(seed):
    learning, held_out = hold_out(shots(30, *[1] * 10), 0.1, seed)
    assert (len(learning), len(held_out)) == (36, 4)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("share", [0.02, 0.3])
def test_of_few_large_piles_the_smallest_is_held_out(seed, share):
    learning, held_out = hold_out(shots(9, 7, 5) + shots(2, 3, columns=(1,), begin=5), share, seed)
    assert {example.path.name for example in held_out} <= {"0", "1", "2", "5", "6"}
    assert {example.columns for example in held_out} == {(0,), (1,)} == {example.columns for example in learning}
    if share < 0.1:
        assert {example.path.name for example in held_out} == {"2", "5"}


@pytest.mark.parametrize("seed", range(5))
def test_the_smallest_piles_of_companies_stay_where_each_is_held_out_elsewhere(seed):
    alone = shots(*[1] * 10) + shots(*[1] * 10, columns=(1,), begin=20)
    together = shots(1, 1, columns=(0, 1), begin=40)
    _, held_out = hold_out(alone + together, 0.1, seed)
    assert sorted(example.columns for example in held_out) == [(0,), (1,)]


@pytest.mark.parametrize("seed", range(8))
def test_the_last_pictures_of_somebody_are_never_held_out(seed):
    clips = shots(4, 4, 4, 4, 4, 4, group="clip")
    guest = [replace(example, labels=np.float32([1, example.group in ("clip2", "clip4")])) for example in clips]
    for share in (0.2, 0.6):
        learning, held_out = hold_out(guest, share, seed)
        assert held_out
        assert {(0,), (0, 1)} == {example.columns for example in learning}


@pytest.mark.parametrize("sizes", [(6,), (6, 5)])
def test_nothing_is_held_out_of_films_that_are_needed(sizes):
    films = [replace(e, labels=np.float32([1, e.group == "clip1"])) for e in shots(*sizes, group="clip")]
    assert hold_out(films, 0.1, 1)[1] == []


@pytest.mark.parametrize("seed", range(5))
def test_of_few_films_one_is_held_out_where_half_of_the_pictures_stay(seed):
    learning, held_out = hold_out(shots(9, 4, 6, group="clip"), 0.1, seed)
    assert {example.group for example in held_out} == {"clip1"}
    assert len(learning) == 15


def test_twins_of_held_out_pictures_are_parted_from_the_others():
    examples = shots(*[1] * 6)
    kept, twins = without_twins(examples, shots(1, 1, begin=2) + shots(1, begin=30))
    assert [example.path.name for example in kept] == ["0", "1", "4", "5"]
    assert [example.path.name for example in twins] == ["2", "3"]
    assert without_twins([], examples) == ([], [])
    assert without_twins(examples, []) == (examples, [])
