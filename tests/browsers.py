"""The browser that walks the pages, once for all tests, and a page that lets nothing pass."""

import contextlib
import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, sync_playwright
from running import running

from missiongraph.releases import Release
from missiongraph.settings import Settings

TELL_OF_BREACHES = """
document.addEventListener("securitypolicyviolation", event =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""


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


@contextlib.contextmanager
def strict_page(browser: Browser, address: str) -> Iterator[Page]:
    """A page that lets nothing pass.

    No console error, no breach of the security policy, no dialog, no request to elsewhere.
    """
    context = browser.new_context(base_url=address)
    context.add_init_script(TELL_OF_BREACHES)
    page = context.new_page()
    wrong: list[str] = []

    def refuse(dialog: Dialog) -> None:
        wrong.append(dialog.message)
        dialog.dismiss()

    def stay(request: Request) -> None:
        if not request.url.startswith((address, "blob:")):
            wrong.append(request.url)

    page.on("console", lambda message: wrong.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", refuse)
    page.on("request", stay)
    yield page
    context.close()
    assert wrong == []


@pytest.fixture
def page(chromium: Browser, small_service: str) -> Iterator[Page]:
    """A strict page over the small release."""
    with strict_page(chromium, small_service) as page:
        yield page


@pytest.fixture(scope="session")
def sample_service(sample_release: Release) -> Iterator[str]:
    """The address of a service over the sample of our own data."""
    with running(Settings(home=sample_release.folder.parents[1])) as address:
        yield address


@pytest.fixture
def visit(chromium: Browser, sample_service: str) -> Iterator[Page]:
    """A strict page over real data."""
    with strict_page(chromium, sample_service) as page:
        yield page
