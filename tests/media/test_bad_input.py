"""Files that are no film, or not a whole one: one clear error of the right kind."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from media_recipes import ffmpeg, make_film

from vidtag.errors import DamagedError, InputError, LimitError
from vidtag.limits import Limits
from vidtag.media.info import Part
from vidtag.media.probe import fingerprint, probe
from vidtag.media.reader import SampleReader

X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", 12)


def read_all(path, part=None):
    samples = []
    with SampleReader(probe(path), input_size=(24, 32), rate=Fraction(4), batch_size=4, part=part) as reader:
        samples.extend(reader)
    return np.concatenate(samples)


def missing(folder):
    return folder / "missing.mp4"


def empty(folder):
    (folder / "empty.mp4").touch()
    return folder / "empty.mp4"


def text(folder):
    (folder / "text.mp4").write_text("not a film\n" * 1000)
    return folder / "text.mp4"


def noise(folder):
    (folder / "noise.mkv").write_bytes(np.random.default_rng(1).bytes(100_000))
    return folder / "noise.mkv"


def sound_only(folder):
    ffmpeg("-f", "lavfi", "-i", "sine=d=1", folder / "sound.mp4")
    return folder / "sound.mp4"


def playlist(folder):
    make_film(folder / "real.ts", *X264)
    (folder / "list.mp4").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nreal.ts\n#EXT-X-ENDLIST\n")
    return folder / "list.mp4"


def concatenation(folder):
    make_film(folder / "real.ts", *X264)
    (folder / "list.mkv").write_text("ffconcat version 1.0\nfile real.ts\n")
    return folder / "list.mkv"


def drawing(folder):
    (folder / "drawing.mp4").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>')
    return folder / "drawing.mp4"


def pipe(folder):
    os.mkfifo(folder / "pipe.mp4")
    return folder / "pipe.mp4"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (missing, "does not exist"),
        (lambda folder: folder, "is a folder"),
        (empty, r"is empty \(0 bytes\)"),
        (text, "is not a video"),
        (noise, "is not a video"),
        (sound_only, r"has no picture \(only audio\)"),
        (playlist, "is not a video"),
        (concatenation, "is not a video"),
        (drawing, "is not a video"),
        (pipe, "is not a regular file"),
    ],
)
def test_what_is_no_film_is_refused_by_name(tmp_path, make, message):
    with pytest.raises(InputError, match=message) as caught:
        probe(make(tmp_path))
    assert str(tmp_path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.fixture(scope="module")
def whole_film(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    fast_start = ("-movflags", "+faststart")
    return make_film(folder / "whole.mp4", *X264, *fast_start, source="testsrc2=s=160x120:r=25:d=8")


@pytest.mark.parametrize("kept", [0.3, 0.5, 0.85])
def test_a_film_cut_short_gives_what_is_there_and_then_says_so(whole_film, tmp_path, kept):
    data = whole_film.read_bytes()
    short = tmp_path / "short.mp4"
    short.write_bytes(data[: int(len(data) * kept)])
    samples = []
    reader = SampleReader(probe(short), input_size=(24, 32), rate=Fraction(4), batch_size=4)
    with reader, pytest.raises(DamagedError, match="is damaged") as caught:
        samples.extend(reader)
    readable = re.search(r"readable are 0:00.0 to 0:0(\d\.\d) of 0:08.0", str(caught.value))
    assert readable
    assert 8 * kept - 2 < float(readable[1]) < 8 * kept + 2
    given = np.concatenate(samples)
    assert abs(len(given) - 4 * float(readable[1])) <= 1
    whole = read_all(whole_film)
    assert np.array_equal(given[:-1], whole[: len(given) - 1])  # the last slot may show the last frame that is there


def test_matroska_cut_short_is_damaged(tmp_path):
    whole = make_film(tmp_path / "whole.mkv", *X264, source="testsrc2=s=160x120:r=25:d=8")
    short = tmp_path / "short.mkv"
    short.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(DamagedError, match=r"readable are 0:00.0 to 0:0[345].\d of 0:08.0"):
        read_all(short)


def test_a_part_that_is_whole_can_be_read_from_a_film_cut_short(whole_film, tmp_path):
    data = whole_film.read_bytes()
    (tmp_path / "short.mp4").write_bytes(data[: len(data) // 2])
    samples = read_all(tmp_path / "short.mp4", Part(Fraction(0), Fraction(2)))
    assert np.array_equal(samples, read_all(whole_film)[:8])


@pytest.mark.parametrize("part", [Part(Fraction(2), Fraction(7)), Part(Fraction(7))])
def test_a_part_that_is_not_whole_is_damaged(whole_film, tmp_path, part):
    data = whole_film.read_bytes()
    (tmp_path / "short.mp4").write_bytes(data[: len(data) // 2])
    with pytest.raises(DamagedError, match="is damaged"):
        read_all(tmp_path / "short.mp4", part)


def broken_in_the_middle(whole_film, folder):
    data = bytearray(whole_film.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2000] = np.random.default_rng(2).bytes(2000)
    (folder / "broken.mp4").write_bytes(data)
    return folder / "broken.mp4"


def test_what_a_decoder_conceals_is_damage_and_the_rest_can_be_read(whole_film, tmp_path):
    with pytest.raises(DamagedError, match="decoding failed") as caught:
        read_all(broken_in_the_middle(whole_film, tmp_path))
    before, after = re.findall(r"0:0(\d\.\d) to 0:0(\d\.\d)", str(caught.value))
    assert before[0] == "0.0"
    assert 3 < float(before[1]) < float(after[0]) < 5.5
    assert after[1] == "8.0"


def test_going_on_gives_every_sample_and_says_which_cannot_be_believed(whole_film, tmp_path):
    path = broken_in_the_middle(whole_film, tmp_path)
    with SampleReader(probe(path), input_size=(24, 32), rate=Fraction(4), batch_size=4, keep_going=True) as reader:
        samples = np.concatenate(list(reader))
        (unknown,) = reader.unknown
    assert 3 < unknown.start < unknown.end < 5.5
    whole = read_all(whole_film)
    assert len(samples) == len(whole) == 32
    middles = (np.arange(32) + 0.5) / 4
    known = (middles < float(unknown.start)) | (middles >= float(unknown.end))
    assert np.array_equal(samples[known], whole[known])
    assert not np.array_equal(samples[~known], whole[~known])


def test_leaving_early_ends_ffmpeg(whole_film):
    with SampleReader(probe(whole_film), input_size=(144, 192), rate=Fraction(100), batch_size=1) as reader:
        next(iter(reader))
        child = reader._ffmpeg._process
    assert child.returncode is not None


def test_a_picture_too_large_is_a_limit(whole_film):
    with pytest.raises(LimitError, match="the limit is"):
        replace(probe(whole_film), width=20_000, height=20_000)


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
@pytest.mark.parametrize("suffix", [".mkv", ".mov"])
def test_a_picture_too_large_is_refused_before_it_is_decoded(tmp_path, suffix):
    film = make_film(tmp_path / f"huge{suffix}", "-c:v", "png", source="color=s=16000x16000:r=1:d=1")
    child = "\n".join(
        (
            "import re, sys",
            "from pathlib import Path",
            "from vidtag.errors import LimitError",
            "from vidtag.media.probe import probe",
            "try: probe(Path(sys.argv[1]))",
            "except LimitError as error: print(error)",
            "print(re.search(r'VmHWM:\\s*(\\d+) kB', Path('/proc/self/status').read_text())[1])",
        )
    )
    root = str(Path(__file__).parents[2])
    result = subprocess.run(
        [sys.executable, "-c", child, film], cwd=root, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    message, peak_kib = result.stdout.splitlines()
    assert "16000x16000 px; the limit is" in message
    assert int(peak_kib) < 400 * 1024  # the picture alone would take 750 MiB


@pytest.mark.parametrize("suffix", [".mkv", ".mp4", ".ts"])
def test_too_many_streams_are_a_limit(tmp_path, suffix):
    maps = ("-map", 0) * (Limits().streams + 1)
    many = make_film(tmp_path / f"many{suffix}", *maps, "-c:v", "mpeg4", source="testsrc2=s=64x48:r=5:d=0.4")
    with pytest.raises(LimitError, match="more than 64 streams"):
        probe(many)
    most = make_film(tmp_path / f"most{suffix}", *maps[2:], "-c:v", "mpeg4", source="testsrc2=s=64x48:r=5:d=0.4")
    assert len(probe(most).others) == Limits().streams - 1


def test_a_codec_that_is_not_listed_is_not_decoded(tmp_path):
    film = make_film(tmp_path / "targa.mov", "-c:v", "targa", source="testsrc2=s=64x48:r=5:d=0.4")
    with pytest.raises(DamagedError, match="not one frame of its picture can be decoded"):
        probe(film)


def test_fingerprint_tells_files_apart_and_not_names(whole_film, tmp_path):
    same, other = tmp_path / "same.mp4", tmp_path / "other.mp4"
    data = whole_film.read_bytes()
    same.write_bytes(data)
    other.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert fingerprint(same) == fingerprint(whole_film) != fingerprint(other)
