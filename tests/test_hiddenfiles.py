"""Hidden files: those of dead runs go, those of living ones and all that is not vidtag's stays."""

import os
import signal
import subprocess
import sys

import pytest

from vidtag import hiddenfiles
from vidtag.hiddenfiles import hidden_name, locked_file, locked_folder, remove_dead, remove_dead_folders
from vidtag.wholefile import check_target, whole_file, whole_files

WAITING = """
import sys, time
from pathlib import Path
from vidtag.wholefile import whole_file
with whole_file(Path(sys.argv[1])) as temporary:
    temporary.write_text("half")
    print("begun", flush=True)
    time.sleep(600)
"""
DYING = """
import os, sys
from pathlib import Path
from vidtag import renaming
from vidtag.wholefile import whole_files
real, left = getattr(os, sys.argv[1]), int(sys.argv[2])
def dies(*arguments, **options):
    global left
    left -= 1
    if left < 0:
        os._exit(9)
    return real(*arguments, **options)
setattr(os, sys.argv[1], dies)
targets = [Path(name) for name in sys.argv[4:]]
with whole_files(targets, overwrite=sys.argv[3] == "overwrite") as temporaries:
    for temporary in temporaries:
        temporary.write_text("new")
"""


def waiting_run(target):
    """Start a process that is writing a file."""
    process = subprocess.Popen([sys.executable, "-c", WAITING, str(target)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "begun\n"
    return process


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_a_killed_run_left_is_removed_by_the_next_one_and_not_before(tmp_path):
    with waiting_run(tmp_path / "out.csv") as process:
        try:
            check_target(tmp_path / "other.csv", overwrite=False)
            assert len(names(tmp_path)) == 1
        finally:
            process.send_signal(signal.SIGKILL)
    assert len(names(tmp_path)) == 1
    check_target(tmp_path / "other.csv", overwrite=False)
    assert names(tmp_path) == []


def test_files_of_this_process_are_alive(tmp_path):
    with whole_file(tmp_path / "out.csv") as temporary:
        remove_dead(tmp_path / "other.csv")
        assert temporary.exists()


def test_nothing_but_own_plain_files_is_removed(tmp_path):
    (tmp_path / "outside").write_text("kept")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / ".vidtag-0123456789ab.d").mkdir()
    (folder / ".vidtag-0123456789ac").symlink_to(tmp_path / "outside")
    os.mkfifo(folder / ".vidtag-0123456789ad")
    for name in (".vidtag-", ".vidtag-notes", ".vidtag-0123456789abc", "x.vidtag-0123456789ab", ".vidtag.lock"):
        (folder / name).touch()
    before = names(folder)
    (folder / ".vidtag-0123456789ae.tar.gz").touch()
    remove_dead(folder / "out.csv")
    assert names(folder) == before
    assert (tmp_path / "outside").read_text() == "kept"


WAITING_FOLDER = """
import sys, time
from pathlib import Path
from vidtag.hiddenfiles import locked_folder
with locked_folder(Path(sys.argv[1])) as folder:
    (folder / "some").write_text("text")
    print("begun", flush=True)
    time.sleep(600)
"""


def test_a_folder_that_a_killed_run_left_is_removed_by_the_next_one_and_not_before(tmp_path):
    words = [sys.executable, "-c", WAITING_FOLDER, str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "begun\n"
            remove_dead_folders(tmp_path)
            assert len(names(tmp_path)) == 1
        finally:
            process.send_signal(signal.SIGKILL)
    remove_dead_folders(tmp_path)
    assert names(tmp_path) == []


def test_no_other_folder_is_removed(tmp_path):
    for name in (".vidtag-notes", ".vidtag-0123456789ab.d", "x.vidtag-0123456789ab"):
        (tmp_path / name).mkdir()
    (tmp_path / ".vidtag-0123456789ac").symlink_to(tmp_path / ".vidtag-notes")
    (tmp_path / ".vidtag-0123456789ad").touch()
    before = names(tmp_path)
    remove_dead_folders(tmp_path)
    assert names(tmp_path) == before


def test_a_folder_is_gone_behind_its_block_or_has_another_name(tmp_path):
    with locked_folder(tmp_path) as folder:
        (folder / "some").touch()
    assert names(tmp_path) == []
    with locked_folder(tmp_path) as folder:
        folder.rename(tmp_path / "out")
    assert names(tmp_path) == ["out"]


def test_without_locks_nothing_is_removed(tmp_path, monkeypatch):
    hidden_name(tmp_path / "out.csv", ".csv").touch()
    monkeypatch.setattr(hiddenfiles, "fcntl", None)
    remove_dead(tmp_path / "out.csv")
    assert len(names(tmp_path)) == 1
    with locked_file(tmp_path / "out.csv", ".csv"):
        assert len(names(tmp_path)) == 2


def test_a_file_that_is_cleaned_away_before_it_is_locked_is_made_again(tmp_path, monkeypatch):
    """Another run may find a file that was just made; its maker must notice."""
    real, found = hiddenfiles.try_lock, []

    def late(descriptor):
        if not found:
            found.extend(tmp_path.iterdir())
            found[0].unlink()
        return real(descriptor)

    monkeypatch.setattr(hiddenfiles, "try_lock", late)
    with locked_file(tmp_path / "out.csv", ".csv") as path:
        assert path != found[0]
        assert path.exists()


def dies(folder, call, after, how, *targets):
    done = subprocess.run([sys.executable, "-c", DYING, call, str(after), how, *map(str, targets)], check=False)
    assert done.returncode == 9
    return names(folder)


@pytest.mark.parametrize("named", [0, 1, 2])
def test_a_run_that_dies_between_two_names_takes_none(tmp_path, named):
    """As if it had not been: the next run may write both files, without being told to overwrite."""
    targets = [tmp_path / "film.csv", tmp_path / "film.mp4"]
    call, after = ("link", named) if named < 2 else ("unlink", 0)
    left = dies(tmp_path, call, after, "keep", *targets)
    assert [name for name in left if not name.startswith(".")] == ["film.csv", "film.mp4"][:named]
    for target in targets:
        check_target(target, overwrite=False)
    assert names(tmp_path) == []


@pytest.mark.parametrize("renamed", [0, 1])
def test_a_run_that_dies_while_it_replaces_leaves_whole_files(tmp_path, renamed):
    targets = [tmp_path / "film.csv", tmp_path / "film.mp4"]
    for target in targets:
        target.write_text("earlier")
    dies(tmp_path, "replace", renamed, "overwrite", *targets)
    assert [target.read_text() for target in targets] == ["new"] * renamed + ["earlier"] * (2 - renamed)
    check_target(targets[0], overwrite=True)
    assert names(tmp_path) == ["film.csv", "film.mp4"]
    assert [target.read_text() for target in targets] == ["new"] * renamed + ["earlier"] * (2 - renamed)


def test_another_output_of_a_dead_run_stays_until_it_is_written_again(tmp_path):
    targets = [tmp_path / "film.csv", tmp_path / "film.mp4"]
    dies(tmp_path, "link", 1, "keep", *targets)
    check_target(tmp_path / "other.csv", overwrite=False)
    assert "film.csv" in names(tmp_path)
    with whole_files([targets[0]], overwrite=True) as (temporary,):
        temporary.write_text("mine")
    assert targets[0].read_text() == "mine"
