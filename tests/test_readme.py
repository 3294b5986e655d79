"""The README: its commands are run against a server of the whole graph, and give what it shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from running import running

from missiongraph import __version__
from missiongraph.ingest.pipeline import build
from missiongraph.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN_ADDRESS = "http://127.0.0.1:8000"
SHOWN_COMMAND = ".venv/bin/missiongraph"
INSTALLS = re.compile(r"^(make|pip|\.venv/bin/pip|missiongraph serve)\b")


@dataclass(frozen=True)
class Example:
    """A program of the README with the output that it shows; None where it shows none."""

    language: str
    program: str
    output: str | None


def examples() -> list[Example]:
    """Return the programs that can be run here, in order."""
    blocks = re.findall(r"^```(\w+)\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    return [
        Example(language, program, output if form in ("csv", "text") else None)
        for (language, program), (form, output) in pairwise([*blocks, ("", "")])
        if language in ("sh", "python") and not INSTALLS.match(program)
    ]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    build(settings)
    return settings


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    with running(settings) as address:
        yield address


def test_the_readme_has_examples_of_every_way_to_ask() -> None:
    programs = "\n".join(example.program for example in examples())
    for way in ("/sparql", "/questions/", "missiongraph ask", "SPARQLWrapper", "/id/"):
        assert way in programs


@pytest.mark.slow
@pytest.mark.parametrize("example", examples(), ids=lambda example: example.program[:40])
def test_an_example_gives_what_the_readme_shows(
    example: Example, address: str, settings: Settings, tmp_path: Path
) -> None:
    if shutil.which("curl") is None and "curl" in example.program:
        pytest.skip("curl is not installed")
    command = str(Path(sys.executable).with_name("missiongraph"))
    program = example.program.replace(SHOWN_ADDRESS, address).replace(SHOWN_COMMAND, f"'{command}'")
    interpreter = [sys.executable] if example.language == "python" else ["bash", "-euo", "pipefail"]
    done = subprocess.run(
        [*interpreter, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "MISSIONGRAPH_HOME": str(settings.home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout or list(tmp_path.iterdir())
    if example.output is not None:
        assert done.stdout == example.output


def test_targets_and_files_that_the_readme_names_are_there() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"\bmake ([a-z]+)", README)) <= set(targets)
    named = re.findall(r"\]\(([^):]+)\)", README) + re.findall(r"`([a-z/]+/)`", README)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_readme_names_the_wheel_of_this_version() -> None:
    assert re.findall(r"missiongraph-([\d.]+)-py3", README) == [__version__]
