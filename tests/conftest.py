"""What all tests share: media that are made once a session, and no time limits on a busy machine."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from media_recipes import CODED_CLIPS, make_coded_clip

settings.register_profile("vidtag", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("vidtag")


@pytest.fixture(scope="session")
def coded_clip(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give a coded clip of `CODED_CLIPS` by its name; made when first asked for."""
    folder = tmp_path_factory.mktemp("coded")

    def get(name: str) -> Path:
        path = folder / name
        return path if path.exists() else make_coded_clip(path, **CODED_CLIPS[name])

    return get


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder of real media beside the repository; the test is skipped where it is not there."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the real media in ../shared/data")
    return folder


@pytest.fixture
def signals_as_usual() -> Iterator[None]:
    """Undo what `nohup` or a shell's `&` does: processes that a test starts inherit ignored signals."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_DFL) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
