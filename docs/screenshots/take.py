"""Take the pictures of docs/pages.md: each page at three widths, as WebP beside this file.

``missiongraph serve`` in one terminal, then ``.venv/bin/python docs/screenshots/take.py``; needs
Debian's Chromium. A second argument is another address than http://127.0.0.1:8000.
"""

from __future__ import annotations

import base64
import shutil
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

FOLDER: Final = Path(__file__).parent
WIDTHS: Final = {360: 740, 1280: 860, 2560: 1300}
"""Widths of the window with its height, in CSS pixels."""
QUALITY: Final = 62
PAGES: Final = {
    "home": "/",
    "missions": "/missions?place=netherlands&place=denmark",
    "cards": "/missions?place=denmark&view=cards",
    "mission": "/id/mission/csiro-drought-resilience",
    "actor": "/id/actor/csiro",
    "challenge": "/id/challenge/plastic-waste",
    "place": "/id/place/denmark",
    "project": "/id/project/cordis-101157502",
    "compare": "/compare?place=denmark&place=norway",
    "network": "/network?place=denmark&place=norway",
    "timeline": "/timeline?place=new-zealand&place=australia",
    "map": "/map",
    "questions": "/questions?user=researcher",
    "question": "/questions/missions-by-place",
    "series": "/questions/timeline?place=netherlands&place=germany",
    "sources": "/sources",
    "source": "/id/source/opsi-webinar-2021",
    "coverage": "/coverage",
    "staleness": "/staleness",
    "search": "/search?q=drougth",
    "editor": "/editor",
    "ontology": "/ontology",
    "vocabularies": "/concept",
    "rules": "/shapes",
    "validate": "/validate",
    "found": "/validate",
    "release": "/releases",
    "data-set": "/dataset",
    "not-found": "/id/mission/csiro-drougth",
}
READY: Final = {
    "network": "mission-network .tools:not([hidden])",
    "editor": "sparql-editor[data-ready]",
}
SHOWN: Final = {"series": "figure.chart", "ontology": "#Mission"}
"""What is to be seen of a page, where that is not its top."""
TYPED: Final = {
    "found": (
        "csv",
        """\
source.id;source.title;source.page;source.sourceKind;source.issued;summary;pageNumber;type;label;startDate
source/example;An example;https://example.org/report.pdf;report;2024-05;Rivers shall be clean.;p. 12;Mission;Clean Rivers;2024
;;;;;;;Misson;Clean Lakes;2o25
""",
    )
}
"""What is sent by the form of a page: the kind and the text."""
DARK: Final = ("home", "mission", "series")
"""The pages that are taken in dark colours too."""


def main() -> None:
    """Take all pictures."""
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--headless", "--no-sandbox"]
        )
        for name, path in PAGES.items():
            for width in WIDTHS:
                take(browser, address + path, name, width)
        for name in DARK:
            take(browser, address + PAGES[name], name, 1280, dark=True)
        browser.close()


def take(browser: Browser, address: str, name: str, width: int, *, dark: bool = False) -> None:
    """Take one picture."""
    page = browser.new_page(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme="dark" if dark else "light",
    )
    page.set_default_timeout(120_000)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    if name in READY:
        page.locator(READY[name]).wait_for(timeout=60_000)
    if name in TYPED:
        kind, text = TYPED[name]
        page.get_by_label("What it is").select_option(kind)
        page.get_by_label("Text").fill(text)
        page.get_by_role("button", name="Check").click()
        page.locator(".findings").wait_for(timeout=60_000)
    if name in SHOWN:
        page.locator(SHOWN[name]).first.evaluate("it => it.scrollIntoView()")
    session = page.context.new_cdp_session(page)
    taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    file = FOLDER / f"{name}-{width}{'-dark' if dark else ''}.webp"
    file.write_bytes(base64.b64decode(taken["data"]))
    print(f"{file.stat().st_size:>8,}  {file.name}")
    page.close()


if __name__ == "__main__":
    main()
