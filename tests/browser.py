"""A real browser for tests of pages: the system's Chromium, driven by Playwright; nothing is downloaded."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def chromium_path():
    """Give the path of Chromium, or skip the test where there is none."""
    pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install -e '.[dev]'")
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    return found


@contextmanager
def browsing() -> Iterator[object]:
    """Give a browser, ended behind the block."""
    path = chromium_path()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """A page that is looked at; whatever it complains about or asks for is kept.

    Attributes:
        page: Playwright's.
        complaints: errors and warnings of the console, and uncaught errors.
        requests: addresses that were asked for, but those of data within the page.
    """

    def __init__(self, browser, path: Path, *, viewport=DESK, dark=False, **options) -> None:
        self.context = browser.new_context(
            viewport=viewport, color_scheme="dark" if dark else "light", accept_downloads=True, **options
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)  # of a busy machine
        self.complaints, self.requests = [], []
        self.page.on("console", self._keep_message)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._keep_request)
        self.page.goto(path.as_uri())

    def _keep_message(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _keep_request(self, request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self.requests.append(request.url)

    def saved(self, button) -> bytes:
        """Click on a button that saves a file, and give the file."""
        with self.page.expect_download() as download:
            button.click()
        return Path(download.value.path()).read_bytes()

    def close(self) -> None:
        """Close the page; fails if it complained about anything."""
        self.context.close()
        assert self.complaints == []
