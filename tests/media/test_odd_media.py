"""Odd, damaged and hostile media that scripts/make-odd-media makes: right film, or one line with the right exit code.

The usual tests look at a short list and at all hostile files that end early; the slow suite at every kind.
"""

import csv
import io
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from oddmedia.checking import LEAST_PSNR, Expected, check_file, expected_answers  # noqa: E402
from oddmedia.hostile import CANARY  # noqa: E402
from oddmedia.matrix import GROUPS, TABLE, make_matrix  # noqa: E402
from oddmedia.measuring import compare  # noqa: E402

pytest_plugins = "episode_fixtures"

SHORT = [(group, kind) for group in GROUPS for kind in GROUPS[group] if kind.short and group != "hostile"]
REFUSED = [kind for kind in GROUPS["hostile"] if kind.code]
EVERY = [(group, kind) for group in GROUPS for kind in GROUPS[group]]


def called(value):
    return value.name.encode("ascii", "backslashreplace").decode()[:40] if hasattr(value, "name") else str(value)


@pytest.fixture(scope="session")
def odd(tmp_path_factory):
    """The files of the short list, and all hostile ones."""
    folder = tmp_path_factory.mktemp("odd")
    make_matrix(folder, short=True)
    make_matrix(folder, ["hostile"])
    return folder


@pytest.fixture
def door():
    """A server on this machine that counts who comes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.01)
        yield server


def visitors(server):
    try:
        server.accept()[0].close()
    except TimeoutError:
        return 0
    return 1


@pytest.mark.parametrize(("group", "kind"), SHORT, ids=called)
def test_a_short_list_comes_out_right_or_is_refused(odd, vidtag, tmp_path, group, kind):
    source, film = odd / group / kind.name, tmp_path / "film.mkv"
    result = vidtag("annotate", source, "-o", film, "-q")
    assert result.code == kind.code, result
    assert kind.says in result.err
    if kind.code:
        assert result.err.count("\n") == 1
        assert not list(tmp_path.iterdir())
        return
    found = compare(source, film)
    assert found.frames_in == found.frames_out > 0
    assert found.shift_ms is not None
    assert found.shift_ms <= 1
    assert abs(found.sound_ms or 0) <= 1
    assert found.lost == ()
    if kind.psnr:
        assert found.psnr is not None
        assert found.psnr >= LEAST_PSNR


@pytest.mark.parametrize("kind", REFUSED, ids=called)
def test_hostile_files_are_refused_and_nothing_that_they_name_is_read(odd, vidtag, tmp_path, kind):
    canary = odd / "hostile" / CANARY
    os.utime(canary, (0, canary.stat().st_mtime))
    result = vidtag("annotate", odd / "hostile" / kind.name, "-o", tmp_path / "film.mkv")
    assert (result.code, result.out) == (kind.code, ""), result
    assert result.err.startswith("vidtag: ")
    assert result.err.count("\n") == 1
    assert kind.says in result.err
    assert not list(tmp_path.iterdir())
    assert canary.stat().st_atime == 0


@pytest.mark.parametrize("text", ["#EXTM3U\n#EXTINF:2,\n{0}\n", "ffconcat version 1.0\nfile {0}\n", "{0}\n"])
@pytest.mark.parametrize("suffix", [".mp4", ".m3u8", ".ffconcat", ".sdp", ".mkv"])
def test_no_address_is_called(vidtag, tmp_path, door, text, suffix):
    address = f"http://127.0.0.1:{door.getsockname()[1]}/film.ts"
    (tmp_path / f"list{suffix}").write_text(text.format(address))
    assert vidtag("annotate", tmp_path / f"list{suffix}").code == 3
    assert visitors(door) == 0


@pytest.mark.parametrize("name", ["http://127.0.0.1:{0}/film.ts", "tcp://127.0.0.1:{0}", "concat:a|b", "file:{1}"])
def test_an_address_is_the_name_of_a_file_that_is_not_there(vidtag, door, odd, name):
    text = name.format(door.getsockname()[1], odd / "hostile" / CANARY)
    result = vidtag("analyze", text)
    assert (result.code, "does not exist" in result.err) == (3, True)
    assert visitors(door) == 0


@pytest.mark.parametrize("name", ["-dash.mp4", "line\nbreak.mp4", "%03d.mp4", "a:b.mp4", "$(touch x) `id`.mp4"])
def test_names_mean_nothing(odd, vidtag, tmp_path, monkeypatch, name):
    (tmp_path / name).write_bytes((odd / "hostile" / name).read_bytes())
    monkeypatch.chdir(tmp_path)
    result = vidtag("annotate", "-q", "--", name)
    assert (result.code, result.err) == (0, "")
    stem = Path(name).stem
    assert {path.name for path in tmp_path.iterdir()} == {name, f"{stem}.tagged.mp4", f"{stem}.tagged.csv"}


def test_the_matrix_is_what_was_promised():
    good = [kind for group in ("timing", "pictures", "tracks") for kind in GROUPS[group]]
    assert len(good) + len(GROUPS["damage"]) >= 130
    assert len(GROUPS["hostile"]) >= 45
    assert len({(group, kind.name) for group, kind in EVERY}) == len(EVERY)


def test_the_table_says_what_the_kinds_say(odd):
    rows = list(csv.DictReader(io.StringIO((odd / TABLE).read_text("utf-8", errors="surrogateescape"))))
    assert [row["annotate"] for row in rows] == [str(kind.code) for kind in GROUPS["hostile"]]
    assert expected_answers(odd)["hostile/bomb-8192.mp4"] == Expected(annotate=4, analyze=4, says="limit")


def test_check_media_says_what_is_wrong(odd, models, tmp_path):
    (tmp_path / "bad.mp4").write_text("text")
    (tmp_path / TABLE).write_text("file,group,about,annotate,analyze,says,psnr,frames\nbad.mp4,,,3,0,,,\n")
    environment = os.environ | {"VIDTAG_MODELS": str(models), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, ROOT / "scripts/check-media", tmp_path, "--model", "colours"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert result.returncode == 1, result
    assert "analyze ends with 3, expected 0" in result.stdout
    assert "0 of 1 as expected" in result.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("group", "kind"), EVERY, ids=called)
def test_every_kind(models, monkeypatch, tmp_path_factory, group, kind):
    monkeypatch.setenv("VIDTAG_MODELS", str(models))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    folder = tmp_path_factory.getbasetemp() / "every-odd-kind"
    make_matrix(folder, [group])
    name = f"{group}/{kind.name}"
    assert check_file(folder / name, name, expected_answers(folder)[name], "colours").wrong == []


@pytest.mark.slow
def test_every_real_odd_film_is_right_or_refused(models, monkeypatch, shared_data):
    monkeypatch.setenv("VIDTAG_MODELS", str(models))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    if not (shared_data / "odd").is_dir():
        pytest.skip("needs the odd media in ../shared/data")
    films = [path for path in sorted((shared_data / "odd").iterdir()) if path.suffix != ".csv"]
    outcomes = [check_file(path, path.name, Expected(frames=True), "colours") for path in films]
    assert [(outcome.file, outcome.wrong) for outcome in outcomes if outcome.wrong] == []
