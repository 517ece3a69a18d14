"""A season at addresses: the same results as of files, whatever is killed or cannot be reached."""

import json
import signal
import subprocess
import sys
import threading

import pytest
from batch_recipes import asked_for, make_season, wait_until
from episode_recipes import started
from remote_recipes import Bucket, s3_environment, s3_server

from vidtag.batch.events import Begun
from vidtag.batch.manifest import NAME
from vidtag.batch.options import BatchOptions
from vidtag.batch.run import run_batch
from vidtag.remote.addresses import parse_place
from vidtag.remote.lease import NAME as LOCK

pytest_plugins = "episode_fixtures"

EPISODES = ["S1/E1", "S1/E2", "S2/E1"]
PATIENCE = 180
QUICK = "import vidtag.remote.lease as l; l.RENEW_S, l.LEASE_S = 0.3, 3.0; from vidtag.cli.main import main; main()"
"""vidtag with a short lease: nobody wants to wait in tests."""


@pytest.fixture(scope="module")
def made_season(tmp_path_factory):
    return make_season(tmp_path_factory.mktemp("made") / "season")


@pytest.fixture(scope="module")
def server():
    with s3_server() as endpoint:
        yield endpoint


@pytest.fixture
def bucket(server, installed, made_season, monkeypatch, tmp_path):
    """A bucket with the season, and the environment to reach it."""
    for name, value in s3_environment(server).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    monkeypatch.delenv("PYTHONWARNINGS", raising=False)
    made = Bucket("shows-" + tmp_path.name.replace("_", "-"))
    made.put_folder(made_season, "season")
    return made


def command(season, out, *more):
    options = ("--model", "colours", "--only", "reports", "--json", *more)
    return [sys.executable, "-c", QUICK, "batch", *map(str, (season, "-o", out, *options))]


