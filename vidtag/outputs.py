"""The files that annotating makes: the film, the screen times, and the scores where they are wanted."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from vidtag.errors import UsageError
from vidtag.wholefile import check_target, whole_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """Where the results of annotating go.

    Attributes:
        film: the tagged film; its suffix chooses the container.
        csv: screen times; None for beside the film, with the suffix `.csv`.
        tables: whether the screen times are written at all.
        scores: score file; None for none.
        overwrite: whether files that exist may be replaced.
    """

    film: Path
    csv: Path | None = None
    scores: Path | None = None
    overwrite: bool = False
    tables: bool = True

    def checked(self, episode: Path) -> "Outputs":
        """Give the outputs with absolute paths, all of them named, before any work is done.

        Raises:
            UsageError: one of them is the episode, or two are the same file.
            OutputError: one exists and may not be replaced, or its folder takes no file.
        """
        csv = (self.csv or self.film.with_suffix(".csv")) if self.tables else None
        check_apart([target for target in (self.film, csv, self.scores) if target], inputs=[])

        def checked(target: Path) -> Path:
            return check_target(target, overwrite=self.overwrite, source=episode)

        scores = checked(self.scores) if self.scores else None
        return replace(self, film=checked(self.film), csv=checked(csv) if csv else None, scores=scores)

    @contextmanager
    def open(self) -> Iterator["Outputs"]:
        """Give temporary files in the places of the outputs; they get their names if the block ends well.

        All are made before the work begins, and the film is renamed last: where it stands, the others stand as well.

        Raises:
            OutputError: a folder cannot be written, or the disk is full.
        """
        with ExitStack() as stack:
            film = stack.enter_context(whole_file(self.film, overwrite=self.overwrite))
            csv = stack.enter_context(whole_file(self.csv, overwrite=self.overwrite)) if self.csv else None
            scores = stack.enter_context(whole_file(self.scores, overwrite=self.overwrite)) if self.scores else None
            yield Outputs(film=film, csv=csv, scores=scores, overwrite=True, tables=self.tables)


def check_apart(targets: Sequence[Path], *, inputs: Sequence[Path]) -> None:
    """Refuse outputs that would replace each other or an input.

    Raises:
        UsageError: two of them are the same file.
    """
    taken = {path.resolve(): "the input" for path in inputs}
    for target in targets:
        place = target.resolve()
        if place in taken:
            raise UsageError(f"{target} is {taken[place]}, too; give every output a file of its own")
        taken[place] = "another output"
