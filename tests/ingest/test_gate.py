"""The gate on small graphs: what it finds, and that it never opens by failing."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, Triple, parse

from missiongraph.errors import BadShapes, GateClosed
from missiongraph.ingest import gate
from missiongraph.ingest.gate import Finding, findings, located, require, run_checks, validate
from missiongraph.names import PREFIXES

SHAPES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX ex: <https://example.org/>
ex:MissionShape a sh:NodeShape ;
  sh:targetClass ex:Mission ;
  sh:property ex:Goal , ex:Place .
ex:Goal sh:path ex:goal ; sh:minCount 1 ; sh:message "It has no goal. Add goal."@en .
ex:Place sh:path ex:place ; sh:minCount 1 ; sh:severity sh:Warning ;
  sh:message "It has no place. Add place."@en .
"""


def triples(text: str) -> list[Triple]:
    prefix = "PREFIX ex: <https://example.org/>"
    return [quad.triple for quad in parse(f"{prefix} {text}", format=RdfFormat.TURTLE)]


def test_violations_and_warnings_are_told_apart() -> None:
    report = validate(triples("ex:m a ex:Mission ."), triples(SHAPES))
    assert not report.conforms
    assert [(f.severity, f.focus, f.path, f.message) for f in report.findings] == [
        (
            "violation",
            "https://example.org/m",
            "https://example.org/goal",
            "It has no goal. Add goal.",
        ),
        (
            "warning",
            "https://example.org/m",
            "https://example.org/place",
            "It has no place. Add place.",
        ),
    ]


def test_a_graph_with_warnings_only_conforms() -> None:
    data = triples('ex:m a ex:Mission ; ex:goal "x" .')
    report = validate(data, triples(SHAPES), warnings_pass=True)
    assert report.conforms
    assert len(report.of("warning")) == 1
    assert not validate(data, triples(SHAPES)).conforms


def test_the_report_is_the_same_bytes_each_time() -> None:
    data = triples("ex:m a ex:Mission . ex:n a ex:Mission .")
    first, second = (validate(data, triples(SHAPES)).turtle for _ in range(2))
    assert first == second
    assert len(list(parse(first, format=RdfFormat.TURTLE))) > 10


def test_a_shape_that_cannot_be_used_closes_the_gate() -> None:
    broken = SHAPES + "ex:Goal sh:pattern '(' ."
    with pytest.raises(BadShapes, match="no pattern"):
        validate(triples("ex:m a ex:Mission ; ex:goal 'x' ."), triples(broken))


@pytest.mark.parametrize(
    ("start", "end", "in_order"),
    [
        ('"2021"^^xsd:gYear', '"2030"^^xsd:gYear', True),
        ('"2030"^^xsd:gYear', '"2021"^^xsd:gYear', False),
        ('"2021-06"^^xsd:gYearMonth', '"2021-07"^^xsd:gYearMonth', True),
        ('"2021-07"^^xsd:gYearMonth', '"2021-06"^^xsd:gYearMonth', False),
    ],
)
def test_years_and_months_are_compared(start: str, end: str, in_order: bool) -> None:
    shape = (
        "[] sh:targetNode ex:m ; sh:property [ sh:path ex:start ; sh:lessThanOrEquals ex:end ] ."
    )
    data = f"PREFIX xsd: <{PREFIXES['xsd']}> ex:m ex:start {start} ; ex:end {end} ."
    report = validate(triples(data), triples(f"PREFIX sh: <{PREFIXES['sh']}> {shape}"))
    assert report.conforms is in_order


def test_what_is_wrong_within_a_value_is_one_finding() -> None:
    shape = """
        [] sh:targetNode ex:m ; sh:property ex:Kind .
        ex:Kind sh:path ex:kind ; sh:message "It is of no kind. Add one."@en ;
          sh:node [ sh:property [ sh:path ex:scheme ; sh:minCount 1 ] ] .
    """
    report = validate(
        triples("ex:m ex:kind ex:k ."), triples(f"PREFIX sh: <{PREFIXES['sh']}> {shape}")
    )
    assert [finding.focus for finding in report.findings] == ["https://example.org/m"]


def test_a_check_that_is_no_query_closes_the_gate(tmp_path: Path) -> None:
    for query in ("SELECT", "ASK {}", "SELECT ?focus { ?focus a ?class }"):
        (tmp_path / "bad-thing-violation.rq").write_text(query)
        engine = Store()
        engine.load("<e:x> a <e:y> .", format=RdfFormat.TURTLE)
        with pytest.raises(GateClosed, match="bad-thing"):
            run_checks(engine, tmp_path)


def test_each_row_of_a_check_is_a_violation(tmp_path: Path) -> None:
    query = "SELECT ?focus ?message { ?focus a <https://example.org/Bad> BIND('bad' AS ?message) }"
    (tmp_path / "bad-thing-violation.rq").write_text(query)
    engine = Store()
    engine.load("<https://example.org/x> a <https://example.org/Bad> .", format=RdfFormat.TURTLE)
    (found,) = findings(run_checks(engine, tmp_path))
    shape = "https://w3id.org/missiongraph/shapes#bad-thing"
    assert found == Finding("violation", "https://example.org/x", "bad", shape=shape)


def test_a_finding_says_where_its_thing_is_described() -> None:
    finding = Finding("violation", "https://example.org/m", "It has no goal. Add goal.")
    (placed,) = located([finding], {finding.focus: "data/x.yaml:3:9"})
    assert str(placed) == "data/x.yaml:3:9: https://example.org/m: It has no goal. Add goal."


def test_a_closed_gate_lists_every_violation() -> None:
    wrong = [Finding("violation", f"https://example.org/{n}", "bad") for n in range(30)]
    with pytest.raises(GateClosed) as caught:
        require(wrong, "violations")
    assert str(caught.value).count("https://example.org/") == 30
    require([], "violations")


def test_messages_are_counted_the_most_frequent_first() -> None:
    findings = [Finding("warning", focus, message) for focus, message in ("ax", "by", "cy")]
    assert gate.counts(findings) == [("y", 2), ("x", 1)]


def test_shapes_that_refer_to_themselves_close_the_gate() -> None:
    shapes = "PREFIX sh: <http://www.w3.org/ns/shacl#> ex:s sh:targetNode ex:n ; sh:not ex:s ."
    with pytest.raises(BadShapes, match="refers to itself"):
        validate(triples("ex:n a ex:N ."), triples(shapes))
