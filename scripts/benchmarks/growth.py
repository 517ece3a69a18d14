"""How costs grow with the length of the film and with the number of characters."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vidtag.cast import Cast, Character
from vidtag.records.bundles import ModelBundle, find_bundle
from vidtag.records.bundlewriter import save_bundle

from .films import Film, make_film
from .operations import counted, random_weights
from .rounds import Say, rows_of, run_in_turn
from .tables import Row
from .tasks import Contender, decode, encode

FAST = "ultrafast"  # so that an hour of film stays bearable
_LONG_MINUTES = 5  # films that are longer are measured once


def over_length(
    minutes: Sequence[float], *, height: int, contender: Contender, runs: int, folder: Path, say: Say
) -> list[Row]:
    """Measure films of several lengths, in minutes, with the quickest preset; the rows say `minutes`."""
    rows = []
    for length in minutes:
        film = make_film(folder, height, 60 * length)
        say(f"{height}p, {length:g} min")
        tasks = (encode(film, folder, FAST), contender.annotate(film, folder, FAST))
        measured = run_in_turn(tasks, 1 if length > _LONG_MINUTES else runs, say)
        rows += rows_of(measured, film=f"{film.name}, {length:g} min", minutes=length)
        if length > 1:
            film.path.unlink()
    return rows


def over_characters(
    counts: Sequence[int], film: Film, *, contender: Contender, runs: int, folder: Path, say: Say
) -> list[Row]:
    """Measure throw-away models of several numbers of characters on a film; the rows say `characters`."""
    rows, base = [], find_bundle(contender.model)
    for count in counts:
        say(f"{film.name}, {count} characters")
        bundle = make_bundle(base, count, folder / f"cast-{count}")
        one = dataclasses.replace(contender, model=str(bundle.folder))
        limits = (decode(film), encode(film, folder, "veryfast"))
        tasks = (*limits, one.analyze(film, folder), one.annotate(film, folder, "veryfast"))
        rows += rows_of(run_in_turn(tasks, runs, say), film=f"{film.name}, {count} characters", characters=count)
    return rows


def make_bundle(base: ModelBundle, characters: int, folder: Path) -> ModelBundle:
    """Write a model with the network of another one for another number of characters; its weights are random.

    Args:
        base: whose network, input size and preprocessing it has; its icons are shown again and again.
        characters: of the new cast, 1-1000.
        folder: where it shall lie.
    """
    known = list(base.cast)
    cast = Cast(
        tuple(
            Character(f"number_{number}", f"Number {number}", icon=known[number % len(known)].icon)
            for number in range(1, characters + 1)
        )
    )
    shapes = counted(base.network, base.input_size, characters, base.arguments).weights
    return save_bundle(
        folder,
        arrays=random_weights(shapes),
        card="Random weights: a model to measure speed with.\n",
        cast=cast,
        network=base.network,
        input_size=base.input_size,
        arguments=base.arguments,
        preprocessing=base.preprocessing,
        thresholds=np.full(characters, 0.5, np.float32),
    )
