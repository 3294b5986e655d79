"""The directions of dependence: missiongraph ← api, ingest; never sideways, never back."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("missiongraph", "api", "ingest")
SERVICE = "Of the kernel only the command line imports the web service"
INGEST = "Of the kernel only the command line imports the ingest"
SIDEWAYS = "Rooms never import each other, not even by way of others"
COMMANDS = "Nothing imports the command line"


def broken_contracts(checkout: Path) -> set[str]:
    """Return the names of the contracts that a checkout breaks."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    broken = {line.removesuffix(" BROKEN") for line in lines if line.endswith(" BROKEN")}
    kept = {line.removesuffix(" KEPT") for line in lines if line.endswith(" KEPT")}
    assert broken | kept == {SERVICE, INGEST, SIDEWAYS, COMMANDS}, done.stdout + done.stderr
    return broken


def test_the_rooms_keep_their_contracts() -> None:
    assert broken_contracts(ROOT) == set()


@pytest.mark.parametrize(
    ("file", "line", "contracts"),
    [
        ("missiongraph/reports.py", "def f(): import missiongraph.api.app", {SERVICE}),
        ("missiongraph/names.py", "from missiongraph import ingest", {INGEST, SIDEWAYS}),
        ("api/app.py", "from missiongraph.ingest import claims", {INGEST, SIDEWAYS}),
        ("ingest/claims.py", "import missiongraph.api.app", {SERVICE, SIDEWAYS}),
        ("api/app.py", "import missiongraph.cli", {COMMANDS}),
    ],
    ids=["kernel-to-service", "kernel-to-ingest", "sideways", "sideways-back", "to-command-line"],
)
def test_a_planted_import_breaks_a_contract(
    tmp_path: Path, file: str, line: str, contracts: set[str]
) -> None:
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, symlinks=True)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / file).open("a") as stream:
        stream.write(f"\n{line}\n")
    assert broken_contracts(tmp_path) == contracts


@pytest.mark.parametrize("module", ["missiongraph", "missiongraph.cli"])
def test_the_command_line_loads_a_room_only_when_a_command_needs_it(module: str) -> None:
    program = f"import sys, {module}; print(*(name for name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "missiongraph" in loaded
    assert not {"missiongraph.api", "missiongraph.ingest"} & loaded
