import csv
import io
from fractions import Fraction

import pytest
from chance_recipes import THOROUGH
from hypothesis import given
from hypothesis import strategies as st

from vidtag.cast import Cast
from vidtag.errors import OutputError
from vidtag.records.reports import (
    PRESENCE_COLUMNS,
    SEGMENT_COLUMNS,
    presence_rows,
    save_csv,
    segment_rows,
    write_csv,
)
from vidtag.timeline import Interval, Presence, Timeline

END = Fraction(20)


def timeline(anna, ben):
    presences = tuple(Presence.of([Interval(Fraction(a), Fraction(b)) for a, b in each], END) for each in (anna, ben))
    return Timeline(Cast.of("anna", "ben"), presences, END)


FILM = timeline([("1/3", "2.5"), (10, 20)], [])


def as_text(columns, rows):
    stream = io.StringIO(newline="")
    write_csv(columns, rows, stream)
    return stream.getvalue()


def test_presence_is_written_as_documented():
    assert as_text(PRESENCE_COLUMNS, presence_rows("pilot.mp4", FILM)) == (
        "episode,character,screen_time_s,share,appearances,first_s,last_s,longest_s\n"
        "pilot.mp4,anna,12.167,0.6083,2,0.333,20.000,10.000\n"
        "pilot.mp4,ben,0.000,0.0000,0,,,0.000\n"
    )


def test_segments_are_written_as_documented():
    assert as_text(SEGMENT_COLUMNS, segment_rows("pilot.mp4", FILM)) == (
        "episode,character,start_s,end_s\npilot.mp4,anna,0.333,2.500\npilot.mp4,anna,10.000,20.000\n"
    )


def test_share_is_of_the_part_that_was_looked_at():
    (anna, _) = presence_rows("pilot.mp4", timeline([(10, 15)], []), start=Fraction(10))
    assert anna[3] == "0.5000"


@THOROUGH
@given(st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=30))
def test_any_name_comes_back(name):
    rows = list(csv.reader(io.StringIO(as_text(PRESENCE_COLUMNS, presence_rows(name, FILM)), newline="")))
    assert tuple(rows[0]) == PRESENCE_COLUMNS
    assert [row[0] for row in rows[1:]] == [name, name]
    assert all(len(row) == len(PRESENCE_COLUMNS) for row in rows)


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    def rows():
        yield from segment_rows("pilot", FILM)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save_csv(SEGMENT_COLUMNS, rows(), tmp_path / "a.csv")
    assert list(tmp_path.iterdir()) == []
    save_csv(SEGMENT_COLUMNS, segment_rows("Ünï", FILM), tmp_path / "a.csv")
    data = (tmp_path / "a.csv").read_bytes()
    assert b"\r" not in data
    assert "Ünï" in data.decode("utf-8")


def test_an_existing_file_is_kept_unless_told_otherwise(tmp_path):
    (tmp_path / "a.csv").write_text("mine")
    with pytest.raises(OutputError, match="--overwrite"):
        save_csv(SEGMENT_COLUMNS, [], tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == "mine"
    save_csv(SEGMENT_COLUMNS, [], tmp_path / "a.csv", overwrite=True)
    assert (tmp_path / "a.csv").read_text() == "episode,character,start_s,end_s\n"