def batch(season, out, *more, code=0):
    """Run a batch in a process of its own; gives its events, and what it said on stderr."""
    done = subprocess.run(command(season, out, *more), capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == code, done.stderr
    assert "secretofthetests" not in done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def lasting(results):
    """Pick what is to be equal to the last bit."""
    return {name: data for name, data in results.items() if name.endswith((".csv", ".npz"))}


def files_below(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def begun(events):
    return [event["episode"] for event in events if event["event"] == "begin"]


@pytest.fixture(scope="module")
def expected(models, made_season, tmp_path_factory):
    """What a batch makes of the files."""
    out = tmp_path_factory.mktemp("expected") / "tagged"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIDTAG_MODELS", str(models))
        run_batch([str(made_season)], out, asked=asked_for(), options=REPORTS, tell=lambda event: None)
    return lasting(files_below(out))


REPORTS = BatchOptions(executor="serial", only="reports")


def test_a_season_in_a_bucket_becomes_what_files_become(bucket, expected, tmp_path):
    out = bucket.address("tagged")
    events, _ = batch(bucket.address("season"), out)
    assert sorted(begun(events)) == EPISODES
    made = bucket.tree("tagged")
    assert lasting(made) == expected
    assert sorted(set(made) - set(expected)) == [NAME, "report.html", "season.duckdb"]
    entry = json.loads(made[NAME])["episodes"]["S1/E1"]
    assert entry["source"] == bucket.address("season/S1/E1.mp4")
    assert not any(b"secretofthetests" in data or b"AKID" in data for data in made.values())
    assert not files_below(tmp_path / "temporary"), "something was left on this machine"

    before = bucket.times("tagged")
    events, _ = batch(bucket.address("season"), out)
    assert begun(events) == []
    after = bucket.times("tagged")
    assert {key for key in after if after[key] != before[key]} <= {f"tagged/{NAME}"}

    bucket.put("season/S1/E2.mp4", bucket.read("season/S1/E1.mp4"))
    bucket.remove("tagged/S2/E1.segments.csv")
    events, _ = batch(bucket.address("season/"), out)
    assert begun(events) == ["S1/E2", "S2/E1"]
    assert bucket.tree("tagged")["S1/E2.presence.csv"] == made["S1/E1.presence.csv"].replace(b"S1/E1", b"S1/E2")


def test_a_killed_run_is_gone_on_with_from_elsewhere(bucket, expected, tmp_path, monkeypatch):
    out = bucket.address("tagged")
    with started(command(bucket.address("season"), out, "--workers", 1), stdout=subprocess.DEVNULL) as process:
        wait_until(lambda: "S1/E1.segments.csv" in bucket.tree("tagged"))
        process.send_signal(signal.SIGKILL)
        process.wait()
    left = bucket.tree("tagged")
    assert LOCK in left
    whole = lasting(left)
    assert whole == {name: expected[name] for name in whole}
    monkeypatch.setenv("TMPDIR", str(tmp_path / "elsewhere"))
    (tmp_path / "elsewhere").mkdir()
    events, said = batch(bucket.address("season"), out)
    assert "has the lock of a run" in said or any("has the lock" in event.get("text", "") for event in events)
    assert len(begun(events)) <= 3
    assert lasting(bucket.tree("tagged")) == expected
    assert not any(LOCK in name for name in bucket.tree("tagged"))
    assert not files_below(tmp_path / "elsewhere")


def test_a_second_run_ends_with_exit_code_7(bucket):
    ending = threading.Event()

    def live():
        count = 0
        while not ending.wait(0.3):
            count += 1
            bucket.put(f"tagged/{LOCK}", json.dumps(["other", "elsewhere", 12, count]).encode())

    other = threading.Thread(target=live)
    other.start()
    wait_until(lambda: LOCK in bucket.tree("tagged"))
    try:
        _, said = batch(bucket.address("season"), bucket.address("tagged"), code=7)
    finally:
        ending.set()
        other.join()
    assert "is being written by another run (process 12 on elsewhere)" in said.splitlines()[-1]
    assert sorted(bucket.tree("tagged")) == [LOCK]


def test_a_bucket_that_is_not_there_is_told_in_one_line(bucket):
    _, said = batch(bucket.address("season"), "s3://nowhere-at-all/tagged", code=6)
    assert said.count("\n") == 1
    assert "s3://nowhere-at-all/tagged" in said


# In this process, where the store is a dictionary:


@pytest.fixture
def store(installed, made_season, monkeypatch, tmp_path):
    """The season in fsspec's memory; gives the file system."""
    memory = pytest.importorskip("fsspec.implementations.memory", reason="needs fsspec: pip install 'vidtag[remote]'")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    found = memory.MemoryFileSystem()
    found.store.clear()
    for name, data in files_below(made_season).items():
        found.pipe_file(f"/shows/season/{name}", data)
    yield found
    assert not files_below(tmp_path / "temporary"), "something was left on this machine"


def run(seasons, out, **options):
    events = []
    summary = run_batch(
        [str(season) for season in seasons],
        parse_place(str(out)),
        asked=asked_for(),
        options=BatchOptions(executor="serial", only="reports", **options),
        tell=events.append,
    )
    return summary, [event.episode for event in events if isinstance(event, Begun)]


def stored(store, below):
    return {name.removeprefix(f"/{below}/"): store.cat_file(name) for name in store.find(f"/{below}")}


@pytest.mark.parametrize(("far_season", "far_out"), [(True, False), (False, True)])
def test_one_of_both_may_be_far(store, made_season, expected, tmp_path, far_season, far_out):
    out = "memory://shows/tagged" if far_out else tmp_path / "tagged"
    season = "memory://shows/season" if far_season else made_season
    assert run([season], out)[0].done == tuple(EPISODES)
    assert lasting(stored(store, "shows/tagged") if far_out else files_below(out)) == expected
    assert run([season], out)[1] == []


def test_patterns_lists_and_single_films(store, tmp_path):
    (tmp_path / "list.txt").write_text("memory://shows/season/S1/E1.mp4\nmemory://shows/season/S2/E1.mkv\n")
    store.pipe_file("/shows/season/S1/E1.tagged.mp4", b"a film with a bar")
    store.pipe_file("/shows/season/S1/.hidden.mp4", b"hidden")
    named = {
        "memory://shows/season/S*/E1.*": ["S1/E1", "S2/E1"],
        "memory://shows/season/S1": ["E1", "E2"],
        "memory://shows/season/S1/E2.mp4": ["E2"],
        f"@{tmp_path / 'list.txt'}": ["S1/E1", "S2/E1"],
    }
    for number, (season, names) in enumerate(named.items()):
        assert list(run([season], tmp_path / str(number))[0].done) == names


def test_the_results_may_lie_in_the_season(store):
    assert run(["memory://shows"], "memory://shows/tagged")[0].done == tuple(f"season/{name}" for name in EPISODES)
    store.pipe_file("/shows/tagged/season/S1/made.mp4", b"of another kind")
    assert run(["memory://shows"], "memory://shows/tagged")[0].unchanged == 3


@pytest.mark.parametrize(("method", "exit_code"), [("put_file", 6), ("get_file", 3)])
def test_what_cannot_be_transferred_costs_its_episode(store, expected, monkeypatch, method, exit_code):
    original = getattr(type(store), method)

    def fail(self, first, second, **named):
        if "E2" in str(first) + str(second) and "manifest" not in str(second):
            raise OSError("the line to http://me:secret@host is cut")
        return original(self, first, second, **named)

    monkeypatch.setattr(type(store), method, fail)
    summary, _ = run(["memory://shows/season"], "memory://shows/tagged")
    assert summary.done == ("S1/E1", "S2/E1")
    ((name, failure),) = summary.failed
    assert (name, failure.exit_code) == ("S1/E2", exit_code)
    assert "the line to http://host is cut" in failure.reason
    assert "memory://shows/" in failure.reason
    monkeypatch.setattr(type(store), method, original)
    assert run(["memory://shows/season"], "memory://shows/tagged")[0].done == ("S1/E2",)
    assert lasting(stored(store, "shows/tagged")) == expected


def test_a_film_for_which_there_is_no_room_is_named(store, monkeypatch):
    monkeypatch.setattr("vidtag.batch.away.free_bytes", lambda folder: 1_000_000)
    failures = dict(run(["memory://shows/season"], "memory://shows/tagged")[0].failed)
    assert set(failures) == set(EPISODES)
    assert "set TMPDIR to another disk" in failures["S1/E1"].reason
    assert failures["S1/E1"].exit_code == 6


def test_errors_speak_of_addresses(store):
    store.pipe_file("/shows/season/S1/E1.mp4", b"no film")
    ((name, failure),) = run(["memory://shows/season"], "memory://shows/tagged")[0].failed
    assert name == "S1/E1"
    assert failure.reason.startswith("memory://shows/season/S1/E1.mp4 ")
    assert "temporary" not in failure.reason


def test_changed_smoothing_fetches_no_film(store, monkeypatch):
    run(["memory://shows/season"], "memory://shows/tagged")
    fetched = []
    original = type(store).get_file

    def watch(self, first, second, **named):
        fetched.append(str(first))
        return original(self, first, second, **named)

    monkeypatch.setattr(type(store), "get_file", watch)
    options = BatchOptions(executor="serial", only="reports")
    out = parse_place("memory://shows/tagged")
    run_batch(["memory://shows/season"], out, asked=asked_for(smooth=0), options=options, tell=lambda event: None)
    assert fetched
    assert not [name for name in fetched if "season/S" in name and "tagged" not in name]


def test_names_that_lead_elsewhere_are_no_films(store, tmp_path):
    store.store["/shows/odd/../../up.mp4"] = store.store["/shows/season/S1/E1.mp4"]
    store.pipe_file("/shows/odd/fine.mp4", store.cat_file("/shows/season/S1/E1.mp4"))
    assert run(["memory://shows/odd"], tmp_path / "out")[0].done == ("fine",)


@pytest.mark.parametrize("place", ["ftp://x/season", "s3://key:s3cr3t@bucket/season", "https://x/y?token=s3cr3t"])
def test_addresses_that_are_not_taken(vidtag, tmp_path, place):
    for arguments in ((place, "-o", tmp_path / "out"), (tmp_path, "-o", place)):
        result = vidtag("batch", *arguments)
        assert result.code == 2
        assert result.err.count("\n") == 1
        assert "s3cr3t" not in result.err
    assert vidtag("annotate", "s3://shows/E1.mp4", "-o", tmp_path / "a.mp4").code == 3


def test_without_fsspec_it_is_told_how_to_get_it(vidtag, monkeypatch, tmp_path):
    from vidtag.remote.filesystems import _filesystem

    _filesystem.cache_clear()
    monkeypatch.setitem(sys.modules, "fsspec", None)
    result = vidtag("batch", "s3://shows/season", "-o", tmp_path / "out")
    assert result.code == 1
    assert result.err.count("\n") == 1
    assert "pip install 'vidtag[remote]'" in result.err
