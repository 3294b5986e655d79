"""The shapes: each finds its offenders, lets their twins pass, and the curated data conform.

Validation is pySHACL's, the reference. All offenders are validated in one run, and all
twins in another, since every run looks at the vocabularies too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyshacl
import pytest
from pyoxigraph import DefaultGraph, RdfFormat, parse, serialize
from rdflib import RDF, SH, XSD, Graph, Namespace, URIRef
from rdflib.term import Node, bind

from missiongraph.names import MG, SHAPES
from missiongraph.releases import Release

ROOT = Path(__file__).parent.parent
FIXTURES = Path(__file__).parent / "shapes"
FILES = sorted((ROOT / "shapes").glob("*.ttl"))
BY_FILE = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
OURS = Namespace(MG)
NOT_CONSTRAINTS = frozenset(
    (
        SH.deactivated,
        SH.flags,
        SH.message,
        SH.path,
        SH.property,
        SH.qualifiedValueShape,
        SH.severity,
        SH.targetClass,
        SH.targetObjectsOf,
        SH.targetSubjectsOf,
    )
)


@dataclass(frozen=True)
class Result:
    """One result of a validation report."""

    focus: Node | None
    shape: Node | None
    component: Node | None
    severity: Node | None


# rdflib knows no value of years and months, and fails where it has to compare them: as text they do.
for _datatype in (XSD.gYear, XSD.gYearMonth):
    bind(_datatype, str, str, datatype_specific=True)


@cache
def graph_of(*files: Path) -> Graph:
    """Return what Turtle files say together; not to be changed."""
    graph = Graph()
    for file in files:
        graph.parse(file, format="turtle")
    return graph


def vocabulary() -> Graph:
    """Return the ontology and its vocabularies, which every graph holds beside its data."""
    ontology = ROOT / "ontology"
    return graph_of(ontology / "missiongraph.ttl", *sorted(ontology.glob("vocabularies/*.ttl")))


def validate(data: Graph) -> frozenset[Result]:
    """Return what all shapes find in a graph."""
    _, report, text = pyshacl.validate(data, shacl_graph=graph_of(*FILES), inference="none")
    assert isinstance(report, Graph), text
    return frozenset(
        Result(
            focus=report.value(result, SH.focusNode),
            shape=report.value(result, SH.sourceShape),
            component=report.value(result, SH.sourceConstraintComponent),
            severity=report.value(result, SH.resultSeverity),
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    )


def fixture_of(file: Path, name: str) -> Graph:
    """Return the offender or the twin of a file of shapes."""
    return graph_of(FIXTURES / file.stem / f"{name}.ttl")


def results_of_fixtures(name: str) -> frozenset[Result]:
    """Return what all shapes find in all offenders, or in all twins."""
    data = Graph()
    for graph in (vocabulary(), *(fixture_of(file, name) for file in FILES)):
        data += graph
    return validate(data)


@pytest.fixture(scope="session")
def offences() -> frozenset[Result]:
    return results_of_fixtures("offender")


@pytest.fixture(scope="session")
def twins() -> frozenset[Result]:
    return results_of_fixtures("twin")


def shapes_in(graph: Graph) -> set[Node]:
    """Return the shapes that have a name; those within them speak through them."""
    kinds = (SH.NodeShape, SH.PropertyShape)
    return {shape for kind in kinds for shape in graph.subjects(RDF.type, kind)}


def constraints_of(graph: Graph, shape: Node) -> set[Node]:
    """Return the constraint components of a shape, as a report names them.

    The name of a component of SHACL Core follows from that of its parameter (SHACL, clause 4).
    """
    parameters = {
        str(predicate).removeprefix(str(SH))
        for predicate in graph.predicates(shape)
        if str(predicate).startswith(str(SH)) and predicate not in NOT_CONSTRAINTS
    }
    return {SH[f"{name[0].upper()}{name[1:]}ConstraintComponent"] for name in parameters}


def named(results: Iterable[tuple[Node | None, ...]]) -> list[str]:
    """Return results as sorted lines for a message."""
    return sorted(" ".join(str(part).rpartition("#")[2] for part in row) for row in results)


@BY_FILE
def test_each_constraint_reports_its_offender(file: Path, offences: frozenset[Result]) -> None:
    shapes = graph_of(file)
    expected = {
        (shape, component)
        for shape in shapes_in(shapes)
        for component in constraints_of(shapes, shape)
    }
    offenders = set(fixture_of(file, "offender").subjects())
    found = {(result.shape, result.component) for result in offences if result.focus in offenders}
    assert expected
    assert named(expected - found) == []


@BY_FILE
def test_each_twin_passes(file: Path, twins: frozenset[Result]) -> None:
    subjects = set(fixture_of(file, "twin").subjects())
    own = shapes_in(graph_of(file))
    complaints = {
        (result.focus, result.shape)
        for result in twins
        if result.focus in subjects and (result.severity == SH.Violation or result.shape in own)
    }
    assert named(complaints) == []


@BY_FILE
def test_each_constraint_tells_problem_and_cure_in_english(file: Path) -> None:
    shapes = graph_of(file)
    for shape in shapes_in(shapes):
        if not constraints_of(shapes, shape):
            continue
        assert shapes.value(shape, SH.severity) in (SH.Violation, SH.Warning), shape
        (message,) = shapes.objects(shape, SH.message)
        assert getattr(message, "language", None) == "en", shape
        assert str(message).count(". ") >= 1, f"{shape}: a problem and a cure are two sentences"


@BY_FILE
def test_each_shape_is_named_under_the_shapes_and_stands_in_one_file(file: Path) -> None:
    shapes = shapes_in(graph_of(file))
    others = [shapes_in(graph_of(other)) for other in FILES if other != file]
    assert all(str(shape).startswith(SHAPES + "#") for shape in shapes)
    assert shapes.isdisjoint(set().union(*others))


def test_every_shape_is_in_use() -> None:
    shapes = graph_of(*FILES)
    targets = (SH.targetClass, SH.targetSubjectsOf)
    used = set(shapes.objects(None, SH.property))
    used |= {shape for target in targets for shape in shapes.subjects(target)}
    assert shapes_in(shapes) == {node for node in used if isinstance(node, URIRef)}


def test_shapes_name_only_terms_that_the_ontology_declares() -> None:
    terms = {term for triple in graph_of(*FILES) for term in triple if str(term).startswith(MG)}
    assert terms
    assert terms <= set(vocabulary().subjects(RDF.type))


def test_every_class_of_things_and_every_property_has_a_shape() -> None:
    shapes = graph_of(*FILES)
    classes = set(vocabulary().subjects(OURS.segment))
    assert classes <= set(shapes.objects(None, SH.targetClass))
    derived = set(vocabulary().subjects(OURS.derived))
    properties = set(vocabulary().subjects(OURS.valueKind)) - derived
    assert properties <= set(shapes.objects(None, SH.path))


def test_only_shacl_core_is_used() -> None:
    beyond = (SH.sparql, SH.js, SH.target, SH.rule)
    assert not [term for term in beyond if (None, term, None) in graph_of(*FILES)]


def test_sources_may_disagree_on_a_single_valued_property() -> None:
    """Apart from what a record is of: its one source, participant, mission and so on."""
    shapes = graph_of(*FILES)
    limited = {shapes.value(shape, SH.path) for shape in shapes.subjects(SH.maxCount)}
    disputable = set(vocabulary().subjects(OURS.singleValued)) - {
        OURS.assesses,
        OURS.coder,
        OURS.criterion,
        OURS.ofTarget,
        OURS.participant,
    }
    assert limited.isdisjoint(disputable)


def test_our_data_have_no_violation_by_the_reference_validator(sample_release: Release) -> None:
    quads = parse(path=str(sample_release.dump), format=RdfFormat.N_QUADS)
    merged = (quad.triple for quad in quads if isinstance(quad.graph_name, DefaultGraph))
    data = Graph().parse(data=serialize(merged, format=RdfFormat.N_TRIPLES), format="nt")
    violations = {
        (result.focus, result.shape) for result in validate(data) if result.severity == SH.Violation
    }
    assert named(violations) == []
