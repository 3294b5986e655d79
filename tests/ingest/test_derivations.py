"""What is computed once for each release: similar projects, and the network of actors."""

from __future__ import annotations

import csv
import random
import statistics
from collections.abc import Iterable
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from missiongraph.ingest import derivations
from missiongraph.ingest.derivations import missing_links, network, similar_projects
from missiongraph.ingest.derivations.similar_projects import LEAST_SCORE
from missiongraph.ingest.derivations.texts import LEAST_WORDS, alike, words_of
from missiongraph.names import ID, RDF_TYPE, mg
from missiongraph.releases import Release

LABELLED = Path(__file__).parents[1] / "questions" / "similar-projects.csv"
TEXTS = st.dictionaries(
    st.text("abc", min_size=1, max_size=3),
    st.lists(st.sampled_from(["fff", "ggg", "hhh", "jjj", "of"]), max_size=7).map(" ".join),
)


def test_the_threshold_finds_of_the_labelled_pairs_what_the_methods_say() -> None:
    """Titles of mission projects of CORDIS; docs/methods.md tells how the pairs were drawn."""
    rows = list(csv.DictReader(LABELLED.read_text(encoding="utf-8").splitlines()))
    titles = {row[key]: row[f"{key}Title"] for row in rows for key in ("one", "other")}
    same = {(row["one"], row["other"]) for row in rows if row["same"] == "yes"}
    judged = {(row["one"], row["other"]) for row in rows}
    found = {(pair.one, pair.other) for pair in alike(titles, LEAST_SCORE)} & judged
    assert len(same) == 44
    assert len(found & same) / len(found) == pytest.approx(0.65, abs=0.01)
    assert len(found & same) / len(same) == pytest.approx(0.39, abs=0.01)


def test_on_pairs_that_chose_no_threshold_it_does_what_the_methods_say() -> None:
    """Two hundred halves drawn at random: the threshold from one, the figures from the other."""
    rows = list(csv.DictReader(LABELLED.read_text(encoding="utf-8").splitlines()))
    titles = {row[key]: row[f"{key}Title"] for row in rows for key in ("one", "other")}
    scores = {(pair.one, pair.other): pair.score for pair in alike(titles, 0.0001)}
    pairs = [(scores.get((r["one"], r["other"]), 0.0), r["same"] == "yes") for r in rows]
    draw = random.Random(1)
    figures = []
    for _ in range(200):
        draw.shuffle(pairs)
        half = len(pairs) // 2
        least = max({s for s, _ in pairs[:half]}, key=lambda s: precise(pairs[:half], s))
        figures.append(precision_and_recall(pairs[half:], least))
    assert statistics.mean(p for p, _ in figures) == pytest.approx(0.64, abs=0.02)
    assert statistics.mean(r for _, r in figures) == pytest.approx(0.31, abs=0.02)


def precision_and_recall(pairs: list[tuple[float, bool]], least: float) -> tuple[float, float]:
    found = [same for score, same in pairs if score >= least]
    wanted = sum(same for _, same in pairs)
    return (sum(found) / len(found) if found else 0.0), sum(found) / wanted


def precise(pairs: list[tuple[float, bool]], least: float) -> tuple[float, float]:
    """Return F0.5, in which precision counts twice as much as recall; of equals the higher."""
    p, r = precision_and_recall(pairs, least)
    return (1.25 * p * r / (0.25 * p + r) if p + r else 0.0), least


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_score_lies_between_0_and_1_and_is_1_for_the_same_words(texts: dict[str, str]) -> None:
    pairs = list(alike(texts, 0.0001))
    assert all(0 < pair.score <= 1.0000001 and pair.words for pair in pairs)
    assert [(p.one, p.other) for p in pairs] == [(p.one, p.other) for p in pairs if p.one < p.other]
    equal = {
        (a, b)
        for a in texts
        for b in texts
        if a < b
        and words_of(texts[a]) == words_of(texts[b])
        and len(words_of(texts[a])) >= LEAST_WORDS
    }
    assert equal == {(p.one, p.other) for p in pairs if p.score > 0.999999} & equal


def line(*edges: tuple[str, str]) -> Store:
    """Return a graph of actors in missions, as ``(actor, mission)``."""
    engine = Store()
    for actor, mission in edges:
        host = NamedNode(f"{ID}mission/{mission}")
        engine.add(Quad(host, RDF_TYPE, mg("Mission"), DefaultGraph()))
        engine.add(Quad(host, mg("involves"), NamedNode(f"{ID}actor/{actor}"), DefaultGraph()))
    return engine


