"""What a model is worth on labelled films in seconds: screen time, misses, false alarms, edges."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from vidtag.analysis.timing import EdgeErrors, TimeErrors, edge_errors, time_errors
from vidtag.evaluation.scored import ScoredClip

EDGE_TOLERANCE = Fraction(2)


@dataclass(frozen=True, slots=True)
class FilmErrors:
    """Errors of one character, or of all, over some films; they add up.

    Attributes:
        times: seconds of screen time.
        edges: distances of edges, paired up to `EDGE_TOLERANCE` seconds.
    """

    times: TimeErrors = field(default_factory=TimeErrors)
    edges: EdgeErrors = field(default_factory=EdgeErrors)

    def __add__(self, other: "FilmErrors") -> "FilmErrors":
        return FilmErrors(self.times + other.times, self.edges + other.edges)


def film_errors(clips: Sequence[ScoredClip]) -> list[FilmErrors]:
    """Sum the errors of some films up, one entry a character; all films have the same cast."""
    characters = range(len(clips[0].found.cast)) if clips else range(0)
    return [sum((_errors(clip, column) for clip in clips), FilmErrors()) for column in characters]


def _errors(clip: ScoredClip, column: int) -> FilmErrors:
    found, truth, ignored = (line.presences[column] for line in (clip.found, clip.truth, clip.ignored))
    return FilmErrors(time_errors(found, truth, ignored), edge_errors(found, truth, ignored, EDGE_TOLERANCE))
