"""What is held does not grow with the film: peak memory of a Python that reads and writes, in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from media_recipes import ffmpeg, make_film

LIMIT_KIB = 30 * 1024

# Reads all samples, writes the tagged film and prints the frames and the peak of resident memory in KiB. The peak that
# `resource` reports would not do: a process inherits it from the one that starts it, here from all of pytest.
CHILD = """
import json, re, sys
from pathlib import Path
from media_tagging import tag
from vidtag.options import RenderOptions

tagged = tag(Path(sys.argv[1]), Path(sys.argv[2]), options=RenderOptions(encoder="mpeg4"), grey=90)
peak = re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1]
print(json.dumps([tagged.frames, int(peak)]))
"""


def peak_kib(film, target, frames):
    tests = Path(__file__).parents[1]
    paths = {"PYTHONPATH": f"{tests}:{tests.parent}", "PATH": "/usr/bin:/bin"}
    result = subprocess.run(
        [sys.executable, "-c", CHILD, str(film), str(target)], env=paths, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    found, peak = json.loads(result.stdout)
    assert found == frames
    return peak


def looped(source, target, minutes):
    """Repeat a clip of 10 s."""
    ffmpeg("-stream_loop", 6 * minutes - 1, "-i", source, "-c", "copy", target)
    return target


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    arguments = ("-c:v", "mpeg4", "-q:v", "5", "-g", "25")
    return make_film(tmp_path_factory.mktemp("loop") / "clip.mkv", *arguments, source="testsrc2=s=64x48:r=25:d=10")


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_twenty_minutes_take_no_more_memory_than_one(clip, tmp_path):
    short = peak_kib(looped(clip, tmp_path / "short.mkv", 1), tmp_path / "a.mkv", 1500)
    long = peak_kib(looped(clip, tmp_path / "long.mkv", 20), tmp_path / "b.mkv", 30_000)
    print(f"peak memory: {short} KiB for 1 minute, {long} KiB for 20 minutes")
    assert long - short < LIMIT_KIB
