"""The graph from Python: the same of a release in this process and of a service that runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
import rdflib
from remote_servers import Server
from running import running

import missiongraph as mg
from missiongraph.client.frames import ATTRIBUTE
from missiongraph.errors import (
    BadParameter,
    BadQuery,
    BadRequest,
    FormatNotOffered,
    NoRelease,
    QueryForbidden,
    StoreUnreachable,
    UnknownQuestion,
    UnknownRelease,
    UnknownThing,
)
from missiongraph.names import ID, MG
from missiongraph.releases import Release
from missiongraph.settings import Settings

DROUGHT = "csiro-drought-resilience"
PROTEIN = "csiro-future-protein"
TARGET = f"{ID}target/csiro-drought-2030"


@pytest.fixture(scope="module")
def home(sample_release: Release) -> Path:
    return sample_release.folder.parents[1]


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with running(Settings(home=home)) as address:
        yield address


@pytest.fixture(scope="module", params=["embedded", "service", "endpoint"])
def opened(request: pytest.FixtureRequest, home: Path) -> dict[str, Any]:
    """What ``connect`` is given: nothing but a home, a service's address, its endpoint's."""
    if request.param == "embedded":
        return {"home": home}
    address = request.getfixturevalue("address")
    return {"graph": f"{address}/" if request.param == "service" else f"{address}/sparql"}


@pytest.fixture(scope="module")
def g(opened: dict[str, Any]) -> mg.Graph[pd.DataFrame]:
    return mg.connect(**opened)


def test_a_graph_tells_its_release(g: mg.Graph[pd.DataFrame], sample_release: Release) -> None:
    assert g.release == sample_release.id
    assert sample_release.id in repr(g)


def test_a_question_gives_a_frame_with_a_type_for_each_column(
    g: mg.Graph[pd.DataFrame],
) -> None:
    frame = g.ask("mission-targets", mission=DROUGHT)
    assert set(frame["targetValue"]) == {Decimal(30)}
    assert frame["targetValue"].sum() == 30 * len(frame)
    assert str(frame["deadline"].dtype) == "Int64"
    assert set(frame["deadline"]) == {2030}
    assert isinstance(frame["mission"].dtype, pd.CategoricalDtype)
    assert list(frame["mission"].cat.categories) == [f"{ID}mission/{DROUGHT}"]
    assert isinstance(frame["missionLabel"].dtype, pd.CategoricalDtype)
    assert frame["summary"].str.len().min() > 20


def test_a_frame_says_what_it_answers_in_which_units(
    g: mg.Graph[pd.DataFrame], sample_release: Release
) -> None:
    about = g.ask("mission-targets", mission=DROUGHT).attrs[ATTRIBUTE]
    assert about["question"] == "mission-targets"
    assert about["units"]["targetValue"] == "unit"
    assert about["columns"]["deadline"] == "Deadline"
    assert about["parameters"] == {"mission": [DROUGHT]}
    assert about["release"] == sample_release.id
    again = g.sparql(about["sparql"])
    pd.testing.assert_frame_equal(again, g.ask("mission-targets", mission=DROUGHT))


def test_every_row_of_targets_leads_to_its_passage(g: mg.Graph[pd.DataFrame]) -> None:
    frame = g.ask("mission-targets", mission=[DROUGHT, PROTEIN])
    assert set(frame["mission"]) == {f"{ID}mission/{DROUGHT}", f"{ID}mission/{PROTEIN}"}
    assert frame["evidence"].notna().all()
    assert frame["link"].str.startswith("http").all()


@pytest.mark.parametrize("written", ["DNK", "denmark", "place/denmark", f"{ID}place/denmark"])
def test_a_country_goes_by_its_code_its_slug_or_its_iri(
    g: mg.Graph[pd.DataFrame], written: str
) -> None:
    frame = g.ask("instrument-mix", place=written)
    assert len(frame) > 0
    placed = set(g.ask("missions", place="denmark")["mission"])
    missions = {host for host in frame["host"] if "/id/mission/" in host}
    assert missions == placed


def test_a_code_that_no_place_has_is_told(g: mg.Graph[pd.DataFrame]) -> None:
    with pytest.raises(BadParameter, match=r"country/XYZ is not known as Place\. Known are: "):
        g.ask("missions", place="XYZ")


def test_a_mission_is_an_object_with_evidence_for_each_value(g: mg.Graph[pd.DataFrame]) -> None:
    mission = g.mission(DROUGHT)
    assert (mission.id, mission.label) == (f"mission/{DROUGHT}", "Drought Resilience Mission")
    (place,) = mission.places
    assert (place.label, place.iri) == ("Australia", f"{ID}place/australia")
    (target,) = mission.targets
    assert [value.value for value in target.values] == [Decimal(30)]
    assert [unit.label for unit in target.units] == ["Percent"]
    assert [deadline.value for deadline in target.deadlines] == [2030]
    spoken = [e for e in target.values[0].evidence if e.source_iri.endswith("opsi-webinar-2021")]
    (passage,) = spoken
    assert passage.locator == "second 2389"
    assert passage.link == "https://www.youtube.com/watch?v=PSQUKrdPM70&t=2389s"
    assert passage.source == "Mission-oriented innovation, challenges and implementation"
    assert "30" in passage.summary
    assert [actor.iri for actor in mission.actors["ownedBy"]] == [f"{ID}actor/csiro"]
    assert passage in target.evidence


def test_two_sources_that_differ_give_two_values(g: mg.Graph[pd.DataFrame]) -> None:
    (target,) = g.mission(PROTEIN).targets
    assert {fact.value for fact in target.deadlines} == {2025, 2030}
    assert all(fact.evidence for fact in target.deadlines)


def test_what_was_inferred_says_so(g: mg.Graph[pd.DataFrame]) -> None:
    involved = g.mission(DROUGHT)["involves"]
    assert involved
    assert all(fact.inferred and not fact.evidence for fact in involved)
    assert g.mission(DROUGHT)["nothing"] == ()


def test_things_and_facts_are_parameters_too(g: mg.Graph[pd.DataFrame]) -> None:
    mission = g.mission(DROUGHT)
    assert len(g.ask("missions", mission=mission)) > 0
    assert len(g.ask("missions", place=mission.places)) > 0
    assert g.thing(mission.owners[0]).id == "actor/csiro"
    assert g.mission(mission) == mission


def test_an_unknown_mission_is_told_with_those_of_a_like_name(
    g: mg.Graph[pd.DataFrame],
) -> None:
    with pytest.raises(UnknownThing, match=f"not a mission .*Do you mean: {DROUGHT}"):
        g.mission("csiro-drought-resilence")
    with pytest.raises(UnknownThing, match="is not a mission"):
        g.mission("actor/csiro")
    with pytest.raises(UnknownThing, match="says nothing about id:actor/nobody"):
        g.thing("actor/nobody")


def test_a_comparison_has_no_empty_cell_and_leads_to_passages(
    g: mg.Graph[pd.DataFrame],
) -> None:
    compared = g.compare([DROUGHT, PROTEIN])
    assert compared.matrix.shape[0] == 2
    assert not compared.matrix.isna().any().any()
    assert "unknown" in compared.matrix.to_numpy()
    (deadline,) = compared.matrix.loc[compared.matrix["mission"].str.endswith(PROTEIN), "deadline"]
    assert deadline == "2025; 2030 [disagreement]"
    known = compared.findings[compared.findings["state"] == "known"]
    assert known["link"].notna().any()
    assert set(compared.criteria["criterion"]) == set(compared.matrix.columns[3:])
    assert compared.written("latex").startswith(b"%")
    with pytest.raises(FormatNotOffered, match="Take one of: json, csv"):
        compared.written("docx")


def test_a_comparison_takes_places_and_criteria(g: mg.Graph[pd.DataFrame]) -> None:
    compared = g.compare(places=["DNK", "australia"], criteria=["deadline"], sort="label")
    assert list(compared.matrix.columns[3:]) == ["deadline"]
    assert list(compared.matrix["missionLabel"]) == sorted(compared.matrix["missionLabel"])
    with pytest.raises(BadParameter, match="Nothing was named"):
        g.compare([])


def test_any_query_is_asked_by_its_form(g: mg.Graph[pd.DataFrame]) -> None:
    prefix = f"PREFIX mg: <{MG}> "
    count = g.sparql(prefix + "SELECT (COUNT(?m) AS ?missions) { ?m a mg:Mission }")
    assert count["missions"].item() > 10
    assert g.sparql_ask(prefix + "ASK { ?m a mg:Mission }") is True
    graph = g.sparql_graph(f"DESCRIBE <{TARGET}>")
    assert (rdflib.URIRef(TARGET), rdflib.URIRef(MG + "deadline"), None) in graph
    with pytest.raises(BadQuery, match="ASK does not give solutions"):
        g.sparql(prefix + "ASK { ?m a mg:Mission }")
    with pytest.raises(QueryForbidden):
        g.sparql("DELETE WHERE { ?s ?p ?o }")


def test_types_of_columns_that_sources_give_differently(g: mg.Graph[pd.DataFrame]) -> None:
    frame = g.sparql(
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
        "SELECT * { VALUES (?day ?truth ?number ?mixed ?nothing) { "
        '("2030-06-30"^^xsd:date true 12.50 "2030"^^xsd:gYear UNDEF) '
        '("2031-01-01"^^xsd:date UNDEF 1.5 "2030-06"^^xsd:gYearMonth UNDEF) } }'
    )
    assert list(frame["day"].dt.date) == [date(2030, 6, 30), date(2031, 1, 1)]
    assert frame["truth"].isna().tolist() == [False, True]
    assert frame["number"].tolist() == [Decimal("12.50"), Decimal("1.50")]
    assert (frame["number"] * frame["number"]).iloc[0] == Decimal("156.25")
    assert frame["mixed"].tolist() == ["2030", "2030-06"]
    assert frame["nothing"].isna().all()


def test_rdflib_sees_the_graph_and_cannot_change_it(g: mg.Graph[pd.DataFrame]) -> None:
    graph = g.rdflib()
    target, deadline = rdflib.URIRef(TARGET), rdflib.URIRef(MG + "deadline")
    assert [str(value) for value in graph.objects(target, deadline)] == ["2030"]
    counted = graph.query("SELECT (COUNT(*) AS ?n) { ?mission a mg:Mission }")
    missions = g.ask("missions")["mission"].nunique()
    assert [int(str(row[rdflib.Variable("n")])) for row in counted.bindings] == [missions]
    assert len(graph) > 10_000
    assert len(list(graph.query(f"CONSTRUCT {{ ?s ?p ?o }} {{ <{TARGET}> ?p ?o . ?s ?p ?o }}"))) > 0
    with pytest.raises(TypeError, match="read only"):
        graph.add((target, deadline, rdflib.Literal(2031)))


def test_rdflib_sees_a_passage_alone(g: mg.Graph[pd.DataFrame]) -> None:
    passage = g.rdflib("evidence/opsi-webinar-2021/drought-target")
    assert 0 < len(passage) < 100
    assert (rdflib.URIRef(TARGET), None, None) in passage


def test_frames_of_polars_have_the_same_values(
    g: mg.Graph[pd.DataFrame], opened: dict[str, Any]
) -> None:
    polars: pl.DataFrame = mg.connect(**opened, frames="polars").ask(
        "mission-targets", mission=DROUGHT
    )
    assert isinstance(polars, pl.DataFrame)
    assert polars.schema["targetValue"].is_decimal()
    assert polars.schema["mission"] == pl.Categorical
    assert polars.schema["deadline"] == pl.Int64
    there = g.ask("mission-targets", mission=DROUGHT)
    for column in polars.columns:
        assert polars[column].to_list() == [
            None if pd.isna(value) else value for value in there[column].tolist()
        ]


def test_a_question_of_one_s_own_is_asked_like_ours(
    g: mg.Graph[pd.DataFrame], tmp_path: Path
) -> None:
    from missiongraph.questions import Question

    file = tmp_path / "own.rq"
    file.write_text(
        "#+ title: Own\n#+ question: Which?\n#+ columns: {m: Mission}\n"
        f"SELECT ?m {{ ?m a <{MG}Mission> }} ORDER BY ?m\n"
    )
    assert len(g.ask(Question.read(file))) > 10


def test_a_mistake_is_told_as_everywhere(g: mg.Graph[pd.DataFrame]) -> None:
    with pytest.raises(UnknownQuestion, match="Ask one of:"):
        g.ask("instrument-mixx")  # type: ignore[call-overload]
    with pytest.raises(BadParameter, match="'plaze' is not a parameter of missions"):
        g.ask("missions", plaze="DNK")  # type: ignore[call-overload]
    with pytest.raises(BadRequest, match="is no value of a parameter"):
        g.ask("missions", place=object())  # type: ignore[call-overload]


def test_a_release_is_opened_by_its_id(home: Path, sample_release: Release) -> None:
    assert mg.connect(sample_release.id, home=home).release == sample_release.id
    with pytest.raises(UnknownRelease, match="missiongraph releases"):
        mg.connect("2020-01-01-none", home=home)


def test_a_home_without_a_release_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoRelease, match="Run missiongraph build"):
        mg.connect(home=tmp_path)


def test_a_server_that_is_down_is_told_at_once(unused_address: str) -> None:
    with pytest.raises(StoreUnreachable, match="Start it with missiongraph serve"):
        mg.connect(unused_address)


@pytest.fixture
def unused_address() -> str:
    from missiongraph.api.server import address_of, listen

    with listen("127.0.0.1", 0) as listener:
        return address_of(listener)


def test_a_kind_of_frame_that_is_not_offered_is_told(home: Path) -> None:
    with pytest.raises(BadRequest, match="Write one of: pandas, polars"):
        mg.connect(home=home, frames="dask")  # type: ignore[call-overload]


@pytest.mark.usefixtures("published")
def test_any_endpoint_that_holds_a_release_will_do(server: Server, remote_release: Release) -> None:
    there = mg.connect(server.query)
    here = mg.connect(remote_release.id, home=remote_release.folder.parents[1])
    assert there.release == ""
    assert there.mission(DROUGHT) == here.mission(DROUGHT)
    pd.testing.assert_frame_equal(
        there.ask("missions", place="AUS"), here.ask("missions", place="AUS")
    )


def loaded_after(program: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_the_import_alone_loads_no_library() -> None:
    loaded = loaded_after("import missiongraph")
    heavy = {"pandas", "polars", "pyoxigraph", "rdflib", "SPARQLWrapper", "rich", "pyarrow"}
    assert not heavy & loaded
    assert not {name for name in loaded if name.startswith("missiongraph.")}


def test_what_the_package_offers_is_there_and_nothing_else() -> None:
    assert set(mg.__all__) <= set(dir(mg))
    assert all(getattr(mg, name) for name in mg.__all__)
    assert not hasattr(mg, "nothing")


def test_without_pandas_frames_of_polars_are_named_as_the_way_out(home: Path) -> None:
    program = (
        "import sys; sys.modules['pandas'] = None\n"
        "import missiongraph as mg\n"
        f"home = {str(home)!r}\n"
        "print(len(mg.connect(home=home, frames='polars').ask('missions')) > 0)\n"
        "try:\n    mg.connect(home=home).ask('missions')\n"
        "except mg.MissiongraphError as error:\n    print(type(error).__name__, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == (
        "True\n"
        "PartMissing Data frames of pandas need the package pandas. Install it: "
        "pip install 'missiongraph[pandas]'. Or take data frames of polars: "
        'connect(frames="polars").\n'
    )
