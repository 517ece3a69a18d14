"""A film is looked into by a child with limits: whatever happens to it there, one clear error comes out."""

import json
import os
import signal
import sys
from fractions import Fraction
from pathlib import Path

import av
import pytest
from media_recipes import make_film

from vidtag.errors import DamagedError, InputError, LimitError, VidtagError
from vidtag.limits import VARIABLE
from vidtag.media import inspecting, isolated
from vidtag.media.ffmpeg import Ffmpeg
from vidtag.media.info import Chapter, StreamInfo, VideoInfo
from vidtag.media.infotext import info_from_plain, info_to_plain, info_to_text
from vidtag.media.probe import probe, probing
from vidtag.media.reader import SampleReader

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="limits of other processes are Linux only")


@pytest.fixture
def film(tmp_path):
    return make_film(tmp_path / "film.mkv", "-c:v", "libx264", "-preset", "ultrafast")


def child_does(monkeypatch, text):
    """Let the child run something else than the looking."""
    monkeypatch.setattr(isolated, "_START", text)


def described():
    return VideoInfo(
        path=Path("/films/a.mkv"),
        format="matroska,webm",
        index=1,
        codec="h264",
        width=192,
        height=144,
        pixel_format="yuv420p",
        rate=Fraction(24000, 1001),
        time_base=Fraction(1, 1000),
        first=Fraction(-1, 3),
        promised_end=None,
        container_start=Fraction(0),
        rotation=90,
        full_range=True,
        chapters=(Chapter(Fraction(0), Fraction(7, 3), "Einfälle;\n=x"),),
        others=(StreamInfo(0, "audio", "aac", "deu"), StreamInfo(2, "video", "png", "", True)),
    )


def test_a_description_survives_the_way_out():
    plain = json.loads(json.dumps(info_to_plain(described())))
    assert info_from_plain(plain, Path("/films/a.mkv")) == described()


@pytest.mark.parametrize(
    "changes",
    [
        {"width": "192"},
        {"width": 0},
        {"width": True},
        {"height": 10**9},
        {"rate": "fast"},
        {"rate": "0"},
        {"time_base": "1/0"},
        {"time_base": None},
        {"rotation": 45},
        {"chapters": [["0", "1"]]},
        {"others": [[0, "audio"]]},
        {"others": 7},
        {"path": "/etc/passwd"},
    ],
    ids=str,
)
def test_a_child_is_not_believed_more_than_the_film(film, monkeypatch, changes):
    answer = json.dumps({"found": info_to_plain(described()) | changes})
    child_does(monkeypatch, f"print({answer!r})")
    with pytest.raises((DamagedError, LimitError)):
        probe(film)


@pytest.mark.parametrize("answer", ["", "[]", "7", "{}", '{"error": "Exception", "message": ""}', "{" * 100_000])
def test_an_answer_that_is_none_is_an_error(film, monkeypatch, answer):
    child_does(monkeypatch, f"print({answer!r})")
    with pytest.raises(InputError, match="cannot be described"):
        probe(film)


def test_a_child_that_crashes_is_damage(film, monkeypatch):
    child_does(monkeypatch, f"import os; os.kill(os.getpid(), {int(signal.SIGSEGV)})")
    with pytest.raises(DamagedError, match="made its decoder crash"):
        probe(film)


def test_a_child_that_does_not_end_is_given_up(film, monkeypatch):
    child_does(monkeypatch, "import time; time.sleep(60)")
    with (
        isolated.isolated("inspect", film, patience_s=0.2) as answer,
        pytest.raises(LimitError, match="made to waste time"),
    ):
        answer()


