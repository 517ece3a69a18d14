"""An analysed episode of a season: what reports and the catalogue are made from."""

from dataclasses import dataclass
from pathlib import Path

from vidtag.scores import Scores
from vidtag.timeline import Timeline


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Episode:
    """An episode with what is known of it.

    Attributes:
        name: unique in its season: the path below the season's folder without its suffix, such as `S1/E01`.
        scores: what the network said.
        timeline: who is on screen when, by the thresholds and the smoothing that were asked for.
        source: the video, where it is at hand.
    """

    name: str
    scores: Scores
    timeline: Timeline
    source: Path | None = None
