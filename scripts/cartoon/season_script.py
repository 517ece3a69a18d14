"""The script of a sample season: who plays in which episode, and which scenes the episodes have.

Two leads keep together, a third plays in every episode, one comes rarely, one is away for the middle of the season and
one joins late, so that screen times, pairs and absences differ. Who is what follows from the seed.
"""

from dataclasses import dataclass

import numpy as np

from .characters import IDS
from .film import BEAT
from .light import DAY, DUSK, INDOORS, LAMPLIGHT, MORNING, NIGHT, Mood
from .scenes import WAYS, Part, Scene
from .strangers_birds import STRANGERS

_TITLE_BEATS = (4, 5, 6)
FEWEST, MOST = 6, 24  # episodes
_FEWEST_SCENES = 2  # of everyone who plays in an episode
_PLACES: tuple[tuple[str, tuple[Mood, ...]], ...] = (
    ("lane", (MORNING, DAY, DUSK, NIGHT)), ("park", (MORNING, DAY, DUSK)), ("roofs", (DUSK, NIGHT)),
    ("bakery", (INDOORS, DUSK)), ("tea_room", (INDOORS, LAMPLIGHT)), ("post_office", (INDOORS, DUSK)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EpisodePlan:
    """One episode before it is drawn.

    Attributes:
        name: path below the season's folder without a suffix, such as `S1/E01`.
        scenes: in order; the first one is the title.
        first_beat: of the music that is heard, a multiple of 4.
    """

    name: str
    scenes: tuple[Scene, ...]
    first_beat: int

    @property
    def beats(self) -> int:
        """Length of the episode."""
        return sum(scene.beats for scene in self.scenes)


def plan_season(episodes: int, seed: int, seconds: float) -> tuple[EpisodePlan, ...]:
    """Write the script: the first half of the episodes are season S1, the others S2.

    Args:
        episodes: how many, `FEWEST` to `MOST`.
        seed: another seed casts the roles differently and writes other scenes.
        seconds: about how long an episode is, 20 or more.

    Raises:
        ValueError: a number is out of its range.
    """
    if not FEWEST <= episodes <= MOST or not 20 <= seconds <= 600:
        raise ValueError(f"expected {FEWEST} to {MOST} episodes of 20 to 600 s, got {episodes} of {seconds:g} s")
    roles = [IDS[k] for k in np.random.default_rng([seed, 30]).permutation(len(IDS))]
    half = (episodes + 1) // 2
    names = [f"S{1 + k // half}/E{1 + k % half:02d}" for k in range(episodes)]
    return tuple(
        _episode(np.random.default_rng([seed, 31, k]), name, _playing(roles, k, episodes), seconds)
        for k, name in enumerate(names)
    )


def _playing(roles: list[str], episode: int, episodes: int) -> dict[str, float]:
    """Give the cast of an episode, each with how often it is drawn; leads first."""
    lead, friend, regular, rare, traveller, newcomer = roles
    playing = {lead: 4.0, friend: 3.0, regular: 2.5}
    if episode % 2 == 0:
        playing[rare] = 1.0
    if not episodes // 3 <= episode < episodes - episodes // 3:
        playing[traveller] = 2.0
    if episode >= episodes - episodes // 3:
        playing[newcomer] = 4.0
    return playing


def _episode(rng: np.random.Generator, name: str, playing: dict[str, float], seconds: float) -> EpisodePlan:
    title = Scene(int(rng.choice(_TITLE_BEATS)), "lane", MORNING, int(rng.integers(1 << 30)), (), title=True)
    lengths: list[int] = []
    while (title.beats + sum(lengths)) * BEAT < seconds - 2:
        lengths.append(int(rng.integers(7, 13)))
    casts = [_company(rng, playing) for _ in lengths]
    casts[-1] = casts[-1][:1] or list(playing)[:1]  # an episode ends with somebody alone
    for identity in playing:
        while sum(identity in cast for cast in casts) < _FEWEST_SCENES:
            min((cast for cast in casts[:-1] if identity not in cast), key=len).append(identity)
    scenes = [_scene(rng, beats, cast) for beats, cast in zip(lengths, casts, strict=True)]
    return EpisodePlan(name, (title, *scenes), 4 * int(rng.integers(0, 32)))


def _company(rng: np.random.Generator, playing: dict[str, float]) -> list[str]:
    """Draw who meets in a scene; where one of the leads is, the other often is, too."""
    count = int(rng.choice(5, p=[0.06, 0.24, 0.32, 0.26, 0.12]))
    weights = np.array(list(playing.values()))
    drawn = rng.choice(list(playing), min(count, len(playing)), replace=False, p=weights / weights.sum())
    company = [str(identity) for identity in drawn]
    leads = list(playing)[:2]
    if count > 1 and len(set(leads) & set(company)) == 1 and rng.random() < 0.6:
        company = [*leads, *(identity for identity in company if identity not in leads)][:count]
    return company


def _scene(rng: np.random.Generator, beats: int, company: list[str]) -> Scene:
    place, moods = _PLACES[rng.integers(len(_PLACES))]
    strangers = int(rng.integers(0, 3 if len(company) < 3 else 2))
    people: list[str | int] = [*company, *(int(rng.integers(len(STRANGERS))) for _ in range(strangers))]
    slots = rng.permutation(len(people))
    parts = [
        _part(rng, who, int(slot), len(people), float(beats * BEAT)) for who, slot in zip(people, slots, strict=True)
    ]
    mood = moods[rng.integers(len(moods))]
    return Scene(beats, place, mood, int(rng.integers(1 << 30)), tuple(sorted(parts, key=lambda part: part.y)))


def _part(rng: np.random.Generator, who: str | int, slot: int, slots: int, seconds: float) -> Part:
    """Give somebody a place of its own, and when it comes and goes: never for less than 1.2 s."""
    near = slots == 1 and rng.random() < 0.4
    size = float(rng.uniform(1.15, 1.4) if near else rng.uniform(0.72, 0.95))
    comes = float(rng.uniform(1, seconds * 0.45)) if rng.random() < 0.45 else 0.0
    goes = float(rng.uniform(comes + 1.2, seconds - 1)) if rng.random() < 0.4 and comes + 2.2 < seconds else seconds + 1
    return Part(
        who=who, x=(slot + 0.5) * 640 / slots + float(rng.uniform(-12, 12)),
        y=float(rng.uniform(338, 352)) + (60 if near else 0), size=size, left=bool(rng.integers(2)),
        comes=comes, goes=goes, way=str(rng.choice(WAYS)), phase=float(rng.uniform(0, 10)),
    )  # fmt: skip
