from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from vidtag.training.dataset import Example
from vidtag.training.split import group_twins, hold_out


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
