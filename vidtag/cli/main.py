"""The command `vidtag`: finds the sub-command, turns errors into one line and an exit code."""

import contextlib
import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from vidtag.cli.answering import TerminatedError, answered_signals
from vidtag.errors import VidtagError
from vidtag.version import __version__

OUTPUT = 6
INTERRUPTED = 130
INTERNAL = 70

COMMANDS = (
    "annotate",
    "analyze",
    "batch",
    "report",
    "catalogue",
    "models",
    "combine",
    "frames",
    "train",
    "runs",
    "thresholds",
    "evaluate",
    "predict",
    "doctor",
)


class _Escaped(BaseException):
    """Carries past click what it would answer by itself, with a blank line or another exit code."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class _Commands(click.Group):
    """Imports a sub-command's module, named like it, only when it is asked for."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (KeyboardInterrupt, EOFError, OSError) as error:
            raise _Escaped(error) from error

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = getattr(import_module(f"vidtag.cli.{name}"), name)
        assert isinstance(command, click.Command)
        return command


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, "-V", "--version", prog_name="vidtag")
def cli() -> None:
    """Who is on screen, when? Tags the characters of an animated episode.

    Example: vidtag annotate episode.mp4 -o tagged.mp4
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code.

    0 done, 2 usage, 3 refused or unreadable input, 4 over a limit, 5 damaged input, 6 output or disk, 7 locked by
    another run, 8 some episodes failed, 130 interrupted, 143 terminated. `VIDTAG_DEBUG=1` adds the traceback to the one
    line on stderr.
    """
    # OpenBLAS would start a thread a core with numpy, each of which turns in place for a tenth of a second; what is
    # multiplied here is small, and networks bring threads of their own.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with answered_signals():
        _open_streams()
        code = _run(arguments)
    sys.exit(code)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        result = cli.main(args=arguments, prog_name="vidtag", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except click.ClickException as error:
        return _fail(error.format_message(), error.exit_code)
    except VidtagError as error:
        return _fail(str(error), error.exit_code)
    except _Escaped as escaped:
        return _explain(escaped.error)
    except (Exception, KeyboardInterrupt, TerminatedError) as error:
        return _explain(error)


def _explain(error: BaseException) -> int:
    """Say what happened that no part of vidtag foresaw; gives the exit code."""
    match error:
        case KeyboardInterrupt():
            return _fail("interrupted; no unfinished file is left behind", INTERRUPTED)
        case TerminatedError():
            return _fail("terminated; no unfinished file is left behind", error.exit_code)
        case BrokenPipeError():  # the reader of our output went away, as `head` does
            _drop_stdout()
            return 0
        case OSError():
            _drop_stdout()
            return _fail(f"{error.filename or 'output'}: {error.strerror or error}", OUTPUT)
    what = f"{type(error).__name__}: {error}"
    return _fail(f"internal error, please report it with VIDTAG_DEBUG=1: {what}", INTERNAL)


def _fail(message: str, code: int) -> int:
    if os.environ.get("VIDTAG_DEBUG") == "1":
        traceback.print_exc()
    with contextlib.suppress(OSError):  # the terminal may be gone
        print(f"vidtag: {_one_line(message)}", file=sys.stderr)
    return code


def _one_line(text: str) -> str:
    """Keep an error on one line whatever a file's name holds."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text.strip())


def _open_streams() -> None:
    """Take output that was closed (`>&-`), and letters that the terminal cannot show, without failing."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        with contextlib.suppress(AttributeError):
            getattr(sys, name).reconfigure(errors="backslashreplace")


def _drop_stdout() -> None:
    """Send what is still buffered nowhere, or Python fails once more at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
