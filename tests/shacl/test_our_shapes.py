"""The plan of our shapes: the same results as pySHACL's, on all fixtures and on the release."""

from pathlib import Path

import pytest
from comparing import rows_in, rows_of, rows_of_pyshacl
from pyoxigraph import RdfFormat, Triple, parse

from missiongraph.ingest.pipeline import Rooms
from missiongraph.ontology import read_turtle
from missiongraph.releases import Home
from missiongraph.shacl import compile_shapes

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "shapes"


def of_files(*files: Path) -> list[Triple]:
    return [triple for file in files for triple in read_turtle(file)]


def vocabulary() -> list[Triple]:
    ontology = ROOT / "ontology"
    return of_files(ontology / "missiongraph.ttl", *sorted(ontology.glob("vocabularies/*.ttl")))


@pytest.mark.parametrize("name", ["offender", "twin"])
def test_the_fixtures_of_all_shapes_get_pyshacls_results(name: str) -> None:
    data = vocabulary() + of_files(*sorted(FIXTURES.glob(f"*/{name}.ttl")))
    shapes = Rooms.ours().read_shapes()
    found = rows_of(compile_shapes(shapes).validate(data))
    assert found == rows_of_pyshacl(data, shapes)
    assert len(found) > 50


def test_all_our_shapes_are_compiled() -> None:
    assert compile_shapes(Rooms.ours().read_shapes()).fallbacks == ()


def test_the_release_gets_pyshacls_results(built_home: Path) -> None:
    release = Home(built_home).current()
    assert release is not None
    quads = parse(path=str(release.dump), format=RdfFormat.N_QUADS)
    data = list(dict.fromkeys(quad.triple for quad in quads))
    shapes = Rooms.ours().read_shapes()
    report = compile_shapes(shapes).validate(data)
    assert rows_of(report) == rows_of_pyshacl(data, shapes)
    turtle = parse(report.turtle, format=RdfFormat.TURTLE)
    assert rows_in(turtle) == rows_of(report)
