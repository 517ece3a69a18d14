"""A season at addresses, in this process: the store is a dictionary, and a fault costs its episode only."""

import sys

import pytest
from batch_recipes import asked_for, tree
from remote_recipes import EPISODES, REPORTS, lasting

from vidtag.batch.events import Begun
from vidtag.batch.options import BatchOptions
from vidtag.batch.run import run_batch
from vidtag.remote.addresses import parse_place

pytest_plugins = ("episode_fixtures", "remote_fixtures")


@pytest.fixture
def store(installed, made_season, monkeypatch, tmp_path):
    """The season in fsspec's memory; gives the file system."""
    memory = pytest.importorskip("fsspec.implementations.memory", reason="needs fsspec: pip install 'vidtag[remote]'")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    found = memory.MemoryFileSystem()
    found.store.clear()
    for name, data in tree(made_season).items():
        found.pipe_file(f"/shows/season/{name}", data)
    yield found
    assert not tree(tmp_path / "temporary"), "something was left on this machine"


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
    assert lasting(stored(store, "shows/tagged") if far_out else tree(out)) == expected
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
    out = parse_place("memory://shows/tagged")
    run_batch(["memory://shows/season"], out, asked=asked_for(smooth=0), options=REPORTS, tell=lambda event: None)
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
