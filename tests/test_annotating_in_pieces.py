"""Annotating in pieces: the very same scores and screen times as in one go, every bar right, and clean failures."""

import filecmp
from fractions import Fraction

import numpy as np
import pytest
from episode_recipes import processes_of
from known_presence import FAST, NumberReader, expected_run, nothing_left, wrong_bars
from media_recipes import everything_but_pictures, ffmpeg, make_changing_clip

from vidtag.errors import DamagedError, OutputError
from vidtag.media import cutting, pieces
from vidtag.media.ffmpeg import Ffmpeg
from vidtag.options import AnalysisOptions, RenderOptions
from vidtag.outputs import Outputs
from vidtag.pipeline import annotate_episode, render_episode

pytest_plugins = "episode_fixtures"

PIECES = RenderOptions(preset="ultrafast", crf=12, parallel=3)
CLIPS = ["film.mp4", "sixty.mp4", "gaps.mkv", "late.ts", "sound_first.mp4", "ntsc.webm"]


@pytest.fixture(autouse=True)
def _short_pieces(monkeypatch):
    monkeypatch.setattr(cutting, "SHORTEST_PIECE", Fraction(1, 2))


@pytest.fixture
def written_pieces(monkeypatch):
    """Count the pieces that are written."""
    made = []

    class Counting(pieces.PieceWriter):
        def __init__(self, *arguments, **options):
            made.append(arguments[1])
            super().__init__(*arguments, **options)

    monkeypatch.setattr("vidtag.media.pieces.PieceWriter", Counting)
    return made


def annotate(clip, folder, name, render, suffix=".mkv", **analysis):
    outputs = Outputs(film=folder / f"{name}{suffix}", scores=folder / f"{name}.npz")
    return annotate_episode(clip, outputs, analysis=AnalysisOptions(**{"batch_size": 2} | analysis), render=render)


def same_files(folder, *suffixes):
    return all(filecmp.cmp(folder / f"one{suffix}", folder / f"many{suffix}", shallow=False) for suffix in suffixes)


@pytest.mark.parametrize("name", CLIPS)
def test_scores_and_screen_times_are_bit_for_bit_the_same(network, written_pieces, coded_clip, tmp_path, name):
    clip = coded_clip(name)
    one, many = annotate(clip, tmp_path, "one", FAST), annotate(clip, tmp_path, "many", PIECES)
    assert len(written_pieces) == 3
    assert same_files(tmp_path, ".csv", ".npz")
    assert (many.timeline, many.notes) == (one.timeline, one.notes)
    assert everything_but_pictures(many.output) == everything_but_pictures(one.output)
    flags, seconds, _ = expected_run(clip)
    assert wrong_bars(many.output, network[0].cast, flags, seconds) == 0


@pytest.mark.parametrize("rate", ["5/2", "24000/1001", "7"])
@pytest.mark.parametrize(("start", "end"), [(None, None), ("1.1", None), ("0.7", "3.3")])
def test_other_rates_and_parts(network, written_pieces, coded_clip, tmp_path, rate, start, end):
    part = {"start": start and Fraction(start), "end": end and Fraction(end), "rate": Fraction(rate)}
    one = annotate(coded_clip("film.mp4"), tmp_path, "one", FAST, **part)
    many = annotate(coded_clip("film.mp4"), tmp_path, "many", PIECES, **part)
    assert len(written_pieces) >= 2
    assert same_files(tmp_path, ".csv", ".npz")
    assert everything_but_pictures(many.output) == everything_but_pictures(one.output)


def test_batches_are_those_of_a_single_run(network, coded_clip, tmp_path, monkeypatch):
    """Where runtimes see whole batches: those that score each picture by itself decode once, with small batches."""
    monkeypatch.setattr("vidtag.pipeline.can_go_together", lambda *_: False)
    annotate(coded_clip("sixty.mp4"), tmp_path, "one", FAST, rate=Fraction(24), batch_size=16)
    annotate(coded_clip("sixty.mp4"), tmp_path, "many", PIECES, rate=Fraction(24), batch_size=16)
    assert sorted(network[0].batches) == sorted(network[1].batches)


def test_kept_scores_are_rendered_in_pieces(network, written_pieces, coded_clip, tmp_path):
    one = annotate(coded_clip("film.mp4"), tmp_path, "one", FAST)
    many = render_episode(coded_clip("film.mp4"), Outputs(film=tmp_path / "many.mkv"), one.scores, render=PIECES)
    assert len(written_pieces) == 3
    assert same_files(tmp_path, ".csv")
    assert everything_but_pictures(many.output) == everything_but_pictures(one.output)


def test_a_short_film_is_done_in_one_go(network, written_pieces, coded_clip, tmp_path, monkeypatch):
    monkeypatch.setattr(cutting, "SHORTEST_PIECE", Fraction(10))
    annotate(coded_clip("film.mp4"), tmp_path, "many", PIECES)
    assert written_pieces == []


def test_pieces_that_do_not_fit_are_encoded_in_one_go_and_it_is_said(network, coded_clip, tmp_path, monkeypatch):
    monkeypatch.setattr("vidtag.media.pieces.fit_together", lambda *_: False)
    one, many = (
        annotate(coded_clip("film.mp4"), tmp_path, name, how) for name, how in (("one", FAST), ("many", PIECES))
    )
    assert "in one go" in many.notes[-1]
    assert everything_but_pictures(many.output) == everything_but_pictures(one.output)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        f"{name}{suffix}" for name in ("one", "many") for suffix in (".csv", ".mkv", ".npz")
    )


