"""The page of each class of thing over real data: what it opens with, and what it is connected with."""

import re
from collections.abc import Iterator

import httpx
import pytest
from running import running

from missiongraph.questions import answer_table, find_question
from missiongraph.releases import Release
from missiongraph.settings import Settings
from missiongraph.tables import text_of_iri

MISSION = "/id/mission/eu-cities"
ID = "https://w3id.org/missiongraph/id/"


@pytest.fixture(scope="module")
def sample(sample_release: Release) -> Iterator[httpx.Client]:
    """A client of a service that serves the sample of our own data."""
    with (
        running(Settings(home=sample_release.folder.parents[1])) as address,
        httpx.Client(base_url=address, timeout=60, headers={"Accept": "text/html"}) as client,
    ):
        yield client


def section(text: str, heading: str) -> str:
    """Return the part of a page below a heading."""
    assert f">{heading}</h2>" in text, heading
    return text.partition(f">{heading}</h2>")[2].partition("</section>")[0]


def test_a_mission_shows_actors_by_role_and_level(sample: httpx.Client) -> None:
    grid = section(sample.get(MISSION).text, "Actors by role and level")
    assert re.search(r"Supranational.*National", grid, re.DOTALL)
    assert re.search(r"Owned by</th><td>.*European Commission</a>.*#note-", grid)


def test_a_mission_shows_instruments_by_side_and_stage(sample: httpx.Client) -> None:
    grid = section(sample.get(MISSION).text, "Instruments by side and stage")
    assert "EU Mission Label, round 1" in grid
    assert '<th scope="row" class="unknown">unknown</th>' in grid


def test_a_mission_shows_its_years_and_its_nearest_missions(sample: httpx.Client) -> None:
    text = sample.get(MISSION).text
    assert "<title>Deadline 2030: 100 climate-neutral and smart cities by 2030</title>" in text
    nearest = section(text, "Nearest missions")
    distances = [float(number) for number in re.findall(r'number">(0\.\d\d)<', nearest)]
    assert distances
    assert distances == sorted(distances)
    other = re.findall(r'href="(/compare\?[^"]+)"', nearest)[0].replace("&amp;", "&")
    assert "2 missions by" in sample.get(other).text


def test_a_mission_shows_its_projects_and_how_it_was_rated(sample: httpx.Client) -> None:
    text = sample.get("/id/mission/eu-adaptation").text
    assert "Projects that contribute to it" in text
    rated = sample.get("/id/mission/de-hts2025-cancer").text
    assert "criterion" in section(rated, "How it was rated").lower()


@pytest.mark.parametrize(
    ("path", "heading", "held"),
    [
        ("/id/place/denmark", "Missions here", "/id/mission/denmark-carbon-capture"),
        (
            "/id/challenge/drought",
            "Missions that address it",
            "/id/mission/csiro-drought-resilience",
        ),
        ("/id/programme/csiro-missions", "Missions of it", "/id/mission/csiro-future-protein"),
        ("/id/instrument/eu-mission-cities", "Missions that use it", MISSION),
        ("/id/target/csiro-drought-2030", "Target of", "/id/mission/csiro-drought-resilience"),
        ("/id/actor/csiro", "Owns", "/id/mission/csiro-drought-resilience"),
    ],
)
def test_a_thing_shows_its_missions_first(
    sample: httpx.Client, path: str, heading: str, held: str
) -> None:
    text = sample.get(path).text
    listed = section(text, heading) if f">{heading}</h2>" in text else text.partition(heading)[2]
    assert f'href="{held}"' in listed
    assert "deadline" in text.lower() or heading == "Owns"


def test_a_project_lists_who_takes_part_the_coordinator_first(
    sample: httpx.Client, sample_release: Release
) -> None:
    rows = answer_table(sample_release.load(), find_question("eu-projects")).records()
    rows = [row for row in rows if "organisation" in row and "role" in row]
    project = text_of_iri(rows[0]["project"])
    of_it = {text_of_iri(r["organisation"]) for r in rows if text_of_iri(r["project"]) == project}
    table = section(sample.get(project.removeprefix(ID[:-3])).text, "Who takes part")
    assert {ID[:-4] + path for path in re.findall(r'href="(/id/actor/[^"]+)"', table)} == of_it
    if "Coordinator" in table:
        assert "Coordinator" in table.partition("<tbody>")[2].partition("</tr>")[0]
    actor = sample.get(rows[0]["organisation"].value.removeprefix(ID[:-4])).text  # type: ignore[union-attr]
    assert project.removeprefix(ID[:-4]) in section(actor, "Takes part in projects")


def test_what_sources_say_differently_is_shown_on_the_page_of_any_thing(
    sample: httpx.Client,
) -> None:
    text = sample.get("/id/target/csiro-future-protein-growth").text
    assert re.search(r"Sources disagree</strong> on deadline of .*2025.*2030", text)
    assert "Sources disagree" not in sample.get("/id/target/csiro-drought-2030").text


def test_records_that_name_an_actor_are_no_mentions_of_it(sample: httpx.Client) -> None:
    text = sample.get("/id/actor/missiongraph-editors").text
    assert len(text) < 30_000


def test_the_timeline_has_each_milestone_once(sample: httpx.Client) -> None:
    text = sample.get("/timeline?place=australia").text
    drawn = re.findall(r"<title>(Start|Deadline|End|Money told) (\d{4})", text)
    answered = sample.get("/questions/milestones.csv?place=australia").text.splitlines()[1:]
    assert drawn
    assert len(drawn) == len(answered)


def test_the_home_page_works_out_questions_and_says_what_is_new(sample: httpx.Client) -> None:
    text = sample.get("/").text
    worked = section(text, "Three questions, worked out") + text
    for name in ("contradictions", "uncoordinated-missions", "eu-alignment"):
        assert f'id="worked-{name}"' in worked
    assert "It is the first one that is kept here" in text
    assert "The newest sources" in text
    assert len(sample.get("/").content) < 100_000


def test_no_two_sections_of_a_page_have_one_heading(sample_service: str) -> None:
    addresses = (
        "actor/csiro",
        "implementation-challenge/csiro-funding",
        "programme/csiro-missions",
    )
    for address in addresses:
        page = httpx.get(f"{sample_service}/id/{address}", headers={"Accept": "text/html"}).text
        headings = re.findall(r"<h2[^>]*>([^<]+)", page)
        assert headings == list(dict.fromkeys(headings)), address
    csiro = httpx.get(f"{sample_service}/id/actor/csiro", headers={"Accept": "text/html"}).text
    assert "/id/mission/csiro-drought-resilience" in section(csiro, "Owns: missions")
    assert "/id/programme/csiro-missions" in csiro
