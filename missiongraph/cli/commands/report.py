"""``missiongraph report``."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Annotated, Final

import typer

from missiongraph.cli.terminal import StoreAddress, open_graph, write_bytes
from missiongraph.errors import FormatNotOffered, PartMissing
from missiongraph.reports import report_of, write_html

_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
_SECONDS: Final = 120


def report(
    subject: Annotated[str, typer.Argument(metavar="MISSION|PLACE", help="Slug or IRI.")],
    wanted: Annotated[str, typer.Option("--format", help="html or pdf.")] = "html",
    output: Annotated[Path | None, typer.Option("--output", help="Write to this file.")] = None,
    store: StoreAddress = None,
) -> None:
    """Write a printable brief: facts, gaps, whom to talk to, nearest missions, sources."""
    if wanted not in ("html", "pdf"):
        raise FormatNotOffered(
            f"{wanted!r} is not a form of a report.",
            where="--format",
            remedy="Write one of: html, pdf.",
        )
    with open_graph(store) as graph:
        page = write_html(report_of(graph, subject))
    write_bytes(page if wanted == "html" else _as_pdf(page), output)


def _as_pdf(page: bytes) -> bytes:
    """Return a page as PDF, printed by a browser.

    Raises:
        PartMissing: there is no Chromium.
    """
    browser = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise PartMissing(
            "A PDF is printed by Chromium, which is not here.",
            remedy="Install chromium, or take --format html and print it.",
        )
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "report.html", Path(folder) / "report.pdf"
        source.write_bytes(page)
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        command += [
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={target}",
            source.as_uri(),
        ]
        subprocess.run(command, check=False, capture_output=True, timeout=_SECONDS)
        if not target.is_file():
            raise PartMissing(
                "Chromium printed nothing.", where=browser, remedy="Try --format html."
            )
        return target.read_bytes()
