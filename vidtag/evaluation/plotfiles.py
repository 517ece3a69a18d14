"""Writes plots as PNG files into a folder."""

from pathlib import Path

from vidtag.errors import OutputError
from vidtag.evaluation.plots import PLOTS, draw_png
from vidtag.evaluation.scored import ScoredSet
from vidtag.wholefile import check_target, whole_file


def check_folder(folder: Path, *names: str, overwrite: bool) -> None:
    """Make a folder where there is none, and refuse one that cannot take some files, before any work is done.

    Raises:
        OutputError: it cannot be made or written, or one of the files is there and may not be replaced.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder} cannot be written ({error.strerror}); choose another folder") from error
    for name in names:
        check_target(folder / name, overwrite=overwrite)


def check_plots(folder: Path, *, overwrite: bool) -> None:
    """Refuse a folder that cannot take the plots; see `check_folder`."""
    check_folder(folder, *(_name(plot) for plot in PLOTS), overwrite=overwrite)


def write_plots(scored: ScoredSet, folder: Path, *, overwrite: bool) -> list[Path]:
    """Draw every plot of `PLOTS` into a file of its name and give the paths.

    Raises:
        OutputError: a file exists and may not be replaced, or the disk refuses.
    """
    targets = []
    for plot in PLOTS:
        targets.append(folder / _name(plot))
        with whole_file(targets[-1], overwrite=overwrite) as temporary:
            temporary.write_bytes(draw_png(plot, scored))
    return targets


def _name(plot: str) -> str:
    return f"{plot}.png"
