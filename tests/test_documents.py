"""The documents tell the truth: their commands run, their Python runs, their links lead somewhere, nothing is left out.

Blocks fenced as `sh` are commands to run as they stand, one a line, in a folder that holds `episode.mp4` (a cut of the
sample film), its scores as `episode.scores.npz`, and the repository's `samples`, `models`, `scripts`. Blocks fenced as
`python` run in the same folder. Blocks fenced as `text` are not run, but commands of vidtag in them must parse.
"""

import doctest
import importlib
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import numpy as np
import pytest
from media_recipes import ffmpeg

from vidtag.cli.main import COMMANDS, _run, cli
from vidtag.records.reports import PRESENCE_COLUMNS, SEGMENT_COLUMNS
from vidtag.records.settings import KEYS, read_settings

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]
REFERENCE = (ROOT / "docs/commands.md").read_text(encoding="utf-8")

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def blocks(name, *kinds):
    """List (kind, text) of the fenced blocks of some kinds, in order."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return [(match[1], match[2]) for match in _BLOCK.finditer(text) if match[1] in kinds]


def commands(text):
    """Give the lines of a block that are commands."""
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def parameters(name):
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return command.params


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """The episode and its scores, made once."""
    folder = tmp_path_factory.mktemp("prepared")
    cut = ("-ss", 4, "-t", 8, "-i", ROOT / "samples/lantern-lane.mp4")
    ffmpeg(*cut, "-c:v", "libx264", "-preset", "veryfast", "-c:a", "copy", folder / "episode.mp4")
    assert _run(["analyze", str(folder / "episode.mp4"), "--model", "lantern-lane", "-q"]) == 0
    return folder


@pytest.fixture
def reader_folder(prepared, tmp_path, monkeypatch):
    """The folder in which a reader tries what a document shows."""
    monkeypatch.delenv("VIDTAG_MODELS", raising=False)
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    for name in ("samples", "models", "scripts"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_line(line):
    """Run a command line and give its exit code; vidtag in this process, as loading TensorFlow takes seconds."""
    words = shlex.split(line, comments=True)
    if words[0] == "vidtag" and not re.search(r"[|<>$;&]", line):
        return _run(words[1:])
    place = f'PATH="{Path(sys.executable).parent}:$PATH"'
    return subprocess.run(["bash", "-c", f"export {place}; {line}"], check=False).returncode


@pytest.mark.parametrize("name", [name for name in NAMES if blocks(name, "sh", "python")])
def test_what_a_document_shows_runs(reader_folder, name, capfd):
    for kind, text in blocks(name, "sh", "python"):
        if kind == "python":
            exec(compile(text, name, "exec"), {"__name__": "__main__"})
            continue
        for line in commands(text):
            code = run_line(line)
            assert code == 0, f"{name}: {line}\n{capfd.readouterr().err}"


@pytest.mark.parametrize("name", [*NAMES, "scripts/demo"])
def test_every_command_that_is_shown_parses(name):
    shown = blocks(name, "sh", "text", "") if name.endswith(".md") else [("sh", (ROOT / name).read_text())]
    for _, text in shown:
        for line in commands(text):
            words = shlex.split(line, comments=True) if line.startswith("vidtag ") else []
            if words and words[1] in COMMANDS:
                command = cli.get_command(click.Context(cli), words[1])
                parser = command.make_parser(click.Context(command))
                try:
                    values, rest, _ = parser.parse_args(words[2:])
                except click.UsageError as error:
                    pytest.fail(f"{name}: {line}: {error.format_message()}")
                assert not rest, f"{name}: {line}: what is {rest}?"
                assert next(iter(values.values()), None) is not None or words[1] in ("models", "doctor")
            elif words:
                assert words[1].startswith("-"), f"{name}: {line}: there is no such command"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_reference_names_every_command_and_option(command):
    assert f"## vidtag {command}" in REFERENCE
    for parameter in parameters(command):
        for option in (text for text in parameter.opts if text.startswith("--")):
            assert re.search(rf"{re.escape(option)}(?![\w-])", REFERENCE), f"docs/commands.md says nothing of {option}"


def test_every_option_of_a_command_is_told_in_its_section_or_above_all():
    general, *sections = re.split(r"^## vidtag ", REFERENCE, flags=re.MULTILINE)
    told = {section.split()[0]: section for section in sections}
    for command in COMMANDS:
        for option in (text for parameter in parameters(command) for text in parameter.opts if text.startswith("--")):
            assert option in general + told[command], f"{option} of vidtag {command}"


@pytest.mark.parametrize("name", NAMES)
def test_every_option_of_vidtag_that_is_named_exists(name):
    known = {text for command in COMMANDS for parameter in parameters(command) for text in parameter.opts}
    known |= {text for parameter in cli.params for text in parameter.opts} | {"--help"}
    text = (ROOT / name).read_text(encoding="utf-8")
    text = re.sub(r"^(scripts/|pip |git |python |ray ).*$", "", text, flags=re.MULTILINE)  # options of others
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) <= known


def test_columns_arrays_and_settings_are_told(prepared):
    with np.load(prepared / "episode.scores.npz", allow_pickle=False) as archive:
        words = [*archive.files, *json.loads(str(archive["meta"]))]
    for word in (*PRESENCE_COLUMNS, *SEGMENT_COLUMNS, *words):
        assert f"`{word}`" in REFERENCE, word
    annotate = (ROOT / "docs/annotate.md").read_text(encoding="utf-8")
    for key in KEYS:
        assert f"`{key}`" in annotate, key


def test_the_settings_that_are_shown_are_settings(tmp_path):
    shown = [text for name in NAMES for _, text in blocks(name, "toml")]
    assert shown
    for text in shown:
        table = tomllib.loads(text)
        if "character" not in table:
            (tmp_path / "vidtag.toml").write_text(text, encoding="utf-8")
            assert set(read_settings(tmp_path / "vidtag.toml")) == set(table)


def modules_with_examples():
    paths = [path for path in (ROOT / "vidtag").rglob("*.py") if ">>> " in path.read_text(encoding="utf-8")]
    return sorted(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths)


@pytest.mark.parametrize("name", modules_with_examples())
def test_examples_in_docstrings_give_what_they_say(name):
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted
    assert not found.failed


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in _LINK.findall(text):
        if "://" not in target:
            assert ((ROOT / name).parent / target).exists(), f"{name}: {target}"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_left_to_be_filled_in(name):
    assert not re.search(r"@@|TODO|FIXME|XXX", (ROOT / name).read_text(encoding="utf-8"))
