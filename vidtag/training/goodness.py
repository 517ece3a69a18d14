"""Which of two epochs is the better one."""

from collections.abc import Mapping


def goodness(figures: Mapping[str, float]) -> float:
    """Give what is higher for better epochs: F1 over all characters and held-out frames, or minus the loss without."""
    return figures["all_f1"] if "all_f1" in figures else -figures["loss"]
