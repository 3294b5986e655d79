"""The ontology, its vocabularies, alignments, rules and checks, on real files and a real store."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolution,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
)

from missiongraph.names import MG, PREFIXES, mg

ROOT = Path(__file__).parent.parent / "ontology"
FIXTURES = Path(__file__).parent / "ontology"
TURTLE = sorted(ROOT.rglob("*.ttl"))
VOCABULARIES = sorted((ROOT / "vocabularies").glob("*.ttl"))
RULES = sorted((ROOT / "rules").glob("*.rq"))
CHECKS = sorted((ROOT / "checks").glob("*.rq"))
EX = "https://example.org/"


def store_of(*files: Path) -> Store:
    """Return a store with the files' triples in its default graph."""
    store = Store()
    for file in files:
        store.load(path=file, format=RdfFormat.TURTLE, to_graph=DefaultGraph())
    return store


def store_of_text(text: str) -> Store:
    """Return the ontology and, beside it, what a Turtle text with prefixes ex: and mg: says."""
    store = store_of(*TURTLE)
    names = PREFIXES | {"ex": EX}
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in names.items())
    store.load(input=head + text, format=RdfFormat.TURTLE, to_graph=DefaultGraph())
    return store


def violations(store: Store, check: Path) -> list[QuerySolution]:
    """Return what a check finds in a store."""
    found = store.query(check.read_text(encoding="utf-8"))
    assert isinstance(found, QuerySolutions)
    assert {"focus", "message"} <= {variable.value for variable in found.variables}
    return list(found)


def infer(store: Store) -> None:
    """Run all rules on the store until they add nothing."""
    queries = [rule.read_text(encoding="utf-8") for rule in RULES]
    size = -1
    while size != len(store):
        size = len(store)
        for query in queries:
            made = store.query(query)
            assert isinstance(made, QueryTriples)
            store.extend([Quad(*triple) for triple in made])


def holds(store: Store, subject: str, predicate: NamedNode, value: NamedNode | Literal) -> bool:
    """Say whether the default graph states something of an ex: subject."""
    return Quad(NamedNode(EX + subject), predicate, value) in store


def fixture_name(check: Path) -> str:
    """Return the folder in which a check's offender and twin stand."""
    return check.name.removesuffix("-violation.rq")


@pytest.mark.parametrize("file", TURTLE, ids=lambda file: file.stem)
def test_every_turtle_file_parses(file: Path) -> None:
    assert list(parse(path=str(file), format=RdfFormat.TURTLE))


@pytest.mark.parametrize("file", VOCABULARIES, ids=lambda file: file.stem)
def test_a_vocabulary_is_one_scheme_without_blank_nodes(file: Path) -> None:
    quads = list(parse(path=str(file), format=RdfFormat.TURTLE))
    scheme = NamedNode(PREFIXES["skos"] + "ConceptScheme")
    assert len({quad.subject for quad in quads if quad.object == scheme}) == 1
    assert all(not term.startswith("_:") for q in quads for term in (str(q.subject), str(q.object)))


@pytest.mark.parametrize("check", CHECKS, ids=fixture_name)
def test_ontology_and_vocabularies_pass_every_check(check: Path) -> None:
    found = violations(store_of(*TURTLE), check)
    assert [f"{row['focus']}: {row['message']}" for row in found] == []


@pytest.mark.parametrize("check", CHECKS, ids=fixture_name)
def test_inference_breaks_no_check(check: Path) -> None:
    store = store_of(*TURTLE)
    infer(store)
    assert [str(row["focus"]) for row in violations(store, check)] == []


@pytest.mark.parametrize("check", CHECKS, ids=fixture_name)
def test_a_check_reports_its_offender_and_says_what_to_do(check: Path) -> None:
    offender = FIXTURES / fixture_name(check) / "offender.ttl"
    found = violations(store_of(offender), check)
    assert found
    for row in found:
        assert isinstance(row["focus"], NamedNode)
        assert isinstance(row["message"], Literal)
        assert row["message"].value.endswith(".")


@pytest.mark.parametrize("check", CHECKS, ids=fixture_name)
def test_a_check_passes_the_twin_of_its_offender(check: Path) -> None:
    twin = FIXTURES / fixture_name(check) / "twin.ttl"
    assert violations(store_of(twin), check) == []


def test_no_fixture_is_left_without_its_check() -> None:
    folders = {folder.name for folder in FIXTURES.iterdir() if folder.is_dir()}
    assert folders == {fixture_name(check) for check in CHECKS}


