"""Fuzzing of every parser of ours: whatever the bytes, there is a value or an error of ours. For the slow suite."""

import contextlib
import csv
import io
import shutil

import numpy as np
import pytest
from chance_recipes import EDIT, MANY, SOUP, WORDS, edited, value_or_our_error
from hypothesis import given, settings
from hypothesis import strategies as st
from score_recipes import make_scores

from vidtag.errors import OptionError
from vidtag.limits import parse_limits
from vidtag.records.bundles import TABLE, load_bundle, read_weights
from vidtag.records.casts import read_cast
from vidtag.records.intervals import COLUMNS, read_intervals
from vidtag.records.scorefiles import load_scores, save_scores
from vidtag.records.settings import read_settings
from vidtag.times import parse_fraction, parse_rate, parse_time
from vidtag.training.listing import list_table

pytestmark = pytest.mark.slow
pytest_plugins = "episode_fixtures"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("chance")


@MANY
@given(SOUP)
def test_settings(place, text):
    (place / "vidtag.toml").write_text(text, encoding="utf-8", errors="surrogatepass")
    value_or_our_error(lambda: read_settings(place / "vidtag.toml"))


@MANY
@given(st.lists(st.lists(st.one_of(WORDS, st.text(max_size=20)), max_size=7), max_size=6), st.booleans())
def test_labels(place, rows, headed):
    stream = io.StringIO()
    csv.writer(stream).writerows([COLUMNS, *rows] if headed else rows)
    (place / "labels.csv").write_text(stream.getvalue(), encoding="utf-8", errors="surrogatepass")
    value_or_our_error(lambda: read_intervals(place / "labels.csv"))
    value_or_our_error(lambda: list_table(place / "labels.csv"))


@MANY
@given(SOUP)
def test_labels_of_any_text(place, text):
    (place / "soup.csv").write_text(text, encoding="utf-8", errors="surrogatepass")
    value_or_our_error(lambda: read_intervals(place / "soup.csv"))
    value_or_our_error(lambda: list_table(place / "soup.csv"))


@MANY
@given(st.lists(EDIT, min_size=1, max_size=4))
def test_score_files(place, edits):
    whole = place / "whole.npz"
    if not whole.exists():
        save_scores(make_scores(), whole)
    (place / "a.npz").write_bytes(edited(whole.read_bytes(), edits))
    scores = value_or_our_error(lambda: load_scores(place / "a.npz"))
    if scores is not None:
        assert np.isfinite(scores.values).all()
        scores.timeline()


@MANY
@given(st.lists(EDIT, min_size=1, max_size=4))
def test_bundles(place, models, edits):
    folder = place / "colours"
    if not folder.exists():
        shutil.copytree(models / "colours", folder)
    (folder / TABLE).write_bytes(edited((models / "colours" / TABLE).read_bytes(), edits))
    bundle = value_or_our_error(lambda: load_bundle(folder))
    value_or_our_error(lambda: read_cast(folder))
    if bundle is not None:
        read_weights(bundle)


@settings(MANY, max_examples=1000)
@given(st.lists(EDIT, min_size=1, max_size=4))
def test_weights(place, models, edits):
    folder = place / "weights"
    if not folder.exists():
        shutil.copytree(models / "colours", folder)
    bundle = load_bundle(models / "colours")
    target = folder / "weights.safetensors"
    target.write_bytes(edited((models / "colours/weights.safetensors").read_bytes(), edits))
    value_or_our_error(lambda: read_weights(type(bundle)(**{**fields_of(bundle), "folder": folder})))


def fields_of(bundle):
    return {name: getattr(bundle, name) for name in bundle.__dataclass_fields__}


@MANY
@given(st.one_of(SOUP, st.text(max_size=30)))
def test_times_rates_and_limits(text):
    for parse in (parse_time, parse_rate, parse_limits):
        value_or_our_error(lambda parse=parse: parse(text))
    with contextlib.suppress(OptionError, ValueError, ArithmeticError):
        parse_fraction(text)
