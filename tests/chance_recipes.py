"""How often properties are tried, and what parsers are fuzzed with.

How long it takes is bounded by the number of examples; all parsers take about ten minutes.
"""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from vidtag.errors import VidtagError
from vidtag.records.intervals import COLUMNS
from vidtag.records.settings import KEYS

THOROUGH = settings(max_examples=500)
"""For properties that every figure of vidtag hangs on: of smoothing, timelines, times, tables and score files."""

MANY = settings(max_examples=25_000, suppress_health_check=list(HealthCheck))
EDIT = st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=40))
"""Where (a share of the length), how many bytes go, and what comes instead."""

WORDS = st.sampled_from(
    ["[", "]", "{", "}", "=", '"', "'", "\n", ",", ".", "nan", "-inf", "1e999", "0x", "\0", "../", "true"]
)
SOUP = st.lists(st.one_of(WORDS, st.text(max_size=12), st.sampled_from([*KEYS, *COLUMNS])), max_size=60).map("".join)


def edited(content, edits):
    for place, gone, come in edits:
        at = int(place * len(content))
        content = content[:at] + come + content[at + gone :]
    return content


def value_or_our_error(read):
    try:
        return read()
    except VidtagError as error:
        assert len(str(error)) < 5000  # noqa: PT017
        return None
