"""Parts of the command lines of both scripts."""

import argparse
from collections.abc import Callable, Sequence
from typing import NoReturn, TypeVar

Number = TypeVar("Number", int, float)


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line, with exit code 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"error: {message}\n")


def numbers(kind: type[Number], lowest: float, highest: float) -> Callable[[str], tuple[Number, ...]]:
    """Give what reads a list such as `480,720`: numbers from a lowest to a highest, each once; `none` for none."""

    def read(text: str) -> tuple[Number, ...]:
        wanted = f"expected numbers {lowest:g} to {highest:g} such as {lowest:g},{highest:g}, or none; got {text!r}"
        if text == "none":
            return ()
        try:
            values = tuple(kind(word) for word in text.split(","))
        except ValueError:
            raise argparse.ArgumentTypeError(wanted) from None
        if not all(lowest <= value <= highest for value in values):
            raise argparse.ArgumentTypeError(wanted)
        return tuple(dict.fromkeys(values))

    return read


def number(kind: type[Number], lowest: float, highest: float) -> Callable[[str], Number]:
    """Give what reads a number from a lowest to a highest."""

    def read(text: str) -> Number:
        values = numbers(kind, lowest, highest)(text)
        if len(values) != 1:
            raise argparse.ArgumentTypeError(f"expected one number {lowest:g} to {highest:g}, got {text!r}")
        return values[0]

    return read


def words(known: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    """Give what reads a list such as `openvino,jax` of known words, each once."""

    def read(text: str) -> tuple[str, ...]:
        values = tuple(dict.fromkeys(text.split(",")))
        if not set(values) <= set(known):
            raise argparse.ArgumentTypeError(f"expected some of {', '.join(known)}; got {text!r}")
        return values

    return read
