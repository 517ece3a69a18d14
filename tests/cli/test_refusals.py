"""Bad input ends with one clear line, the right exit code, and nothing left behind."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from episode_recipes import SCENES, make_episode, vidtag_command
from media_recipes import ffmpeg

pytest_plugins = "episode_fixtures"

NEW = ("-o", "new.mp4")


@pytest.fixture
def refused(vidtag, episode, monkeypatch):
    """Run vidtag in the episode's folder, expect a code and one line that holds some words, and nothing new on disk."""
    monkeypatch.chdir(episode.parent)

    def check(code: int, words: str, *arguments: object) -> None:
        before = {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(Path().rglob("*"))}
        result = vidtag(*arguments)
        assert (result.code, result.out) == (code, ""), result
        assert result.err.startswith("vidtag: "), result
        assert result.err.count("\n") == 1, result
        assert words in result.err, result
        assert "internal error" not in result.err
        after = {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(Path().rglob("*"))}
        assert after == before

    return check


def no_network(monkeypatch):
    """Fail if a network is loaded: what is refused here is refused before any work is done."""

    def load(*_arguments):
        raise AssertionError("the network was loaded")

    monkeypatch.setattr("vidtag.pipeline.load_predictor", load)


def make_sound(path):
    ffmpeg("-f", "lavfi", "-i", "sine=d=1", path)


BAD_EPISODES = {
    "missing": (lambda path: None, "does not exist"),
    "folder": (lambda path: path.mkdir(), "is a folder"),
    "text": (lambda path: path.write_text("once upon a time\n" * 99), "is not a video"),
    "empty": (lambda path: path.touch(), "is empty"),
    "sound only": (make_sound, "has no picture"),
    "playlist": (lambda path: path.write_text("#EXTM3U\n#EXTINF:1,\nepisode.mp4\n"), "is not a video"),
    "not readable": (lambda path: os.mkfifo(path), "not a regular file"),
}


@pytest.mark.parametrize("command", ["annotate", "analyze", "report"])
@pytest.mark.parametrize("kind", BAD_EPISODES)
def test_what_is_no_episode_is_refused(refused, monkeypatch, command, kind):
    make, words = BAD_EPISODES[kind]
    make(Path("bad.mp4"))
    no_network(monkeypatch)
    refused(3, words, command, "bad.mp4")


@pytest.mark.parametrize(
    ("code", "words", "options"),
    [
        (2, "unknown bar style 'shiny'", (*NEW, "--style", "shiny")),
        (2, "No such option '--styl'", (*NEW, "--styl", "icons")),
        (2, "expected a time like 90, 1:30", (*NEW, "--start", "soon")),
        (2, "go up to 59, got '1:75'", (*NEW, "--end", "1:75")),
        (2, "--end must lie after --start", (*NEW, "--start", "3", "--end", "2")),
        (2, "--end must lie after --start", (*NEW, "--start", "2", "--end", "2")),
        (2, "suffix must be one of .mp4", ("-o", "new.txt")),
        (2, "suffix must be one of .mp4", ("-o", "new")),
        (2, "no video encoder 'libx265000'", (*NEW, "--encoder", "libx265000")),
        (2, "webm cannot hold what libx264 makes", ("-o", "new.webm", "--encoder", "libx264")),
        (2, "one word such as libx264", (*NEW, "--encoder", "-i x")),
        (2, "the crf must be 0 to 63", (*NEW, "--crf", "99")),
        (2, "'--crf': 'good' is not a valid integer", (*NEW, "--crf", "good")),
        (2, "expected a rate like 4", (*NEW, "--rate", "fast")),
        (2, "above 0 and at most", (*NEW, "--rate", "0")),
        (2, "above 0 and at most", (*NEW, "--rate", "1e9")),
        (2, "expected 'off' or a window of 3", (*NEW, "--smooth", "2")),
        (2, "expected 'off' or a window of 3", (*NEW, "--smooth", "on")),
        (2, "the batch size must be 1 to", (*NEW, "--batch-size", "0")),
        (2, "is the input, which is never overwritten", ("-o", "episode.mp4", "--overwrite")),
        (2, "is the input, which is never overwritten", (*NEW, "--csv", "../{folder}/episode.mp4", "--overwrite")),
        (2, "is the input, which is never overwritten", (*NEW, "--scores", "link.mp4", "--overwrite")),
        (2, "is another output, too", (*NEW, "--csv", "new.mp4")),
        (2, "is another output, too", (*NEW, "--csv", "x.csv", "--scores", "./x.csv")),
        (2, "is the input, too", (*NEW, "--from-scores", "s.npz", "--scores", "s.npz", "--overwrite")),
        (2, "--rate does not go with --from-scores", (*NEW, "--from-scores", "s.npz", "--rate", "4")),
        (3, "no model is called 'colour'; did you mean 'colours'?", (*NEW, "--model", "colour")),
        (3, "does not exist", (*NEW, "--model", "folder/colours")),
        (3, "expected a score file", (*NEW, "--from-scores", "none.npz")),
        (3, "is not a score file", (*NEW, "--from-scores", "episode.mp4")),
        (6, "does not exist; make it first", ("-o", "no/such/new.mp4")),
        (6, "does not exist; make it first", (*NEW, "--csv", "no/new.csv")),
        (6, "exists already; pass --overwrite", ("-o", "old.mp4")),
        (6, "exists already; pass --overwrite", (*NEW, "--csv", "old.mp4")),
        (6, "exists already; pass --overwrite", (*NEW, "--scores", "old.mp4")),
        (6, "is a folder; expected the name of a file", (*NEW, "--csv", "folder", "--overwrite")),
        (6, "cannot be written", (*NEW, "--csv", "/proc/new.csv")),
        (6, "cannot be written", (*NEW, "--scores", "/proc/new.npz")),
    ],
)
def test_annotate_refuses_before_any_work(refused, monkeypatch, code, words, options):
    Path("old.mp4").write_text("old")
    Path("link.mp4").symlink_to("episode.mp4")
    Path("folder").mkdir()
    no_network(monkeypatch)
    refused(code, words, "annotate", "episode.mp4", *(option.format(folder=Path.cwd().name) for option in options))


