"""A lease is held by one run, and a lock that nobody renews is taken over."""

import json
import threading

import pytest

from vidtag.errors import LockedError
from vidtag.remote import lease
from vidtag.remote.addresses import parse_place
from vidtag.remote.lease import NAME, Lease, leased, read_lock

memory = pytest.importorskip("fsspec.implementations.memory", reason="needs fsspec: pip install 'vidtag[remote]'")
OUT = parse_place("memory://leases/out")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """A short lease, and no lock."""
    monkeypatch.setattr(lease, "RENEW_S", 0.05)
    monkeypatch.setattr(lease, "LEASE_S", 0.6)
    memory.MemoryFileSystem.store.clear()


def held_by_the_dead():
    dead = Lease(OUT, "dead")
    assert dead.take(over=False)
    return dead


def test_a_lock_is_there_as_long_as_its_run():
    with leased(OUT) as held:
        held.check()
        assert read_lock(OUT) is not None
        with pytest.raises(LockedError, match=r"out is being written by another run \(process \d+ on "), leased(OUT):
            pytest.fail("held twice")
        assert held.is_own()
    assert read_lock(OUT) is None


def test_a_lock_that_is_not_renewed_is_taken_over():
    dead, said = held_by_the_dead(), []
    with leased(OUT, said.append) as held:
        assert held.is_own()
        assert not dead.is_own()
    assert len(said) == 1
    assert "has the lock of a run (process" in said[0]


def test_a_lock_that_goes_while_it_is_watched_is_taken():
    dead = held_by_the_dead()
    threading.Timer(0.2, dead.release).start()
    with leased(OUT) as held:
        assert held.is_own()


def test_whoever_has_lost_a_lock_knows_and_leaves_it_alone():
    first = held_by_the_dead()
    with leased(OUT) as second:
        first.renew()
        with pytest.raises(LockedError, match="run the batch again"):
            first.check()
        first.release()
        assert second.is_own()


def test_what_is_no_lock_is_taken_over_as_well():
    memory.MemoryFileSystem().pipe_file(str(OUT / NAME), json.dumps({"a": 1}).encode())
    with leased(OUT) as held:
        assert held.is_own()