def test_a_recording_that_changes_in_the_middle(network, written_pieces, tmp_path):
    source = make_changing_clip(tmp_path / "recording.ts", "setparams=colorspace=smpte170m:range=tv")
    annotate(source, tmp_path, "one", FAST)
    annotate(source, tmp_path, "many", PIECES)
    assert written_pieces
    assert same_files(tmp_path, ".csv", ".npz")


def test_progress_grows_to_the_whole(network, coded_clip, tmp_path):
    calls = []
    annotate_episode(
        coded_clip("film.mp4"),
        Outputs(film=tmp_path / "o.mkv"),
        analysis=AnalysisOptions(batch_size=4),
        render=PIECES,
        progress=lambda done, total: calls.append((done, total)),
    )
    assert calls == sorted(calls)
    assert calls[-1][0] == calls[-1][1] == pytest.approx(float(expected_run(coded_clip("film.mp4"))[2]), abs=0.01)
    assert any(done == pytest.approx(total / 2, rel=0.1) for done, total in calls)


def test_a_network_that_fails_leaves_nothing(installed, coded_clip, tmp_path, monkeypatch):
    monkeypatch.setattr("vidtag.pipeline.load_predictor", lambda bundle, *_: NumberReader(bundle, fail_at=9))
    with pytest.raises(MemoryError):
        annotate(coded_clip("film.mp4"), tmp_path, "many", PIECES)
    assert nothing_left(tmp_path, coded_clip("film.mp4"))


@pytest.mark.parametrize("name", ["film.mkv", "long.mp4"])
def test_a_film_that_breaks_off_says_the_same_as_in_one_go(network, coded_clip, tmp_path, name):
    whole = coded_clip(name).read_bytes()
    if name.endswith(".mp4"):  # the index stays whole, in front
        ffmpeg("-i", coded_clip(name), "-c", "copy", "-movflags", "faststart", tmp_path / "fast.mp4")
        whole = (tmp_path / "fast.mp4").read_bytes()
        (tmp_path / "fast.mp4").unlink()
    short = tmp_path / f"in/short.{name[-3:]}"
    short.parent.mkdir()
    short.write_bytes(whole[: len(whole) // 2])
    said = []
    for render in (FAST, PIECES):
        with pytest.raises(DamagedError, match=r"readable are 0:00\.0 to 0:") as error:
            annotate(short, short.parent, "o", render)
        said.append(str(error.value))
        assert list(short.parent.iterdir()) == [short]
        assert processes_of(short) == []
    assert said[0] == said[1]


@pytest.mark.parametrize("failing", [0, 2])
def test_an_encoder_that_fails_ends_the_others_and_leaves_nothing(network, coded_clip, tmp_path, monkeypatch, failing):
    made = []

    class Failing(pieces.PieceWriter):
        def __init__(self, *arguments, **options):
            made.append(self)
            self.number = len(made) - 1
            super().__init__(*arguments, **options)

        def write(self, strip):
            if self.number == failing:
                self._ffmpeg.kill()
            super().write(strip)

    monkeypatch.setattr("vidtag.media.pieces.PieceWriter", Failing)
    with pytest.raises(OutputError, match="could not be written"):
        annotate(coded_clip("film.mp4"), tmp_path, "many", PIECES)
    assert nothing_left(tmp_path, coded_clip("film.mp4"))
    assert all(writer._ffmpeg._process.returncode is not None for writer in made)


@pytest.mark.parametrize("where", ["vidtag.media.joining.join_pieces", "vidtag.media.pieces.fit_together"])
def test_an_interruption_at_the_end_leaves_nothing(network, coded_clip, tmp_path, monkeypatch, where):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(where, interrupt)
    with pytest.raises(KeyboardInterrupt):
        annotate(coded_clip("film.mp4"), tmp_path, "many", PIECES)
    assert nothing_left(tmp_path, coded_clip("film.mp4"))


def test_there_are_not_more_ffmpegs_than_pieces(network, coded_clip, tmp_path, monkeypatch):
    running, most = set(), [0]

    class Counting(Ffmpeg):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            running.add(self)
            most[0] = max(most[0], sum(one._process.poll() is None for one in running))

    for module in ("giver", "stripencoder", "joining"):
        monkeypatch.setattr(f"vidtag.media.{module}.Ffmpeg", Counting)
    annotate(coded_clip("long.mp4"), tmp_path, "many", PIECES)
    assert 2 <= most[0] <= 3
    assert len(running) == 7  # three that read, three that write, one that joins


def test_scores_are_whole_whatever_the_number_of_pieces(network, coded_clip, tmp_path):
    one = annotate(coded_clip("long.mkv"), tmp_path, "one", FAST)
    for number in (2, 5):
        render = RenderOptions(preset="ultrafast", parallel=number)
        many = annotate(coded_clip("long.mkv"), tmp_path, f"many{number}", render)
        assert np.array_equal(many.scores.values, one.scores.values)
        assert many.scores.provenance == one.scores.provenance
