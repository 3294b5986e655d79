"""Names as people type them: beginnings, mistakes, accents, several words."""

import doctest
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from missiongraph.api import name_index
from missiongraph.api.name_index import NameIndex, folded
from missiongraph.store import EmbeddedStore

DROUGHT = "https://w3id.org/missiongraph/id/mission/drought"


@pytest.fixture(scope="module")
def index(embedded: EmbeddedStore) -> Iterator[NameIndex]:
    yield NameIndex(embedded)


def test_the_examples_hold() -> None:
    assert doctest.testmod(name_index).failed == 0


@pytest.mark.parametrize(
    "typed",
    [
        "drought",
        "Drought Resilience Mission",
        "resil droug",
        "DROUG",
        "drougth",
        "resilence",
        "dürre",
        "durre",
        "csiro drougth",
    ],
)
def test_a_mission_is_found_by_what_people_type(index: NameIndex, typed: str) -> None:
    assert index.find(typed, 3)[0].iri == DROUGHT


def test_what_has_all_words_comes_before_what_has_some(index: NameIndex) -> None:
    found = [named.iri.rpartition("/id/")[2] for named in index.find("drought resil", 10)]
    assert found[0] == "mission/drought"
    assert "challenge/drought" in found


@pytest.mark.parametrize("typed", ["", " ", "zzzz", "*", '"', "\x00"])
def test_what_is_like_nothing_finds_nothing(index: NameIndex, typed: str) -> None:
    assert index.find(typed, 10) == ()


@given(st.text(max_size=60))
def test_any_text_can_be_typed(index: NameIndex, typed: str) -> None:
    found = index.find(typed, 5)
    assert len(found) <= 5
    assert len({named.iri for named in found}) == len(found)


@given(st.text(max_size=40))
@example("\N{MATHEMATICAL SANS-SERIF CAPITAL A}")
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_suggestions_lead_to_pages(client: httpx.Client) -> None:
    found = client.get("/suggest", params={"q": "drougth"}).json()["suggestions"][0]
    assert found["iri"] == DROUGHT
    assert (found["name"], found["class"]) == ("Drought Resilience Mission", "Mission")
    assert client.get(found["page"]).status_code == 200


def test_things_are_listed_once_each_and_missions_first(index: NameIndex) -> None:
    listed = index.things(1_000)
    assert len(set(listed)) == len(listed)
    kinds = [iri.partition("/id/")[2].partition("/")[0] for iri in listed]
    missions = kinds.count("mission")
    assert DROUGHT in listed[:missions]
    assert 0 < missions < len(kinds)
    assert kinds[:missions] == ["mission"] * missions
    assert index.things(2) == listed[:2]
