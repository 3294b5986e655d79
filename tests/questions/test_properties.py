"""What holds of questions whatever the graph: a further fact closes gaps and opens none."""

from __future__ import annotations

from functools import cache
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from missiongraph import resources
from missiongraph.ingest.derivations import missing_links
from missiongraph.names import CONCEPT, ID, RDF_TYPE, RDFS_LABEL, mg
from missiongraph.ontology import read_turtle
from missiongraph.questions import answer_table, find_question
from missiongraph.store import EmbeddedStore
from missiongraph.tables import Term, text_of

Fact = tuple[NamedNode, NamedNode, NamedNode | Literal]
usual = settings(max_examples=60, deadline=None)

MISSIONS: Final = [NamedNode(f"{ID}mission/m{i}") for i in range(4)]
CHALLENGES: Final = [NamedNode(f"{ID}challenge/c{i}") for i in range(3)]
ACTORS: Final = [NamedNode(f"{ID}actor/a{i}") for i in range(4)]
BODIES: Final = [NamedNode(f"{ID}actor/board{i}") for i in range(2)]
INSTRUMENTS: Final = [NamedNode(f"{ID}instrument/i{i}") for i in range(3)]
MINISTRY: Final = NamedNode(f"{CONCEPT}actor-type/ministry")
SIDES: Final = [NamedNode(f"{CONCEPT}side/{name}") for name in ("demand", "regulatory", "supply")]
KNOWN_OF_A_MISSION: Final = ("addresses", "involves", "ownedBy", "status", "hasInstrument", "place")


def _facts(
    subjects: list[NamedNode], name: str, objects: list[NamedNode]
) -> st.SearchStrategy[Fact]:
    return st.tuples(st.sampled_from(subjects), st.just(mg(name)), st.sampled_from(objects))


GRAPHS = st.lists(
    st.one_of(
        _facts(MISSIONS, "addresses", CHALLENGES),
        _facts(MISSIONS, "involves", ACTORS + BODIES),
        _facts(MISSIONS, "hasInstrument", INSTRUMENTS),
        _facts(INSTRUMENTS, "side", SIDES),
        _facts(ACTORS, "memberOf", BODIES),
        _facts(CHALLENGES[:1], "broaderChallenge", CHALLENGES[1:]),
    ),
    max_size=25,
)


@cache
def _standing() -> tuple[Fact, ...]:
    """What every graph holds: the ontology, the kinds of things, and their names."""
    kinds = {"Mission": MISSIONS, "Challenge": CHALLENGES, "Instrument": INSTRUMENTS}
    kinds |= {"Actor": ACTORS + BODIES, "GovernanceBody": BODIES}
    facts = [(thing, RDF_TYPE, mg(kind)) for kind, things in kinds.items() for thing in things]
    facts += [(actor, mg("actorType"), MINISTRY) for actor in ACTORS]
    names = [
        (thing, RDFS_LABEL, Literal(thing.value[-2:], language="en"))
        for things in kinds.values()
        for thing in things
    ]
    files = [resources.root() / "ontology" / "missiongraph.ttl"]
    files += [
        resources.root() / "ontology" / "vocabularies" / f"{n}.ttl"
        for n in ("side", "innovation-stage")
    ]
    ontology = [tuple(triple) for file in files for triple in read_turtle(file)]
    return (*facts, *names, *ontology)


def rows(question: str, facts: list[Fact], *columns: str) -> set[tuple[str, ...]]:
    """Return the distinct values of some columns of a question's answer over a graph."""
    quads = [Quad(*fact, DefaultGraph()) for fact in (*_standing(), *facts)]
    table = answer_table(EmbeddedStore.of(quads), find_question(question))
    return {tuple(_text(record.get(column)) for column in columns) for record in table.records()}


def _text(term: Term | None) -> str:
    return text_of(term)


PAIR: Final = ("mission", "ministry", "otherMinistry")


@usual
@given(GRAPHS, st.sampled_from(ACTORS), st.sampled_from(ACTORS))
def test_a_joint_body_takes_the_pair_away_and_brings_none(
    graph: list[Fact], one: NamedNode, other: NamedNode
) -> None:
    new_body = NamedNode(f"{ID}actor/new-body")
    joint: list[Fact] = [(actor, mg("memberOf"), new_body) for actor in (one, other)]
    before = rows("ministries-without-joint-body", graph, *PAIR)
    after = rows("ministries-without-joint-body", graph + joint, *PAIR)
    pair = {text_of(one), text_of(other)}
    assert after <= before
    assert after == {row for row in before if set(row[1:]) != pair}


