"""The page "Query it from…": its programs are run against a service of the whole graph."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

import httpx
import pytest
from installed import COMUNICA, NODE_MODULES, jena_jar, require
from running import running

from missiongraph.settings import Settings

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "query-it-from.md").read_text(encoding="utf-8")
SHOWN: Final = "http://127.0.0.1:8000"
NOT_RUN: Final = {"r": "R", "powerquery": "Excel"}
FILES: Final = {
    "python": "program.py",
    "js": "program.mjs",
    "java": "Missions.java",
    "sh": "run.sh",
}


@dataclass(frozen=True)
class Program:
    """A block of the page in a language."""

    language: str
    text: str

    def __str__(self) -> str:
        lines = [line for line in self.text.splitlines() if SHOWN in line or "import" in line]
        return f"{self.language}: {lines[-1].strip()[:40] if lines else self.text[:40]}"


def blocks() -> list[Program]:
    found = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    return [Program(language, text) for language, text in found]


def only(language: str) -> str:
    (text,) = [block.text for block in blocks() if block.language == language]
    return text


PROGRAMS: Final = [
    block
    for block in blocks()
    if block.language in FILES and not block.text.startswith("npm install")
]


@pytest.fixture(scope="module")
def address(built_home: Path) -> Iterator[str]:
    with running(Settings(home=built_home)) as address:
        yield address


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the page's query, in which what the page has installed is found."""
    (tmp_path / "missions.rq").write_text(only("sparql"), encoding="utf-8")
    (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    (tmp_path / "bin").mkdir()
    rsparql = tmp_path / "bin" / "rsparql"
    rsparql.write_text(f'#!/bin/sh\nexec java -cp "{jena_jar()}" arq.rsparql "$@"\n')
    rsparql.chmod(0o755)
    return tmp_path


def command(program: Program, file: Path) -> list[str]:
    """Return what runs a program; skip the test when it is not installed."""
    if program.language == "python":
        return [sys.executable, "-W", "error", str(file)]
    if program.language == "java":
        # Running a source file needs a JDK's compiler, which CI's runtime has not.
        modules = subprocess.run(
            ["java", "--list-modules"], capture_output=True, text=True, check=True
        )
        if "jdk.compiler" not in modules.stdout:
            pytest.skip("a Java compiler is not installed")
        return ["java", "-cp", str(jena_jar()), str(file)]
    if program.language == "js":
        return ["node", str(file)]
    return ["bash", "-euo", "pipefail", str(file)]


def require_for(program: Program) -> None:
    """Skip the test by name when a program's client is not installed; in CI let it fail."""
    if "comunica" in program.text:
        require("Comunica", shutil.which("node") and COMUNICA.exists())
    if "jena" in program.text or "rsparql" in program.text:
        require("Jena", shutil.which("java") and jena_jar())
    if program.language == "js":
        require("Node.js", shutil.which("node"))
    if "curl" in program.text:
        require("curl", shutil.which("curl"))


@pytest.mark.slow
@pytest.mark.client
@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_a_program_gives_the_rows_that_the_page_shows(
    program: Program, address: str, folder: Path
) -> None:
    require_for(program)
    file = folder / FILES[program.language]
    file.write_text(program.text.replace(SHOWN, address), encoding="utf-8")
    done = subprocess.run(
        command(program, file),
        cwd=folder,
        env={**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for mission, deadline in list(csv.reader(only("csv").splitlines()))[1:]:
        assert re.search(f"{mission}.*{deadline}", done.stdout), done.stdout


@pytest.mark.parametrize("language", NOT_RUN)
def test_the_request_of_a_program_that_cannot_be_run_here_is_answered(
    language: str, address: str
) -> None:
    """Both ask for CSV by the address alone, with spaces as %20."""
    assert f"```{language}\n" in PAGE
    query = urlencode({"format": "csv", "query": only("sparql")}, quote_via=quote)
    response = httpx.get(f"{address}/sparql?{query}", timeout=30)
    assert response.status_code == 200
    assert response.text.splitlines() == only("csv").splitlines()


def test_the_page_has_a_program_for_every_kind_of_client() -> None:
    languages = {block.language for block in blocks()}
    assert languages == {*FILES, *NOT_RUN, "sparql", "csv"}
    text = "\n".join(program.text for program in PROGRAMS)
    for client in ("curl", "pandas", "SPARQLWrapper", "rdflib", "fetch", "comunica", "rsparql"):
        assert client in text
