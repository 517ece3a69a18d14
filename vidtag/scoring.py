"""Passes of the network over an episode, or over all pieces of it side by side, and the scores they give."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.sampling import slot_count
from vidtag.analysis.thresholds import apply_thresholds
from vidtag.media.info import Part
from vidtag.media.probe import fingerprint
from vidtag.media.reader import SampleReader
from vidtag.parallel import Sum, side_by_side
from vidtag.predictors.predictor import Predictor
from vidtag.records.bundles import ModelBundle
from vidtag.scores import Provenance, Scores
from vidtag.version import __version__

Progress = Callable[[float, float | None], None]
"""Called with the seconds of film done and the seconds in all (None if the file does not say)."""

Flags = NDArray[np.bool_]


class Run:
    """One pass of the network over an episode or a piece of it; keeps the scores as they come.

    Args:
        reader: the samples.
        bundle: what the network was made of.
        predictor: the network.
        progress: called after every batch.
        turn: held while the network runs, where several runs share it: it fills the machine or the GPU by itself.
    """

    def __init__(
        self,
        reader: SampleReader,
        bundle: ModelBundle,
        predictor: Predictor,
        progress: Progress | None,
        turn: AbstractContextManager[object] | None = None,
    ) -> None:
        self.reader, self.bundle, self.predictor = reader, bundle, predictor
        self.values: list[NDArray[np.float32]] = []
        self.fingerprint = fingerprint(reader.info.path)  # of what is being read, not of what may lie there later
        self.size = reader.info.path.stat().st_size
        self._progress, self._turn = progress, turn or nullcontext()

    def flags(self) -> Iterator[Flags]:
        """Give (n, characters) bool a batch, before smoothing."""
        done, total = 0, known_length(self.reader)
        for batch in self.reader:
            with self._turn:
                values = self.predictor(batch)
            self.values.append(values)
            yield apply_thresholds(values, self.bundle.thresholds)
            done += len(batch)
            if self._progress:
                seconds = float(done / self.reader.rate)
                self._progress(seconds if total is None else min(seconds, total), total)

    def finish(self) -> None:
        """Score all there is."""
        for _ in self.flags():
            pass


def known_length(reader: SampleReader) -> float | None:
    """Give the seconds that a reader has before it, as far as the file says."""
    part, length = reader.part, reader.info.promised_duration
    end = min((e for e in (part.end, length) if e is not None), default=None)
    return None if end is None else float(end - part.start)


def scores_of(runs: Sequence[Run]) -> Scores:
    """Put the scores of finished runs together, which follow one another without a gap.

    What the header of a damaged film promises behind its last frame belongs to the scores, as unknown.
    """
    first, last = runs[0].reader, runs[-1].reader
    bundle = runs[0].bundle
    unknown = tuple(interval for run in runs for interval in run.reader.unknown)
    end = max([last.end(), *(interval.end for interval in unknown)])
    values = np.concatenate([values for run in runs for values in run.values])
    missing = slot_count(end - first.part.start, first.rate) - len(values)
    return Scores(
        values=np.pad(values, ((0, missing), (0, 0))) if missing else values,
        unknown=unknown,
        thresholds=np.array(bundle.thresholds, dtype=np.float32),
        cast=bundle.cast,
        provenance=Provenance(
            rate=first.rate,
            start=first.part.start,
            end=end,
            to_end=last.part.end is None,
            origin=first.origin(),
            frames=sum(run.reader.span().frames for run in runs),
            source=first.info.path.name,
            size=runs[0].size,
            fingerprint=runs[0].fingerprint,
            model=bundle.name,
            digest=bundle.sha256,
            backend=runs[0].predictor.backend,
            version=__version__,
        ),
    )


def score_side_by_side(
    pieces: Sequence[Part],
    open_samples: Callable[[Part], SampleReader],
    bundle: ModelBundle,
    loaded: Callable[[], Predictor],
    report: Callable[[float], None],
) -> Scores:
    """Score the pieces of an episode at the same time, with one network.

    Args:
        pieces: one after another without a gap, cut at slots.
        open_samples: opens the samples of a piece.
        bundle: what the network was made of.
        loaded: waits for the network.
        report: called with the seconds of film done.

    Raises:
        VidtagError: as the piece that failed first, which need not be the first one with a fault.
    """
    with ExitStack() as stack:
        readers = [stack.enter_context(open_samples(piece)) for piece in pieces]
        predictor, turn, done = loaded(), threading.Lock(), Sum(report)
        tells = [_seconds_to(done.part(number)) for number in range(len(readers))]
        runs = [Run(reader, bundle, predictor, tell, turn) for reader, tell in zip(readers, tells, strict=True)]
        side_by_side([run.finish for run in runs], [reader.stop for reader in readers])
        return scores_of(runs)


def _seconds_to(report: Callable[[float], None]) -> Progress:
    return lambda seconds, _total: report(seconds)