def test_leaving_early_ends_the_child(film, monkeypatch, tmp_path):
    note = tmp_path / "pid"
    child_does(monkeypatch, f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    with probing(film):
        while not note.exists() or not note.read_text():
            pass
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


@LINUX
def test_the_child_may_write_no_file_and_take_little_memory(film, monkeypatch):
    monkeypatch.setenv(VARIABLE, "memory=0.25")
    found = {}
    for name in ("RLIMIT_DATA", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE", "RLIMIT_CPU"):
        start = isolated._START.removesuffix("; main()")
        child_does(
            monkeypatch,
            f"{start}; import resource; from vidtag.media.childlimits import limit_inspection; "
            f"limit_inspection(whole=False); print(json.dumps({{'found': resource.getrlimit(resource.{name})[0]}}))",
        )
        with isolated.isolated("inspect", film) as answer:
            found[name] = answer()
        monkeypatch.undo()
        monkeypatch.setenv(VARIABLE, "memory=0.25")
    assert found == {
        "RLIMIT_DATA": 250_000_000,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_NOFILE": 256,
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": 60,
    }


@LINUX
def test_ffmpeg_has_limits_of_its_own_and_one_that_gives_pictures_writes_no_file(monkeypatch):
    import resource

    monkeypatch.setenv(VARIABLE, "memory=2")
    source = ("-re", "-f", "lavfi", "-i", "color=s=32x32:d=60", "-f", "rawvideo")
    with Ffmpeg([*source, "pipe:1"], stdout=True) as reading, Ffmpeg([*source, "-y", os.devnull]) as writing:
        limits = [resource.prlimit(one._process.pid, resource.RLIMIT_DATA)[0] for one in (reading, writing)]
        sizes = [resource.prlimit(one._process.pid, resource.RLIMIT_FSIZE)[0] for one in (reading, writing)]
    assert limits == [2_000_000_000] * 2
    assert sizes == [0, resource.getrlimit(resource.RLIMIT_FSIZE)[0]]


@LINUX
def test_a_film_that_takes_too_much_memory_is_over_a_limit(tmp_path, monkeypatch):
    large = make_film(tmp_path / "large.mkv", "-c:v", "mpeg4", source="color=s=4096x4096:r=5:d=2")
    info = probe(large)
    monkeypatch.setenv(VARIABLE, "memory=0.06")
    with (
        pytest.raises((LimitError, DamagedError)) as caught,
        SampleReader(info, input_size=(48, 64), rate=Fraction(4), batch_size=4) as reader,
    ):
        list(reader)
    assert isinstance(caught.value, LimitError) or "no frame" in str(caught.value)


def test_every_error_of_a_child_comes_out_as_itself(film, monkeypatch):
    for kind in (InputError, LimitError, DamagedError):
        child_does(monkeypatch, f"print({json.dumps({'error': kind.__name__, 'message': 'so it is'})!r})")
        with pytest.raises(VidtagError, match="so it is") as caught:
            probe(film)
        assert type(caught.value) is kind


def test_a_child_of_a_strange_folder_runs_nothing_of_it(film, tmp_path, monkeypatch):
    (tmp_path / "vidtag").mkdir()
    (tmp_path / "vidtag/__init__.py").write_text("raise SystemExit('ran')")
    (tmp_path / "json.py").write_text("raise SystemExit('ran')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    assert probe(film).width == 160


def test_tasks_take_texts_and_give_what_json_holds(film):
    info = info_to_text(probe(film))
    words = {"damage": "0", "clocks": "0", "key frames": (info, "0,1/2"), "glimpses": (info, "0:1", "32x24")}
    for name, task in inspecting.TASKS.items():
        assert json.dumps(task(film, *words.get(name, ())))
        assert av.logging.get_level() is None, "decoders still speak, and may wait for Python that closes them"


def test_the_reader_gives_up_on_a_decoder_that_stands_still(film, monkeypatch):
    info = probe(film)
    monkeypatch.setenv(VARIABLE, "stall=1")
    with SampleReader(info, input_size=(48, 64), rate=Fraction(4), batch_size=100) as reader:
        reader._ffmpeg._process.send_signal(signal.SIGSTOP)
        with pytest.raises(DamagedError, match="no progress for 1 s"):
            list(reader)


@pytest.mark.parametrize(("limit", "words"), [("hours=0.0002", "hours apart"), ("frames=20", "more than")])
def test_a_film_that_is_too_long_is_a_limit(film, monkeypatch, limit, words):
    info = probe(film)
    monkeypatch.setenv(VARIABLE, limit)
    with (
        SampleReader(info, input_size=(48, 64), rate=Fraction(4), batch_size=1) as reader,
        pytest.raises(LimitError, match=words),
    ):
        list(reader)
