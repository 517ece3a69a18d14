"""The benchmark measures what it says: costs of whole process trees, in turn, on its own films. No time counts."""

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from media_recipes import make_coded_clip

from vidtag.records.bundles import find_bundle
from vidtag.records.scorefiles import load_scores

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from benchmarks.films import make_film, width_of  # noqa: E402
from benchmarks.growth import make_bundle  # noqa: E402
from benchmarks.options import bench_parser, read_bench_options  # noqa: E402
from benchmarks.processes import CommandFailedError, Cost, measure, median_cost  # noqa: E402
from benchmarks.rounds import rows_of, run_in_turn  # noqa: E402
from benchmarks.startup import time_to_encoding  # noqa: E402
from benchmarks.tables import table  # noqa: E402
from benchmarks.tasks import Contender, Task  # noqa: E402

FIGURES = {"wall_s", "cpu_s", "own_s", "main_s", "memory_mb"}
COPY = "import shutil, sys; assert sys.argv[3:] == ['--preset', 'veryfast']; shutil.copy(sys.argv[1], sys.argv[2])\n"


def bench(*arguments):
    command = [sys.executable, ROOT / "scripts" / "bench", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def python(text):
    return (sys.executable, "-c", text)


def silent(line):
    pass


def test_a_quick_run_writes_every_figure_and_a_plot(tmp_path):
    (tmp_path / "copy.py").write_text(COPY)
    more = ("--model", ROOT / "models/lantern-lane", "--options", "--rate 2", "--old-way", tmp_path / "copy.py")
    done = bench("--quick", "--seconds", 2, "--runs", 2, "-o", tmp_path / "out", *more)
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "out/bench.json").read_text())
    assert {"processor", "cores", "memory_gb", "python", "ffmpeg", "vidtag"} <= report["machine"].keys()
    assert str(ROOT) not in json.dumps(report)
    limits = {row["name"]: row["limit"] for row in report["sizes"]}
    assert limits == {
        "decode": "",
        "analyze": "decode",
        "analyze --rate 2": "decode",
        "re-encode medium": "",
        "annotate medium": "re-encode medium",
        "annotate medium --rate 2": "re-encode medium",
        "re-encode veryfast": "",
        "annotate veryfast": "re-encode veryfast",
        "annotate veryfast --rate 2": "re-encode veryfast",
        "old way veryfast": "re-encode veryfast",
    }
    for row in report["sizes"]:
        assert row["film"] == "480p"
        assert len(row["runs"]) == (1 if row["name"].startswith("old way") else 2)
        assert all(run.keys() == FIGURES and run["wall_s"] > 0 and run["memory_mb"] > 0 for run in row["runs"])
        assert (row["ratio"] is None) == (not row["limit"])
    assert cv2.imread(str(tmp_path / "out/bench.png")).std() > 1
    assert sum(line.startswith("| 480p") for line in done.stdout.splitlines()) == len(limits)


