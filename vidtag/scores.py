"""What the network said about every sample of an episode, with all that is needed to read it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vidtag.analysis.presence import presence_of, runs
from vidtag.analysis.rules import DEFAULT_WINDOW
from vidtag.analysis.sampling import slot_count, slot_middles
from vidtag.analysis.smoothing import remove_single_outliers
from vidtag.analysis.thresholds import apply_thresholds
from vidtag.cast import Cast
from vidtag.errors import OptionError, ShapeError
from vidtag.timeline import Interval, Presence, Timeline
from vidtag.times import MAX_RATE

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where scores come from.

    Attributes:
        rate: samples a second, above 0 and at most `MAX_RATE`.
        start: where slot 0 begins, in seconds from the first frame of the episode.
        end: where the part that was looked at ends, in seconds from the first frame of the episode.
        to_end: whether that part goes on to the end of the episode.
        origin: when the first frame of the episode is shown, in seconds of the file's own clock.
        frames: how many were decoded in that part, >= 1.
        source: file name of the episode, without folders.
        size: of that file in bytes, >= 0.
        fingerprint: of its content; see `vidtag.media.probe.fingerprint`.
        model: name of the bundle.
        digest: SHA-256 of the bundle's weights, hexadecimal.
        backend: what ran the network, such as `tensorflow-cpu`.
        version: of vidtag.

    Raises:
        ShapeError: a figure is out of its range, or the part is empty or starts before 0.
    """

    rate: Fraction
    start: Fraction
    end: Fraction
    to_end: bool
    origin: Fraction
    frames: int
    source: str
    size: int
    fingerprint: str
    model: str
    digest: str
    backend: str
    version: str

    def __post_init__(self) -> None:
        if not 0 < self.rate <= MAX_RATE or not 0 <= self.start < self.end:
            found = f"{self.rate}, {self.start}, {self.end}"
            raise ShapeError(f"scores need a rate above 0 and at most {MAX_RATE} and 0 <= start < end, got {found}")
        if self.frames < 1 or self.size < 0:
            raise ShapeError(f"scores need frames >= 1 and a size >= 0, got {self.frames}, {self.size}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scores:
    """Scores of an episode, one row a sample and one column a character.

    Attributes:
        values: (samples, characters) float32 in [0, 1]; copied, as the thresholds are.
        thresholds: (characters,) float32 in [0, 1], the model's own.
        cast: the characters in column order.
        provenance: rate, length, source and model.
        unknown: stretches of a damaged film that could not be looked at, in seconds from the first frame; in order and
            apart. The values of their samples mean nothing.
        times: (samples,) float64, the middle of each slot in seconds from the first frame of the episode.

    Raises:
        ShapeError: shapes do not agree with cast and length, or a value is outside [0, 1].
    """

    values: NDArray[np.float32]
    thresholds: NDArray[np.float32]
    cast: Cast
    provenance: Provenance
    unknown: tuple[Interval, ...] = ()
    times: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        origin = self.provenance
        expected = (slot_count(origin.end - origin.start, origin.rate), len(self.cast))
        if self.values.shape != expected or self.thresholds.shape != expected[1:]:
            raise ShapeError(f"expected scores {expected}, got {self.values.shape}, thresholds {self.thresholds.shape}")
        for name, array in (("values", self.values), ("thresholds", self.thresholds)):
            if array.dtype != np.float32 or not np.all((array >= 0) & (array <= 1)):  # NaN fails, too
                raise ShapeError(f"{name} must be float32 within [0, 1], got {array.dtype}")
        Presence(self.unknown, origin.end, origin.start)  # in order, apart, and within the part
        self._keep("values", self.values.copy())
        self._keep("thresholds", self.thresholds.copy())
        self._keep("times", slot_middles(expected[0], origin.rate, origin.start))

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which samples could be looked at: (samples,) bool."""
        known = np.ones(len(self.times), np.bool_)
        for interval in self.unknown:
            known &= (self.times < float(interval.start)) | (self.times >= float(interval.end))
        return known

    def flags(
        self, *, thresholds: float | Mapping[str, float] | None = None, smooth: int = DEFAULT_WINDOW
    ) -> NDArray[np.bool_]:
        """Say for every sample who is there: (samples, characters) bool, nobody where it is not known.

        Smoothing does not reach over a stretch that is not known. Arguments and errors are those of `timeline`.
        """
        raw, known = apply_thresholds(self.values, self._thresholds(thresholds)), self.known
        flags = np.zeros_like(raw)
        for first, last in runs(known):
            flags[first:last] = remove_single_outliers(raw[first:last], smooth)
        return flags

    def _keep(self, name: str, array: NDArray[Any]) -> None:
        """Set an attribute to an array of its own that cannot be changed."""
        array.flags.writeable = False
        object.__setattr__(self, name, array)

    def timeline(
        self, *, thresholds: float | Mapping[str, float] | None = None, smooth: int = DEFAULT_WINDOW
    ) -> Timeline:
        """Say who is on screen when.

        Args:
            thresholds: one for all, or some by character id; the model's own where not given.
            smooth: window of the single-outlier rule in samples, 0 for none.

        Returns:
            The timeline of the part that was looked at, in seconds from the first frame of the episode.

        Raises:
            OptionError: a threshold outside [0, 1], an unknown character, or a window that cannot be used.
        """
        flags, origin = self.flags(thresholds=thresholds, smooth=smooth), self.provenance
        *presences, unknown = (
            presence_of(column, origin.rate, origin.end, origin.start) for column in (*flags.T, ~self.known)
        )
        return Timeline(self.cast, tuple(presences), origin.end, origin.start, unknown.intervals)

    def to_frame(self) -> "pd.DataFrame":
        """Give the scores as a pandas DataFrame: index `time_s`, a column for each character id."""
        import pandas as pd  # half a second to import, and only notebooks want it

        return pd.DataFrame(self.values, index=pd.Index(self.times, name="time_s"), columns=list(self.cast.ids))

    def _thresholds(self, wanted: float | Mapping[str, float] | None) -> NDArray[np.float32]:
        if wanted is None:
            return self.thresholds
        by_id = wanted if isinstance(wanted, Mapping) else dict.fromkeys(self.cast.ids, wanted)
        unknown = set(by_id) - set(self.cast.ids)
        if unknown:
            raise OptionError(
                f"no such character: {', '.join(sorted(unknown))}; the cast is {', '.join(self.cast.ids)}"
            )
        if not all(0 <= value <= 1 for value in by_id.values()):
            raise OptionError(f"thresholds lie within [0, 1], got {dict(by_id)}")
        pairs = zip(self.cast.ids, self.thresholds, strict=True)
        return np.array([by_id.get(identity, own) for identity, own in pairs], dtype=np.float32)
