"""vidtag from Python, as a user would use it."""

import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from episode_recipes import CAST, SCENES, sampled_characters
from media_recipes import film_frames, psnr
from moviepy import VideoFileClip

import vidtag
from vidtag.overlay import bar_clip, tagged_clip

pytest_plugins = "episode_fixtures"


@pytest.fixture
def scores(episode):
    return vidtag.analyze(episode)


def spans(presence):
    return [(float(interval.start), float(interval.end)) for interval in presence]


def test_analyze_gives_scores_of_every_sample(scores):
    assert (scores.values.shape, scores.values.dtype) == ((26, 3), np.float32)
    assert scores.cast.ids == CAST
    assert scores.cast.names == ("Rufus", "Azura", "Vera")
    lit = [tuple(np.array(CAST)[row]) for row in scores.values > scores.thresholds]
    assert lit == sampled_characters(SCENES, Fraction(25), Fraction(4))


def test_a_timeline_says_who_is_there_when(scores):
    timeline = scores.timeline()
    assert timeline.end == Fraction("6.4")
    assert spans(timeline["rufus"]) == [(1, 3.25)]
    assert spans(timeline["azura"]) == [(2.25, 4.75)]
    assert spans(timeline["rufus"] & timeline["azura"]) == [(2.25, 3.25)]
    assert timeline["vera"].duration == Fraction("1.65")
    assert timeline.present_at(2.5).tolist() == [True, True, False]
    assert spans(timeline.crop(Fraction(2), Fraction(3))["rufus"]) == [(2, 3)]


def test_thresholds_and_smoothing_are_chosen_afterwards(scores):
    assert spans(scores.timeline(smooth=0)["azura"]) == [(2.25, 4), (4.25, 4.75)]
    assert spans(scores.timeline(thresholds={"azura": 1.0})["azura"]) == []
    assert spans(scores.timeline(thresholds={"azura": 1.0})["rufus"]) == [(1, 3.25)]
    assert spans(scores.timeline(thresholds=0)["vera"]) == [(0, 6.4)]
    with pytest.raises(vidtag.VidtagError, match="no such character: bart; the cast is rufus"):
        scores.timeline(thresholds={"bart": 0.5})


def test_scores_as_a_data_frame(scores):
    frame = scores.to_frame()
    assert list(frame.columns) == list(CAST)
    assert frame.index.name == "time_s"
    assert frame.index[:2].tolist() == [0.125, 0.375]
    assert np.array_equal(frame.to_numpy(), scores.values)


@pytest.mark.parametrize("kind", [str, lambda path: path])
def test_scores_are_kept_and_read_again(scores, tmp_path, kind):
    path = vidtag.save_scores(scores, kind(tmp_path / "kept.npz"))
    kept = vidtag.load_scores(kind(path))
    assert np.array_equal(kept.values, scores.values)
    assert kept.provenance == scores.provenance
    with pytest.raises(vidtag.VidtagError, match="exists already"):
        vidtag.save_scores(scores, kind(path))


def test_numbers_are_taken_as_they_are_written(episode):
    scores = vidtag.analyze(str(episode), start=0.1, end=np.float64(2.1), rate=2.5, batch_size=3)
    assert (scores.provenance.start, scores.provenance.end) == (Fraction(1, 10), Fraction(21, 10))
    assert scores.provenance.rate == Fraction(5, 2)
    assert scores.times.tolist() == pytest.approx([0.3, 0.7, 1.1, 1.5, 1.9])


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": "4x"},
        {"rate": 0},
        {"rate": float("nan")},
        {"start": float("inf")},
        {"start": -1},
        {"start": 2, "end": 1},
    ],
)
def test_numbers_that_make_no_sense_are_refused(episode, wrong):
    with pytest.raises(vidtag.VidtagError):
        vidtag.analyze(episode, **wrong)