@pytest.mark.slow
def test_growth_and_start_up_on_the_smallest_films(tmp_path):
    growth = ("--lengths", "0.05,0.1", "--characters", "1,3", "--start-up", "--growth-size", 120)
    small = ("--sizes", "none", "--seconds", 2, "--runs", 1, "--model", "lantern-lane")
    done = bench(*small, *growth, "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "out/bench.json").read_text())
    assert "sizes" not in report
    assert [(row["minutes"], row["name"]) for row in report["lengths"]] == [
        (minutes, name) for minutes in (0.05, 0.1) for name in ("re-encode ultrafast", "annotate ultrafast")
    ]
    assert [row["characters"] for row in report["characters"] if row["name"] == "annotate veryfast"] == [1, 3]
    started = {row["name"]: row["runs"] for row in report["start_up"]}
    assert list(started)[:2] == ["--help", "report"]
    assert all(len(runs) == 5 and min(runs) > 0 for runs in started.values())
    assert cv2.imread(str(tmp_path / "out/bench.png")).std() > 1


def test_films_that_are_given_are_measured_as_they_are(tmp_path):
    clip = make_coded_clip(tmp_path / "own.mp4", frames=30)
    done = bench("--film", clip, "--runs", 1, "--model", "lantern-lane", "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "out/bench.json").read_text())
    assert {row["film"] for row in report["sizes"]} == {"own.mp4, 128x96"}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--sizes", "481"), 2, "expected even heights in px such as 480,720; got '481'"),
        (("--sizes", "4x0"), 2, "expected numbers 120 to 4320"),
        (("--runs", "0"), 2, "expected numbers 1 to 99"),
        (("--runs", "none"), 2, "expected one number 1 to 99"),
        (("--sizes", "none"), 2, "nothing is left to measure"),
        (("--growth-size", "480,720"), 2, "--growth-size takes one height"),
        (("--old-way", "none.py"), 2, "there is no file none.py"),
        (("--against", "."), 2, ". is not a checkout of vidtag"),
        (("--quick", "--model", "nobody"), 3, "no model is called 'nobody'"),
        (("--faster",), 2, "unrecognized arguments: --faster"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path, monkeypatch, arguments, code, said):
    monkeypatch.chdir(tmp_path)
    done = bench(*arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "bench").exists()


def test_a_command_that_fails_ends_the_run_with_its_own_words(tmp_path):
    (tmp_path / "broken.py").write_text("import sys\nsys.exit('no luck')\n")
    clip = make_coded_clip(tmp_path / "own.mp4", frames=10)
    more = ("--old-way", tmp_path / "broken.py", "--model", "lantern-lane", "--runs", 1)
    done = bench("--film", clip, *more, "-o", tmp_path / "out")
    assert done.returncode == 1
    assert "broken.py" in done.stderr.splitlines()[-1]
    assert done.stderr.endswith("ended with exit code 1: no luck\n")


def test_quick_and_all_are_defaults_that_can_be_changed():
    def read(*words):
        return read_bench_options(bench_parser("text"), list(words))

    usual, quick, everything = read(), read("--quick"), read("--all", "--lengths", "2")
    assert (usual.sizes, usual.seconds, usual.runs, usual.lengths) == ((480, 720, 1080), 60.0, 3, ())
    assert (quick.sizes, quick.seconds, quick.runs) == ((480,), 5.0, 1)
    assert (everything.lengths, everything.characters, everything.start_up) == ((2.0,), (1, 4, 19, 40), True)
    assert read("--quick", "--runs", "4", "--sizes", "720,480,720").sizes == (720, 480)
    other = read("--against", str(ROOT), "--options", "--rate 2 --threads 1").contenders
    assert [one.suffix for one in other] == ["", " --rate 2 --threads 1", f" ({ROOT.name})"]
    assert other[1].options == ("--rate", "2", "--threads", "1")


def test_cost_holds_time_and_memory_of_children_in_sessions_of_their_own():
    child = (
        "import time; held = bytearray(80_000_000); end = time.process_time() + 0.5\nwhile time.process_time() < end: 0"
    )
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], start_new_session=True)"
    cost = measure(python(parent))
    assert cost.cpu_s >= 0.5
    assert cost.own_s < cost.cpu_s - 0.4
    assert 80 < cost.memory_mb < 250


def test_threads_count_as_the_process_own_but_not_as_its_main_thread():
    work = "import time\ndef work():\n    end = time.thread_time() + 0.4\n    while time.thread_time() < end: pass\n"
    cost = measure(python(f"{work}import threading; one = threading.Thread(target=work); one.start(); one.join()"))
    assert cost.own_s == pytest.approx(cost.cpu_s, abs=0.05)
    assert cost.main_s <= cost.own_s - 0.3


def test_memory_counts_what_runs_at_the_same_time_even_if_it_is_alike():
    child = "held = bytearray(40_000_000); print(flush=True); input()"
    pipes = "stdin=subprocess.PIPE, stdout=subprocess.PIPE"
    start = f"one = subprocess.Popen([sys.executable, '-c', {child!r}], {pipes}); one.stdout.readline()"
    end = "one.stdin.close(); one.wait()"
    one_by_one = measure(python(f"import subprocess, sys, time; {start}; time.sleep(0.3); {end}; {start}; {end}"))
    together = measure(python(f"import subprocess, sys, time; {start}; other = one; {start}; time.sleep(0.3); {end}"))
    assert one_by_one.memory_mb > 40
    assert together.memory_mb > one_by_one.memory_mb + 35


def test_a_command_that_fails_is_told_with_its_last_line():
    with pytest.raises(CommandFailedError, match="exit code 7: the end"):
        measure(python("import sys; print('first\\nthe end', file=sys.stderr); sys.exit(7)"))


def test_the_environment_is_passed_on(tmp_path):
    measure(python(f"import os; open({str(tmp_path / 'said')!r}, 'w').write(os.environ['WORD'])"), {"WORD": "spoken"})
    assert (tmp_path / "said").read_text() == "spoken"
    assert "WORD" not in os.environ


