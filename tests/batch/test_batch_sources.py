"""Folders, patterns, lists and films become the films of a season, each once, whatever they are called."""

import os
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidtag.batch.naming import name_episodes
from vidtag.batch.sources import find_sources
from vidtag.batch.walking import VIDEO_SUFFIXES
from vidtag.errors import InputError
from vidtag.season.naming import natural

ODD_NAMES = [
    "a b.mp4",
    'it\'s "q".mp4',
    "new\nline.mkv",
    "😀.webm",
    "日本.mp4",
    "-x.mp4",
    "[a]*.mp4",
    "\udcff.mp4",
    "@l.mp4",
]


def below(seasons, out, complain=lambda text: None):
    return [str(source.below) for source in find_sources([str(season) for season in seasons], out, complain)]


@pytest.fixture
def season(tmp_path):
    for name in ("S1/E1.mp4", "S1/E2.MKV", "S2/E1.mp4", "S2/notes.txt", "S1/.hidden.mp4", ".git/x.mp4"):
        path = tmp_path / "season" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"film")
    return tmp_path / "season"


def test_a_folder_gives_all_videos_below_it(season, tmp_path):
    assert sorted(below([season], tmp_path / "out")) == ["S1/E1.mp4", "S1/E2.MKV", "S2/E1.mp4"]


@pytest.mark.parametrize("suffix", sorted(VIDEO_SUFFIXES))
def test_every_suffix_of_a_video_counts(tmp_path, suffix):
    (tmp_path / f"a{suffix.upper()}").touch()
    assert below([tmp_path], tmp_path / "out") == [f"a{suffix.upper()}"]


def test_folders_of_one_name_stay_apart(season, tmp_path):
    (season / "S1").rename(tmp_path / "S1")
    (season / "S2").rename(season / "S1")
    assert sorted(below([tmp_path / "S1", season / "S1"], tmp_path / "out")) == [
        "S1/E1.mp4",
        "S1/E2.MKV",
        "season/S1/E1.mp4",
    ]


