"""Every model in models/ is small, with a card that says where it comes from and what one may do with it."""

from pathlib import Path

import pytest

from vidtag.records.bundles import load_bundle

MODELS = Path(__file__).parents[1] / "models"
MOST_BYTES = 15_000_000
NOT_STATED = "not stated"  # what training writes where nobody says


@pytest.mark.parametrize("folder", sorted(MODELS.iterdir()), ids=lambda folder: folder.name)
def test_a_shipped_model_is_small_and_says_its_licence_and_origin(folder):
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) <= MOST_BYTES
    bundle = load_bundle(folder)
    card = (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    for heading, said in (("Licence", bundle.licence), ("Origin", bundle.origin)):
        (line,) = [line for line in card.splitlines() if line.startswith(f"* **{heading}:**")]
        for text in (said, line.partition(":**")[2].strip()):
            assert text
            assert text != NOT_STATED
