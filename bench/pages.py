"""What pages cost a reader: bytes, requests, when the largest part is painted, what shifts.

``python bench/pages.py [ADDRESS]`` measures a server that runs already (by default
http://127.0.0.1:8000) with Debian's Chromium, by the browser's own API (Navigation Timing, Resource
Timing, Largest Contentful Paint and Layout Instability), three loads of each page with an empty
cache; the middle one counts. Prints a table for RESULTS.md.

A second argument is the process id of that server: then processor time that the server and its
workers spend on the document is measured too, over ten requests, which holds on a busy machine.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
from pathlib import Path
from typing import Final

import httpx
from playwright.sync_api import Browser, sync_playwright

PAGES: Final = (
    "/",
    "/missions",
    "/id/mission/csiro-drought-resilience",
    "/id/place/denmark",
    "/compare?place=denmark&place=norway",
    "/network?place=denmark",
    "/network",
    "/timeline",
    "/map",
    "/questions",
    "/questions/missions-by-place",
    "/questions/timeline",
    "/sources",
    "/id/source/opsi-webinar-2021",
    "/coverage",
    "/staleness",
    "/search?q=drougth",
    "/editor",
    "/ontology",
    "/concept",
    "/shapes",
    "/validate",
)
LOADS: Final = 3
REQUESTS: Final = 10
WATCH: Final = """
window.__shift = 0; window.__largest = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => {
  if (!entry.hadRecentInput) window.__shift += entry.value;
})).observe({type: "layout-shift", buffered: true});
new PerformanceObserver(list => list.getEntries().forEach(entry => {
  window.__largest = entry.startTime;
})).observe({type: "largest-contentful-paint", buffered: true});
"""
READ: Final = """() => {
  const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  const first = entries[0];
  return {
    bytes: entries.reduce((sum, entry) => sum + entry.transferSize, 0),
    document: first.transferSize,
    requests: entries.length,
    server: first.responseStart - first.requestStart,
    largest: window.__largest,
    shift: window.__shift,
  };
}"""


def main() -> None:
    """Measure each page and print the table."""
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    server = int(sys.argv[2]) if len(sys.argv) > 2 else None
    print(
        "| page | requests | transfer, KB | of it the document, KB | server's processor, ms "
        "| server, ms | LCP, ms | CLS |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--headless", "--no-sandbox"]
        )
        for path in PAGES:
            loads = [measured(browser, address + path) for _ in range(LOADS)]
            middle = {name: statistics.median(load[name] for load in loads) for name in loads[0]}
            print(
                f"| `{path}` | {middle['requests']:.0f} | {middle['bytes'] / 1000:.1f} "
                f"| {middle['document'] / 1000:.1f} | {spent(server, address + path)} "
                f"| {middle['server']:.0f} "
                f"| {middle['largest']:.0f} | {middle['shift']:.3f} |",
                flush=True,
            )
        browser.close()


def spent(server: int | None, address: str) -> str:
    """Return the milliseconds of processor time that one request for a page takes the server."""
    if server is None:
        return ""
    with httpx.Client(headers={"Accept": "text/html"}, timeout=120) as client:
        before = processor_seconds(server)
        for _ in range(REQUESTS):
            client.get(address).raise_for_status()
        return f"{(processor_seconds(server) - before) / REQUESTS * 1000:.0f}"


def processor_seconds(pid: int) -> float:
    """Return the processor time of a process and of those that it has begun (Linux)."""
    children = " ".join(f.read_text() for f in Path(f"/proc/{pid}/task").glob("*/children")).split()
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
    return own + sum(processor_seconds(int(child)) for child in children)


def measured(browser: Browser, address: str) -> dict[str, float]:
    """Return the figures of one load of a page in a fresh context."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(300)
        figures: dict[str, float] = page.evaluate(READ)
        return figures


if __name__ == "__main__":
    main()
