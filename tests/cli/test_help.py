"""`--help` tells the truth, `--version` the version, and starting up loads nothing heavy."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
from episode_recipes import run_vidtag

from vidtag.cli.main import COMMANDS, cli
from vidtag.media.ffmpeg import usable_cores
from vidtag.version import __version__

pytest_plugins = "episode_fixtures"

HEAVY = ("tensorflow", "keras", "moviepy", "cv2", "av", "pandas", "PIL", "rich")


def command_named(name):
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return command


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_that_parses(vidtag, name):
    result = vidtag(name, "--help")
    assert (result.code, result.err) == (0, "")
    example = re.search(r"Example: vidtag (.*)", result.out)
    assert example, result.out
    words = shlex.split(example[1])
    assert words[0] == name
    for option in (word for word in words if word.startswith("-")):
        assert option in {text for parameter in command_named(name).params for text in parameter.opts}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is(name):
    for parameter in command_named(name).params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.opts
            assert parameter.help.endswith((".", "]")), parameter.help


def test_the_help_lists_every_command(vidtag):
    result = vidtag("--help")
    assert (result.code, result.err) == (0, "")
    for name in COMMANDS:
        assert re.search(rf"^  {name} +\w", result.out, re.MULTILINE)
    assert vidtag("-h").out == result.out


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_version(vidtag, option):
    assert vidtag(option).out == f"vidtag, version {__version__}\n"


def test_the_module_can_be_run():
    result = run_vidtag("--version")
    assert (result.returncode, result.stdout, result.stderr) == (0, f"vidtag, version {__version__}\n", "")


@pytest.mark.parametrize(
    "code",
    [
        "import vidtag",
        "from vidtag.cli import main; main._run(['--help'])",
        "from vidtag.cli import main; main._run(['annotate', '--help'])",
        "from vidtag.cli import main; main._run(['annotate', 'no such file'])",
    ],
)
def test_starting_up_loads_nothing_heavy(code):
    check = f"import sys; {code}; print('loaded', sorted(set({HEAVY!r}) & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=False)
    assert result.stdout.splitlines()[-1] == "loaded []"


@pytest.mark.parametrize("word", ["--help", "--version"])
def test_help_loads_no_numpy(word):
    code = f"import sys; from vidtag.cli import main; main._run([{word!r}]); print('numpy' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize("command", ["analyze", "annotate"])
def test_the_film_is_looked_into_before_numpy_is_loaded(command, episode):
    code = f"""
import sys
import vidtag.media.probe
from vidtag.cli.main import cli

def begin(*_):
    print("looking, numpy:", "numpy" in sys.modules)
    sys.exit()

vidtag.media.probe.isolated = begin
cli.main([{command!r}, {str(episode)!r}], standalone_mode=False)
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (result.stdout, result.stderr) == ("looking, numpy: False\n", "")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts threads in /proc")
@pytest.mark.parametrize(("wanted", "threads"), [(None, 1), ("2", 2)])
def test_numpy_starts_no_threads_unless_that_is_wanted(wanted, threads, monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    if wanted:
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", wanted)
    code = """
import contextlib, os
from vidtag.cli.main import main
with contextlib.suppress(SystemExit):
    main(["--version"])
import numpy
print(len(os.listdir("/proc/self/task")))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(result.stdout.splitlines()[-1]) == min(threads, usable_cores())


def test_a_failure_shows_its_traceback_on_demand(vidtag, monkeypatch):
    monkeypatch.setenv("VIDTAG_DEBUG", "1")
    result = vidtag("annotate", "no such file.mp4")
    assert result.code == 3
    assert "Traceback (most recent call last)" in result.err
    assert result.err.splitlines()[-1].startswith("vidtag: no such file.mp4 does not exist")


def test_an_unforeseen_failure_is_one_line_too(vidtag, episode, monkeypatch):
    monkeypatch.setattr("vidtag.media.guard.check_readable", lambda path: 1 / 0)
    result = vidtag("annotate", episode)
    assert (result.code, result.err.count("\n")) == (70, 1)
    assert "ZeroDivisionError" in result.err


def test_a_name_with_control_characters_stays_one_line(vidtag):
    result = vidtag("annotate", "no\nsuch\x1b[31mfile.mp4")
    assert (result.code, result.err.count("\n")) == (3, 1)
    assert r"no\nsuch\x1b[31mfile.mp4" in result.err
