"""Score files are found in folders, their films by content, and names tell episodes apart."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from score_recipes import make_scores
from season_recipes import make_episode

from vidtag.errors import InputError
from vidtag.media.probe import fingerprint
from vidtag.season.naming import readable_names, told_apart
from vidtag.season.sources import Films, name_below, score_files


def touch(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def test_score_files_come_in_the_order_in_which_people_count(tmp_path):
    names = ["S1/E2", "S1/E10", "S1/E1", "S2/E1", "S10/E1", "pilot"]
    for name in names:
        touch(tmp_path / f"{name}.scores.npz")
    touch(tmp_path / "S1/.vidtag-0123.scores.npz")
    touch(tmp_path / "S1/other.npz")
    found = [name_below(tmp_path, path) for path in score_files(tmp_path)]
    assert found == ["pilot", "S1/E1", "S1/E2", "S1/E10", "S2/E1", "S10/E1"]


def test_a_link_to_the_folder_above_ends(tmp_path):
    touch(tmp_path / "season/E1.scores.npz")
    (tmp_path / "season/loop").symlink_to(tmp_path / "season")
    assert len(score_files(tmp_path / "season")) == 1


def test_a_folder_without_scores_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no score file"):
        score_files(tmp_path)


def origin_of(path):
    return replace(make_scores().provenance, source=path.name, size=path.stat().st_size, fingerprint=fingerprint(path))


def test_a_film_is_told_by_its_content(tmp_path):
    film = tmp_path / "videos/deep/E1.mp4"
    film.parent.mkdir(parents=True)
    film.write_bytes(b"the film")
    origin = origin_of(film)
    assert Films([tmp_path / "videos"]).find(origin) == film
    assert Films([]).find(origin) is None
    assert Films([]).find(origin, beside=film.with_name("E1.scores.npz")) == film
    film.write_bytes(b"thefilm!")  # as long, but another one
    assert Films([tmp_path / "videos"]).find(origin, beside=film.with_name("E1.scores.npz")) is None


def test_what_is_no_file_is_no_film(tmp_path):
    film = touch(tmp_path / "E1.mp4")
    origin = origin_of(film)
    film.unlink()
    (tmp_path / "E1.mp4").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "pipe")
    assert Films([tmp_path]).find(origin, beside=tmp_path / "E1.scores.npz") is None
    assert Films([tmp_path]).find(replace(origin, source="../\0x"), beside=tmp_path / "E1.scores.npz") is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["E1", "E2", "b/E1"])), max_size=8))
def test_no_two_episodes_have_one_name(entries):
    paths = [Path("/season", folder, f"{number}.npz") for number, (folder, _) in enumerate(entries)]
    names = [name for _, name in entries]
    found = told_apart(names, paths)
    assert len(set(found)) == len(found)
    assert all(now == name for now, name in zip(found, names, strict=True) if names.count(name) == 1)


def test_who_has_a_name_of_its_own_keeps_it():
    paths = [Path("/season", folder, "scores.npz") for folder in ("a", "a", "b")]
    assert told_apart(["E1", "b/E1", "E1"], paths) == ["season/a/E1", "b/E1", "season/b/E1"]
    same = [Path("/a/scores.npz")] * 3
    assert told_apart(["E1", "E1", "a/E1 (2)"], same) == ["a/E1", "a/E1 (3)", "a/E1 (2)"]


@given(st.lists(st.sampled_from(["caf\udce9", "caf\udce8", "caf\ufffd", "caf\ufffd (2)", "x"]), unique=True))
def test_names_that_are_no_text_become_text_and_stay_apart(names):
    found = [episode.name for episode in readable_names([make_episode(name) for name in names])]
    assert len(set(found)) == len(found)
    for now, name in zip(found, names, strict=True):
        now.encode()
        assert now == name or "\udce8" in name or "\udce9" in name