def test_a_backend_that_nobody_knows(refused):
    refused(2, "no backend is called 'abacus'", "annotate", "episode.mp4", *NEW, "--backend", "abacus")


@pytest.mark.parametrize("command", ["annotate", "analyze", "report"])
def test_a_start_past_the_end(refused, command):
    refused(2, "lies after the end", command, "episode.mp4", "--start", "90")


def test_a_picture_too_small_for_the_cast(refused, monkeypatch):
    ffmpeg("-f", "lavfi", "-i", "color=red:s=2x2:d=1", "small.mp4")
    no_network(monkeypatch)
    refused(3, "is 2x2 px, too small for a bar of 3 icons", "annotate", "small.mp4")


@pytest.mark.parametrize("command", ["annotate", "analyze", "report"])
def test_a_film_that_breaks_off(refused, command):
    whole = make_episode(Path("whole.mp4"), SCENES)
    ffmpeg("-i", whole, "-c", "copy", "-movflags", "+faststart", "start.mp4")
    Path("short.mp4").write_bytes(Path("start.mp4").read_bytes()[: Path("start.mp4").stat().st_size // 2])
    refused(5, "readable are 0:00.0 to 0:", command, "short.mp4")


def test_a_damaged_model(refused, installed):
    shutil.copytree(installed / "colours", "broken")
    weights = Path("broken/weights.safetensors")
    weights.write_bytes(weights.read_bytes()[:-1] + b"\1")
    refused(3, "is damaged or was changed", "annotate", "episode.mp4", *NEW, "--model", "./broken")


def test_a_model_whose_weights_do_not_fit_its_network(refused, installed):
    shutil.copytree(installed / "colours", "broken")
    table = Path("broken/bundle.toml")
    table.write_text(table.read_text().replace('"blocks" = 1', '"blocks" = 2'))
    refused(3, "weights do not fit the network", "annotate", "episode.mp4", *NEW, "--model", "./broken")


def test_scores_of_another_episode(refused, vidtag):
    make_episode(Path("other.mp4"), (("red", 50),))
    assert vidtag("analyze", "other.mp4", "-o", "other.npz").code == 0
    refused(3, "is not the file that was scored (other.mp4)", "annotate", "episode.mp4", "--from-scores", "other.npz")


@pytest.mark.parametrize("target", ["/proc/new", "/sys/new"])
@pytest.mark.parametrize("command", ["annotate", "analyze"])
def test_a_folder_that_takes_no_file(refused, command, target):
    suffix = {"annotate": ".mp4", "analyze": ".npz"}[command]
    refused(6, "cannot be written", command, "episode.mp4", "-o", target + suffix)


def test_a_model_of_another_cast_for_scores(refused, vidtag, installed):
    assert vidtag("analyze", "episode.mp4", "-o", "s.npz").code == 0
    shutil.copytree(installed / "colours", "other")
    table = Path("other/bundle.toml")
    table.write_text(table.read_text().replace('id = "vera"', 'id = "viola"'))
    options = ("--from-scores", "s.npz", "--model", "./other")
    refused(2, "has another cast than the scores, which the model simpsons made", "annotate", "episode.mp4", *options)


def test_a_report_never_replaces_its_source(refused, vidtag):
    assert vidtag("analyze", "episode.mp4").code == 0
    refused(2, "is the input, too", "report", "episode.scores.npz", "-o", "episode.scores.npz", "--overwrite")
    refused(2, "is the input, too", "report", "episode.mp4", "-o", "episode.mp4", "--overwrite")


def test_analyze_and_report_keep_what_is_there(refused, monkeypatch):
    Path("episode.scores.npz").write_text("old")
    Path("old.csv").write_text("old")
    no_network(monkeypatch)
    refused(6, "exists already", "analyze", "episode.mp4")
    refused(6, "exists already", "report", "episode.mp4", "-o", "old.csv")
    refused(2, "is the input, which is never overwritten", "analyze", "episode.mp4", "-o", "episode.mp4", "--overwrite")


def test_a_full_disk(installed):
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(vidtag_command("models"), stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (result.returncode, result.stderr.count("\n")) == (6, 1)


def test_no_ffmpeg(refused, monkeypatch):
    from vidtag.media.ffmpeg import ffmpeg_path, ffmpeg_version

    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/nowhere/ffmpeg")
    for found in (ffmpeg_path, ffmpeg_version):
        found.cache_clear()
    try:
        refused(1, "/nowhere/ffmpeg", "annotate", "episode.mp4")
        refused(1, "/nowhere/ffmpeg", "analyze", "episode.mp4")
    finally:
        for found in (ffmpeg_path, ffmpeg_version):
            found.cache_clear()


def test_nothing_asked_for_shows_the_help(vidtag):
    result = vidtag()
    assert (result.code, result.out) == (2, "")
    assert "Commands:" in result.err


def test_an_unknown_command(refused):
    refused(2, "No such command 'anotate'", "anotate", "episode.mp4")
