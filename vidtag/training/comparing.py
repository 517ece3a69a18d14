"""Trains the same network on differently prepared pictures of one character each, and counts who is taken for whom."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vidtag.errors import InputError, OptionError
from vidtag.predictors.networks import NetworkKind, build_network, network_kind
from vidtag.predictors.preprocessing import PREPROCESSINGS, Preprocessing, find_preprocessing
from vidtag.training.dataset import Example
from vidtag.training.preparing import fit_example, prepare_example
from vidtag.training.superresolution import set_super_resolution, train_super_resolution

_AT_ONCE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonOptions:
    """What is compared, and how each network learns.

    Attributes:
        network: a key of `NETWORKS`.
        arguments: of the network.
        preprocessings: keys of `PREPROCESSINGS`, at least one.
        input_size: (height, width) in px; None for what suits the network.
        epochs: rounds over all pictures, >= 1; None for what suits the network.
        batch_size: pictures a step, >= 1.
        enhancer_steps: steps in which the super-resolution layers learn, >= 1.
        seed: of weights and order, the same for each preprocessing.

    Raises:
        OptionError: a name is unknown or a number out of range.
    """

    network: str = "cnn4"
    arguments: Mapping[str, Any] = field(default_factory=dict)
    preprocessings: tuple[str, ...] = tuple(PREPROCESSINGS)
    input_size: tuple[int, int] | None = None
    epochs: int | None = None
    batch_size: int = 32
    enhancer_steps: int = 400
    seed: int = 1

    def __post_init__(self) -> None:
        network_kind(self.network)
        for name in self.preprocessings:
            find_preprocessing(name)
        if not self.preprocessings:
            raise OptionError("there is nothing to compare; name a preprocessing")
        for what in ("epochs", "batch_size", "enhancer_steps"):
            number = getattr(self, what)
            if number is not None and number < 1:
                raise OptionError(f"{what.replace('_', ' ')} must be 1 or more, got {number}")


@dataclass(frozen=True, eq=False, slots=True)
class Outcome:
    """How a network did on held-out pictures that were prepared as those it learned from.

    Attributes:
        preprocessing: its name.
        confusion: (characters, characters) int64, rows who it is, columns who scores highest.
    """

    preprocessing: str
    confusion: NDArray[np.int64]

    def figures(self) -> dict[str, float]:
        """Give accuracy, and macro precision, recall and F1 over the characters that were held out, each 0-1."""
        right, truth, found = np.diag(self.confusion), self.confusion.sum(axis=1), self.confusion.sum(axis=0)
        there = truth > 0
        precision, recall = right / np.maximum(found, 1), right / np.maximum(truth, 1)
        f1 = 2 * right / np.maximum(truth + found, 1)
        figures = {"accuracy": right.sum() / max(1, truth.sum())}
        for name, each in (("precision", precision), ("recall", recall), ("f1", f1)):
            figures[name] = each[there].mean()
        return {name: float(value) for name, value in figures.items()}


def compare_preprocessings(
    learning: Sequence[Example],
    held_out: Sequence[Example],
    options: ComparisonOptions,
    report: Callable[[str], None],
) -> list[Outcome]:
    """Train and test a network for each preprocessing. Pictures of nobody or of several characters are left out.

    Args:
        learning: pictures to learn from.
        held_out: pictures to test on.
        options: what to compare.
        report: called with a line of text now and then.

    Raises:
        InputError: no picture of a single character is left on a side.
        OptionError: an argument of the network does not fit.
        SetupError: a preprocessing needs a package that is not installed.
    """
    sides = [[example for example in side if len(example.columns) == 1] for side in (learning, held_out)]
    if not all(sides):
        raise InputError("a comparison needs pictures of single characters, to learn from and held out; found none")
    return [_train_and_test(name, sides[0], sides[1], options, report) for name in options.preprocessings]


def _train_and_test(
    name: str,
    learning: list[Example],
    held_out: list[Example],
    options: ComparisonOptions,
    report: Callable[[str], None],
) -> Outcome:
    import keras

    kind, preprocessing = network_kind(options.network), find_preprocessing(name)
    size, characters = options.input_size or kind.input_size, len(learning[0].labels)
    keras.utils.set_random_seed(options.seed)
    arguments = {**options.arguments, **preprocessing.arguments}
    network = build_network(options.network, size, characters, **arguments)
    if preprocessing.arguments:
        fitted = [fit_example(example, size, preprocessing) for example in learning]
        channels = arguments["super_resolution"]
        arrays, gained = train_super_resolution(fitted, channels, options.seed, options.enhancer_steps)
        set_super_resolution(network, arrays)
        report(f"{name}: sharpened from {gained['psnr_before']:.1f} to {gained['psnr_after']:.1f} dB")
    _train(network, kind, *_prepared(learning, size, preprocessing), options, lambda line: report(f"{name}: {line}"))
    pictures, columns = _prepared(held_out, size, preprocessing)
    scores = [np.asarray(network(pictures[at : at + _AT_ONCE])) for at in range(0, len(pictures), _AT_ONCE)]
    confusion = np.zeros((characters, characters), np.int64)
    np.add.at(confusion, (columns, np.concatenate(scores).argmax(axis=1)), 1)
    return Outcome(name, confusion)


def _train(
    network: Any,
    kind: NetworkKind,
    pictures: NDArray[np.uint8],
    columns: NDArray[np.int64],
    options: ComparisonOptions,
    report: Callable[[str], None],
) -> None:
    """Fit a network in place to (n, height, width, 3) pictures of the characters in `columns`."""
    trained = _compiled(network, kind)
    wanted = np.eye(network.output.shape[1], dtype=np.float32)[columns]
    epochs, random = options.epochs or kind.epochs, np.random.default_rng(options.seed)
    for epoch in range(1, epochs + 1):
        order = random.permutation(len(pictures))
        chosen = [order[start : start + options.batch_size] for start in range(0, len(order), options.batch_size)]
        losses = [float(trained.train_on_batch(pictures[batch], wanted[batch])) for batch in chosen]
        report(f"epoch {epoch}/{epochs}, loss {np.mean(losses):.4f}")


def _prepared(
    examples: Sequence[Example], size: tuple[int, int], preprocessing: Preprocessing
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Give the pictures as the network sees them, (n, height, width, 3), and the column of each one's character."""
    pictures = [prepare_example(example, size, preprocessing) for example in examples]
    return np.stack(pictures), np.array([example.columns[0] for example in examples])


def _compiled(network: Any, kind: NetworkKind) -> Any:
    import keras

    losses = {"softmax": keras.losses.CategoricalCrossentropy, "sigmoid": keras.losses.BinaryCrossentropy}
    trained = keras.Model(network.input, network.get_layer("pool").output)
    optimizer = {"class_name": kind.optimizer, "config": {"learning_rate": kind.learning_rate}}
    trained.compile(keras.optimizers.get(optimizer), losses[kind.head](from_logits=True), jit_compile=False)
    return trained
