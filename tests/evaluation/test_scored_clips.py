from fractions import Fraction

import numpy as np
import pytest
from evaluation_recipes import ColourPredictor
from media_recipes import ffmpeg

from vidtag.errors import InputError
from vidtag.evaluation.clips import score_clips
from vidtag.evaluation.films import FilmErrors, film_errors
from vidtag.predictors.preprocessing import PREPROCESSINGS

HEADER = "clip,character,start,end,state\n"


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """Two seconds of red, two of black, two of green, two of black: 8 s at 8 frames a second."""
    folder = tmp_path_factory.mktemp("film")
    parts = [
        f"color=c={colour}:s=64x48:r=8:d=2[{index}]" for index, colour in enumerate(("red", "black", "lime", "black"))
    ]
    graph = ";".join([*parts, "[0][1][2][3]concat=n=4[out]"])
    ffmpeg("-filter_complex", graph, "-map", "[out]", "-c:v", "ffv1", folder / "film.mkv")
    return folder


def score(film, rows, **options):
    table = film / "labels.csv"
    table.write_text(HEADER + rows)
    return score_clips(table, ColourPredictor(), PREPROCESSINGS["pad"], **options)


def test_a_film_is_scored_sample_by_sample(film):
    scored = score(film, "film.mkv,red,0,2,present\nfilm.mkv,green,4,7,present\nfilm.mkv,*,7,8,ignore\n")
    assert scored.labels.shape == (32, 3)
    assert scored.labels[:, 0].tolist() == [1] * 8 + [0] * 20 + [-1] * 4
    assert scored.labels[:, 1].tolist() == [0] * 16 + [1] * 12 + [-1] * 4
    assert scored.lit[:, 0].tolist() == [True] * 8 + [False] * 24
    assert scored.main.tolist() == [0] * 8 + [-1] * 8 + [1] * 12 + [-1] * 4
    assert scored.names[0].startswith("film.mkv 0:00")
    assert set(scored.units.tolist()) == {0}
    assert scored.picture(0)[24, 32] == pytest.approx([254, 0, 0], abs=4)


def test_errors_are_told_in_seconds(film):
    scored = score(film, "film.mkv,red,0,2,present\nfilm.mkv,green,4,7,present\nfilm.mkv,*,7,8,ignore\n")
    red, green, blue = film_errors(scored.clips)
    assert (red.times.reference, red.times.found, red.times.missed, red.times.false) == (2, 2, 0, 0)
    assert (green.times.reference, green.times.found, green.times.missed, green.times.scored) == (3, 2, 1, 7)
    assert red.edges.seconds == (0.0,)
    assert (green.edges.seconds, green.edges.missed, green.edges.surplus) == ((0.0,), 0, 0)
    assert (blue.times.reference, blue.edges.seconds) == (0, ())
    assert sum((red, green, blue), FilmErrors()).times.reference == 5


def test_rate_and_smoothing_count(film):
    scored = score(film, "film.mkv,red,0,2,present\n", rate=Fraction(8), smooth=0)
    assert len(scored.names) == 64
    assert scored.clips[0].found.presences[0].duration == 2


def test_samples_of_several_films_are_kept_apart(film):
    (film / "second.mkv").write_bytes((film / "film.mkv").read_bytes())
    scored = score(film, "film.mkv,red,0,2,present\nsecond.mkv,red,0,2,ignore\n")
    assert len(scored.clips) == 2
    assert [len(set(scored.units[part].tolist())) for part in (slice(32), slice(32, 64))] == [1, 1]
    assert scored.units[0] != scored.units[40]
    assert np.array_equal(scored.labels[32:40, 0], np.full(8, -1))


def test_labels_of_strangers_or_past_the_end_are_refused(film):
    with pytest.raises(InputError, match="'pink' is not in the cast: red, green, blue"):
        score(film, "film.mkv,pink,0,2,present\n")
    with pytest.raises(InputError, match=r"film\.mkv ends at 8"):
        score(film, "film.mkv,red,0,20,present\n")
