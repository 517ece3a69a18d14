"""The files that annotating makes: the film, the screen times, and the scores where they are wanted."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from vidtag.claims import claimed
from vidtag.errors import UsageError
from vidtag.refusals import as_output_error
from vidtag.wholefile import check_target, whole_files

SCORES_SUFFIX = ".scores.npz"


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

    @property
    def files(self) -> list[Path]:
        """What is written, in the order in which it gets its names: where the film stands, the others stand as well."""
        return [target for target in (self.scores, self.csv, self.film) if target]

    @contextmanager
    def claimed(self, episode: Path) -> Iterator["Outputs"]:
        """Hold all outputs for this run; gives what `checked` gives.

        Raises:
            LockedError: another run is writing one of them.
            UsageError, OutputError: as `checked` does.
        """
        with ExitStack() as stack:
            for target in sorted(self.checked(episode).files):
                with as_output_error(target):
                    stack.enter_context(claimed(target))
            yield self.checked(episode)  # once more: the run before may just have finished

    @contextmanager
    def open(self) -> Iterator["Outputs"]:
        """Give temporary files in the places of the outputs; they get their names if the block ends well.

        All are made before the work begins, and all get their names or none does.

        Raises:
            OutputError: a folder cannot be written, or the disk is full.
        """
        with whole_files(self.files, overwrite=self.overwrite) as temporaries:
            hidden = dict(zip(self.files, temporaries, strict=True))
            yield replace(
                self,
                film=hidden[self.film],
                csv=hidden[self.csv] if self.csv else None,
                scores=hidden[self.scores] if self.scores else None,
                overwrite=True,
            )


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
