"""An evaluation as plain values: for JSON, for CSV, and for whoever prints it. Shares 0-1, times in seconds."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from vidtag.evaluation.evaluate import Evaluation
from vidtag.evaluation.figures import AVERAGED, PER_CHARACTER
from vidtag.evaluation.films import FilmErrors
from vidtag.evaluation.mistakes import Mistake
from vidtag.records.reports import readable
from vidtag.version import __version__

COLUMNS = (
    *("character", "present", "absent", "threshold"),
    *(f"{name}{end}" for name in PER_CHARACTER for end in ("", "_low", "_high")),
    *("roc_area", "calibration_error"),
)
_NO_INTERVAL = np.full(2, np.nan)
OTHERS: Mapping[str, str] = {
    "top1_share": "main character scores highest",
    "calibration_error": "calibration error, all scores",
    "top1_calibration_error": "calibration error, highest score",
    "nobody_lit": "samples of nobody with somebody lit",
}
"""Figures that are one number and no average, with their names for people."""


def overall_names() -> tuple[str, ...]:
    """Give the names of the figures that are one number."""
    return (*(f"{kind}_{name}" for kind in ("macro", "micro") for name in AVERAGED), *OTHERS)


def name_for_people(name: str) -> str:
    """Give a figure's name as people read it.

    >>> name_for_people("macro_f1")
    'macro F1'
    """
    return OTHERS.get(name, name.replace("_", " ").replace("f1", "F1"))


def summarise(evaluation: Evaluation) -> dict[str, Any]:
    """Give the whole evaluation as one JSON value; what nothing stands behind is null."""
    scored, figures, bundle = evaluation.scored, evaluation.figures, evaluation.bundle
    return {
        "model": bundle.name,
        "sha256": bundle.sha256,
        "calibration": bundle.calibration.method,
        "thresholds_chosen": bundle.chosen,
        "data": readable(evaluation.data.data),
        "vidtag": __version__,
        "backend": evaluation.backend,
        "samples": len(scored.names),
        "milliseconds_a_frame": _number(1000 * scored.seconds_a_frame, 2),
        "overall": {
            name: {"value": _number(figures.number(name)), "interval": _ends(figures.intervals.get(name, _NO_INTERVAL))}
            for name in overall_names()
        },
        "characters": [dict(zip(COLUMNS, row, strict=True)) for row in character_rows(evaluation)],
        "films": [
            {"character": name} | film_figures(errors)
            for name, errors in zip(scored.cast.ids, evaluation.films, strict=False)
        ],
        "confusion": figures.confusion.tolist(),
        "mistakes": {
            kind: [_mistake(evaluation, mistake) for mistake in mistakes]
            for kind, mistakes in evaluation.mistakes.items()
        },
        "notes": list(scored.notes),
        "skipped": [{"path": readable(entry.path), "reason": entry.reason} for entry in evaluation.skipped],
    }


def character_rows(evaluation: Evaluation) -> Iterator[tuple[Any, ...]]:
    """Give a row of `COLUMNS` for each character; None where nothing stands behind a figure."""
    figures, scored = evaluation.figures, evaluation.scored
    for column, identity in enumerate(scored.cast.ids):
        row: list[Any] = [identity, int(figures.present[column]), int(figures.absent[column])]
        row.append(_number(float(scored.thresholds[column])))
        for name in PER_CHARACTER:
            row += [_number(figures.values[name][column]), *_ends(figures.intervals[name][:, column])]
        row += [_number(figures.values[name][column]) for name in ("roc_area", "calibration_errors")]
        yield tuple(row)


def film_figures(errors: FilmErrors) -> dict[str, Any]:
    """Give one character's errors on films by name."""
    times, edges = errors.times, errors.edges
    reference = float(times.reference)
    return {
        "reference_s": round(reference, 3),
        "found_s": round(float(times.found), 3),
        "screen_time_error_s": round(float(times.found - times.reference), 3),
        "missed_share": _number(float(times.missed) / reference if reference else math.nan),
        "false_share": _number(float(times.false) / reference if reference else math.nan),
        "missed_s": round(float(times.missed), 3),
        "false_s": round(float(times.false), 3),
        "scored_s": round(float(times.scored), 3),
        "edges_paired": len(edges.seconds),
        "edges_missed": edges.missed,
        "edges_surplus": edges.surplus,
        "edge_error_median_s": _number(edges.percentile(50), 3),
        "edge_error_90_percent_s": _number(edges.percentile(90), 3),
    }


def _mistake(evaluation: Evaluation, mistake: Mistake) -> Mapping[str, Any]:
    ids = evaluation.scored.cast.ids
    found = {
        "sample": evaluation.scored.names[mistake.sample],
        "character": ids[mistake.character],
        "score": _number(mistake.score),
    }
    if mistake.other >= 0:
        found |= {"taken_for": ids[mistake.other], "other_score": _number(mistake.other_score)}
    return found


def _number(value: float, digits: int = 4) -> float | None:
    return round(float(value), digits) if math.isfinite(value) else None


def _ends(interval: np.ndarray[Any, np.dtype[np.float64]]) -> list[float | None]:
    return [_number(float(end)) for end in interval]
