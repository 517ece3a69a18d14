"""Picks the mistakes that are most worth looking at."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vidtag.evaluation.scored import ScoredSet

KINDS = ("missed", "false", "mixed up")
MOST = 24


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong answer.

    Attributes:
        sample: its row.
        character: column of who was missed, lit wrongly, or should have scored highest.
        score: of that character.
        other: column of who scored highest instead, for mixed-up ones; else -1.
        other_score: of the other; NaN where there is none.
    """

    sample: int
    character: int
    score: float
    other: int = -1
    other_score: float = float("nan")


def worst_mistakes(scored: ScoredSet, most: int = MOST) -> Mapping[str, list[Mistake]]:
    """Give the worst mistakes of each kind of `KINDS`, worst first.

    Missed: present, score farthest below the threshold. False: absent, score farthest above it. Mixed up: in a picture
    of one character somebody else leads farthest. Of samples that belong together, as neighbours in a film, one a
    character is shown.

    Args:
        scored: what the model says about labelled samples.
        most: of each kind.
    """
    ahead = (scored.scores - scored.thresholds) / np.where(
        scored.scores > scored.thresholds, 1 - scored.thresholds, scored.thresholds
    )
    missed = (scored.labels == 1) & ~scored.lit
    false = (scored.labels == 0) & scored.lit
    return {
        "missed": _first(_cells(scored, missed, ahead), scored.units, most),
        "false": _first(_cells(scored, false, -ahead), scored.units, most),
        "mixed up": _first(_mixed_up(scored), scored.units, most),
    }


def _cells(scored: ScoredSet, wrong: NDArray[np.bool_], order: NDArray[np.floating]) -> Iterator[Mistake]:
    rows, columns = np.nonzero(wrong)
    for place in np.argsort(order[rows, columns], kind="stable"):
        row, column = int(rows[place]), int(columns[place])
        yield Mistake(row, column, float(scored.scores[row, column]))


def _mixed_up(scored: ScoredSet) -> Iterator[Mistake]:
    """Give pictures of somebody in which another leads who is not known to be there, farthest lead first."""
    best, rows = scored.scores.argmax(1), np.arange(len(scored.scores))
    wrong = np.flatnonzero((scored.main >= 0) & (best != scored.main) & (scored.labels[rows, best] != 1))
    lead = scored.scores[wrong, best[wrong]] - scored.scores[wrong, scored.main[wrong]]
    for row in wrong[np.argsort(-lead, kind="stable")].tolist():
        main, other = int(scored.main[row]), int(best[row])
        yield Mistake(row, main, float(scored.scores[row, main]), other, float(scored.scores[row, other]))


def _first(mistakes: Iterable[Mistake], units: NDArray[np.int64], most: int) -> list[Mistake]:
    chosen: dict[tuple[int, int, int], Mistake] = {}
    for mistake in mistakes:
        if len(chosen) == most:
            break
        chosen.setdefault((int(units[mistake.sample]), mistake.character, mistake.other), mistake)
    return list(chosen.values())
