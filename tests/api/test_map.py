"""The map: points of cities come from a table of names, and a doubtful one has none."""

import re

import httpx
import pytest

from missiongraph.api.atlas import EUROPE_HEIGHT, EUROPE_WIDTH, cities, point_of_city
from missiongraph.api.place_names import plain
from missiongraph.releases import Release


@pytest.mark.parametrize(
    ("west", "east"),
    [
        (("PRT", "Lisbon"), ("ESP", "Madrid")),
        (("ESP", "Madrid"), ("DEU", "Leipzig")),
        (("DEU", "Leipzig"), ("ROU", "Iași")),
    ],
)
def test_cities_lie_beside_each_other_as_they_do(
    west: tuple[str, str], east: tuple[str, str]
) -> None:
    assert 0 < point_of_city(*west)[0] < point_of_city(*east)[0] < EUROPE_WIDTH
    north, south = point_of_city("SWE", "Malmö"), point_of_city("ITA", "Milan")
    assert 0 < north[1] < south[1] < EUROPE_HEIGHT


def test_a_name_that_is_in_another_country_or_nowhere_has_no_point() -> None:
    assert point_of_city("DNK", "Lisbon") == point_of_city("DNK", "No such town") == (-1.0, -1.0)
    assert plain("Łódź") == plain("Lodz") == "lodz"


def test_every_city_of_a_mission_is_in_the_table_and_those_with_a_point_on_the_map(
    sample_release: Release,
) -> None:
    found = cities(sample_release.load())
    assert len(found) > 100
    placed = [city for city in found if city.is_on_map]
    assert len(placed) > 0.8 * len(found)
    assert len({(city.x, city.y) for city in placed}) == len(placed)
    for city in placed:
        assert city.missions


def test_the_map_is_served_from_here_alone(client: httpx.Client) -> None:
    text = client.get("/map").text
    images = re.findall(r'<image href="([^"]+)"', text)
    assert images
    assert all(client.get(image).status_code == 200 for image in images)
    assert "No city of a mission is in the graph" in text
