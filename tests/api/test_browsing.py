"""Browsing by facets: what is shown, what is counted, and the same as CSV."""

import csv
import io
import re

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.api.browsing import FACETS, BrowsedMission, Named, options, selected

KEYS = ("a", "b", "c")


def rows(client: httpx.Client, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.text)))


def test_the_csv_has_one_row_a_mission_and_no_empty_cell(client: httpx.Client) -> None:
    found = rows(client, "/missions.csv")
    assert {row["mission"].rpartition("/")[2] for row in found} == {"drought", "hostile"}
    assert all(cell for row in found for cell in row.values())


def test_a_facet_narrows_page_and_csv_alike(client: httpx.Client) -> None:
    drought = rows(client, "/missions.csv?hasTarget=known")
    assert [row["missionLabel"] for row in drought] == ["Drought Resilience Mission"]
    page = client.get("/missions?hasTarget=known").text
    assert "Drought Resilience Mission" in page
    assert "1 of 2" in page
    assert 'href="/missions.csv?hasTarget=known"' in page


def test_unknown_is_a_value_like_any_other(client: httpx.Client) -> None:
    found = rows(client, "/missions.csv?hasTarget=unknown")
    assert [row["hasTarget"] for row in found] == ["unknown"]


@pytest.mark.parametrize(
    "address", ["/missions?colour=red", "/missions?sort=size", "/missions.csv?view=x"]
)
def test_what_is_no_facet_is_refused_with_what_is(client: httpx.Client, address: str) -> None:
    response = client.get(address, headers={"Accept": "application/json"})
    assert response.status_code == 422
    assert response.json()["remedy"]


def test_a_page_that_shows_nothing_says_how_to_go_on(client: httpx.Client) -> None:
    assert "Untick something" in client.get("/missions?place=nowhere").text


def test_counts_beside_a_value_are_what_ticking_it_shows(client: httpx.Client) -> None:
    page = client.get("/missions").text
    counted = re.findall(r'name="(\w+)" value="([^"]+)">.*?<span class="number">(\d+)<', page)
    assert counted
    for facet, value, count in counted:
        assert len(rows(client, f"/missions.csv?{facet}={value}")) == int(count)


missions = st.lists(
    st.dictionaries(st.sampled_from(sorted(FACETS)), st.lists(st.sampled_from(KEYS), min_size=1)),
    max_size=8,
).map(
    lambda every: [
        BrowsedMission(
            str(n), str(n), values={f: [Named(k, k) for k in ks] for f, ks in each.items()}
        )
        for n, each in enumerate(every)
    ]
)


@given(
    missions,
    st.dictionaries(
        st.sampled_from(["place", "status"]), st.lists(st.sampled_from(KEYS), min_size=1)
    ),
)
def test_each_count_is_the_number_of_missions_with_it(
    every: list[BrowsedMission], chosen: dict[str, list[str]]
) -> None:
    others = {facet: keys for facet, keys in chosen.items() if facet != "place"}
    for option in options(every, chosen, "place"):
        assert option.count == len(selected(every, others | {"place": [option.key]}))
