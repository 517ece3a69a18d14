"""The use case: frames out of episodes into a folder, with a table ready to be filled in as labels.csv."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vidtag.errors import DamagedError, InputError, OutputError
from vidtag.frames.backgrounds import background_test
from vidtag.frames.choosing import Accept, Distinct, most_different, one_a_shot
from vidtag.frames.counting import Progress, SecondsCounter
from vidtag.frames.folder import WholeFolder
from vidtag.frames.naming import episode_labels, frame_name, seconds_text
from vidtag.frames.options import FrameOptions
from vidtag.media.info import Part, VideoInfo
from vidtag.media.probe import probe
from vidtag.media.stills import Sample, read_samples
from vidtag.records.reports import Row, readable, write_csv

TABLE = "frames.csv"
COLUMNS = ("path", "characters", "group", "episode", "seconds")
LOOKED_AT_PX = 320  # longer side of the pictures that the most different ones are chosen by

_ENCODINGS = {"jpg": (cv2.IMWRITE_JPEG_QUALITY, 95), "png": (cv2.IMWRITE_PNG_COMPRESSION, 6)}


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was taken.

    Attributes:
        folder: where the frames and their table are.
        rows: of the table, in its `COLUMNS`.
        damaged: a line for every episode that could not be read to its end; its frames up to there are kept.
    """

    folder: Path
    rows: tuple[Row, ...]
    damaged: tuple[str, ...]


def extract_frames(
    episodes: Sequence[Path], folder: Path, options: FrameOptions, progress: Progress | None = None
) -> Extraction:
    """Write frames of episodes as pictures, and `frames.csv` with a row for each; all of them or none.

    Memory does not grow with the length of the episodes, but for a row a frame.

    Raises:
        InputError: an episode or the model cannot be read, or no frame can be taken; DamagedError if none can be read.
        UsageError: an episode is given twice, or the part lies outside one.
        OutputError: a file exists and may not be replaced, or the disk refuses.
        SetupError: ffmpeg or the backend is not installed.
    """
    labels = episode_labels(episodes)
    infos = [probe(episode) for episode in episodes]
    with WholeFolder(folder, overwrite=options.overwrite, last=TABLE) as target:
        run = _Run(options, background_test(options.backgrounds), target, SecondsCounter(infos, options, progress))
        for info, label in zip(infos, labels, strict=True):
            run.take(info, label)
        if not run.rows:
            raise _nothing(run, options)
        target.add(TABLE, _table(run.rows))
        target.finish()
    return Extraction(target.folder, tuple(run.rows), tuple(run.damaged))


class _Run:
    """Takes frames of one episode after the other into a folder."""

    def __init__(self, options: FrameOptions, accept: Accept, target: WholeFolder, counter: SecondsCounter) -> None:
        self._options, self._accept, self._target, self._counter = options, accept, target, counter
        self._distinct = Distinct()
        self.rows: list[Row] = []
        self.damaged: list[str] = []

    def take(self, info: VideoInfo, label: str) -> None:
        try:
            for sample in self._chosen(info):
                if not self._options.distinct or self._distinct.add(sample.picture):
                    self._write(info, label, sample)
        except DamagedError as error:
            self.damaged.append(str(error))

    def _chosen(self, info: VideoInfo) -> Iterator[Sample]:
        """Give the frames to be written; those that differ most are found in a pass of their own, on small pictures."""
        options = self._options
        if options.different is None:
            yield from self._candidates(self._samples(info, options.size))
            return
        small = min(LOOKED_AT_PX, options.size or LOOKED_AT_PX)
        seen = _Fused(self._candidates(self._samples(info, small)))
        wanted = most_different(seen, options.different)
        if wanted:
            for sample in self._samples(info, options.size):
                if sample.index in wanted:
                    yield sample
                if sample.index >= max(wanted):
                    break
        if seen.damage is not None:
            raise seen.damage

    def _samples(self, info: VideoInfo, longest_px: int | None) -> Iterator[Sample]:
        part = Part(self._options.start or Fraction(0), self._options.end)
        samples = read_samples(info, rate=self._options.rate, part=part, longest_px=longest_px)
        return self._counter.watch(samples)

    def _candidates(self, samples: Iterator[Sample]) -> Iterator[Sample]:
        if self._options.every is None:
            return one_a_shot(samples, self._options.shot_threshold, self._accept)
        return (sample for sample in samples if self._accept(sample.picture))

    def _write(self, info: VideoInfo, label: str, sample: Sample) -> None:
        name = frame_name(label, sample.seconds, self._options.format)
        self._target.add(name, _encoded(sample.picture, self._options.format))
        self.rows.append((name, "", label, readable(info.path.name), seconds_text(sample.seconds)))


class _Fused:
    """Ends where the film is damaged, and keeps the error."""

    def __init__(self, samples: Iterator[Sample]) -> None:
        self._samples = samples
        self.damage: DamagedError | None = None

    def __iter__(self) -> Iterator[Sample]:
        try:
            yield from self._samples
        except DamagedError as error:
            self.damage = error


def _encoded(picture: NDArray[np.uint8], form: str) -> bytes:
    """Encode a (height, width, 3) uint8 RGB picture as a file's bytes."""
    done, data = cv2.imencode(f".{form}", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), list(_ENCODINGS[form]))
    if not done:
        height, width = picture.shape[:2]
        raise OutputError(f"a picture of {width}x{height} px cannot be written as {form}; choose a --size")
    return data.tobytes()


def _table(rows: Sequence[Row]) -> bytes:
    text = io.StringIO(newline="")
    write_csv(COLUMNS, rows, text)
    return text.getvalue().encode()


def _nothing(run: _Run, options: FrameOptions) -> Exception:
    if run.damaged:
        return DamagedError(run.damaged[0])
    if options.backgrounds is not None:
        return InputError("no frame is without anyone; allow more of a colour or of black, or look at more frames")
    return InputError("no shot lasts two fifths of a second; raise --shot-threshold, or take frames with --every")
