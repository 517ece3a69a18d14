"""Several outputs get their names together, or what was there before comes back."""

import errno
import os
from pathlib import Path

import pytest

from vidtag.errors import OutputError
from vidtag.wholefile import whole_files

NAMES = ("film.npz", "film.csv", "film.mp4")


def write(folder, *, overwrite):
    with whole_files([folder / name for name in NAMES], overwrite=overwrite) as temporaries:
        for temporary in temporaries:
            temporary.write_text("new")


def contents(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


def failing(real, number, error):
    """Give a function that does what `real` does, but fails the `number`-th time."""
    calls = []

    def call(*arguments, **options):
        calls.append(arguments)
        if len(calls) == number:
            raise error
        return real(*arguments, **options)

    return call


@pytest.fixture(params=[False, True], ids=["new", "again"])
def overwrite(request, tmp_path):
    """Whether there are earlier outputs."""
    if request.param:
        for name in NAMES:
            (tmp_path / name).write_text("earlier")
    return request.param


def before(overwrite):
    return dict.fromkeys(NAMES, "earlier") if overwrite else {}


@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
def test_a_failing_fsync_leaves_what_was_there(tmp_path, monkeypatch, overwrite, number, code):
    """The first three are of the files, the fourth of the folder, when all have their names."""
    monkeypatch.setattr(os, "fsync", failing(os.fsync, number, OSError(code, os.strerror(code))))
    with pytest.raises(OutputError, match=rf"cannot be written \({os.strerror(code)}\)"):
        write(tmp_path, overwrite=overwrite)
    assert contents(tmp_path) == before(overwrite)


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("error", [OSError(errno.EACCES, "Permission denied"), KeyboardInterrupt()])
def test_a_failing_rename_leaves_what_was_there(tmp_path, monkeypatch, overwrite, number, error):
    if overwrite:
        monkeypatch.setattr(Path, "replace", failing(Path.replace, number, error))
    else:
        monkeypatch.setattr(os, "link", failing(os.link, number, error))
    with pytest.raises(OutputError if isinstance(error, OSError) else KeyboardInterrupt):
        write(tmp_path, overwrite=overwrite)
    assert contents(tmp_path) == before(overwrite)


def test_an_interruption_right_behind_a_rename_takes_it_back(tmp_path, monkeypatch, overwrite):
    real = Path.replace if overwrite else os.link

    def interrupted(*arguments, **options):
        real(*arguments, **options)
        if Path(arguments[1]).name == "film.csv":
            raise KeyboardInterrupt

    monkeypatch.setattr(*(Path, "replace") if overwrite else (os, "link"), interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, overwrite=overwrite)
    assert contents(tmp_path) == before(overwrite)


def test_all_get_their_names(tmp_path, overwrite):
    write(tmp_path, overwrite=overwrite)
    assert contents(tmp_path) == dict.fromkeys(NAMES, "new")


def no_links(*_, **__):
    raise OSError(errno.EPERM, "Operation not permitted")


def test_where_there_are_no_links_new_names_are_taken_back_and_replaced_files_are_whole(
    tmp_path, monkeypatch, overwrite
):
    monkeypatch.setattr(os, "link", no_links)
    monkeypatch.setattr(Path, "replace", failing(Path.replace, 3, OSError(errno.EIO, "broken")))
    with pytest.raises(OutputError, match=r"film\.mp4 cannot be written \(broken\)"):
        write(tmp_path, overwrite=overwrite)
    replaced = {"film.npz": "new", "film.csv": "new", "film.mp4": "earlier"}
    assert contents(tmp_path) == (replaced if overwrite else {})


def test_a_folder_that_is_gone_at_the_end_is_an_output_error(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()

    def vanish():
        with whole_files([folder / name for name in NAMES]):
            folder.rename(tmp_path / "elsewhere")

    with pytest.raises(OutputError, match="No such file or directory"):
        vanish()
    assert not folder.exists()


def test_a_film_that_appears_meanwhile_keeps_the_others_from_getting_their_names(tmp_path):
    def overtaken():
        with whole_files([tmp_path / name for name in NAMES], overwrite=False):
            (tmp_path / "film.mp4").write_text("theirs")

    with pytest.raises(OutputError, match="exists already"):
        overtaken()
    assert contents(tmp_path) == {"film.mp4": "theirs"}
