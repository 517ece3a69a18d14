"""The command `vidtag`: finds the sub-command, turns errors into one line and an exit code."""

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from vidtag.errors import VidtagError
from vidtag.version import __version__

INTERRUPTED = 130
TERMINATED = 143
INTERNAL = 70

COMMANDS = ("annotate", "analyze", "report", "models", "train", "doctor")


class _Commands(click.Group):
    """Imports a sub-command's module, named like it, only when it is asked for."""

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

    0 done, 2 usage, 3 refused or unreadable input, 4 over a limit, 5 damaged input, 6 output or disk, 130 interrupted,
    143 terminated. `VIDTAG_DEBUG=1` adds the traceback to the one line on stderr.
    """
    signal.signal(signal.SIGTERM, _terminate)
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    try:
        result = cli.main(args=arguments, prog_name="vidtag", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        return _fail(_one_line(error.format_message()), error.exit_code)
    except VidtagError as error:
        return _fail(_one_line(str(error)), error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        return _fail("interrupted; nothing was written", INTERRUPTED)
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        what = _one_line(f"{type(error).__name__}: {error}")
        return _fail(f"internal error, please report it with VIDTAG_DEBUG=1: {what}", INTERNAL)


def _fail(message: str, code: int) -> int:
    if os.environ.get("VIDTAG_DEBUG") == "1":
        traceback.print_exc()
    print(f"vidtag: {message}", file=sys.stderr)
    return code


def _one_line(text: str) -> str:
    """Keep an error on one line whatever a file's name holds."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text.strip())


def _terminate(_number: int, _frame: Any) -> None:
    sys.exit(TERMINATED)
