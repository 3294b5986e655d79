"""The pages of sources: what was taken from each, what is known, and how old it is."""

import csv
import io
import re

import httpx
import pytest

from missiongraph.api.sources import STATES, coverage_of
from missiongraph.questions import answer_table, find_question
from missiongraph.releases import Release
from missiongraph.store import EmbeddedStore


@pytest.fixture(scope="module")
def store(sample_release: Release) -> EmbeddedStore:
    return sample_release.load()


def test_a_source_shows_what_each_passage_states_and_leads_to_its_second(
    client: httpx.Client,
) -> None:
    text = client.get("/id/source/webinar").text
    passages = text.partition('id="passages"')[2].partition("</ol>")[0]
    assert 'href="https://www.youtube.com/watch?v=PSQUKrdPM70&amp;t=2389s"' in passages
    stated = passages.partition("t=2389s")[2].partition("</details>")[0]
    assert re.search(r"30 % less harm by 2030</a>: .*deadline.*2030", stated)
    claims = client.get("/questions/claims.csv?source=webinar").text
    assert passages.count("<li>") == len(list(csv.DictReader(io.StringIO(claims)))) + 2


def test_sources_are_narrowed_to_a_kind(client: httpx.Client) -> None:
    every = client.get("/sources").text
    assert "/id/source/report" in every
    assert '<a href="/sources?kind=webinar">Webinar <span class="quiet">1</span></a>' in every
    webinars = client.get("/sources?kind=webinar").text
    assert "/id/source/webinar" in webinars
    assert "/id/source/report" not in webinars
    refused = client.get("/sources?kind=poem", headers={"Accept": "application/json"})
    assert refused.status_code == 422
    assert "webinar" in refused.json()["remedy"]


def test_coverage_is_what_the_question_answers(store: EmbeddedStore) -> None:
    rows = answer_table(store, find_question("coverage")).records()
    coverage = coverage_of(rows)
    assert len(coverage.places) * len(coverage.properties) == len(coverage.cells) == len(rows)
    for cell in coverage.cells.values():
        assert sum(cell.counts[state] for state in STATES) >= cell.missions
        assert (cell.step == 0) == (cell.counts["known"] == 0)
    missions = [place.missions for place in coverage.places if place.key]
    assert missions == sorted(missions, reverse=True)


def test_the_pages_of_sources_lead_to_each_other(client: httpx.Client) -> None:
    text = client.get("/sources").text
    for address in ("/coverage", "/staleness"):
        assert f'href="{address}"' in text
        assert client.get(address).status_code == 200
    assert "/coverage" in client.get("/").text


def test_a_mission_without_a_dated_source_comes_first(client: httpx.Client) -> None:
    text = client.get("/staleness").text
    assert "Missions by the year of their newest source" in text
    assert text.index("/id/mission/drought") < text.index("/questions/source-age.csv")
