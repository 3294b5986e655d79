"""Why the ontology would be inconsistent, and which profiles of OWL 2 it is in: the real OWL API."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Triple, parse
from typer.testing import CliRunner

from missiongraph.cli import app
from missiongraph.errors import GateClosed, PartMissing
from missiongraph.ingest import owl_api, reasoner
from missiongraph.names import PREFIXES

DOCS = Path(__file__).parent.parent / "docs" / "ontology.md"
NAMES = PREFIXES | {"ex": "https://example.org/"}
HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMES.items())
TEXT = DOCS.read_text(encoding="utf-8")
(WRONG,) = re.findall(r'```turtle file="wrong.ttl"\n(.*?)```', TEXT, re.DOTALL)
"""A mission that is part of a place, and what has nothing to do with it."""
(TOLD,) = re.findall(r"```text[^\n]*\n(.*?)```", TEXT, re.DOTALL)

pytestmark = [
    pytest.mark.reasoner,
    pytest.mark.skipif(
        not reasoner.java_is_installed() and os.environ.get("CI") != "true",
        reason="the OWL API needs a Java runtime",
    ),
]


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(input=HEAD + text, format=RdfFormat.TURTLE)]


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("wrong") / "wrong.ttl"
    file.write_text(WRONG)
    return file


def test_a_contradiction_is_explained_by_the_axioms_that_make_it_and_no_others(wrong: Path) -> None:
    (found,) = owl_api.explain(owl_api.ontology_triples([wrong]))
    assert found.focus == ""
    disjoint, *others = sorted(found.axioms, key=lambda axiom: "Disjoint" not in axiom)
    assert disjoint.startswith("DisjointClasses(") and "mg:Place" in disjoint
    ours = [axiom for axiom in others if "example.org" in axiom]
    assert "SubClassOf(mg:Mission ObjectAllValuesFrom(mg:partOf mg:Programme))" in others
    assert len(others) == len(ours) + 1
    assert not any("dryness" in axiom for axiom in found.axioms)


def test_an_explanation_is_minimal_and_sufficient() -> None:
    text = """
    ex:A a owl:Class . ex:B a owl:Class ; owl:disjointWith ex:A . ex:C a owl:Class ; rdfs:subClassOf ex:B .
    ex:D a owl:Class ; rdfs:subClassOf ex:C , ex:A . ex:E a owl:Class ; rdfs:subClassOf ex:A .
    """
    (found,) = owl_api.explain(triples(text))
    assert found.focus == "https://example.org/D"
    assert found.axioms == (
        "DisjointClasses(<https://example.org/A> <https://example.org/B>)",
        "SubClassOf(<https://example.org/C> <https://example.org/B>)",
        "SubClassOf(<https://example.org/D> <https://example.org/A>)",
        "SubClassOf(<https://example.org/D> <https://example.org/C>)",
    )
    assert owl_api.explain(triples(text.replace("rdfs:subClassOf ex:B", "rdfs:label 'C'"))) == ()


EACH = {
    "ex:A a owl:Class ; rdfs:subClassOf ex:B . ex:B a owl:Class .": "DL EL QL RL",
    "ex:A a owl:Class ; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ; owl:someValuesFrom ex:A ] ."
    " ex:p a owl:ObjectProperty .": "DL EL QL",
    "ex:A a owl:Class ; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ; owl:allValuesFrom ex:A ] ."
    " ex:p a owl:ObjectProperty .": "DL RL",
    "ex:p a owl:ObjectProperty, owl:TransitiveProperty .": "DL EL RL",
    "ex:p a owl:ObjectProperty, owl:SymmetricProperty .": "DL QL RL",
    "ex:p a owl:DatatypeProperty ; rdfs:range xsd:boolean .": "DL RL",
    "ex:p a owl:ObjectProperty, owl:ReflexiveProperty .": "DL EL QL",
    "ex:p a owl:ObjectProperty, owl:TransitiveProperty, owl:FunctionalProperty .": "",  # not even DL (clause 11.2)
}
"""Ontologies of one axiom, and the profiles whose grammar has it (OWL 2 Profiles, sections 2 to 4)."""


@pytest.mark.parametrize("text", EACH, ids=range(len(EACH)))
def test_profiles_are_those_of_the_recommendation(text: str) -> None:
    found = owl_api.profiles(triples(text))
    assert [name for name, departures in found.items() if not departures] == EACH[text].split()


def test_the_documentation_says_which_profiles_the_ontology_is_in() -> None:
    found = owl_api.profiles(owl_api.ontology_triples())
    assert found["DL"] == ()
    assert owl_api.as_markdown(found) in TEXT


def test_the_command_says_why_and_ends_with_1(wrong: Path) -> None:
    run = CliRunner().invoke(app, ["ontology", str(wrong)])
    assert run.exit_code == 1
    assert re.sub(r"DisjointClasses\(.*\)", "DisjointClasses(…)", run.stdout) == TOLD


def test_the_command_says_that_all_is_well() -> None:
    run = CliRunner().invoke(app, ["ontology", "--json"])
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout) == []
    profiles = CliRunner().invoke(app, ["ontology", "--profile"]).stdout
    assert re.search(r"OWL 2 DL \(.*\): yes", profiles)
    assert re.search(r"OWL 2 RL \(.*\): no", profiles)


def test_what_the_owl_api_cannot_read_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    broken = tmp_path / "broken.rdf"
    broken.write_text("<rdf:RDF")
    with pytest.raises(GateClosed, match="cannot read"):
        owl_api.run("explain", broken)


def test_a_missing_java_is_an_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(PartMissing, match="Install one"):
        owl_api.explain([])
