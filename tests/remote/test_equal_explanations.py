"""Explanations are the same on Oxigraph, Fuseki and Virtuoso."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, RdfFormat, Triple, parse
from remote_servers import Server

from missiongraph.inference.explanation import Explainer, Explanation
from missiongraph.names import INFERRED_GRAPH
from missiongraph.releases import Release
from missiongraph.remote_store import RemoteStore


def some_inferred(release: Release) -> list[Triple]:
    """Return two inferred facts of each property."""
    chosen: dict[NamedNode, list[Triple]] = {}
    for quad in parse(path=str(release.dump), format=RdfFormat.N_QUADS):
        if quad.graph_name == NamedNode(INFERRED_GRAPH):
            found = chosen.setdefault(quad.predicate, [])
            found += [quad.triple] if len(found) < 2 else []
    return [fact for facts in chosen.values() for fact in facts]


def told(explanation: Explanation) -> Iterator[str]:
    """Yield what an explanation says, step by step."""
    yield f"{explanation.fact} {explanation.inferred} {explanation.graphs}"
    yield from sorted(passage.evidence for passage in explanation.passages)
    for step in explanation.steps:
        yield f"{step.rule} {step.axioms}"
        for premise in step.premises:
            yield from told(premise)


def test_an_explanation_is_the_same_everywhere(
    checked_release: Release, server: Server, published: object
) -> None:
    assert published
    facts = some_inferred(checked_release)
    assert len(facts) > 8
    here = Explainer(checked_release.load()).explain_all(facts)
    there = Explainer(RemoteStore(server.query)).explain_all(facts)
    for one, other in zip(here, there, strict=True):
        assert one.steps
        assert list(told(one)) == list(told(other))
