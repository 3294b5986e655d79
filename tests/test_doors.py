"""A new question is one new file: every door has it, and none needs an edit."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import httpx
import openpyxl
import polars as pl
import pytest
from mcp import Client, StdioServerParameters
from pyoxigraph import Literal, RdfFormat, parse
from running import wait_until

from missiongraph.api.server import address_of, listen
from missiongraph.names import BASE
from missiongraph.releases import Release

ROOT = Path(__file__).parents[1]
ID = "missions-with-a-start"
PAGES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")
FILE = """\
#+ title: Missions with a start
#+ question: Since when has each mission been there?
#+ user: tool
#+ parameters:
#+   place: {type: iri, class: Place, label: Place, several: true}
#+ columns: {mission: Mission, place: Place}
PREFIX mg: <https://w3id.org/missiongraph/ontology#>

SELECT ?mission ?place
WHERE {
  VALUES ?place { UNDEF }
  ?mission a mg:Mission ;
    mg:place ?place .
}
ORDER BY ?mission ?place
"""
START_SECONDS = 60

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def environment(
    sample_release: Release, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Variables under which a checkout with one more file below queries/ runs."""
    checkout = tmp_path_factory.mktemp("checkout")
    for name in ("missiongraph", "ontology", "shapes", "data", "docs", *PAGES):
        (checkout / name).symlink_to(ROOT / name)
    (checkout / "queries").mkdir()
    for file in (ROOT / "queries").glob("*.rq"):
        (checkout / "queries" / file.name).symlink_to(file)
    (checkout / "queries" / f"{ID}.rq").write_text(FILE, encoding="utf-8")
    home = str(sample_release.folder.parents[1])
    return {**os.environ, "PYTHONPATH": str(checkout), "MISSIONGRAPH_HOME": home}


def run(environment: dict[str, str], program: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=environment["MISSIONGRAPH_HOME"],  # not here, where the package itself would be found
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


COMMAND = "from missiongraph.cli import main; main()"


@pytest.fixture(scope="module")
def address(environment: dict[str, str]) -> Iterator[str]:
    with listen("127.0.0.1", 0) as listener:
        address = address_of(listener).removesuffix("/")
    command = [sys.executable, "-c", COMMAND, "serve", "--port", address.rpartition(":")[2]]
    home = environment["MISSIONGRAPH_HOME"]
    with subprocess.Popen(command, cwd=home, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            wait_until(lambda: is_ready(address), START_SECONDS)
            yield address
        finally:
            server.terminate()
            server.wait(START_SECONDS)


def is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/ready").status_code == 200
    except httpx.TransportError:
        return False


def missions(text: str) -> set[str]:
    return {row["mission"] for row in csv.DictReader(io.StringIO(text))}


@pytest.fixture(scope="module")
def expected(address: str) -> set[str]:
    found = missions(httpx.get(f"{address}/questions/{ID}.csv?place=denmark").text)
    assert found
    return found


def test_the_service_lists_it_and_answers_it_in_every_form(
    address: str, expected: set[str]
) -> None:
    with httpx.Client(base_url=address, timeout=30) as client:
        assert f"/questions/{ID}" in client.get("/questions", headers={"Accept": "text/html"}).text
        listed = {q["id"]: q for q in client.get("/questions.json").json()["questions"]}
        assert [p["name"] for p in listed[ID]["parameters"]] == ["place"]
        page = client.get(f"/questions/{ID}?place=DNK", headers={"Accept": "text/html"}).text
        assert "Since when has each mission been there?" in page
        answer = f"/questions/{ID}"
        assert missions(client.get(f"{answer}.csv?place=DNK").text) == expected
        rows = client.get(f"{answer}.json?place=denmark").json()["results"]["bindings"]
        assert {row["mission"]["value"] for row in rows} == expected
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"{answer}.xlsx?place=DNK").content))
        (sheet,) = book.worksheets
        assert {row[0] for row in sheet.iter_rows(min_row=2, values_only=True)} == expected
        table = pl.read_parquet(io.BytesIO(client.get(f"{answer}.parquet?place=DNK").content))
        assert set(table["mission"]) == expected


def test_every_description_of_the_service_names_it(address: str) -> None:
    with httpx.Client(base_url=address, timeout=30) as client:
        paths = client.get("/openapi.json").json()["paths"]
        for path in ("/questions/{question_id}", "/questions/{question_id}.{ending}"):
            (parameter,) = (
                p for p in paths[path]["get"]["parameters"] if p["name"] == "question_id"
            )
            assert parameter["examples"][ID]["value"] == ID
        assert f"<loc>{address}/questions/{ID}</loc>" in client.get("/sitemap.xml").text
        assert (
            f"[Missions with a start]({address}/questions/{ID}.csv)" in client.get("/llms.txt").text
        )
        for described in ("/.well-known/sparql-examples", "/sparql"):
            text = client.get(described, headers={"Accept": "application/n-triples"}).text
            (query,) = (
                str(quad.object.value)
                for quad in parse(text, format=RdfFormat.N_TRIPLES)
                if (str(quad.subject), quad.predicate.value.rpartition("#")[2])
                == (f"<{BASE}question/{ID}>", "select")
                and isinstance(quad.object, Literal)
            )
            rows = client.get("/sparql", params={"query": query, "format": "csv"}).text
            assert missions(rows)


def test_the_command_line_answers_it(environment: dict[str, str], expected: set[str]) -> None:
    told = run(environment, COMMAND, "ask", ID, "--place", "DNK", "--format", "csv")
    assert missions(told) == expected


def test_python_answers_it_and_its_stub_and_the_reference_have_it(
    environment: dict[str, str], expected: set[str]
) -> None:
    program = f"""
import json, missiongraph as mg
from importlib.util import module_from_spec, spec_from_file_location
from missiongraph.client.stubs import our_stub
from missiongraph.resources import root
spec = spec_from_file_location("hooks", root() / "docs" / "hooks.py")
hooks = module_from_spec(spec)
spec.loader.exec_module(hooks)
g = mg.connect()
print(json.dumps({{
    "rows": list(g.ask({ID!r}, place="DNK")["mission"]),
    "listed": {ID!r} in g.questions,
    "stub": our_stub(),
    "reference": hooks.generated()["reference/questions.md"],
}}))
"""
    told = json.loads(run(environment, program))
    assert set(told["rows"]) == expected
    assert told["listed"]
    assert f'question: Literal["{ID}"]' in told["stub"]
    assert f"## {ID}\n" in told["reference"]


def test_an_assistant_is_told_of_it_and_gets_its_answer(
    environment: dict[str, str], expected: set[str], tmp_path: Path
) -> None:
    command = StdioServerParameters(
        command=sys.executable, args=["-c", COMMAND, "mcp"], env=environment, cwd=tmp_path
    )

    async def session() -> tuple[str, str]:
        async with Client(command) as client:
            tools = (await client.list_tools()).tools
            answer = await client.call_tool(ID, {"place": ["DNK"]})
            text = "".join(getattr(part, "text", "") for part in answer.content)
            return " ".join(str(tool) for tool in tools), text

    # Of its own thread, for the browser's tests leave a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        told, answer = thread.submit(anyio.run, session).result()
    assert ID in told
    assert all(iri.rpartition("/")[2] in answer for iri in expected)
