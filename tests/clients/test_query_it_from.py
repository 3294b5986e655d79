"""The page "Query it from…": every kind of client, and the requests of those that are not at hand.

Its programs are run by tests/docs/test_blocks.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

import httpx
import pytest
from running import running

from missiongraph.settings import Settings

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "query-it-from.md").read_text(encoding="utf-8")
BLOCKS: Final = re.findall(r"^```(\w+)[^\n]*\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
NOT_AT_HAND: Final = ("powerquery",)


def only(language: str) -> str:
    (text,) = [text for found, text in BLOCKS if found == language]
    return str(text)


@pytest.fixture(scope="module")
def address(built_home: Path) -> Iterator[str]:
    with running(Settings(home=built_home)) as address:
        yield address


@pytest.mark.xdist_group("docs")
@pytest.mark.parametrize("language", NOT_AT_HAND)
def test_the_request_of_a_program_that_cannot_be_run_here_is_answered(
    language: str, address: str
) -> None:
    """It asks for CSV by the address alone, with spaces as %20."""
    assert only(language)
    query = urlencode({"format": "csv", "query": only("sparql")}, quote_via=quote)
    response = httpx.get(f"{address}/sparql?{query}", timeout=30)
    assert response.status_code == 200
    assert response.text.splitlines() == only("csv").splitlines()


def test_the_page_has_a_program_for_every_kind_of_client() -> None:
    languages = {language for language, _ in BLOCKS}
    assert languages == {"python", "r", "js", "java", "sh", *NOT_AT_HAND, "sparql", "csv"}
    text = "\n".join(text for _, text in BLOCKS)
    for client in ("curl", "pandas", "SPARQLWrapper", "rdflib", "fetch", "comunica", "rsparql"):
        assert client in text
    assert "mg.connect" in text
