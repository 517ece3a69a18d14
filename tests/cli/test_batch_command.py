"""`vidtag batch` as its user sees it: what it says, where, and with which exit code."""

import json
import re
import shutil

import pytest
from batch_recipes import copy_season, make_season, tree
from episode_recipes import on_a_terminal, vidtag_command

pytest_plugins = "episode_fixtures"

FAST = ("--model", "colours", "--preset", "ultrafast", "--executor", "serial")


@pytest.fixture(scope="module")
def made_season(tmp_path_factory):
    return make_season(tmp_path_factory.mktemp("made") / "season")


@pytest.fixture
def season(made_season, tmp_path):
    return copy_season(made_season, tmp_path / "season")


def spoil(season):
    (season / "S1/E2.mp4").write_bytes(b"no film")


def test_plain_lines_in_a_pipe(vidtag, season, tmp_path):
    spoil(season)
    result = vidtag("batch", season, "-o", tmp_path / "out", *FAST)
    assert (result.code, result.out) == (8, "")
    first, *lines, ended, last = result.err.splitlines()
    assert first == f"3 episodes, 3 to do, 1 at once, into {tmp_path / 'out'}"
    assert lines[0] == "S1/E1: begun (scores, reports, video)"
    assert re.fullmatch(r"S1/E1: done in 0:\d\d\.\d, \d+\.\d x real time; \d+% of all, \d:\d\d\.\d left", lines[1])
    assert lines[3].startswith(f"S1/E2: failed: {season / 'S1/E2.mp4'} is not a video")
    assert ended.startswith("2 done, 1 failed, 0 were done before, 0 left, in ")
    assert last.startswith("vidtag: 1 of 3 episodes failed: S1/E2; manifest.json says why")


def test_quiet_says_nothing_but_failures(vidtag, season, tmp_path):
    assert vidtag("batch", season / "S2", "-o", tmp_path / "out", "-q", *FAST).err == ""
    spoil(season)
    result = vidtag("batch", season, "-o", tmp_path / "out2", "-q", *FAST)
    assert (result.code, result.err.count("\n")) == (8, 2)


def test_json_gives_a_line_an_event(vidtag, season, tmp_path):
    spoil(season)
    result = vidtag("batch", season, "-o", tmp_path / "out", "--json", "--only", "scores", *FAST)
    events = [json.loads(line) for line in result.out.splitlines()]
    kinds = [event["event"] for event in events if event["event"] != "progress"]
    assert kinds == ["start", "begin", "done", "begin", "failed", "begin", "done", "end"]
    assert events[0]["episodes"] == 3
    assert next(event for event in events if event["event"] == "failed")["exit_code"] == 3
    assert events[-1] | {"took_s": 0} == {
        "event": "end",
        "done": 2,
        "failed": 1,
        "unchanged": 0,
        "left": 0,
        "took_s": 0,
        "files": [],
    }
    assert result.err.count("\n") == 2


def test_a_dry_run_says_what_and_writes_nothing(vidtag, season, tmp_path):
    (season / "S1/E3.mp4").touch()
    result = vidtag("batch", season, "-o", tmp_path / "out", "--dry-run", "--only", "reports", *FAST)
    lines = result.out.splitlines()
    assert lines[0] == "S1/E1: scores, reports"
    assert lines[2].startswith("S1/E3: cannot be done: ")
    assert lines[-1] == "4 of 4 episodes to do"
    assert not (tmp_path / "out").exists()
    told = vidtag("batch", season, "-o", tmp_path / "out", "--dry-run", "--json", "--limit", 1, *FAST)
    assert json.loads(told.out) == {
        "event": "plan",
        "episode": "S1/E1",
        "stages": ["scores", "reports", "video"],
        "network": True,
        "reason": None,
    }


