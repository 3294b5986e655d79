"""The W3C SHACL Core tests: folders node, property and targets of w3c/data-shapes."""

from collections import Counter
from pathlib import Path

import pytest
from comparing import Row, rows_in, rows_of
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from missiongraph.shacl import compile_shapes
from missiongraph.shacl.shapes_graph import ShapesGraph

SUITE = Path(__file__).parents[3] / "shared" / "data" / "shacl-tests"
SHT = "http://www.w3.org/ns/shacl-test#"
PARTS = ("-data", "-shapes")
FILES = sorted(
    file
    for file in SUITE.glob("*/*.ttl")
    if file.stem != "manifest" and not file.stem.endswith(PARTS)
)
FAILING: dict[str, str] = {}  # a test's folder and name, and why it fails

pytestmark = pytest.mark.skipif(not FILES, reason="shared/data/shacl-tests is not there")


def read(file: Path) -> list[Triple]:
    base = file.as_uri()
    return [q.triple for q in parse(path=str(file), format=RdfFormat.TURTLE, base_iri=base)]


def part(test: ShapesGraph, name: str) -> Path:
    (value,) = test.values(NamedNode(SHT + name))
    assert isinstance(value, NamedNode)
    return Path(value.value.removeprefix("file://"))


def expected(file: Path) -> Counter[Row]:
    """Return the results of a test's expected report; the rest of its file are shapes and data."""
    return rows_in(read(file))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_the_suites_results_are_found(file: Path) -> None:
    test = ShapesGraph(read(file))
    plan = compile_shapes(read(part(test, "shapesGraph")))
    found = rows_of(plan.validate(read(part(test, "dataGraph"))))
    assert (found == expected(file)) is (f"{file.parent.name}/{file.stem}" not in FAILING)


def test_the_documentation_counts_the_suite_as_it_is() -> None:
    table = (Path(__file__).parents[2] / "docs" / "shacl.md").read_text(encoding="utf-8")
    for folder, count in Counter(file.parent.name for file in FILES).items():
        failing = sum(name.startswith(f"{folder}/") for name in FAILING)
        assert f"| {folder} | {count} | {count - failing} |" in table
