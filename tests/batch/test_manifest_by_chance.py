"""Fuzzing of the manifest and its journal: whatever they hold, it can be used and kept, or there is our error."""

import copy
import json

import pytest
from batch_recipes import ENTRY, FAILED_ENTRY
from chance_recipes import EDIT, MANY, edited, value_or_our_error
from hypothesis import given
from hypothesis import strategies as st

from vidtag.batch.manifest import JOURNAL, NAME, Manifest
from vidtag.batch.results import Results

pytestmark = pytest.mark.slow

WORDS = st.sampled_from(
    ["", "..", "/", "S1/E1", "done", "\0", "nan", "episode", "entry", "books", "catalogued", "held"]
)
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS, st.text(max_size=8))
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=6,
)
CHANGES = [
    {"episode": "S1/E1", "entry": ENTRY.to_json()},
    {"episode": "S1/E2", "entry": FAILED_ENTRY.to_json()},
    {"episode": "S1/E1", "entry": None},
    {"books": "abc"},
    {"catalogued": "S1/E1", "held": ["S1", "d1"]},
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The text of a manifest of two episodes."""
    folder = tmp_path_factory.mktemp("whole")
    manifest = Manifest.load(folder)
    with manifest.writing():
        manifest.put("S1/E1", ENTRY)
        manifest.put("S1/E2", FAILED_ENTRY)
        manifest.set_books("abc")
        manifest.set_catalogued("S1/E1", ("S1", "d1"))
    return (folder / NAME).read_text()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("chance")


def places_in(value):
    """List the containers of a JSON value with each key or index in them."""
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [(value, key) for key in keys] + [found for key in keys for found in places_in(value[key])]


def with_other(value, number, other):
    """Copy a JSON value and put another one at one of its places."""
    value = copy.deepcopy(value)
    found = places_in(value)
    holder, key = found[number % len(found)]
    holder[key] = other
    return value


def told(manifest):
    return json.dumps({name: entry.to_json() for name, entry in sorted(manifest.items())})


def keeps(folder):
    """Load what is in a folder, use all of it, and keep it: it is then read as the same."""
    manifest = value_or_our_error(lambda: Manifest.load(folder))
    if manifest is None:
        return
    size_of = Results(folder).size
    for entry in map(manifest.get, manifest):
        entry.belongs_to_season(size_of)
        assert f"{entry.film_s:.1f} {entry.exit_code:d} {entry.failure}"
        assert all(file.size is None or file.size >= 0 for files in entry.files.values() for file in files)
    with manifest.writing():
        pass
    assert told(Manifest.load(folder)) == told(manifest)


@MANY
@given(st.integers(0), VALUES)
def test_a_manifest_with_another_value_somewhere(place, whole, number, other):
    (place / NAME).write_text(json.dumps(with_other(json.loads(whole), number, other)))
    keeps(place)


@MANY
@given(st.lists(EDIT, min_size=1, max_size=4))
def test_a_manifest_with_other_bytes(place, whole, edits):
    (place / NAME).write_bytes(edited(whole.encode(), edits))
    keeps(place)


@MANY
@given(st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0), VALUES), min_size=1, max_size=4))
def test_a_journal_with_other_values(place, whole, changes):
    (place / NAME).write_text(whole)
    lines = [json.dumps(with_other(change, number, other)) + "\n" for change, number, other in changes]
    (place / JOURNAL).write_text("".join(lines))
    keeps(place)
