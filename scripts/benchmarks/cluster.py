"""A cluster on paper: episodes handed out as Ray does it, to machines of which some are slow and some fail."""

import heapq
import random
from dataclasses import dataclass

MOST_LOSSES = 3  # as vidtag.batch.rayexecutor


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Machines and what they share.

    Attributes:
        machines: >= 1.
        slots: episodes at once on each, >= 1.
        storage: what all read and write together at most, in MB/s.
        slow: share of the machines that are slow, 0 to 1.
        slowness: how many times as long these need.
        lasts_h: hours until a machine fails, on average.
        repair_h: hours until it is back.
    """

    machines: int
    slots: int = 4
    storage: float = 1000.0
    slow: float = 0.05
    slowness: float = 3.0
    lasts_h: float = 1000.0
    repair_h: float = 1.0

    def __post_init__(self) -> None:
        if min(self.machines, self.slots) < 1 or min(self.storage, self.lasts_h) <= 0 or not 0 <= self.slow <= 1:
            raise ValueError(f"a cluster needs machines, slots, storage and a share of slow ones, got {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """What is to be done.

    Attributes:
        hours: of film in all.
        episode_min: length of an episode in minutes; they vary by a quarter.
        speed: hours of film that a slot does in an hour.
        gigabytes: read and written for an hour of film.
    """

    hours: float
    episode_min: float = 22.0
    speed: float = 14.5
    gigabytes: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How it went.

    Attributes:
        episodes: in all.
        took_h: hours from the first to the last.
        tail_h: hours from the last beginning of an episode that was not begun before, to the end.
        busy: share of all slots' time that went into episodes that were done.
        redone: beginnings after a loss.
        given_up: episodes that lost their machine too often.
        storage_bound: whether episodes wait for the storage, and not for processors.
    """

    episodes: int
    took_h: float
    tail_h: float
    busy: float
    redone: int
    given_up: int
    storage_bound: bool


def simulate(archive: Archive, cluster: Cluster, seed: int = 0) -> Outcome:
    """Do an archive on paper; the same seed gives the same. Every slot has its equal share of the storage."""
    draw = random.Random(seed)
    lengths = _lengths(archive, draw)
    slow = [draw.random() < cluster.slow for _ in range(cluster.machines)]
    fails = [draw.expovariate(1 / cluster.lasts_h) for _ in range(cluster.machines)]
    reading = archive.gigabytes * 1000 / 3600 * cluster.machines * cluster.slots / cluster.storage  # hours an hour
    free = [(0.0, machine, slot) for machine in range(cluster.machines) for slot in range(cluster.slots)]
    again: list[tuple[float, int]] = []  # (hour of the loss, episode)
    losses, new, end, last_begun, work = [0] * len(lengths), 0, 0.0, 0.0, 0.0
    while free and (new < len(lengths) or again):
        now, machine, slot = heapq.heappop(free)
        while fails[machine] + cluster.repair_h <= now:
            fails[machine] += cluster.repair_h + draw.expovariate(1 / cluster.lasts_h)
        if fails[machine] <= now:
            heapq.heappush(free, (fails[machine] + cluster.repair_h, machine, slot))
            continue
        if again and again[0][0] <= now:
            episode = heapq.heappop(again)[1]
        elif new < len(lengths):
            episode, new, last_begun = new, new + 1, now
        else:
            heapq.heappush(free, (again[0][0], machine, slot))  # it waits for what will be lost
            continue
        takes = lengths[episode] * max((cluster.slowness if slow[machine] else 1.0) / archive.speed, reading)
        if now + takes <= fails[machine]:
            work, end = work + takes, max(end, now + takes)
            heapq.heappush(free, (now + takes, machine, slot))
            continue
        losses[episode] += 1
        heapq.heappush(free, (fails[machine] + cluster.repair_h, machine, slot))
        if losses[episode] < MOST_LOSSES:
            heapq.heappush(again, (fails[machine], episode))
        end = max(end, fails[machine])
    given_up = sum(times >= MOST_LOSSES for times in losses)
    return Outcome(
        episodes=len(lengths),
        took_h=end,
        tail_h=end - last_begun,
        busy=work / (end * cluster.machines * cluster.slots),
        redone=sum(losses) - given_up,
        given_up=given_up,
        storage_bound=reading > 1 / archive.speed,
    )


def _lengths(archive: Archive, draw: random.Random) -> list[float]:
    """Draw the hours of every episode, so that they add up."""
    count = max(1, round(archive.hours * 60 / archive.episode_min))
    drawn = [max(0.1, draw.gauss(1.0, 0.25)) for _ in range(count)]
    scale = archive.hours / sum(drawn)
    return [length * scale for length in drawn]