@usual
@given(GRAPHS, st.sampled_from(ACTORS + BODIES))
def test_without_an_actor_no_fewer_missions_are_uncoordinated(
    graph: list[Fact], actor: NamedNode
) -> None:
    columns = ("challenge", "mission", "otherMission")
    fewer = [fact for fact in graph if actor not in (fact[0], fact[2])]
    assert rows("uncoordinated-missions", graph, *columns) <= rows(
        "uncoordinated-missions", fewer, *columns
    )


@usual
@given(GRAPHS, st.sampled_from(MISSIONS), st.sampled_from(KNOWN_OF_A_MISSION))
def test_a_further_fact_never_makes_coverage_smaller(
    graph: list[Fact], mission: NamedNode, name: str
) -> None:
    # A place of its own would move the mission to another row: what is counted is all of them.
    def known(facts: list[Fact]) -> dict[str, int]:
        found: dict[str, int] = {}
        for place, prop, count in rows("coverage", facts, "place", "property", "known"):
            del place
            found[prop] = found.get(prop, 0) + int(count)
        return found

    before, after = known(graph), known([*graph, (mission, mg(name), ACTORS[0])])
    assert all(after[prop] >= count for prop, count in before.items())
    assert after[f"mg:{name}"] >= 1


@usual
@given(GRAPHS, st.sampled_from(MISSIONS))
def test_an_instrument_on_the_demand_side_closes_that_gap(
    graph: list[Fact], mission: NamedNode
) -> None:
    instrument = NamedNode(f"{ID}instrument/new")
    more: list[Fact] = [
        (mission, mg("hasInstrument"), instrument),
        (instrument, mg("side"), SIDES[0]),
    ]
    before = rows("demand-side-gap", graph, "mission")
    after = rows("demand-side-gap", graph + more, "mission")
    assert after == before - {(text_of(mission),)}


@usual
@given(GRAPHS, st.sampled_from(MISSIONS), st.sampled_from(CHALLENGES))
def test_a_project_that_addresses_a_challenge_fills_the_gap_in_the_portfolio(
    graph: list[Fact], mission: NamedNode, challenge: NamedNode
) -> None:
    project = NamedNode(f"{ID}project/new")
    work: list[Fact] = [
        (project, mg("contributesTo"), mission),
        (project, mg("addresses"), challenge),
    ]
    columns = ("mission", "part", "item")
    before = rows("portfolio-gaps", graph, *columns)
    after = rows("portfolio-gaps", graph + work, *columns)
    assert after <= before
    assert (text_of(mission), "challenge", text_of(challenge)) not in after


@usual
@given(GRAPHS, st.sampled_from(MISSIONS), st.sampled_from(ACTORS + BODIES))
def test_a_further_actor_never_makes_more_missions_uncoordinated(
    graph: list[Fact], mission: NamedNode, actor: NamedNode
) -> None:
    more = [*graph, (mission, mg("involves"), actor)]
    columns = ("challenge", "mission", "otherMission")
    assert rows("uncoordinated-missions", more, *columns) <= rows(
        "uncoordinated-missions", graph, *columns
    )


def _links(facts: list[Fact]) -> dict[NamedNode, list[Triple]]:
    """Return what is derived of each missing link of a graph."""
    engine = Store()
    engine.extend(Quad(*fact, DefaultGraph()) for fact in (*_standing(), *facts))
    links: dict[NamedNode, list[Triple]] = {}
    for fact in missing_links.derive(engine):
        assert isinstance(fact.subject, NamedNode)
        links.setdefault(fact.subject, []).append(fact)
    return links


def _of(link: list[Triple], name: str) -> frozenset[str]:
    return frozenset(text_of(fact.object) for fact in link if fact.predicate == mg(name))


@usual
@given(GRAPHS)
def test_missing_links_are_of_uncoordinated_missions_and_a_joint_body_closes_them(
    graph: list[Fact],
) -> None:
    def uncoordinated(facts: list[Fact]) -> set[frozenset[str]]:
        found = rows("uncoordinated-missions", facts, "mission", "otherMission")
        return {frozenset(row) for row in found}

    before, links = uncoordinated(graph), _links(graph)
    assert {_of(link, "connects") for link in links.values()} <= before
    involved = {text_of(fact[0]) for fact in graph if fact[1] == mg("involves")}
    assert len(links) == sum(pair <= involved for pair in before)
    first = [link for link in links.values() if _of(link, "rank") == {"1"}]
    new_body = NamedNode(f"{ID}actor/new-body")
    joined = {fact.object for link in first for fact in link if fact.predicate == mg("joins")}
    joint: list[Fact] = [(a, mg("memberOf"), new_body) for a in joined if isinstance(a, NamedNode)]
    after = uncoordinated(graph + joint)
    assert after <= before - {_of(link, "connects") for link in first}
