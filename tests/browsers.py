"""The browser that walks the pages, once for all tests, and a page that lets nothing pass."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, sync_playwright


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is needed here: apt-get install chromium")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, small_service: str) -> Iterator[Page]:
    """A page that lets nothing pass: no console error, no dialog, no request to elsewhere."""
    context = chromium.new_context(base_url=small_service)
    page = context.new_page()
    wrong: list[str] = []

    def refuse(dialog: Dialog) -> None:
        wrong.append(dialog.message)
        dialog.dismiss()

    def stay(request: Request) -> None:
        if not request.url.startswith(small_service):
            wrong.append(request.url)

    page.on("console", lambda message: wrong.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", refuse)
    page.on("request", stay)
    yield page
    context.close()
    assert wrong == []
