"""The manifest is whole whenever a run is killed; one run at a time holds a folder; leftovers go."""

import json
import multiprocessing
import os
import signal
from dataclasses import replace

import pytest
from batch_recipes import ENTRY, FAILED_ENTRY, tree
from hypothesis import given
from hypothesis import strategies as st

from vidtag.batch.leftovers import remove_leftovers
from vidtag.batch.lock import locked
from vidtag.batch.manifest import JOURNAL, NAME, Manifest
from vidtag.batch.results import Results
from vidtag.errors import InputError, LockedError, OutputError


def entries(manifest):
    return dict(manifest.items())


def test_what_is_put_is_read_again(tmp_path):
    manifest = Manifest.load(tmp_path)
    with manifest.writing():
        manifest.put("S1/E1", ENTRY)
        manifest.put("日本\n", FAILED_ENTRY)
        manifest.put("gone", FAILED_ENTRY)
        manifest.forget("gone")
        manifest.set_books("abc")
        manifest.set_catalogued("S1/E1", ("S1", "d1"))
        manifest.set_catalogued("gone", ("out", ""))
        assert Manifest.load(tmp_path).catalogued == {"S1/E1": ("S1", "d1"), "gone": ("out", "")}
        manifest.set_catalogued("gone", None)
    again = Manifest.load(tmp_path)
    assert entries(again) == {"S1/E1": ENTRY, "日本\n": FAILED_ENTRY}
    assert again.books == "abc"
    assert again.catalogued == {"S1/E1": ("S1", "d1")}
    assert list(tree(tmp_path)) == [NAME]
    assert json.loads((tmp_path / NAME).read_text())["episodes"]["日本\n"]["reason"] == "it breaks off"


def test_every_change_is_on_the_disk_at_once(tmp_path):
    manifest = Manifest.load(tmp_path)
    with manifest.writing():
        for number in range(200):  # more than a journal holds
            manifest.put(f"E{number}", ENTRY)
            assert entries(Manifest.load(tmp_path)) == entries(manifest)


@given(cut=st.integers(0, 2000), changes=st.lists(st.sampled_from("abc"), min_size=1, max_size=6))
def test_a_journal_that_breaks_off_anywhere_says_what_came_before(tmp_path_factory, cut, changes):
    folder = tmp_path_factory.mktemp("journal")
    manifest = Manifest.load(folder)
    states = [{}]
    with manifest.writing():
        for number, name in enumerate(changes):
            manifest.put(name, replace(ENTRY, film_s=float(number)))
            states.append(entries(manifest))
        journal, whole = (folder / JOURNAL).read_bytes(), (folder / NAME).read_bytes()
    (folder / NAME).write_bytes(whole)
    (folder / JOURNAL).write_bytes(journal[:cut])
    assert entries(Manifest.load(folder)) == states[journal[:cut].count(b"\n")]


def test_lines_that_are_in_the_manifest_already_change_nothing(tmp_path):
    manifest = Manifest.load(tmp_path)
    with manifest.writing():
        manifest.put("a", FAILED_ENTRY)
        manifest.put("a", ENTRY)
        journal = (tmp_path / JOURNAL).read_bytes()
    (tmp_path / JOURNAL).write_bytes(journal)
    assert entries(Manifest.load(tmp_path)) == {"a": ENTRY}


def test_many_episodes_are_cheap(tmp_path, monkeypatch):
    folds = []
    monkeypatch.setattr(Manifest, "_fold", lambda self, fold=Manifest._fold: (folds.append(1), fold(self)))
    manifest = Manifest.load(tmp_path)
    with manifest.writing():
        for number in range(2000):
            manifest.put(str(number), ENTRY)
    assert len(folds) < 25


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"format": 2, "books": "", "episodes": {}}', '{"format": 1, "books": "", "episodes": {"a": {}}}'],
)
def test_what_is_no_manifest_is_refused(tmp_path, text):
    (tmp_path / NAME).write_text(text)
    with pytest.raises(InputError, match=r"manifest\.json"):
        Manifest.load(tmp_path)


