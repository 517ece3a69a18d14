"""A season in a bucket, by the command: the same results as of files, whatever is killed or runs at once."""

import json
import signal
import subprocess
import sys
import threading

import pytest
from batch_recipes import tree, wait_until
from episode_recipes import started
from remote_recipes import EPISODES, Bucket, lasting, s3_environment, s3_server

from vidtag.batch.manifest import NAME
from vidtag.remote.lease import NAME as LOCK

pytest_plugins = ("episode_fixtures", "remote_fixtures")

PATIENCE = 180
QUICK = "import vidtag.remote.lease as l; l.RENEW_S, l.LEASE_S = 0.3, 3.0; from vidtag.cli.main import main; main()"
"""vidtag with a short lease: nobody wants to wait in tests."""


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


def begun(events):
    return [event["episode"] for event in events if event["event"] == "begin"]


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
    assert not tree(tmp_path / "temporary"), "something was left on this machine"

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
    assert not tree(tmp_path / "elsewhere")


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


@pytest.mark.slow
def test_the_workers_of_a_cluster_fetch_and_store_themselves(bucket, expected, monkeypatch):
    pytest.importorskip("ray", reason="needs Ray: pip install 'vidtag[ray]'")
    monkeypatch.setenv("RAY_TMPDIR", "/tmp")  # the names of sockets are short
    events, _ = batch(bucket.address("season"), bucket.address("tagged"), "--executor", "ray")
    assert sorted(begun(events)) == EPISODES
    assert lasting(bucket.tree("tagged")) == expected
    events, _ = batch(bucket.address("season"), bucket.address("tagged"), "--executor", "ray")
    assert begun(events) == []


def test_a_film_over_http(server, bucket, expected, tmp_path):
    bucket.put("season/S1/E2.mp4", bucket.read("season/S1/E2.mp4"), ACL="public-read")
    batch(f"{server}/{bucket.name}/season/S1/E2.mp4", tmp_path / "out")
    made = (tmp_path / "out/E2.segments.csv").read_bytes()
    assert made == expected["S1/E2.segments.csv"].replace(b"S1/E2", b"E2")
    _, said = batch(f"{server}/{bucket.name}/season", tmp_path / "out", code=3)
    assert f"{server}/{bucket.name}/season" in said
