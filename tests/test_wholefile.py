import errno
import os
import resource
from contextlib import contextmanager
from pathlib import Path

import pytest
from score_recipes import make_scores

from vidtag.errors import OutputError, UsageError
from vidtag.records.scorefiles import save_scores
from vidtag.wholefile import check_target, whole_file


def write(target, text, then=None):
    with whole_file(target) as temporary:
        temporary.write_text(text)
        assert temporary.suffix == target.suffix
        assert temporary.name.startswith(".")
        if then:
            raise then


def test_a_file_appears_whole(tmp_path):
    write(tmp_path / "out.csv", "all of it")
    assert (tmp_path / "out.csv").read_text() == "all of it"
    assert os.listdir(tmp_path) == ["out.csv"]  # noqa: PTH208


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError])
def test_nothing_is_left_where_it_fails(tmp_path, error):
    with pytest.raises(error):
        write(tmp_path / "out.csv", "half", error)
    assert list(tmp_path.iterdir()) == []


def test_what_was_there_stays_where_it_fails(tmp_path):
    (tmp_path / "out.csv").write_text("before")
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "out.csv", "half", KeyboardInterrupt)
    assert (tmp_path / "out.csv").read_text() == "before"
    assert len(list(tmp_path.iterdir())) == 1


def test_what_was_there_is_replaced_at_once(tmp_path):
    (tmp_path / "out.csv").write_text("before")
    with whole_file(tmp_path / "out.csv") as temporary:
        temporary.write_text("after")
        assert (tmp_path / "out.csv").read_text() == "before"
    assert (tmp_path / "out.csv").read_text() == "after"


def test_a_folder_that_is_gone_is_an_output_error(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        write(tmp_path / "gone" / "out.csv", "")


def test_a_new_file_has_the_usual_permissions(tmp_path):
    usual = tmp_path / "usual"
    usual.touch()
    write(tmp_path / "out.csv", "")
    assert (tmp_path / "out.csv").stat().st_mode == usual.stat().st_mode


def test_an_os_error_of_the_caller_stays_what_it_is(tmp_path):
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "out.csv", "", FileNotFoundError("the caller's own"))


@contextmanager
def small_files():
    """No file of this process may grow beyond 1000 bytes: the same error on the same call as on a full disk.

    Not a fixture: the limit must be gone before pytest goes on writing to a log file of its own.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_write_that_the_disk_refuses_is_an_output_error(tmp_path):
    with pytest.raises(OutputError, match=r"out\.csv cannot be written \(File too large"), small_files():
        write(tmp_path / "out.csv", "x" * 2000)
    with pytest.raises(OutputError, match=r"a\.npz cannot be written \(File too large"), small_files():
        save_scores(make_scores(end="300"), tmp_path / "a.npz")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_an_error_about_another_file_stays_what_it_is(tmp_path, number):
    error = OSError(number, os.strerror(number), "/other/file")
    with pytest.raises(OSError, match="/other/file"):
        write(tmp_path / "out.csv", "", error)


def test_a_temporary_file_that_cannot_be_opened_is_an_output_error(tmp_path):
    def fail():
        with whole_file(tmp_path / "out.csv") as temporary:
            temporary.unlink()
            temporary.read_text()

    with pytest.raises(OutputError, match=r"out\.csv cannot be written"):
        fail()


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_appears_meanwhile_is_kept_unless_told(tmp_path, monkeypatch, links):
    def no_links(source, target):
        raise OSError(errno.EPERM, "Operation not permitted")

    if not links:
        monkeypatch.setattr(os, "link", no_links)

    def make(name, theirs):
        with whole_file(tmp_path / name, overwrite=False) as temporary:
            temporary.write_text("mine")
            if theirs:
                (tmp_path / name).write_text(theirs)

    with pytest.raises(OutputError, match="exists already"):
        make("out.csv", "theirs")
    assert (tmp_path / "out.csv").read_text() == "theirs"
    make("new.csv", None)
    assert (tmp_path / "new.csv").read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"out.csv", "new.csv"}


def test_a_link_to_nowhere_counts_as_a_file(tmp_path):
    (tmp_path / "out.csv").symlink_to(tmp_path / "gone")
    with pytest.raises(OutputError, match="exists already"):
        check_target(tmp_path / "out.csv", overwrite=False)


@pytest.fixture
def film(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(b"film")
    return path


@pytest.mark.parametrize("overwrite", [True, False])
def test_the_input_is_never_overwritten(film, tmp_path, monkeypatch, overwrite):
    (tmp_path / "link.mp4").symlink_to(film)
    os.link(film, tmp_path / "twin.mp4")
    monkeypatch.chdir(tmp_path)
    same = (
        film,
        tmp_path / "link.mp4",
        tmp_path / "twin.mp4",
        Path("film.mp4"),
        tmp_path / ".." / tmp_path.name / "film.mp4",
    )
    for target in same:
        with pytest.raises(UsageError, match="never overwritten"):
            check_target(target, overwrite=overwrite, source=film)


def test_targets_are_checked_before_any_work(film, tmp_path):
    (tmp_path / "there.mp4").touch()
    with pytest.raises(OutputError, match="does not exist"):
        check_target(tmp_path / "none" / "out.mp4", overwrite=False)
    with pytest.raises(OutputError, match="is a folder"):
        check_target(tmp_path, overwrite=True)
    with pytest.raises(OutputError, match="--overwrite"):
        check_target(tmp_path / "there.mp4", overwrite=False, source=film)
    assert check_target(tmp_path / "there.mp4", overwrite=True, source=film) == tmp_path / "there.mp4"


@pytest.mark.parametrize("folder", ["/proc", "/sys"])
def test_a_folder_that_takes_no_file_is_refused_before_any_work(folder):
    if not Path(folder).is_dir():
        pytest.skip(f"there is no {folder}")
    with pytest.raises(OutputError, match=rf"{folder}/out\.mp4 cannot be written"):
        check_target(Path(folder, "out.mp4"), overwrite=False)


def test_a_disk_that_takes_nothing_is_refused_before_any_work(tmp_path):
    with pytest.raises(OutputError, match="File too large"), small_files():
        check_target(tmp_path / "out.mp4", overwrite=False)
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_no_disk_takes_is_an_output_error(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        check_target(tmp_path / f"{'x' * 300}.mp4", overwrite=False)


def test_looking_at_a_target_leaves_nothing(tmp_path):
    check_target(tmp_path / "out.mp4", overwrite=False)
    assert list(tmp_path.iterdir()) == []