@pytest.mark.parametrize("path", ["/etc/passwd", "../other", "S1/../../x", ""])
def test_a_manifest_names_no_files_of_others(tmp_path, path):
    manifest = Manifest.load(tmp_path)
    with manifest.writing():
        manifest.put("E1", ENTRY)
    text = (tmp_path / NAME).read_text()
    (tmp_path / NAME).write_text(text.replace("S1/E1.scores.npz", path))
    with pytest.raises(InputError, match=r"a file of a batch must lie in its folder"):
        Manifest.load(tmp_path)


NO_FIGURES = {"film_s": (2.5, '"2.5"', "NaN", "-1"), "exit_code": (0, "null", "true"), "size": (7, "-7", '"7"')}


@pytest.mark.parametrize(
    ("says", "instead"),
    [
        (f'"{name}": {figure}', f'"{name}": {other}')
        for name, (figure, *others) in NO_FIGURES.items()
        for other in others
    ],
)
def test_figures_that_are_none_are_refused(tmp_path, says, instead):
    manifest = Manifest.load(tmp_path)
    with manifest.writing():
        manifest.put("E1", ENTRY)
    text = (tmp_path / NAME).read_text()
    assert text.count(says) == 1
    (tmp_path / NAME).write_text(text.replace(says, instead))
    with pytest.raises(InputError, match=r"is not the manifest of a batch \(TypeError: .* must be "):
        Manifest.load(tmp_path)


@pytest.mark.parametrize("name", [["E2"], {}, 2, None])
def test_a_journal_ends_where_an_episode_has_no_name(tmp_path, name):
    whole = {"episode": "E1", "entry": ENTRY.to_json()}
    for nameless in ({"episode": name, "entry": None}, {"catalogued": name, "held": None}):
        (tmp_path / JOURNAL).write_text("".join(json.dumps(line) + "\n" for line in (whole, nameless)))
        assert entries(Manifest.load(tmp_path)) == {"E1": ENTRY}


def test_stages_of_another_version_are_left_out(tmp_path):
    line = {"episode": "E1", "entry": ENTRY.to_json() | {"stages": ENTRY.stages | {"songs": {}}}}
    (tmp_path / JOURNAL).write_text(json.dumps(line) + "\n")
    assert entries(Manifest.load(tmp_path)) == {"E1": ENTRY}


def test_a_file_counts_by_its_size(tmp_path):
    size_of = Results(tmp_path).size
    assert not ENTRY.has("scores", size_of)
    (tmp_path / "S1").mkdir()
    (tmp_path / "S1/E1.scores.npz").write_bytes(b"1234567")
    assert ENTRY.has("scores", size_of)
    assert not ENTRY.has("video", size_of)
    (tmp_path / "S1/E1.scores.npz").write_bytes(b"123456")
    assert not ENTRY.has("scores", size_of)


def test_a_folder_is_held_by_one_run(tmp_path):
    with (
        locked(tmp_path / "a/out"),
        pytest.raises(LockedError, match=rf"another run \(process {os.getpid()}\)"),
        locked(tmp_path / "a/out"),
    ):
        pytest.fail("held twice")
    assert LockedError.exit_code == 7
    assert not (tmp_path / "a/out").exists()


def test_a_lock_leaves_what_was_there(tmp_path):
    with locked(tmp_path):
        (tmp_path / "result").touch()
    assert list(tree(tmp_path)) == ["result"]
    with locked(tmp_path):
        pass


def hold_and_die(folder):
    with locked(folder):
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_lock_of_a_dead_run_does_not_block(tmp_path):
    process = multiprocessing.get_context("spawn").Process(target=hold_and_die, args=(tmp_path,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert list(tree(tmp_path)) == [".vidtag.lock"]
    with locked(tmp_path):
        pass
    assert tree(tmp_path) == {}


def test_a_folder_that_takes_no_file_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written"), locked(tmp_path / "file/out"):
        pytest.fail("there is no such folder")


def test_only_temporary_files_are_left_overs(tmp_path):
    kept = [".vidtag.lock", ".vidtag-mine.mp4", "film.mp4", ".vidtag-0123456789abc"]
    for name in (".vidtag-0123456789ab.mp4", ".vidtag-0123456789ab", ".vidtag-ffffffffffff.tagged.nut", *kept):
        (tmp_path / name).touch()
    assert remove_leftovers([tmp_path, tmp_path / "nowhere"]) == 3
    assert sorted(tree(tmp_path)) == sorted(kept)