def test_patterns_films_and_folders_go_together_and_nothing_comes_twice(season, tmp_path, monkeypatch):
    monkeypatch.chdir(season)
    assert below(["S*/E1.mp4"], tmp_path / "out") == ["S1/E1.mp4", "S2/E1.mp4"]
    assert below(["S1/*"], tmp_path / "out") == ["E1.mp4", "E2.MKV"]
    assert sorted(below(["**/*.mp4"], tmp_path / "out")) == ["S1/E1.mp4", "S2/E1.mp4"]
    assert sorted(below(["S2", "S1/E1.mp4", "S*"], tmp_path / "out")) == ["S1/E1.mp4", "S1/E2.MKV", "S2/E1.mp4"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\0"])
def test_a_list_counts_from_its_folder(season, tmp_path, end):
    (season / "list.txt").write_text(end.join(["S2/E1.mp4", "", "S1", str(season / "S2/notes.txt"), ""]), newline="")
    assert below([f"@{season / 'list.txt'}"], tmp_path / "out") == [
        "S2/E1.mp4",
        "S1/E1.mp4",
        "S1/E2.MKV",
        "S2/notes.txt",
    ]


def test_a_list_takes_names_with_newlines_between_zero_bytes(tmp_path):
    (tmp_path / "a\nb.mp4").touch()
    (tmp_path / "list").write_bytes(b"a\nb.mp4\0")
    assert below([f"@{tmp_path / 'list'}"], tmp_path / "out") == ["a\nb.mp4"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_names_of_any_kind(tmp_path, name):
    (tmp_path / name).touch()
    assert below([tmp_path], tmp_path / "out") == [name]
    assert below([tmp_path / name], tmp_path / "out") == [name]


def test_loops_of_links_end_and_nothing_comes_twice(season, tmp_path, monkeypatch):
    (season / "S1/up").symlink_to(season)
    (season / "0 self").symlink_to(".")
    (season / "0 first").symlink_to("S2")
    (season / "S2/again.mp4").symlink_to("E1.mp4")
    expected = ["S1/E1.mp4", "S1/E2.MKV", "S2/E1.mp4"]
    assert sorted(below([season], tmp_path / "out")) == expected
    assert sorted(below([season / "**/*"], tmp_path / "out")) == expected
    monkeypatch.chdir(season)
    assert sorted(below(["0 self", "."], tmp_path / "out")) == expected


def test_links_to_other_folders_are_followed_and_dead_ones_are_named(season, tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "more/E9.mp4").touch()
    (season / "S9").symlink_to(tmp_path / "more")
    (season / "dead.mp4").symlink_to("nowhere")
    (season / "self.mp4").symlink_to("self.mp4")
    found = below([season], tmp_path / "out")
    assert {"S9/E9.mp4", "dead.mp4", "self.mp4"} < set(found)
    assert len(found) == 6


def test_results_are_never_episodes(season, tmp_path):
    out = season / "out"
    (out / "S1").mkdir(parents=True)
    (out / "S1/E7.mp4").touch()
    (season / "S1/E1.tagged.mp4").touch()
    expected = ["S1/E1.mp4", "S1/E2.MKV", "S2/E1.mp4"]
    assert sorted(below([season], out)) == expected
    assert sorted(below([season / "**/*"], out)) == expected
    assert sorted(below([season], season)) == sorted([*expected, "out/S1/E7.mp4"])
    complaints = []
    assert below([season / "S1/E1.tagged.mp4", season / "S2"], out, complaints.append) == ["E1.mp4"]
    assert "E1.tagged.mp4 is passed over" in complaints[0]


def test_a_folder_that_cannot_be_read_is_told(season, tmp_path, monkeypatch):
    scandir = os.scandir

    def refusing(path):
        if str(path).endswith("S2"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr("vidtag.batch.walking.os.scandir", refusing)
    complaints = []
    assert below([season], tmp_path / "out", complaints.append) == ["S1/E1.mp4", "S1/E2.MKV"]
    assert complaints == [f"{season / 'S2'} cannot be read (Permission denied); nothing in it is done"]


@pytest.mark.parametrize(
    ("season_text", "words"),
    [("nowhere", "does not exist"), ("no*.mp4", "there is no video"), ("@nowhere", "the list"), ("empty", "no video")],
)
def test_what_is_not_there_is_refused(tmp_path, monkeypatch, season_text, words):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=words):
        below([season_text], tmp_path / "out")


def test_names_lose_their_suffix_unless_they_would_be_one():
    paths = [
        "S1/E1.mp4",
        "S2/E1.mp4",
        "S2/E1.mkv",
        "S2/e1.avi",
        "S2/E1.mkv.mp4",
        "S3/Mr. X",
        "a\udcff.mp4",
        "a\udcfe.mp4",
    ]
    assert name_episodes([PurePath(path) for path in paths]) == [
        *("S1/E1", "S2/E1.mp4", "S2/E1.mkv", "S2/e1.avi", "S2/E1.mkv.mp4", "S3/Mr. X", "a\udcff.mp4", "a\udcfe.mp4~2"),
    ]


names = st.lists(
    st.text(st.sampled_from("aAéb.~2"), min_size=1, max_size=4).filter(lambda text: text not in (".", "..")),
    min_size=1,
    max_size=6,
)


@given(st.lists(st.tuples(names, st.sampled_from([".mp4", ".MP4", ".mkv", ""])), unique_by=str, max_size=12))
def test_names_differ_whatever_the_paths_are(parts):
    paths = list({PurePath("/".join(folders) + suffix) for folders, suffix in parts})
    assert len({name.casefold() for name in name_episodes(paths)}) == len(paths)


def test_episodes_are_sorted_as_people_do():
    assert sorted(["S10/E1", "S2/E10", "S2/E9", "s2/e9b", "S2/E09"], key=natural) == [
        *("S2/E09", "S2/E9", "s2/e9b", "S2/E10", "S10/E1"),
    ]
