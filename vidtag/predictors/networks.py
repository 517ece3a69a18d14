"""Networks by name. Building one reads no file; Keras is imported when the first is built, for that costs seconds.

A network takes (n, height, width, 3) uint8 RGB and gives (n, characters) float32 scores in [0, 1]. Its layer `pool`
holds the (n, characters) logits, on which the loss is taken.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from inspect import signature
from typing import Any, Literal

from vidtag.cast import MAX_CHARACTERS
from vidtag.errors import OptionError
from vidtag.predictors.classics import cnn2, cnn4, cnn6
from vidtag.predictors.enhancing import draw_enhancer
from vidtag.predictors.keraslayers import KerasLayers
from vidtag.predictors.layers import Layers, check_whole
from vidtag.predictors.mobilenet import mobilenet_detectors
from vidtag.predictors.thinning import MOST_PASSES
from vidtag.predictors.vgg16 import vgg16_detectors

Head = Literal["sigmoid", "softmax"]
Loss = Literal["binary-crossentropy", "categorical-crossentropy", "mean-squared-error"]
LOSSES: tuple[Loss, ...] = ("binary-crossentropy", "categorical-crossentropy", "mean-squared-error")


_COMMON_ARGUMENTS = ("passes", "super_resolution")


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkKind:
    """A network and how it is trained unless one says otherwise.

    Attributes:
        draw: called with layers, (n, height, width, 3) uint8 pictures, the number of characters, and arguments by
            keyword; gives the (n, characters) logits, called `pool`.
        head: what makes scores of the logits: `sigmoid`, each character on its own, or `softmax`, shares that add up
            to 1 (one character a picture; nobody where no share reaches its threshold).
        loss: what training minimises. `binary-crossentropy` and `categorical-crossentropy` take the logits (`pool`),
            `mean-squared-error` the scores (the network's output). See `loss_of`.
        optimizer: `adamw`, `adam` or `rmsprop`.
        learning_rate: the highest, > 0.
        epochs: rounds of training, >= 1.
        input_size: (height, width) in px that suits it.
        backbone: the ImageNet weights it can start from, in words; empty where there are none.
        block_end: name of the last layer of the backbone's nth block, with `{}` for n; empty without blocks.
        has_maps: whether a layer `maps` gives (n, rows, columns, characters) logits, which say where somebody is.
    """

    draw: Callable[..., Any]
    head: Head = "sigmoid"
    loss: Loss = "binary-crossentropy"
    optimizer: Literal["adamw", "adam", "rmsprop"] = "adamw"
    learning_rate: float = 1e-3
    epochs: int = 10
    input_size: tuple[int, int] = (144, 192)
    backbone: str = ""
    block_end: str = ""
    has_maps: bool = False

    def loss_of(self, arguments: Mapping[str, Any]) -> Loss:
        """Give the loss of a network that is built with some arguments: their `loss` where they name one.

        Raises:
            OptionError: it is none of `LOSSES`.
        """
        wanted = arguments.get("loss", self.loss)
        if wanted not in LOSSES:
            raise OptionError(f"network argument loss must be one of {', '.join(LOSSES)}, got {wanted!r}")
        return next(loss for loss in LOSSES if loss == wanted)


def _classic(draw: Callable[..., Any], epochs: int) -> NetworkKind:
    return NetworkKind(
        draw=draw,
        head="softmax",
        loss="categorical-crossentropy",
        optimizer="rmsprop",
        learning_rate=1e-4,
        epochs=epochs,
        input_size=(64, 64),
    )


NETWORKS: Mapping[str, NetworkKind] = {
    "cnn2": replace(_classic(cnn2, epochs=5), optimizer="adam", learning_rate=1e-3),
    "cnn4": _classic(cnn4, epochs=40),
    "cnn6": _classic(cnn6, epochs=40),
    "mobilenet-detectors": NetworkKind(
        draw=mobilenet_detectors,
        backbone="MobileNetV1 of width 1.0",
        block_end="conv_pw_{}_relu",
        has_maps=True,
    ),
    "vgg16-detectors": NetworkKind(
        draw=vgg16_detectors,
        optimizer="adam",
        learning_rate=1e-4,
        backbone="VGG16",
        block_end="block{}_pool",
        has_maps=True,
    ),
}


def network_kind(name: str) -> NetworkKind:
    """Give what `NETWORKS` holds under a name.

    Raises:
        OptionError: nothing.
    """
    if name not in NETWORKS:
        # A bundle may say so, but nothing is drawn or trained under this name.
        hint = "; see `vidtag combine`" if name == "ensemble" else ""
        raise OptionError(f"no network is called {name!r}; there are: {', '.join(sorted(NETWORKS))}{hint}")
    return NETWORKS[name]


def build_network(name: str, input_size: tuple[int, int], characters: int, /, **arguments: Any) -> Any:
    """Build a network by its name in `NETWORKS`, with random weights.

    Args:
        name: a key of `NETWORKS`.
        input_size: (height, width) in px, each 32-2048.
        characters: columns of the answer, 1-1000.
        arguments: what the network's own function takes by keyword, and those that every network takes: `passes`,
            see `thinning`, which counts in use only, and `super_resolution`, see `enhancing`, 0 for none.

    Returns:
        A `keras.Model` from (n, height, width, 3) uint8 RGB to (n, characters) float32 scores in [0, 1].

    Raises:
        OptionError: an unknown name or argument, or a value outside its range.
    """
    return _build(name, input_size, characters, arguments, passes=0)


def build_network_in_use(
    name: str, input_size: tuple[int, int], characters: int, arguments: Mapping[str, Any], passes: int
) -> Any:
    """Build a network that shall score and not learn: as `build_network`, with thinned passes where they are wanted.

    Args:
        name: a key of `NETWORKS`.
        input_size: (height, width) in px, each 32-2048.
        characters: columns of the answer, 1-1000.
        arguments: as `build_network` takes them.
        passes: of every picture, 1-64, or 0 for a single one of the whole network.
    """
    return _build(name, input_size, characters, arguments, passes)


def _build(name: str, input_size: tuple[int, int], characters: int, arguments: Mapping[str, Any], passes: int) -> Any:
    network_kind(name)
    for side in input_size:
        check_whole("input size", side, 32, 2048)
    import keras

    layers = KerasLayers(passes)
    pictures = keras.Input((*input_size, 3), dtype="uint8", name="pictures")
    return keras.Model(pictures, draw_network(layers, pictures, name, characters, arguments), name=name)


def passes_of(arguments: Mapping[str, Any]) -> int:
    """Give the argument `passes` that every network takes: thinned passes of every picture in use, 0 for none.

    Raises:
        OptionError: it is no whole number 0 to 64.
    """
    passes = arguments.get("passes", 0)
    check_whole("passes", passes, 0, MOST_PASSES)
    return int(passes)


def draw_network(layers: Layers, pictures: Any, name: str, characters: int, arguments: Mapping[str, Any]) -> Any:
    """Draw a network by its name with any runtime's layers.

    Args:
        layers: what to draw with.
        pictures: (n, height, width, 3) uint8 RGB, the runtime's own value.
        name: a key of `NETWORKS`.
        characters: columns of the answer, 1-1000.
        arguments: what the network's own function takes.

    Returns:
        (n, characters) scores, called `scores`.

    Raises:
        OptionError: an unknown name or argument, or a value outside its range.
    """
    kind = network_kind(name)
    check_whole("characters", characters, 1, MAX_CHARACTERS)
    if passes_of(arguments) and not arguments.get("dropout", signature(kind.draw).parameters["dropout"].default):
        raise OptionError("network argument passes needs a dropout above 0: without it all passes are alike")
    own = {key: value for key, value in arguments.items() if key not in _COMMON_ARGUMENTS}
    if arguments.get("super_resolution", 0) != 0:
        pictures = draw_enhancer(layers, pictures, arguments["super_resolution"])
    try:
        logits = kind.draw(layers, pictures, characters, **own)
    except TypeError as error:
        raise OptionError(f"network {name}: {error}") from None
    scores = (layers.softmax if kind.head == "softmax" else layers.sigmoid)(logits, "scores")
    return layers.passes_mean(scores, "mean_scores") if layers.thinned else scores
