"""Scores labelled films: samples as `vidtag analyze` takes them, and the timeline after smoothing."""

import time
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.presence import presence_of
from vidtag.analysis.rules import DEFAULT_RATE, DEFAULT_WINDOW
from vidtag.analysis.sampling import slot_middles
from vidtag.analysis.smoothing import remove_single_outliers
from vidtag.analysis.thresholds import apply_thresholds
from vidtag.cast import Cast
from vidtag.evaluation.scored import Picture, ScoredClip, ScoredSet
from vidtag.media.probe import probe
from vidtag.media.reader import SampleReader
from vidtag.options import DEFAULT_BATCH
from vidtag.predictors.predictor import Predictor
from vidtag.predictors.preprocessing import Preprocessing
from vidtag.records.intervals import (
    EVERYONE,
    IGNORE,
    PRESENT,
    LabelledInterval,
    check_cast,
    clips_of,
    labels_at,
    read_intervals,
)
from vidtag.records.reports import readable
from vidtag.timeline import Interval, Presence, Timeline
from vidtag.times import format_time

UNIT_S = 10.0
_QUALITY = 88


def score_clips(
    table: Path,
    predictor: Predictor,
    preprocessing: Preprocessing,
    *,
    rate: Fraction = DEFAULT_RATE,
    smooth: int = DEFAULT_WINDOW,
) -> ScoredSet:
    """Score the films that a table of labelled intervals names.

    Args:
        table: see `vidtag.records.intervals`.
        predictor: gives the scores.
        preprocessing: of the predictor's bundle.
        rate: samples a second.
        smooth: window of the single-outlier rule in samples, 0 for none.

    Raises:
        InputError: the table or a film cannot be read, or it names somebody who is not in the cast.
        DamagedError: a film breaks off.
    """
    intervals = read_intervals(table)
    check_cast(intervals, predictor.cast)
    open_film = partial(
        SampleReader,
        input_size=predictor.input_size,
        rate=rate,
        batch_size=DEFAULT_BATCH,
        keeps_aspect=preprocessing.keeps_aspect,
    )
    runs = [_Run(path, rows, predictor, open_film(probe(path))) for path, rows in clips_of(intervals).items()]
    pictures = [data for run in runs for data in run.pictures]
    stretches = [np.stack((np.full(len(run.times), place), run.times // UNIT_S)) for place, run in enumerate(runs)]
    labels = np.concatenate([run.labels for run in runs])
    places = [(readable(run.path.name), Fraction(at)) for run in runs for at in run.times.tolist()]
    return ScoredSet(
        cast=predictor.cast,
        labels=labels,
        scores=np.concatenate([run.scores for run in runs]),
        thresholds=predictor.thresholds,
        main=np.where((labels == 1).sum(1) == 1, labels.argmax(1), -1),
        names=tuple(f"{film} {format_time(at)}" for film, at in places),
        units=np.unique(np.concatenate(stretches, axis=1), axis=1, return_inverse=True)[1].ravel(),
        picture=lambda index: _decoded(pictures[index]),
        seconds_a_frame=float(np.median([second for run in runs for second in run.seconds])),
        clips=tuple(run.clip(predictor, smooth) for run in runs),
        notes=(f"intervals are of stretches of {UNIT_S:g} s, because neighbouring samples are alike",),
    )


class _Run:
    """One pass over one film; keeps the pictures as JPEG, a twentieth of their size."""

    def __init__(
        self, path: Path, rows: Sequence[LabelledInterval], predictor: Predictor, reader: SampleReader
    ) -> None:
        self.path, self.rows, self.rate = path, rows, reader.rate
        self.pictures: list[bytes] = []
        self.seconds: list[float] = []
        scores = []
        with reader:
            for batch in reader:
                before = time.perf_counter()
                scores.append(predictor(batch))
                self.seconds.append((time.perf_counter() - before) / len(batch))
                self.pictures += [_encoded(picture) for picture in batch]
            self.end = reader.end()
        self.scores = np.concatenate(scores)
        self.times = slot_middles(len(self.scores), self.rate)
        for row in rows:
            row.check_within(self.end)
        self.labels: NDArray[np.float32] = labels_at(rows, predictor.cast, self.times)

    def clip(self, predictor: Predictor, smooth: int) -> ScoredClip:
        """Give the timelines of the film, found and true."""
        flags = remove_single_outliers(apply_thresholds(self.scores, predictor.thresholds), smooth)
        found = tuple(presence_of(column, self.rate, self.end) for column in flags.T)
        return ScoredClip(
            path=self.path,
            found=Timeline(predictor.cast, found, self.end),
            truth=self._labelled(predictor.cast, PRESENT),
            ignored=self._labelled(predictor.cast, IGNORE),
        )

    def _labelled(self, cast: Cast, state: str) -> Timeline:
        """Give when the labels say a state of each character, cut at the film's end."""
        presences = []
        for identity in cast.ids:
            rows = [row for row in self.rows if row.state == state and row.character in (identity, EVERYONE)]
            parts = [Interval(row.start, min(row.end, self.end)) for row in rows if row.start < self.end]
            presences.append(Presence.of(parts, self.end))
        return Timeline(cast, tuple(presences), self.end)


def _encoded(picture: Picture) -> bytes:
    return cv2.imencode(".jpg", picture[..., ::-1], (cv2.IMWRITE_JPEG_QUALITY, _QUALITY))[1].tobytes()


def _decoded(data: bytes) -> Picture:
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(cv2.cvtColor(np.asarray(decoded, np.uint8), cv2.COLOR_BGR2RGB), np.uint8)
