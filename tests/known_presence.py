"""A network whose answers are known, and what must follow from them.

The clips show the number of each frame, and `NumberReader` reads that number and looks up who is there. So screen
times and every bar follow from the frame times alone.
"""

from fractions import Fraction
from math import floor

import numpy as np
from episode_recipes import CAST, processes_of
from media_recipes import film_frames, picture_clock, read_code

from vidtag.analysis.sampling import sampled_frames
from vidtag.media.info import MIN_SHOWN
from vidtag.media.probe import probe
from vidtag.options import RenderOptions
from vidtag.overlay.bar import Bar

FAST = RenderOptions(preset="ultrafast", crf=12)
HEIGHT = 96


def drawn_presence(frames: int) -> np.ndarray:
    """Make up who is there: (frames, characters) bool, in runs of 1 to 29 frames with a seed."""
    generator = np.random.default_rng(7)
    columns = []
    for _ in CAST:
        lengths = generator.integers(1, 30, frames)
        columns.append(np.repeat(np.arange(frames) % 2 == 0, lengths)[:frames])
    return np.stack(columns, axis=1)


PRESENCE = drawn_presence(4096)


class NumberReader:
    """Stands in for a network: reads the number of the frame and looks up who is there. Keeps the batch sizes."""

    def __init__(self, bundle, fail_at=None):
        self.cast, self.thresholds, self.input_size = bundle.cast, bundle.thresholds, bundle.input_size
        self.backend, self.batches, self._fail_at = "stand-in", [], fail_at

    def __call__(self, pictures):
        self.batches.append(len(pictures))
        if self._fail_at is not None and sum(self.batches) >= self._fail_at:
            raise MemoryError("the GPU is full")
        numbers = [read_code(picture[..., 1], 16) for picture in pictures]
        return np.where(PRESENCE[numbers], 0.9, 0.1).astype(np.float32)


def slow_smoothing(flags):
    """Flip by the rule as it is worded: some window of 5 has the sample inside, and it alone differs."""
    smoothed = flags.copy()
    for column in range(flags.shape[1]):
        for i in range(len(flags)):
            for first in range(max(0, i - 3), min(i, len(flags) - 4)):
                window = flags[first : first + 5, column]
                if 0 < i - first < 4 and (window == flags[i, column]).sum() == 1:
                    smoothed[i, column] = not flags[i, column]
    return smoothed


def expected_run(path, rate=Fraction(4)):
    """Say from the frame times alone: smoothed flags of every slot, frame times from the first one, and the end."""
    times, last_shown, _ = picture_clock(path)
    seconds = [shown - times[0] for shown in times]
    end = seconds[-1] + (last_shown if last_shown >= MIN_SHOWN else 1 / probe(path).rate)
    return slow_smoothing(PRESENCE[sampled_frames(np.array(seconds, float), end, rate)]), seconds, end


def intervals(flags, rate, end):
    """Give [(start, end)] of one character, slot by slot."""
    found = []
    for k in np.flatnonzero(flags):
        start, stop = k / rate, min((k + 1) / rate, end)
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], stop)
        else:
            found.append((start, stop))
    return found


def wrong_bars(target, cast, flags, seconds, rate=Fraction(4), start=Fraction(0)):
    """Count frames whose bar is not nearest to that of their slot among the bars of all states.

    Which frame of the episode it is, is read off the picture above the bar.
    """
    bar = Bar(cast, 128, HEIGHT)
    states = [np.array([bool(k >> bit & 1) for bit in range(len(CAST))]) for k in range(1 << len(CAST))]
    strips = [bar.draw(state).astype(int) for state in states]
    wrong = 0
    for _, picture in film_frames(target, "rgb24"):
        second = max(start, seconds[read_code(picture[:HEIGHT, :, 1], 32)])
        distances = [np.abs(picture[HEIGHT:] - strip).mean() for strip in strips]
        wrong += not np.array_equal(states[int(np.argmin(distances))], flags[floor((second - start) * rate)])
    return wrong


def nothing_left(folder, clip):
    return list(folder.iterdir()) == [] and processes_of(clip) == []
