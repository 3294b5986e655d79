"""``/compare``: the page, the files, the permalink with its release, and what is refused."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import httpx
import pytest
from running import publish, running, small_graph

from missiongraph.comparison.forms import WRITERS
from missiongraph.settings import Settings


def test_the_page_offers_missions_and_criteria_before_any_is_chosen(client: httpx.Client) -> None:
    page = client.get("/compare")
    assert page.status_code == 200
    assert '<select id="compare-mission" name="mission" multiple' in page.text
    assert 'value="targetValue"' in page.text
    assert "<table" not in page.text


def test_the_page_shows_states_evidence_and_the_share_known(client: httpx.Client) -> None:
    page = client.get("/compare", params={"mission": "drought"}).text
    assert 'class="state-unknown"' in page
    assert 'class="state-known' in page
    assert 'href="#note-1"' in page and 'id="note-1"' in page
    assert "release=small" in page
    assert page.count("<script") == client.get("/").text.count("<script")  # none of its own


@pytest.mark.parametrize("form", WRITERS, ids=lambda form: form.name)
def test_each_form_has_an_address(client: httpx.Client, form: object) -> None:
    name, media_type = form.name, form.media_type  # type: ignore[attr-defined]
    answer = client.get(f"/compare.{name}", params={"mission": "drought"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.content == client.get(f"/compare?mission=drought&format={name}").content or (
        name == "xlsx"  # its zip file has the time of writing
    )
    known = {"If-None-Match": answer.headers["etag"]}
    again = client.get(f"/compare.{name}", params={"mission": "drought"}, headers=known)
    assert again.status_code == 304


def test_accept_chooses_the_csv_and_no_cell_of_it_is_empty(client: httpx.Client) -> None:
    answer = client.get("/compare?mission=drought", headers={"Accept": "text/csv"})
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert row["missionLabel"] == "Drought Resilience Mission"
    assert "unknown" in row.values()
    assert all(row.values())


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/compare.csv", 422, "Nothing was named"),
        ("/compare.csv?mission=nowhere", 422, "not known"),
        ("/compare.csv?mission=drought&colour=red", 422, "colour"),
        ("/compare.docx?mission=drought", 406, "docx"),
        ("/compare.csv?mission=drought&release=never", 404, "never"),
        ("/compare.csv?mission=drought&only=some", 422, "only"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    client: httpx.Client, address: str, status: int, said: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert said in answer.json()["what"]


def test_a_permalink_keeps_answering_from_its_release(tmp_path: Path) -> None:
    publish(tmp_path, "old", small_graph(), built="2025-01-01")
    changed = [q for q in small_graph() if q.predicate.value.rpartition("#")[2] != "hasTarget"]
    publish(tmp_path, "new", changed, built="2026-01-01")
    with running(Settings(home=tmp_path)) as address:
        ask = f"{address}/compare.csv?mission=drought&criterion=hasTarget"
        now, then = httpx.get(ask), httpx.get(f"{ask}&release=old")
        assert httpx.get(f"{ask}&release=new").text == now.text
    assert now.text.splitlines()[1].endswith("unknown")
    assert not then.text.splitlines()[1].endswith("unknown")
    assert now.headers["etag"] != then.headers["etag"]
