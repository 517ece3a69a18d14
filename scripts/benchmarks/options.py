"""The command line of `scripts/bench`."""

import argparse
import shlex
from dataclasses import dataclass
from pathlib import Path

from vidtag.options import DEFAULT_MODEL

from .arguments import Number, Parser, number, numbers
from .tasks import Contender


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchOptions:
    """What to measure; see the help of `scripts/bench`."""

    sizes: tuple[int, ...]
    films: tuple[Path, ...]
    seconds: float
    runs: int
    lengths: tuple[float, ...]
    characters: tuple[int, ...]
    start_up: bool
    growth_size: int
    contenders: tuple[Contender, ...]
    old_way: Path | None
    output: Path


def heights(text: str) -> tuple[int, ...]:
    """Read heights in px, which must be even."""
    sizes = numbers(int, 120, 4320)(text)
    if any(size % 2 for size in sizes):
        raise argparse.ArgumentTypeError(f"expected even heights in px such as 480,720; got {text!r}")
    return sizes


def bench_parser(description: str) -> Parser:
    """Make the parser of `scripts/bench`."""
    parser = Parser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    add = parser.add_argument
    add("--sizes", type=heights, default=None, help="heights of the films to make, in px, or none [480,720,1080]")
    add("--film", type=Path, action="append", default=[], help="a film to measure on, instead of --sizes; repeatable")
    add("--seconds", type=number(float, 1, 3600), help="length of the films to make [60]")
    add("--runs", type=number(int, 1, 99), help="rounds; medians count [3]")
    add("--lengths", type=numbers(float, 0.05, 600), help="minutes of film over which to see growth [none]")
    add("--characters", type=numbers(int, 1, 1000), help="numbers of characters over which to see growth [none]")
    add("--growth-size", type=heights, help="height of the films for --lengths and --start-up, in px [480]")
    add("--start-up", action="store_true", help="time until commands answer and until annotate encodes")
    add("--all", action="store_true", help="--lengths 1,5,20,60 --characters 1,4,19,40 --start-up")
    add("--quick", action="store_true", help="a trial within a minute: --sizes 480 --seconds 5 --runs 1")
    add("--model", default=DEFAULT_MODEL, metavar="NAME|PATH", help=f"model [{DEFAULT_MODEL}]")
    add("--options", action="append", default=[], metavar="WORDS", help="see below; repeatable")
    add("--against", type=Path, metavar="FOLDER", help="another checkout of vidtag, measured as well")
    add("--old-way", type=Path, metavar="SCRIPT", help="a script SCRIPT IN OUT --preset PRESET, measured once as well")
    add("-o", "--output", type=Path, default=Path("bench"), help="folder for bench.json and bench.png [bench]")
    return parser


def read_bench_options(parser: Parser, words: list[str] | None = None) -> BenchOptions:
    """Read the command line of `scripts/bench`; what is given beside --quick or --all counts."""
    given = parser.parse_args(words)
    for path in (*given.film, *([given.old_way] if given.old_way else [])):
        if not path.is_file():
            parser.error(f"there is no file {path}")
    if given.against and not (given.against / "vidtag/__main__.py").is_file():
        parser.error(f"{given.against} is not a checkout of vidtag: it holds no vidtag/__main__.py")
    sizes = (
        given.sizes if given.sizes is not None else () if given.film else (480,) if given.quick else (480, 720, 1080)
    )
    growth = (480,) if given.growth_size is None else given.growth_size
    if len(growth) != 1:
        parser.error("--growth-size takes one height")
    options = BenchOptions(
        sizes=sizes,
        films=tuple(given.film),
        seconds=given.seconds or (5.0 if given.quick else 60.0),
        runs=given.runs or (1 if given.quick else 3),
        lengths=_chosen(given.lengths, (1.0, 5.0, 20.0, 60.0), given.all),
        characters=_chosen(given.characters, (1, 4, 19, 40), given.all),
        start_up=given.start_up or given.all,
        growth_size=growth[0],
        contenders=tuple(_contenders(given)),
        old_way=given.old_way,
        output=given.output,
    )
    if not (options.sizes or options.films or options.lengths or options.characters or options.start_up):
        parser.error("nothing is left to measure; give --sizes, --film, --lengths, --characters or --start-up")
    return options


def _chosen(given: tuple[Number, ...] | None, usual: tuple[Number, ...], everything: bool) -> tuple[Number, ...]:
    return given if given is not None else usual if everything else ()


def _contenders(given: argparse.Namespace) -> list[Contender]:
    """Give the vidtags to measure: this one, this one with each set of further options, and the other checkout."""
    model = str(Path(given.model).absolute()) if Path(given.model).is_dir() else given.model
    found = [Contender(model=model)]
    for words in given.options:
        found.append(Contender(model=model, options=tuple(shlex.split(words)), suffix=f" {words}"))
    if given.against:
        folder = given.against.resolve()
        found.append(Contender(model=model, root=folder, suffix=f" ({folder.name})"))
    return found
