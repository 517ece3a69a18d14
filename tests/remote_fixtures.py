"""Fixtures of the tests of addresses; a test module takes them with `pytest_plugins`, beside `episode_fixtures`."""

import pytest
from batch_recipes import asked_for, make_season, tree
from remote_recipes import REPORTS, lasting

from vidtag.batch.run import run_batch


@pytest.fixture(scope="module")
def made_season(tmp_path_factory):
    """A season of three films in a folder. Not to be changed."""
    return make_season(tmp_path_factory.mktemp("made") / "season")


@pytest.fixture(scope="module")
def expected(models, made_season, tmp_path_factory):
    """What a batch makes of the files."""
    out = tmp_path_factory.mktemp("expected") / "tagged"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIDTAG_MODELS", str(models))
        run_batch([str(made_season)], out, asked=asked_for(), options=REPORTS, tell=lambda event: None)
    return lasting(tree(out))