def figures(engine: Store, name: str) -> dict[str, float]:
    facts: Iterable[object] = network.derive(engine)
    return {
        fact.subject.value.rpartition("/")[2]: float(fact.object.value)  # type: ignore[attr-defined]
        for fact in facts
        if fact.predicate == mg(name)  # type: ignore[attr-defined]
    }


def test_the_actor_between_two_missions_has_all_the_betweenness() -> None:
    engine = line(("x", "a"), ("y", "a"), ("y", "b"), ("z", "b"))
    # Of the 6 pairs among the other four nodes the shortest paths of x-b, x-z, a-b and a-z lead over y.
    assert figures(engine, "betweenness") == {"x": 0, "y": pytest.approx(4 / 6, abs=1e-6), "z": 0}
    assert figures(engine, "constraint") == {"x": 1, "y": 0.5, "z": 1}


def test_two_groups_without_a_bridge_are_two_communities() -> None:
    engine = line(("x", "a"), ("y", "a"), ("z", "b"))
    groups = figures(engine, "community")
    assert groups["x"] == groups["y"] == groups["a"] == 1
    assert groups["z"] == groups["b"] == 2


def test_a_graph_without_actors_and_projects_derives_nothing() -> None:
    assert derivations.derive(Store()) == 0


def test_each_derivation_stands_in_a_graph_of_its_own_and_in_the_default_graph(
    built_release: Release,
) -> None:
    graphs = built_release.manifest.graphs
    assert graphs[network.GRAPH] > 0
    names = {derivation.GRAPH for derivation in derivations.derivations()}
    assert names == {missing_links.GRAPH, network.GRAPH, similar_projects.GRAPH}
    store = built_release.load()
    from missiongraph.tables import ask

    query = f"ASK {{ GRAPH <{network.GRAPH}> {{ ?s ?p ?o }} ?s ?p ?o }}"
    assert ask(store, query)


def test_the_constraint_is_that_of_networkx() -> None:
    graph = nx.gnm_random_graph(40, 160, seed=7)
    for number, (one, other) in enumerate(graph.edges):
        graph[one][other]["weight"] = 1 + number % 4
    shares = {
        str(n): network.shares_of({str(m): edge["weight"] for m, edge in graph[n].items()})
        for n in graph
    }
    expected = nx.constraint(graph, weight="weight")
    for node in graph:
        assert network.constraint_of(str(node), shares) == pytest.approx(expected[node])


MISSIONS = st.sampled_from("abcdef")
STEERED = st.dictionaries(
    MISSIONS, st.frozensets(st.sampled_from("uvwxyz"), min_size=1, max_size=3)
)


@settings(max_examples=150, deadline=None)
@given(st.sets(st.tuples(MISSIONS, MISSIONS).filter(lambda pair: pair[0] < pair[1])), STEERED)
def test_each_pair_of_missions_that_can_be_connected_is_connected_once(
    pairs: set[tuple[str, str]], candidates: dict[str, frozenset[str]]
) -> None:
    joins = list(missing_links.joins(pairs, candidates))
    connected = [pair for join in joins for pair in join.missions]
    assert sorted(connected) == sorted(
        pair for pair in pairs if all(mission in candidates for mission in pair)
    )
    gains = [len(join.missions) for join in joins]
    assert gains == sorted(gains, reverse=True)
    for join in joins:
        first, second = join.actors
        for one, other in join.missions:
            sides = candidates[one], candidates[other]
            assert (first in sides[0] and second in sides[1]) or (
                second in sides[0] and first in sides[1]
            )


@settings(max_examples=60, deadline=None)
@given(st.sets(st.tuples(MISSIONS, MISSIONS).filter(lambda pair: pair[0] < pair[1])), STEERED)
def test_no_first_join_connects_more(
    pairs: set[tuple[str, str]], candidates: dict[str, frozenset[str]]
) -> None:
    def connected_by(first: str, second: str) -> int:
        return sum(
            any(
                a in candidates.get(one, ()) and b in candidates.get(other, ())
                for a, b in ((first, second), (second, first))
            )
            for one, other in pairs
        )

    first_join = next(missing_links.joins(pairs, candidates), None)
    best = max((connected_by(a, b) for a in "uvwxyz" for b in "uvwxyz"), default=0)
    assert (len(first_join.missions) if first_join else 0) == best


def test_missions_with_a_common_actor_or_body_are_not_apart() -> None:
    pairs = {("a", "b"), ("a", "c"), ("a", "d"), ("a", "e")}
    involved = {"a": frozenset("xy"), "b": frozenset("x"), "c": frozenset("z")}
    involved |= {"d": frozenset(["board"])}
    bodies = {"y": frozenset(["board"]), "z": frozenset(["board"])}
    assert missing_links.apart(pairs, involved, bodies) == {("a", "e")}
