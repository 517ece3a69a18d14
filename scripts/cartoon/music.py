"""The music and the sounds of the film, composed for it: a tune in G at 112 beats a minute, by day and by night."""

from dataclasses import dataclass

import numpy as np

from .film import BEAT, SHOTS, cuts, seconds
from .instruments import SAMPLE_RATE, bass, flute, hertz, music_box, noise, pluck, sweep, whoosh

# Bars of four beats: "note:beats", a dash is a rest.
DAY_TUNE = """
B4:.5 D5:.5 G5:1 F#5:.5 E5:.5 D5:1 | E5:1 C5:.5 E5:.5 G5:1 E5:1
D5:.5 E5:.5 D5:.5 B4:.5 G4:1 B4:1 | A4:1.5 B4:.5 A4:1 -:1
B4:.5 E5:.5 G5:1 F#5:.5 G5:.5 E5:1 | C5:.5 E5:.5 G5:1 A5:.5 G5:.5 E5:1
F#5:1 D5:.5 E5:.5 F#5:.5 A5:.5 F#5:1 | G5:1.5 D5:.5 G5:1 -:1
"""
NIGHT_TUNE = """
E5:2 G5:1 B5:1 | A5:1.5 G5:.5 E5:2 | C5:2 E5:1 G5:1 | F#5:1.5 E5:.5 D5:2
E5:1 A5:1 C6:1.5 B5:.5 | A5:1 F#5:1 D5:2 | B4:1 D5:1 G5:1.5 A5:.5 | B5:3 -:1
"""
DAY_CHORDS = ("G", "C", "G", "D", "E", "C", "D", "G")
NIGHT_CHORDS = ("E", "E", "C", "C", "A", "D", "G", "G")
TRIADS = {
    "G": ("G3", "B3", "D4"),
    "C": ("G3", "C4", "E4"),
    "D": ("F#3", "A3", "D4"),
    "E": ("G3", "B3", "E4"),
    "A": ("A3", "C4", "E4"),
}
ROOTS = {"G": "G2", "C": "C3", "D": "D3", "E": "E2", "A": "A2"}

# What is heard at some seconds after the cut of a shot.
CUES = (
    (0, 0.55, "clunk"), (1, 1.45, "hop"), (1, 2.75, "duck"), (1, 4.15, "hop"), (1, 4.3, "pop"), (1, 4.75, "pop"),
    (2, 1.1, "slide"), (3, 0.5, "slide"), (4, 1.0, "clunk"), (4, 2.05, "hop"), (4, 4.35, "duck"), (5, 1.4, "hop"),
    (6, 0.9, "slide"), (6, 2.3, "hop"), (6, 3.7, "slide"), (7, 0.6, "sparkle"), (8, 1.35, "slide"), (9, 1.9, "duck"),
    (9, 3.0, "sparkle"), (9, 3.7, "hop"), (10, 0.4, "sparkle"), (11, 2.0, "slide"), (11, 3.4, "duck"), (11, 4.9, "hop"),
    (12, 1.15, "hop"), (13, 1.0, "hop"), (13, 2.3, "clunk"), (13, 3.4, "duck"), (14, 0.8, "hop"), (14, 1.3, "slide"),
    (14, 1.85, "pop"), (14, 2.4, "hop"), (14, 3.2, "sparkle"),
)  # fmt: skip


@dataclass(slots=True)
class Mix:
    """The sound being mixed: (samples, 2) float64, left and right."""

    sound: np.ndarray

    def add(self, at: float, sound: np.ndarray, level: float, side: float = 0) -> None:
        """Add a mono sound at an instant in seconds; `side` -1 is left, 1 right. What lies past the end is cut."""
        start = round(at * SAMPLE_RATE)
        part = self.sound[start : start + len(sound)]
        gain = np.sqrt([(1 - side) / 2, (1 + side) / 2]) * level
        part += sound[: len(part), np.newaxis] * gain


def notes(tune: str) -> list[tuple[float, float, str]]:
    """Read a tune: (beat at which it starts, length in beats, note), rests left out."""
    found, beat = [], 0.0
    for word in tune.replace("|", " ").split():
        note, length = word.split(":")
        if note != "-":
            found.append((beat, float(length), note))
        beat += float(length)
    return found


def _melody(mix: Mix, first_beat: int, tune: str, night: bool) -> None:
    beat_s = float(BEAT)
    for start, length, note in notes(tune):
        at, pitch = (first_beat + start) * beat_s, hertz(note)
        if night:
            mix.add(at, flute(pitch, length * beat_s), 0.17, -0.15)
            mix.add(at, music_box(pitch * 2, length * beat_s), 0.05, 0.4)
        else:
            mix.add(at, music_box(pitch, length * beat_s), 0.22, 0.2)