@pytest.mark.parametrize("query", RULES + CHECKS, ids=lambda query: query.stem)
def test_a_query_opens_with_its_intent_and_has_the_prefixes_it_uses_in_order(query: Path) -> None:
    lines = query.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    body = "\n".join(line for line in lines if not line.startswith(("#", "PREFIX")))
    prefixes = [line.split()[1] for line in lines if line.startswith("PREFIX")]
    assert prefixes == sorted(prefixes)
    assert [prefix for prefix in prefixes if prefix not in body] == []


def test_no_check_joins_text_with_a_plus() -> None:
    assert [check.name for check in CHECKS if '" +' in check.read_text(encoding="utf-8")] == []


def test_who_funds_is_involved() -> None:
    store = store_of_text("ex:mission mg:fundedBy ex:actor .")
    infer(store)
    assert holds(store, "mission", mg("involves"), NamedNode(EX + "actor"))


def test_a_participation_involves_its_actor_in_the_project() -> None:
    store = store_of_text(
        "ex:project mg:hasParticipation ex:part . ex:part mg:participant ex:actor ."
    )
    infer(store)
    assert holds(store, "project", mg("involves"), NamedNode(EX + "actor"))
    assert not holds(store, "part", mg("involves"), NamedNode(EX + "actor"))


def test_parts_of_parts_are_parts_over_any_number_of_steps() -> None:
    store = store_of_text(
        "ex:city mg:partOf ex:region . ex:region mg:partOf ex:country . ex:country mg:partOf ex:eu ."
    )
    infer(store)
    assert holds(store, "city", mg("partOf"), NamedNode(EX + "eu"))


def test_the_global_level_is_above_the_local_one() -> None:
    store = store_of(*TURTLE)
    infer(store)
    level = PREFIXES["concept"] + "governance-level/"
    assert Quad(NamedNode(level + "global"), mg("above"), NamedNode(level + "local")) in store
    assert Quad(NamedNode(level + "local"), mg("above"), NamedNode(level + "global")) not in store


def test_competition_and_alignment_hold_both_ways() -> None:
    store = store_of_text("ex:a mg:competesWith ex:b . ex:m mg:alignedWith ex:n .")
    infer(store)
    assert holds(store, "b", mg("competesWith"), NamedNode(EX + "a"))
    assert holds(store, "n", mg("alignedWith"), NamedNode(EX + "m"))


def test_a_governance_body_is_an_actor() -> None:
    store = store_of_text("ex:board a mg:GovernanceBody .")
    infer(store)
    assert holds(store, "board", NamedNode(PREFIXES["rdf"] + "type"), mg("Actor"))


@pytest.mark.parametrize(
    "date", ['"2030"^^xsd:gYear', '"2030-06"^^xsd:gYearMonth', '"2030-06-30"^^xsd:date']
)
@pytest.mark.parametrize(
    ("stated", "derived"),
    [("deadline", "deadlineYear"), ("startDate", "startYear"), ("endDate", "endYear")],
)
def test_a_date_of_any_precision_has_its_year(date: str, stated: str, derived: str) -> None:
    store = store_of_text(f"ex:thing mg:{stated} {date} .")
    infer(store)
    assert holds(store, "thing", mg(derived), Literal(2030))


def test_what_is_no_date_gets_no_year() -> None:
    store = store_of_text('ex:target mg:deadline "soon" .')
    infer(store)
    assert list(store.quads_for_pattern(None, mg("deadlineYear"), None)) == []


def test_broader_and_narrower_hold_the_other_way_round() -> None:
    store = store_of_text("ex:a skos:broader ex:b . ex:a skos:topConceptOf ex:scheme .")
    infer(store)
    skos = PREFIXES["skos"]
    assert holds(store, "b", NamedNode(skos + "narrower"), NamedNode(EX + "a"))
    assert holds(store, "scheme", NamedNode(skos + "hasTopConcept"), NamedNode(EX + "a"))


def test_nothing_is_inferred_in_the_terms_of_other_ontologies_than_skos() -> None:
    text = "ex:board a mg:GovernanceBody . ex:actor a mg:Actor ; mg:memberOf ex:board ."
    store = store_of_text(text)
    before = set(store)
    infer(store)
    added = set(store) - before
    ours = (MG, PREFIXES["skos"])
    named = {q.object if "type" in q.predicate.value else q.predicate for q in added}
    assert named
    assert all(isinstance(term, NamedNode) and term.value.startswith(ours) for term in named)
