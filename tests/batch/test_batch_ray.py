"""Episodes in a real Ray cluster: the same results as without, whatever dies; skipped where Ray is not installed."""

import os
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from batch_recipes import (
    asked_for,
    job_named,
    make_season,
    make_twenty_of,
    misbehave,
    running,
    tag_or_misbehave,
    wait_until,
    write_pid,
)

from vidtag.batch.events import Begun, Noted
from vidtag.batch.executors import EXECUTORS
from vidtag.batch.jobs import Began, Failure, Made, Moved, Workers
from vidtag.batch.manifest import Manifest
from vidtag.batch.needs import Needs
from vidtag.batch.options import BatchOptions
from vidtag.batch.processes import HUNG
from vidtag.batch.rayexecutor import MOST_LOSSES
from vidtag.batch.raytask import Order, do_episode
from vidtag.batch.run import run_batch
from vidtag.batch.work import process_episode
from vidtag.errors import OptionError, SetupError

pytest_plugins = "episode_fixtures"

NEEDS = Needs(cpus=1)
NODE = {"num_cpus": 1, "object_store_memory": 80 * 2**20}
needs_ray = pytest.mark.filterwarnings("default")  # of Ray's own doing


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A cluster of a machine without room and one with a CPU; its workers find what this process finds."""
    pytest.importorskip("ray", reason="needs Ray: pip install 'vidtag[ray]'")
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
        patch.setenv("RAY_health_check_period_ms", "500")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.delenv("PYTHONWARNINGS", raising=False)
        made = Cluster(initialize_head=True, head_node_args={**NODE, "num_cpus": 0, "include_dashboard": False})
        try:
            made.add_node(**NODE)
            yield made
        finally:
            made.shutdown()


@pytest.fixture
def needs(cluster):
    return Needs(cpus=1, address=cluster.address)


def results(names, folder, work, **workers):
    jobs = [job_named(name, folder) for name in names]
    return {outcome.job.name: outcome.result for outcome in EXECUTORS["ray"](jobs, work, Workers(**workers))}


@needs_ray
@pytest.mark.slow
def test_every_job_is_done_once_and_told_by_a_worker_that_is_kept(needs, tmp_path):
    told = []
    found = results("abc", tmp_path, write_pid, count=3, needs=needs, tell=told.append)
    assert sorted(found) == ["a", "b", "c"]
    assert all(isinstance(result, Made) for result in found.values())
    assert sorted(event.job.name for event in told if isinstance(event, Began)) == ["a", "b", "c"]
    assert all((event.done_s, event.total_s) == (1.0, 2.0) for event in told if isinstance(event, Moved))
    pids = {(tmp_path / f"{name}.scores.npz").read_text() for name in "abc"}
    assert len(pids) == 1
    assert pids != {str(os.getpid())}


@needs_ray
@pytest.mark.slow
def test_jobs_fail_as_they_fail_in_processes(needs, tmp_path):
    names = ["damaged", "wrong", "exits", "killed", "crashes", "hangs", "a"]
    found = results(names, tmp_path, misbehave, count=7, needs=needs, timeout_s=2.0)
    jobs = [job_named(name, tmp_path) for name in names]
    workers = Workers(timeout_s=2.0)
    expected = {outcome.job.name: outcome.result for outcome in EXECUTORS["processes"](jobs, misbehave, workers)}
    assert found == expected
    assert found["hangs"].exit_code == HUNG
    wait_until(lambda: not running("sleep 987654"))


def lose_the_worker_of_ray(job, report):
    """Work that takes Ray's own process with it, as a machine that fails would."""
    with Path(f"{job.targets.stem}.tries").open("a") as tries:
        tries.write("x")
    os.kill(os.getppid(), 9)
    time.sleep(60)


@needs_ray
@pytest.mark.slow
def test_a_job_that_takes_machines_down_is_given_up(needs, tmp_path):
    found = results(["a"], tmp_path, lose_the_worker_of_ray, needs=needs)
    assert isinstance(found["a"], Failure)
    assert f"lost {MOST_LOSSES} times" in found["a"].reason
    assert (tmp_path / "a.tries").read_text() == "x" * MOST_LOSSES


@needs_ray
@pytest.mark.slow
def test_leaving_off_ends_the_work(needs, tmp_path):
    told = []

    def stop_when_it_sleeps(event):
        told.append(event)
        wait_until(lambda: running("sleep 987654"))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        results(["hangs"], tmp_path, misbehave, needs=needs, tell=stop_when_it_sleeps)
    assert [type(event) for event in told] == [Began]
    wait_until(lambda: not running("sleep 987654"))


@needs_ray
@pytest.mark.slow
def test_needs_that_no_machine_meets_are_refused_with_what_there_is(needs, tmp_path):
    for unmet, words in (({"cpus": 64}, "64 CPUs"), ({"cpus": 1, "gpus": 2}, "2 GPUs")):
        lacking = Needs(**unmet, address=needs.address)
        with pytest.raises(OptionError, match=rf"{words}.*the largest has 1 CPUs"):
            results(["a"], tmp_path, write_pid, needs=lacking)


