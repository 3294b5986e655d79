"""Rules are read from their queries; what is no rule is refused with its place."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store, Triple, Variable
from small_worlds import RULES, SETS, program_of

from missiongraph import resources
from missiongraph.errors import BadRule
from missiongraph.inference import Closure, Program, ground, ontology_of, read_rules
from missiongraph.inference.rules import OPTIONAL, Rule, read_rule
from missiongraph.names import PREFIXES, mg
from missiongraph.ontology import read_turtle

FILES = sorted(RULES.rglob("*.rq"))
ONTOLOGY = resources.root() / "ontology"
A, B, C, D = (NamedNode(f"https://example.org/{name}") for name in "abcd")


def one_rule(name: str) -> Rule:
    (rule,) = [rule for rule in read_rules(RULES, SETS) if rule.name == name]
    return rule


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_is_a_rule_that_opens_with_its_intent_and_that_an_engine_runs(file: Path) -> None:
    rules = read_rule(file)
    assert rules
    for rule in rules:
        assert rule.intent.endswith(".") and rule.facts
        assert Store().query(f"{rule.prefixes}\nSELECT * WHERE {{ {rule.where()} }}")


def test_every_set_of_optional_rules_is_known_by_name() -> None:
    assert {path.name for path in (RULES / OPTIONAL).iterdir()} == set(SETS)
    ours = {rule.name for rule in read_rules(RULES)}
    assert ours.isdisjoint({"domain", "range", "same-as-subject", "exact-match"})
    assert {"domain", "range"} <= {rule.name for rule in read_rules(RULES, ["domain-range"])}


def test_a_set_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(BadRule, match=r"'same'.*domain-range, mappings"):
        read_rules(RULES, ["same"])


def test_patterns_of_axioms_are_told_from_patterns_of_facts() -> None:
    chain = one_rule("chain")
    assert [str(p) for p in chain.facts] == [
        "?subject ?first ?middle .",
        "?middle ?second ?object .",
    ]
    assert len(chain.axioms) == 5
    (sub_class,) = [rule for rule in read_rules(RULES) if rule.name == "sub-class"]
    assert [p.object for p in sub_class.facts] == [Variable("class")]
    assert len(sub_class.axiom_conditions) == 1
    assert not one_rule("same-as-subject").axioms


def test_each_side_of_a_union_is_a_rule() -> None:
    sides = [rule for rule in read_rules(RULES) if rule.name == "inverse"]
    assert [str(rule.axioms[0].subject) for rule in sides] == ["?property", "?other"]


def test_a_rule_about_facts_alone_needs_no_axioms(tmp_path: Path) -> None:
    file = tmp_path / "host.rq"
    file.write_text(
        "# A mission of a programme has the programme's place.\n"
        "PREFIX mg: <https://w3id.org/missiongraph/ontology#>\n\n"
        "CONSTRUCT { ?mission mg:place ?place }\nWHERE {\n"
        "  ?mission mg:partOf ?programme .\n  ?programme mg:place ?place .\n"
        "  FILTER(STRENDS(STR(?place), 'c'))\n}\n"
    )
    program = Program(ground(read_rules(tmp_path), Store()))
    stated = [Triple(A, mg("partOf"), B), Triple(B, mg("place"), C), Triple(B, mg("place"), D)]
    assert list(Closure.of(program, stated).inferred()) == [Triple(A, mg("place"), C)]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("?a mg:p ?b . ?b mg:q ?c .", "not a line of a rule"),
        ("OPTIONAL { ?a mg:p ?b }", "not a line of a rule"),
        ("?a nowhere:p ?c .", "neither a variable nor a prefixed name"),
        ("?a mg:p ?b .", "a variable of its own"),
        ("?a mg:p ?b .\n  ?c mg:q ?d .", "do not hang together"),
        ("?a mg:p ?c .\n  FILTER(?a != ?c)", "more than one variable"),
        ("BIND(1 AS ?c)", "follows from nothing"),
    ],
)
def test_what_is_no_rule_is_refused(tmp_path: Path, body: str, says: str) -> None:
    head = "# It is no rule.\nPREFIX mg: <https://w3id.org/missiongraph/ontology#>\n"
    file = tmp_path / "bad.rq"
    file.write_text(f"{head}CONSTRUCT {{ ?a mg:r ?c }}\nWHERE {{\n  {body}\n}}\n")
    with pytest.raises(BadRule, match=says):
        read_rule(file)


def test_a_query_that_constructs_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.rq").write_text("# Nothing.\nSELECT * WHERE {\n  ?a ?b ?c .\n}\n")
    with pytest.raises(BadRule):
        read_rule(tmp_path / "bad.rq")


def test_the_chains_of_the_ontology_are_as_long_as_rules_are() -> None:
    triples = read_turtle(ONTOLOGY / "missiongraph.ttl")
    program = Program(ground(read_rules(RULES), ontology_of(triples)))
    chains = [t for t in triples if t.predicate.value == PREFIXES["owl"] + "propertyChainAxiom"]
    taken = {a for c in program.clauses for a in c.axioms} & set(chains)
    assert chains and len(taken) == len(chains)


def test_exact_matches_make_things_the_same_only_if_that_is_asked() -> None:
    exact = NamedNode(PREFIXES["skos"] + "exactMatch")
    stated = [Triple(A, exact, B), Triple(A, mg("place"), C), Triple(D, mg("ownedBy"), B)]
    assert list(Closure.of(program_of([]), stated).inferred()) == []
    assert list(Closure.of(program_of([], ["same-as"]), stated).inferred()) == []
    asked = set(Closure.of(program_of([], ["mappings", "same-as"]), stated).inferred())
    assert {Triple(B, mg("place"), C), Triple(D, mg("ownedBy"), A)} <= asked


def test_the_build_takes_no_class_from_a_domain_or_a_range() -> None:
    ontology = read_turtle(ONTOLOGY / "missiongraph.ttl")
    stated = [Triple(A, mg("startSeconds"), Literal(1)), Triple(A, mg("assesses"), B)]
    assert list(Closure.of(program_of(ontology), stated).inferred()) == []
    asked = set(Closure.of(program_of(ontology, ["domain-range"]), stated).inferred())
    assert {t.object for t in asked} == {mg("Evidence"), mg("Assessment"), mg("Mission")}