def test_annotate_gives_film_scores_and_timeline(episode, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = vidtag.annotate("episode.mp4", "out.mkv", model="colours", style="icons+names", smooth=0)
    assert done.output == tmp_path / "out.mkv"
    assert done.output.is_file()
    assert done.scores.provenance.model == "colours"
    assert spans(done.timeline["azura"]) == [(2.25, 4), (4.25, 4.75)]
    assert done.notes == ()
    again = vidtag.annotate("episode.mp4", "again.mkv", scores=done.scores)
    assert spans(again.timeline["azura"]) == [(2.25, 4.75)]
    assert again.outputs.csv.read_text().startswith("episode,character,screen_time_s")
    names = ["again.csv", "again.mkv", "episode.mp4", "out.csv", "out.mkv"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_fresh_scores_bring_the_icons_of_a_model_that_is_not_installed(episode, models, tmp_path, monkeypatch):
    monkeypatch.setattr("vidtag.records.bundles.model_folders", list)
    done = vidtag.annotate(episode, tmp_path / "one.mkv", model=models / "colours")
    assert [character.icon is not None for character in done.scores.cast] == [True, False, False]
    again = vidtag.annotate(episode, tmp_path / "two.mkv", scores=done.scores)
    assert again.notes == ()
    kept = vidtag.load_scores(vidtag.save_scores(done.scores, tmp_path / "kept.npz"))
    assert len(vidtag.annotate(episode, tmp_path / "three.mkv", scores=kept).notes) == 1
    given = vidtag.annotate(episode, tmp_path / "four.mkv", scores=kept, model=models / "colours")
    assert given.notes == ()
    one, two, three, four = (
        [picture for _, picture in film_frames(tmp_path / f"{name}.mkv")] for name in ("one", "two", "three", "four")
    )
    assert np.array_equal(one, two)
    assert np.array_equal(one, four)
    assert not np.array_equal(one, three)


def test_annotate_never_replaces_by_itself(episode):
    before = episode.read_bytes()
    with pytest.raises(vidtag.VidtagError, match="is the input, which is never overwritten"):
        vidtag.annotate(episode, episode, overwrite=True)
    with pytest.raises(vidtag.VidtagError, match="unknown bar style"):
        vidtag.annotate(episode, episode.with_name("o.mp4"), style="shiny")
    assert episode.read_bytes() == before
    assert list(episode.parent.iterdir()) == [episode]


def test_a_model_scores_pictures_of_ones_own(installed):
    model = vidtag.load_model("colours")
    height, width = model.input_size
    pictures = np.zeros((3, height, width, 3), np.uint8)
    pictures[1, ..., 0] = 255
    pictures[2, ..., 1] = 255
    values = model(pictures)
    assert values.dtype == np.float32
    assert (values > model.thresholds).tolist() == [[False] * 3, [True, False, False], [False, False, True]]
    assert np.allclose(model(pictures[1:2]), values[1:2], atol=1e-5)
    with pytest.raises(vidtag.VidtagError, match="pictures must be"):
        model(pictures[0])


def test_a_model_may_be_given_as_a_path(installed):
    assert vidtag.load_model(installed / "colours").cast.ids == CAST
    with pytest.raises(vidtag.VidtagError, match="does not exist"):
        vidtag.load_model(installed / "nothing")


def test_moviepy_gives_the_same_picture_as_the_command(episode, tmp_path):
    done = vidtag.annotate(episode, tmp_path / "out.mp4")
    ours = [picture for _, picture in film_frames(done.output, "rgb24")]
    with VideoFileClip(str(episode)) as picture:
        clip = tagged_clip(picture, done.scores.cast, done.timeline)
        assert clip.duration == pytest.approx(6.4, abs=0.05)
        for number in (0, 24, 25, 57, 80, 82, 118, 119, 158):
            seen = clip.get_frame((number + 0.5) / 25)
            assert seen.shape == ours[number].shape
            assert psnr(seen, ours[number]) >= 40, number


def test_the_bar_alone_is_a_clip(scores):
    bar = bar_clip(scores.cast, scores.timeline(), 640, 360)
    assert bar.size[0] == 640
    assert bar.duration == pytest.approx(6.4)
    assert not np.array_equal(bar.get_frame(0.5), bar.get_frame(1.5))


def test_what_is_promised_is_there_and_nothing_else():
    assert set(vidtag.__all__) <= set(dir(vidtag))
    for name in vidtag.__all__:
        assert getattr(vidtag, name) is not None
        assert name == "__version__" or getattr(vidtag, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'annotat'"):
        _ = vidtag.annotat


def test_all_names_can_be_imported_at_once():
    command = [sys.executable, "-c", "from vidtag import *; print(annotate.__name__, Scores.__name__)"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == "annotate Scores\n"


def test_a_film_in_pieces_is_the_same(episode, tmp_path, monkeypatch):
    monkeypatch.setattr("vidtag.media.cutting.SHORTEST_PIECE", 1)
    one = vidtag.annotate(episode, tmp_path / "one.mp4")
    many = vidtag.annotate(episode, tmp_path / "many.mp4", parallel=3)
    assert np.array_equal(many.scores.values, one.scores.values)
    assert many.timeline == one.timeline
    assert (tmp_path / "many.csv").read_bytes() == (tmp_path / "one.csv").read_bytes()
