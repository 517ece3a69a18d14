import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidtag.errors import OptionError
from vidtag.training.mix import KINDS, FrameMix
from vidtag.training.mixing import change_mix, parse_mix_settings


@given(st.dictionaries(st.sampled_from(KINDS), st.floats(0, 0.19), max_size=4))
def test_named_shares_are_taken_and_the_others_keep_their_proportions(shares):
    before = FrameMix()
    mix = change_mix(before, {kind: (share,) for kind, share in shares.items()})
    others = [kind for kind in KINDS if kind not in shares]
    assert sum(getattr(mix, kind) for kind in KINDS) == pytest.approx(1)
    assert {kind: getattr(mix, kind) for kind in shares} == shares
    ratios = [getattr(mix, kind) / getattr(before, kind) for kind in others]
    assert ratios == pytest.approx([ratios[0]] * len(ratios))


def test_other_settings_are_read_and_set():
    settings = parse_mix_settings(["crowd=0.5,0.5", "scale=0.3,0.6", "turn=5", "scene=1"])
    mix = change_mix(FrameMix(), settings)
    assert (mix.crowd, mix.scale, mix.turn) == ((0.5, 0.5), (0.3, 0.6), 5)
    assert (mix.scene, mix.whole, mix.nobody) == (1, 0, 0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("scenery=1", "has no 'scenery'; there are whole, small"),
        ("scene", "expected NAME=NUMBER such as scene=0.5, got 'scene'"),
        ("scene=much", "expected NAME=NUMBER"),
        ("scene=1,0", "scene takes one value, got 2"),
        ("scale=0.5", "scale takes two values, got 1"),
        ("scale=0.1,0.2,0.3", "scale takes two values, got 3"),
        ("scene=1.5", "add up to 1"),
        ("scene=-1", "must be 0 or more"),
        ("scene=nan", "add up to 1"),
        ("turn=900", "turn must be 0 to 180"),
        ("crowd=0.5,0.1", "crowd must be 0 or more and add up to 1"),
    ],
)
def test_what_the_mix_does_not_take_is_refused(text, words):
    with pytest.raises(OptionError, match=words):
        change_mix(FrameMix(), parse_mix_settings([text]))
