"""The icons of shipped models are what `scripts/make-icons` draws, and each is told from the others when small."""

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
SIZES = {"simpsons": 19, "popeye-sindbad": 4}


@pytest.fixture(scope="module", params=SIZES)
def name(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def cast(name) -> Cast:
    icons = ROOT / "models" / name / "icons"
    tables = tomllib.loads((ROOT / "models" / name / "bundle.toml").read_text(encoding="utf-8"))["character"]
    return Cast(tuple(Character(t["id"], t["name"], tuple(t["colour"]), icons.parent / t["icon"]) for t in tables))


def test_the_cast_is_whole_and_everybody_has_a_colour(cast, name):
    assert len(cast) == SIZES[name]
    assert len({character.colour for character in cast}) == len(set(cast.names)) == len(cast)


def test_every_icon_is_a_portrait_on_a_transparent_ground(cast):
    for character in cast:
        with Image.open(character.icon) as picture:
            assert (picture.mode, picture.size) == ("RGBA", (256, 256))
        opacity = load_icon(character, 256)[..., 3]
        assert opacity[0, 0] == opacity[0, -1] == 0
        assert (opacity == 255).mean() > 0.3


@pytest.mark.parametrize("side", [20, 32, 48])
def test_no_two_characters_look_alike(cast, side):
    icons = [load_icon(character, side) for character in cast]
    away = [away_look(icon).astype(float) for icon in icons]
    present = [present_look(icon, character.colour).astype(float) for icon, character in zip(icons, cast, strict=True)]
    assert min(np.abs(a - b).mean() for a, b in combinations(away, 2)) > 4
    assert min(np.abs(a - b).mean() for a, b in combinations(present, 2)) > 15


def test_the_script_draws_these_icons(cast, name, tmp_path):
    subprocess.run([sys.executable, ROOT / "scripts" / "make-icons", tmp_path, "--cast", name], check=True, timeout=60)
    drawn = tomllib.loads((tmp_path / "cast.toml").read_text(encoding="utf-8"))["character"]
    assert [(t["id"], t["name"], tuple(t["colour"])) for t in drawn] == [(c.id, c.name, c.colour) for c in cast]
    for character in cast:
        fresh, shipped = Image.open(tmp_path / f"{character.id}.png"), Image.open(character.icon)
        difference = np.asarray(fresh).astype(int) - np.asarray(shipped)
        assert np.abs(difference).mean() < 0.5, f"{character.id}: run scripts/make-icons again"
