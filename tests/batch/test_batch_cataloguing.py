"""The catalogue holds what belongs to the season, nothing else of the batch, whenever a run was cut off."""

import multiprocessing
import os
import signal

import pytest
from season_recipes import make_episode

from vidtag.batch.cataloguing import CATALOGUE, update_catalogue
from vidtag.batch.manifest import Manifest
from vidtag.batch.results import Results
from vidtag.season.catalogue import Catalogue

BEFORE = {"S1/E1": "a", "S1/E2": "b", "E3": "c"}
AFTER = {"S1/E1": "a2", "E3": "c", "S2/E4": "d"}
HELD = [("S1", "S1/E1", 3.0), ("S2", "S2/E4", 3.0), ("out", "E3", 2.0)]
LENGTHS = {"a": "1", "b": "2", "c": "2", "a2": "3", "d": "3"}


class CutOffError(Exception):
    """Stands for whatever ends a run."""


class Run:
    """Brings a catalogue up to date; may be cut off at the n-th step, between any two things that are written."""

    def __init__(self, out, monkeypatch):
        self.out, self.read, self._patch = out, [], monkeypatch
        self._steps, self._last = 0, None
        for owner, name in ((Manifest, "set_catalogued"), (Catalogue, "put"), (Catalogue, "remove")):
            self._count(owner, name)

    def _count(self, owner, name):
        original = getattr(owner, name)

        def counted(*arguments):
            if self._steps == self._last:
                raise CutOffError
            self._steps += 1
            return original(*arguments)

        self._patch.setattr(owner, name, counted)

    def __call__(self, digests, cut_off_at=None):
        """Give how many steps it took."""
        self._steps, self._last = 0, cut_off_at
        self.read.clear()
        update(self.out, digests, self.read.append)
        return self._steps


def update(out, digests, note=lambda name: None):
    def read(name):
        note(name)
        return make_episode(name, end=LENGTHS[digests[name]])

    manifest = Manifest.load(out)
    with manifest.writing():
        update_catalogue(Results(out), manifest, digests, read)


def season_of(name):
    return name.partition("/")[0] if "/" in name else "out"


def held(out):
    with Catalogue.open(out / CATALOGUE, read_only=True) as catalogue:
        return catalogue.ask("SELECT season, episode, end_s FROM episodes ORDER BY ALL").rows


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def run(out, monkeypatch):
    return Run(out, monkeypatch)


def test_only_what_has_changed_is_put(run, out):
    run(BEFORE)
    assert run.read == list(BEFORE)
    assert run(BEFORE) == 0
    run(AFTER)
    assert run.read == ["S1/E1", "S2/E4"]
    assert held(out) == HELD


@pytest.mark.parametrize(("before", "target", "steps"), [({}, BEFORE, 9), (BEFORE, AFTER, 8)])
def test_cut_off_anywhere_it_ends_the_same(run, tmp_path, before, target, steps):
    for step in range(steps + 1):
        run.out = tmp_path / str(step) / "out"
        run.out.mkdir(parents=True)
        run(before)
        if step < steps:
            with pytest.raises(CutOffError):
                run(target, cut_off_at=step)
        run(target)
        assert held(run.out) == sorted((season_of(name), name, float(LENGTHS[target[name]])) for name in target)
        assert run(target) == 0


def test_what_was_put_before_a_kill_can_be_taken_out(run, out):
    with pytest.raises(CutOffError):
        run(BEFORE, cut_off_at=4)  # three are noted as coming, the first is in
    assert held(out) == [("S1", "S1/E1", 1.0)]
    run({"E3": "c"})
    assert held(out) == [("out", "E3", 2.0)]


def test_a_catalogue_that_was_removed_is_made_again_even_after_a_kill(run, out):
    run(BEFORE)
    (out / CATALOGUE).unlink()
    with pytest.raises(CutOffError):
        run(BEFORE, cut_off_at=7)  # three were forgotten and are noted as coming, one is put
    assert len(held(out)) == 1
    run(BEFORE)
    assert len(held(out)) == 3


def test_a_renamed_folder_renames_the_season(run, out, tmp_path):
    run(BEFORE)
    run.out = out.rename(tmp_path / "other")
    run(BEFORE)
    assert run.read == ["E3"]
    assert held(run.out) == [("S1", "S1/E1", 1.0), ("S1", "S1/E2", 2.0), ("other", "E3", 2.0)]


def test_episodes_of_others_stay(run, out):
    with Catalogue.open(out / CATALOGUE) as catalogue:
        catalogue.put("mine", make_episode("E9"))
    run(BEFORE)
    run({})
    assert held(out) == [("mine", "E9", 3.0)]


def test_nothing_is_made_of_no_episodes(run, out):
    run({})
    assert not (out / CATALOGUE).exists()


def put_and_die(out):
    manifest = Manifest.load(out)
    with manifest.writing():
        update_catalogue(Results(out), manifest, BEFORE, lambda name: make_episode(name, end=LENGTHS[BEFORE[name]]))
        with Catalogue.open(out / CATALOGUE) as catalogue:
            catalogue.put("S1", make_episode("S1/E1", end="1"))
            os.kill(os.getpid(), signal.SIGKILL)


def test_the_log_of_a_killed_run_is_taken_in(out):
    process = multiprocessing.get_context("spawn").Process(target=put_and_die, args=(out,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert (out / f"{CATALOGUE}.wal").exists()
    update(out, BEFORE)
    assert sorted(path.name for path in out.iterdir()) == ["manifest.json", CATALOGUE]
    assert len(held(out)) == 3
