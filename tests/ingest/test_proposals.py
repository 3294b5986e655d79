"""Proposals: what is likely is written down for an editor, and never published as it is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from missiongraph.errors import BadDocument
from missiongraph.ingest.mapping_sets import read_mapping_set
from missiongraph.ingest.proposals import as_mapping_set, propose
from missiongraph.names import PREFIXES

HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
GRAPH = """
<https://w3id.org/missiongraph/id/place/norway> mg:placeKind <https://w3id.org/missiongraph/concept/place-kind/country> .
<https://w3id.org/missiongraph/id/actor/no-sintef> a mg:Actor ; rdfs:label "SINTEF Ocean"@en .
<https://w3id.org/missiongraph/id/actor/cordis-1> a mg:Actor ; rdfs:label "SINTEF OCEAN AS"@en ;
    mg:place <https://w3id.org/missiongraph/id/place/norway> .
<https://w3id.org/missiongraph/id/actor/cordis-2> a mg:Actor ; rdfs:label "NORD UNIVERSITET"@en .
<https://w3id.org/missiongraph/id/mission/eu-soil> a mg:Mission ; rdfs:label "EU Mission: A Soil Deal for Europe"@en .
<https://w3id.org/missiongraph/id/mission/eu-cancer> a mg:Mission ; rdfs:label "EU Mission: Cancer"@en .
<https://w3id.org/missiongraph/id/mission/at-soil> a mg:Mission ; rdfs:label "Healthy soils in Austria"@en .
<https://w3id.org/missiongraph/id/mission/x-space> a mg:Mission ; rdfs:label "Space"@en .
"""
KNOWN = """
[] sssom:subject_id <https://w3id.org/missiongraph/id/mission/at-soil> ;
    sssom:object_id <https://w3id.org/missiongraph/id/mission/eu-soil> .
"""


def graph_of(text: str) -> Store:
    graph = Store()
    graph.load(HEAD + text, format=RdfFormat.TURTLE)
    return graph


@pytest.mark.parametrize(
    ("kind", "pair"),
    [
        ("organisations", ("actor/no-sintef", "actor/cordis-1")),
        ("missions", ("mission/at-soil", "mission/eu-soil")),
    ],
)
def test_what_is_likely_is_proposed_and_nothing_else(kind: str, pair: tuple[str, str]) -> None:
    found = propose(graph_of(GRAPH), kind)
    assert [(one.subject.split("/id/")[1], one.object.split("/id/")[1]) for one in found] == [pair]


def test_what_was_looked_at_is_not_proposed_again() -> None:
    assert propose(graph_of(GRAPH + KNOWN), "missions") == []


@pytest.mark.parametrize("kind", ["missions", "organisations"])
def test_a_build_refuses_proposals_until_somebody_has_looked(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"{kind}.sssom.tsv"
    text = as_mapping_set(propose(graph_of(GRAPH), kind), kind)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadDocument, match="not made by hand"):
        read_mapping_set(file)
    editor = "id:actor/missiongraph-editors\t"
    file.write_text(text.replace(f"{editor}\t", f"{editor}{editor}"), encoding="utf-8")
    assert len(read_mapping_set(file).matches) == 1


def test_the_command_writes_proposals_over_the_current_release(
    built_home: Path, tmp_path: Path
) -> None:
    program = str(Path(sys.executable).with_name("missiongraph"))
    file = tmp_path / "proposed.sssom.tsv"
    subprocess.run(
        [program, "propose", "missions", "--output", str(file)],
        env={**os.environ, "MISSIONGRAPH_HOME": str(built_home)},
        check=True,
        capture_output=True,
    )
    assert "mission/eu-" in file.read_text(encoding="utf-8")
