"""The default model's icons are what `scripts/make-icons` draws, and each is told from the others when small."""

import subprocess
import sys
import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vidtag.cast import Cast, Character
from vidtag.overlay.icons import away_look, load_icon, present_look

ROOT = Path(__file__).resolve().parents[2]
ICONS = ROOT / "models" / "simpsons" / "icons"


@pytest.fixture(scope="module")
def cast() -> Cast:
    tables = tomllib.loads((ICONS / "cast.toml").read_text(encoding="utf-8"))["character"]
    return Cast(tuple(Character(t["id"], t["name"], tuple(t["colour"]), ICONS / t["icon"]) for t in tables))


def test_the_cast_has_nineteen_characters_in_sorted_order_with_colours_of_their_own(cast):
    assert len(cast) == 19
    assert list(cast.ids) == sorted(cast.ids)
    assert len({character.colour for character in cast}) == len(set(cast.names)) == 19


def test_every_icon_is_a_portrait_on_a_transparent_ground(cast):
    for character in cast:
        with Image.open(character.icon) as picture:
            assert (picture.mode, picture.size) == ("RGBA", (256, 256))
        opacity = load_icon(character, 256)[..., 3]
        assert opacity[0, 0] == opacity[0, -1] == 0
        assert opacity[150, 128] == 255


@pytest.mark.parametrize("side", [20, 32, 48])
def test_no_two_characters_look_alike(cast, side):
    icons = [load_icon(character, side) for character in cast]
    away = [away_look(icon).astype(float) for icon in icons]
    present = [present_look(icon, character.colour).astype(float) for icon, character in zip(icons, cast, strict=True)]
    assert min(np.abs(a - b).mean() for a, b in combinations(away, 2)) > 4
    assert min(np.abs(a - b).mean() for a, b in combinations(present, 2)) > 15


def test_the_script_draws_these_icons(cast, tmp_path):
    subprocess.run([sys.executable, ROOT / "scripts" / "make-icons", tmp_path], check=True, timeout=60)
    assert (tmp_path / "cast.toml").read_bytes() == (ICONS / "cast.toml").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in ICONS.iterdir()}
    for character in cast:
        drawn, shipped = Image.open(tmp_path / character.icon.name), Image.open(character.icon)
        difference = np.asarray(drawn).astype(int) - np.asarray(shipped)
        assert np.abs(difference).mean() < 0.5, f"{character.id}: run scripts/make-icons again"
