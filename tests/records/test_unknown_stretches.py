"""What of a damaged film is not known is never called absent: scores, timelines, score files and tables."""

import csv
import io
import json
from fractions import Fraction

import numpy as np
import pytest
from chance_recipes import THOROUGH
from hypothesis import given
from hypothesis import strategies as st
from score_recipes import make_scores

from vidtag.analysis.screentime import screen_times
from vidtag.analysis.smoothing import remove_single_outliers
from vidtag.cast import Cast
from vidtag.errors import InputError, ShapeError
from vidtag.records.reports import PRESENCE_COLUMNS, SEGMENT_COLUMNS, UNKNOWN, presence_rows, segment_rows, write_csv
from vidtag.records.scorefiles import load_scores, save_scores
from vidtag.scores import Scores
from vidtag.timeline import Interval, Presence, Timeline


def with_gaps(*gaps, end="3", values=None):
    made = make_scores(values, end=end)
    unknown = tuple(Interval(Fraction(start), Fraction(stop)) for start, stop in gaps)
    return Scores(
        values=made.values, thresholds=made.thresholds, cast=made.cast, provenance=made.provenance, unknown=unknown
    )


GAPS = (
    st.lists(st.integers(0, 120), max_size=8, unique=True)
    .map(sorted)
    .map(lambda edges: [(Fraction(a, 40), Fraction(b, 40)) for a, b in zip(edges[::2], edges[1::2], strict=False)])
)


def table(columns, rows):
    stream = io.StringIO()
    write_csv(columns, rows, stream)
    return list(csv.DictReader(io.StringIO(stream.getvalue())))


def test_a_sample_is_unknown_where_its_middle_lies_in_a_gap():
    scores = with_gaps(("0.5", "1.1"), ("2.9", "3"))
    assert np.flatnonzero(~scores.known).tolist() == [2, 3]
    assert scores.timeline().unknown == (Interval(Fraction("0.5"), Fraction(1)),)


def test_nobody_is_there_in_a_gap_and_shares_are_of_the_rest():
    everybody = np.ones((12, 2), np.float32)
    timeline = with_gaps((1, 2), values=everybody).timeline()
    assert timeline["anna"].intervals == (Interval(Fraction(0), Fraction(1)), Interval(Fraction(2), Fraction(3)))
    assert timeline.known_duration == 2
    assert [entry.share for entry in screen_times(timeline)] == [1, 1]


@THOROUGH
@given(GAPS, st.integers(0, 7).filter(lambda window: window not in (1, 2)), st.randoms(use_true_random=False))
def test_smoothing_never_reaches_over_a_gap(gaps, window, random):
    values = np.array([[random.random() > 0.5, random.random() > 0.5] for _ in range(12)], np.float32)
    scores = with_gaps(*gaps, values=values)
    flags, known = scores.flags(smooth=window), scores.known
    assert not flags[~known].any()
    begin = 0
    for index in range(13):
        if index == 12 or not known[index]:
            expected = remove_single_outliers(values[begin:index] > 0.5, window)
            assert np.array_equal(flags[begin:index], expected)
            begin = index + 1


@THOROUGH
@given(GAPS)
def test_gaps_survive_the_score_file(tmp_path_factory, gaps):
    scores = with_gaps(*gaps)
    path = save_scores(scores, tmp_path_factory.mktemp("gaps") / "a.npz")
    assert load_scores(path).unknown == scores.unknown
    with np.load(path, allow_pickle=False) as archive:
        meta = json.loads(str(archive["meta"]))
    assert (meta["format"], "unknown" in meta) == ((2, True) if gaps else (1, False))


@THOROUGH
@given(GAPS)
def test_tables_say_what_is_unknown_and_add_up(gaps):
    timeline = with_gaps(*gaps).timeline()
    rows = table(PRESENCE_COLUMNS, presence_rows("film", timeline))
    segments = table(SEGMENT_COLUMNS, segment_rows("film", timeline))
    unknown = [row for row in segments if row["character"] == UNKNOWN]
    assert [(row["start_s"], row["end_s"]) for row in unknown] == [
        (f"{float(gap.start):.3f}", f"{float(gap.end):.3f}") for gap in timeline.unknown
    ]
    assert [row["character"] for row in rows] == ["anna", "ben", *([UNKNOWN] if timeline.unknown else [])]
    if timeline.unknown:
        assert float(rows[-1]["screen_time_s"]) == pytest.approx(float(3 - timeline.known_duration))
        assert int(rows[-1]["appearances"]) == len(unknown)
    for character, presence in zip(timeline.cast, timeline.presences, strict=True):
        listed = [row for row in segments if row["character"] == character.id]
        assert sum(float(row["end_s"]) - float(row["start_s"]) for row in listed) == pytest.approx(
            float(presence.duration)
        )


def test_unknown_is_nobodys_id():
    from vidtag.errors import OptionError

    with pytest.raises(OptionError):
        Cast.of(UNKNOWN)


@pytest.mark.parametrize("gaps", [[(1, 2), (2, 3)], [(2, 3), (0, 1)], [(2, 4)]])
def test_gaps_out_of_order_or_outside_are_refused(gaps):
    with pytest.raises(ShapeError):
        with_gaps(*gaps)


def test_somebody_cannot_be_present_where_nothing_is_known():
    part = Interval(Fraction(1), Fraction(2))
    with pytest.raises(ShapeError, match="nothing is known"):
        Timeline(Cast.of("anna"), (Presence((part,), Fraction(3)),), Fraction(3), Fraction(0), (part,))


def test_a_cut_timeline_keeps_its_gaps():
    timeline = with_gaps(("0.5", "1.5")).timeline().crop(Fraction(1), Fraction(2))
    assert timeline.unknown == (Interval(Fraction(1), Fraction("1.5")),)


@pytest.mark.parametrize(
    "unknown",
    [7, "all", [["0"]], [["1", "0"]], [["0", "1/0"]], [["0", "9"]], [[0, 1]], [["0", "1", "2"]], [["nan", "1"]]],
)
def test_gaps_that_make_no_sense_are_refused(tmp_path, unknown):
    path = save_scores(with_gaps((1, 2)), tmp_path / "a.npz")
    with np.load(path, allow_pickle=False) as archive:
        arrays = dict(archive)
    arrays["meta"] = np.array(json.dumps(json.loads(str(arrays["meta"])) | {"unknown": unknown}))
    np.savez(path, **arrays)
    with pytest.raises(InputError, match=r"a\.npz"):
        load_scores(path)
