"""Sounds made of sines and noise: each function gives (samples,) float64 at `SAMPLE_RATE`, peak about 1."""

import numpy as np

SAMPLE_RATE = 48000  # per second


def _time(seconds: float) -> np.ndarray:
    return np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE


def hertz(note: str) -> float:
    """Give the frequency of a note as "G4", "F#5": A4 is 440 Hz."""
    steps = {"C": -9, "D": -7, "E": -5, "F": -4, "G": -2, "A": 0, "B": 2}
    return float(440 * 2 ** ((steps[note[0]] + note.count("#") + 12 * (int(note[-1]) - 4)) / 12))


def music_box(frequency: float, seconds: float) -> np.ndarray:
    """Strike a metal tongue: bright at first, ringing on."""
    t = _time(seconds + 0.9)
    partials = ((1, 1.0, 3.2), (2, 0.35, 5), (3.01, 0.22, 8), (5.4, 0.1, 14))
    sound = sum(level * np.sin(2 * np.pi * frequency * k * t) * np.exp(-decay * t) for k, level, decay in partials)
    return np.asarray(sound) * np.minimum(1, t / 0.002) * 0.7


def pluck(frequency: float, seconds: float) -> np.ndarray:
    """Pluck a soft string."""
    t = _time(seconds + 0.3)
    sound = sum(np.sin(2 * np.pi * frequency * k * t) / k**1.5 * np.exp(-(2.5 + 1.8 * k) * t) for k in range(1, 7))
    return np.asarray(sound) * np.minimum(1, t / 0.003) * 0.8


def flute(frequency: float, seconds: float) -> np.ndarray:
    """Blow a wooden flute with a slow tremble."""
    t = _time(seconds + 0.12)
    phase = 2 * np.pi * frequency * t + 0.9 * np.sin(2 * np.pi * 5.2 * t) * np.minimum(1, t / 0.4)
    envelope = np.minimum(1, t / 0.06) * np.clip((seconds + 0.12 - t) / 0.14, 0, 1)
    return (np.sin(phase) + 0.22 * np.sin(2 * phase) + 0.06 * np.sin(3 * phase)) * envelope * 0.7


def bass(frequency: float, seconds: float) -> np.ndarray:
    """Pluck a double bass."""
    t = _time(seconds + 0.1)
    sound = np.sin(2 * np.pi * frequency * t) + 0.35 * np.sin(4 * np.pi * frequency * t) * np.exp(-6 * t)
    return sound * np.exp(-2.6 * t) * np.minimum(1, t / 0.006) * np.clip((seconds + 0.1 - t) / 0.08, 0, 1)


def noise(seconds: float, decay: float, seed: int) -> np.ndarray:
    """Give a hiss without its low part that dies away: a brush, a shaker."""
    t = _time(seconds)
    return np.diff(np.random.default_rng([seed, 9]).normal(0, 0.4, len(t) + 1)) * np.exp(-decay * t)


def sweep(start: float, end: float, seconds: float, decay: float) -> np.ndarray:
    """Slide a sine from one frequency to another: drums, hops, pops."""
    t = _time(seconds)
    frequency = start * (end / start) ** (t / seconds)
    return (
        np.sin(2 * np.pi * np.cumsum(frequency) / SAMPLE_RATE)
        * np.exp(-decay * t)
        * np.minimum(1, (seconds - t) / 0.01)
    )


def whoosh(seconds: float, seed: int) -> np.ndarray:
    """Give the rush of air of a fast move."""
    rough = np.random.default_rng([seed, 8]).normal(0, 1, len(_time(seconds)) + 40)
    soft = np.convolve(rough, np.hanning(41) / 8, "valid")
    return soft * np.sin(np.pi * np.arange(len(soft)) / len(soft)) ** 2