def test_another_checkout_runs_its_own_vidtag_wherever_one_is(tmp_path, monkeypatch):
    (tmp_path / "vidtag").mkdir()
    (tmp_path / "vidtag/__init__.py").touch()
    (tmp_path / "vidtag/__main__.py").write_text("import pathlib, sys; pathlib.Path(sys.argv[1]).write_text('other')")
    monkeypatch.chdir(ROOT)
    other = Contender(model="lantern-lane", root=tmp_path)
    measure(other.vidtag(tmp_path / "said"), other.environment)
    assert (tmp_path / "said").read_text() == "other"


def costs_from(*walls):
    left = iter(walls)
    return lambda command, environment: Cost(next(left), 1.0, 1.0, 1.0, 100.0)


def test_rounds_go_forth_and_back_and_what_takes_long_runs_once():
    tasks = [Task(name="limit", command=("a",)), Task(name="one", command=("b",), limit="limit")]
    tasks.append(Task(name="slow", command=("c",), limit="limit", once=True))
    said = []
    measured = run_in_turn(tasks, 3, said.append, costs_from(1, 2, 30, 4, 3, 2, 6))
    assert [line.split(": ")[1].split()[0] for line in said] == ["limit", "one", "slow", "one", "limit", "limit", "one"]
    assert [[cost.wall_s for cost in one.runs] for one in measured] == [[1, 3, 2], [2, 4, 6], [30]]
    rows = rows_of(measured, film="480p")
    assert [row["median"]["wall_s"] for row in rows] == [2, 4, 30]
    assert [row["ratio"] and row["ratio"]["wall_s"] for row in rows] == [None, 2, 15]
    assert all(row["film"] == "480p" for row in rows)


def test_medians_are_taken_figure_by_figure():
    assert median_cost([Cost(1, 5, 1, 1, 7), Cost(3, 4, 1, 1, 9), Cost(2, 6, 1, 1, 8)]) == Cost(2, 5, 1, 1, 8)


def test_tables_keep_figures_to_the_right():
    assert list(table(("film", "s", "ratio"), [("480p", "1.25", ""), ("1080p", "10.00", "1.05")])) == [
        "| film  |     s | ratio |",
        "|-------|------:|------:|",
        "| 480p  |  1.25 |       |",
        "| 1080p | 10.00 |  1.05 |",
    ]


def test_long_films_repeat_their_first_minute_without_a_frame_more_or_less(tmp_path):
    film = make_film(tmp_path, 120, 90)
    look = """
import av, sys
with av.open(sys.argv[1]) as film:
    picture, sound = film.streams.video[0], film.streams.audio[0]
    print(picture.width, picture.height, picture.average_rate)
    times = sorted(packet.pts * picture.time_base for packet in film.demux(picture) if packet.size)
    gaps = [float(b - a) for a, b in zip(times, times[1:])]
    print(len(times), min(gaps) > 0.04, max(gaps) < 0.07)
"""
    said = subprocess.run([sys.executable, "-c", look, film.path], check=True, capture_output=True, text=True).stdout
    assert said.split() == [str(width_of(120)), "120", "24", "2160", "True", "True"]


def test_throw_away_models_score_and_have_as_many_characters_as_asked_for(tmp_path):
    base = find_bundle("lantern-lane")
    bundle = make_bundle(base, 9, tmp_path / "nine")
    clip = make_coded_clip(tmp_path / "own.mp4", frames=30)
    command = (sys.executable, "-m", "vidtag", "analyze", clip, "--model", bundle.folder, "-q")
    measure(command, {"PYTHONPATH": str(ROOT)})
    values = load_scores(tmp_path / "own.scores.npz").values
    assert values.shape[1] == 9
    assert np.isfinite(values).all()
    assert [character.icon is not None for character in bundle.cast] == [True] * 9


def test_encoding_that_never_begins_is_told(tmp_path):
    with pytest.raises(CommandFailedError, match="ended with exit code 0 without a film"):
        time_to_encoding(Task(name="idle", command=python("pass")), tmp_path)
    write = f"open({str(tmp_path / '.vidtag-1.mp4')!r}, 'w').write('begun'); import time; time.sleep(60)"
    assert 0 < time_to_encoding(Task(name="writer", command=python(write)), tmp_path) < 60