def _backing(mix: Mix, first_beat: int, chords: tuple[str, ...], night: bool) -> None:
    beat_s = float(BEAT)
    for bar, chord in enumerate(chords):
        at = (first_beat + 4 * bar) * beat_s
        for beat in (0, 2):
            mix.add(at + beat * beat_s, bass(hertz(ROOTS[chord]), 1.6 * beat_s), 0.3)
        for beat in range(8) if night else (1, 3):
            for k, note in enumerate(TRIADS[chord]):
                if not night or k == beat % 3:
                    spot = at + beat * beat_s / (2 if night else 1)
                    mix.add(spot, pluck(hertz(note) * (2 if night else 1), beat_s), 0.12, (-0.4, 0.1, 0.5)[k])


def _drums(mix: Mix, first_beat: int, beats: int, night: bool) -> None:
    beat_s = float(BEAT)
    for eighth in range(2 * beats):
        at = (first_beat + eighth / 2) * beat_s
        mix.add(at, noise(0.08, 60, eighth), (0.05, 0.025)[eighth % 2] * (0.5 if night else 1), 0.5)
        if not night and eighth % 4 == 0:
            mix.add(at, sweep(120, 48, 0.18, 16), 0.34)
        if not night and eighth % 4 == 2:
            mix.add(at, sweep(880, 820, 0.06, 60), 0.1, -0.5)
            mix.add(at, noise(0.14, 28, 500 + eighth), 0.07, -0.2)


def _cue(mix: Mix, at: float, kind: str, number: int) -> None:
    side = (-0.5, 0.3, 0.0, 0.5)[number % 4]
    if kind == "hop":
        mix.add(at, sweep(320, 900, 0.2, 6), 0.16, side)
    elif kind == "pop":
        mix.add(at, sweep(500, 1100, 0.09, 18), 0.16, side)
    elif kind == "duck":
        mix.add(at, sweep(760, 240, 0.24, 5), 0.14, side)
    elif kind == "slide":
        mix.add(at, whoosh(0.5, number), 0.1, side)
    elif kind == "clunk":
        mix.add(at, sweep(260, 130, 0.14, 24), 0.35, side)
        mix.add(at, noise(0.05, 70, number), 0.14, side)
    else:
        for k, note in enumerate(("G6", "B6", "D7", "G7")):
            mix.add(at + 0.07 * k, music_box(hertz(note), 0.2), 0.06, -0.6 + 0.4 * k)


def compose() -> np.ndarray:
    """Give the whole sound of the film: (samples, 2) int16 at `SAMPLE_RATE`, as long as the film."""
    if sum(shot.beats for shot in SHOTS) != 134:
        raise ValueError("the music is written for a film of 134 beats: change both together")
    length = round(seconds(cuts()[-1]) * SAMPLE_RATE)
    mix = Mix(np.zeros((length, 2)))
    for first, tune, chords, night in (
        (0, DAY_TUNE, DAY_CHORDS, False), (32, DAY_TUNE, DAY_CHORDS, False),
        (64, NIGHT_TUNE, NIGHT_CHORDS, True), (96, DAY_TUNE, DAY_CHORDS, False),
    ):  # fmt: skip
        _melody(mix, first, tune, night)
        _backing(mix, first, chords, night)
        _drums(mix, first, 32, night)
    for k, note in enumerate(("G3", "B3", "D4", "G4", "B4", "D5", "G5", "G6")):
        mix.add((128 + k / 2) * float(BEAT), music_box(hertz(note), 1.2), 0.2, -0.5 + k / 7)
    for number, (shot, t, kind) in enumerate(CUES):
        _cue(mix, float(seconds(cuts()[shot])) + t, kind, number)
    return _finished(mix.sound)


def _finished(dry: np.ndarray) -> np.ndarray:
    """Add the echo of a small hall, tame the peaks, fade the last second; (samples, 2) int16."""
    wet = dry.copy()
    for delay_s, level in ((0.043, 0.22), (0.071, 0.18), (0.113, 0.13), (0.187, 0.09)):
        shift = round(delay_s * SAMPLE_RATE)
        wet[shift:] += dry[:-shift, ::-1] * level
    wet[-SAMPLE_RATE:] *= np.linspace(1, 0, SAMPLE_RATE)[:, np.newaxis]
    return np.rint(np.tanh(wet * 1.3) * 0.82 * 32767).astype(np.int16)