def compared(out):
    """Read what has to be the same to the last bit: CSV files and score files."""
    names = sorted(path.relative_to(out) for path in out.rglob("*") if path.suffix in (".csv", ".npz"))
    return {str(name): (out / name).read_bytes() for name in names}


def run(season, out, needs, executor, work=process_episode, events=None):
    options = BatchOptions(executor=executor, workers=10, needs=needs)
    tell = (events if events is not None else []).append
    return run_batch([str(season)], out, asked=asked_for(), options=options, tell=tell, work=work)


def tag_or_wait_to_be_lost(job, report):
    """The real work; the first episode of all waits for its machine to be lost, and says which it is."""
    mark = job.targets.stem.parents[1] / "waits"
    try:
        with mark.open("x") as said:
            said.write(os.environ["RAY_RAYLET_PID"])
    except FileExistsError:
        return process_episode(job, report)
    time.sleep(600)
    raise AssertionError("its machine was not lost")


def lose_machine(cluster, mark):
    """Kill the machine that an episode waits on, as a power cut would."""
    wait_until(lambda: mark.exists() and mark.read_text())
    pid = int(mark.read_text())
    machines = {node.all_processes["raylet"][0].process.pid: node for node in cluster.worker_nodes}
    cluster.remove_node(machines[pid], allow_graceful=False)


@needs_ray
@pytest.mark.slow
def test_nothing_is_lost_with_a_machine(installed, cluster, needs, tmp_path):
    season = make_season(tmp_path / "season")
    run(season, tmp_path / "serial", NEEDS, "serial")
    cluster.add_node(**NODE)
    mark, events = tmp_path / "out/waits", []
    with ThreadPoolExecutor() as beside:
        killing = beside.submit(lose_machine, cluster, mark)
        summary = run(season, tmp_path / "out", needs, "ray", tag_or_wait_to_be_lost, events)
        killing.result()
    assert (len(summary.done), summary.failed) == (3, ())
    assert [event.text for event in events if isinstance(event, Noted) and "is lost" in event.text]
    assert compared(tmp_path / "out") == compared(tmp_path / "serial")
    assert len(compared(tmp_path / "out")) == 11  # three files an episode, two of the season


@needs_ray
@pytest.mark.slow
def test_a_season_of_twenty_with_a_corrupt_and_a_killing_episode(installed, needs, tmp_path):
    season = make_season(tmp_path / "season")
    expected = make_twenty_of(season)
    for done, unchanged in ((18, 0), (0, 18)):
        events = []
        summary = run(season, tmp_path / "out", needs, "ray", tag_or_misbehave, events)
        assert {name: failure.exit_code for name, failure in summary.failed} == expected
        assert (len(summary.done), summary.unchanged, summary.left) == (done, unchanged, 0)
    assert {event.episode for event in events if isinstance(event, Begun)} == set(expected)
    assert "SIGKILL" in Manifest.load(tmp_path / "out")["S2/killed"].reason


@needs_ray
@pytest.mark.slow
def test_without_figures_an_episode_takes_what_the_largest_machine_has(needs, tmp_path):
    found = results(["a"], tmp_path, tell_threads, needs=Needs(address=needs.address))
    assert isinstance(found["a"], Made)
    assert (tmp_path / "a.scores.npz").read_text() == "1 1"


def tell_threads(job, report):
    """Work that says what it may use."""
    job.targets.scores.write_text(f"{job.analysis.threads} {job.render.threads}")
    return Made(files={job.targets.scores: 1}, film_s=1.0)


@pytest.mark.parametrize(("largest", "cpus"), [(0, 1), (2, 2), (4, 4), (64, 4)])
def test_the_usual_share_of_a_machine(largest, cpus):
    assert Needs().of(largest).cpus == cpus
    assert Needs(cpus=7).of(largest).cpus == 7


def test_an_address_where_nobody_listens_is_told_at_once(vidtag, episode, tmp_path):
    pytest.importorskip("ray", reason="needs Ray: pip install 'vidtag[ray]'")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    options = ("--model", "colours", "--executor", "ray", "--address", f"127.0.0.1:{port}", "-q")
    result = vidtag("batch", episode, "-o", tmp_path / "out", *options)
    assert (result.code, result.err.count("\n")) == (1, 1)
    assert f"there is no Ray cluster at 127.0.0.1:{port}" in result.err


def test_another_vidtag_on_the_machine_is_refused(tmp_path):
    order = Order(job=job_named("a", tmp_path), work=write_pid, timeout_s=1.0, environment={}, version="0.0.1")
    with pytest.raises(SetupError, match=r"0\.0\.1"):
        next(iter(do_episode(order)))


def test_without_ray_it_is_told_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(SetupError, match=r"vidtag\[ray\]"):
        results(["a"], tmp_path, write_pid)


@pytest.mark.parametrize("figures", [{"cpus": 0}, {"gpus": -1}, {"gpus": 1.5}, {"gpus": float("inf")}])
def test_needs_are_checked(figures):
    with pytest.raises(OptionError):
        Needs(**figures)


def test_an_address_is_refused_without_ray(vidtag, episode, tmp_path):
    result = vidtag("batch", episode, "-o", tmp_path / "out", "--address", "localhost:6379")
    assert result.code == 2
    assert "--executor ray" in result.err
