"""The README: what it names is there. Its blocks are run by tests/docs/test_blocks.py."""

from __future__ import annotations

import re
from pathlib import Path

from missiongraph import __version__

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_has_examples_of_every_way_to_ask() -> None:
    for way in (
        "/sparql",
        "/questions/",
        "missiongraph ask",
        "mg.connect",
        "SPARQLWrapper",
        "/id/",
    ):
        assert way in README


def test_targets_and_files_that_the_readme_names_are_there() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"\bmake ([a-z]+)", README)) <= set(targets)
    named = re.findall(r"\]\(([^):]+)\)", README) + re.findall(r"`([a-z/]+/)`", README)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_readme_names_the_wheel_of_this_version() -> None:
    assert re.findall(r"missiongraph-([\d.]+)-py3", README) == [__version__]