def test_settings_count_for_the_episodes_of_their_folder(vidtag, season, tmp_path):
    (season / "S2/vidtag.toml").write_text('rate = 2\nsmooth = "off"\n')
    assert vidtag("batch", season, "-o", tmp_path / "out", "--only", "reports", "-q", *FAST).code == 0
    episodes = json.loads((tmp_path / "out/manifest.json").read_text())["episodes"]
    asked = {name: entry["stages"]["scores"]["rate"] for name, entry in episodes.items()}
    assert asked == {"S1/E1": "4", "S1/E2": "4", "S2/E1": "2"}
    assert episodes["S2/E1"]["stages"]["reports"]["smooth"] == 0
    (season / "S2/vidtag.toml").write_text("colour = 2\n")
    result = vidtag("batch", season, "-o", tmp_path / "out", "-q", *FAST)
    assert (result.code, result.err.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("nowhere",), 3, "does not exist"),
        (("season", "--executor", "threads"), 2, "no executor is called 'threads'"),
        (("season", "--only", "sound"), 2, "'sound' is not one of"),
        (("season", "--suffix", "avi"), 2, "the suffix must be one of"),
        (("season", "--timeout", "0"), 2, "the timeout must be more than 0"),
        (("season", "--workers", "0"), 2, "0 is not in the range"),
        (("season", "--style", "neon"), 2, "neon"),
        ((), 2, "SEASON"),
    ],
)
def test_what_cannot_be_is_one_line(vidtag, season, tmp_path, monkeypatch, arguments, code, words):
    monkeypatch.chdir(tmp_path)
    result = vidtag("batch", *arguments, "-o", tmp_path / "out", "--model", "colours")
    assert (result.code, result.out, result.err.count("\n")) == (code, "", 1), result
    assert words in result.err
    assert not (tmp_path / "out").exists()


def test_threads_are_shared_among_workers(vidtag, season, tmp_path, monkeypatch):
    monkeypatch.setattr("vidtag.cli.batch.usable_cores", lambda: 8)
    seen = []

    def look(seasons, out, *, asked, options, **_):
        seen.append((options.workers, asked(season / "S1/E1.mp4")[0].threads, asked(season / "S1/E1.mp4")[1].threads))
        raise SystemExit

    monkeypatch.setattr("vidtag.batch.run.run_batch", look)
    for more in ((), ("--workers", 1), ("--workers", 3), ("--workers", 3, "--threads", 7), ("--workers", 20)):
        with pytest.raises(SystemExit):
            vidtag("batch", season, "-o", tmp_path / "out", *more)
    assert seen == [(2, 4, 4), (1, 0, 0), (3, 2, 2), (3, 7, 7), (20, 1, 1)]


def test_names_that_no_terminal_can_show(vidtag, season, tmp_path):
    odd = season / "a\n\x1b[31m\udcff'\"日本 😀.mp4"
    shutil.copyfile(season / "S1/E1.mp4", odd)
    result = vidtag("batch", odd, "-o", tmp_path / "out", "--only", "reports", *FAST)
    assert result.code == 0
    assert "\x1b" not in result.err
    assert all(line[0] in "1a" for line in result.err.splitlines())
    assert {name for name in tree(tmp_path / "out") if name.startswith("a\n")} == {
        f"{odd.stem}{ending}" for ending in (".presence.csv", ".segments.csv", ".scores.npz")
    }
    assert json.loads((tmp_path / "out/manifest.json").read_text())["episodes"].keys() == {"a\n\x1b[31m�'\"日本 😀"}


def test_a_terminal_shows_a_line_an_episode_and_one_for_all(installed, season, tmp_path):
    spoil(season)
    command = vidtag_command("batch", season, "-o", tmp_path / "out", *FAST[:4], "--workers", 2, "--batch-size", 1)
    code, written = on_a_terminal(command, 100)
    assert code == 8
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written).replace("\r", "\n")
    assert re.search(r"^all .*\d+ %", shown, re.MULTILINE), shown
    assert re.search(r"^S1/E1 .*\d+ %", shown, re.MULTILINE), shown
    assert re.search(r"^S1/E2: failed: ", shown, re.MULTILINE), shown
    assert "2 done, 1 failed" in shown
