"""Real tasks over real data, from end to end, each as a person would do it."""

import csv
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page
from running import wait_until

pytestmark = pytest.mark.browser
FOUR = (
    "csiro-drought-resilience",
    "csiro-future-protein",
    "denmark-carbon-capture",
    "eu-cities",
)
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => {
    if (!entry.hadRecentInput) sum += entry.value;
  })).observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 400);
})"""


def test_a_misspelt_mission_is_found_and_its_fact_heard_in_the_video(visit: Page) -> None:
    visit.goto("/")
    visit.get_by_label("Search by name").press_sequentially("drougth resiliance")
    visit.get_by_role("option", name="Drought Resilience Mission").first.wait_for()
    visit.keyboard.press("ArrowDown")
    visit.keyboard.press("Enter")
    visit.wait_for_url("**/id/mission/csiro-drought-resilience")
    links = visit.locator(".notes a.play").evaluate_all("all => all.map(a => a.href)")
    assert "https://www.youtube.com/watch?v=PSQUKrdPM70&t=2389s" in links


def test_four_missions_are_compared_and_the_workbook_opens(visit: Page, tmp_path: Path) -> None:
    visit.goto("/missions")
    for slug in FOUR:
        visit.locator(f"input[name=mission][value$='/{slug}']").check()
    visit.get_by_role("button", name="Compare those ticked").click()
    assert "4 missions by" in visit.locator("table.comparison caption").inner_text()
    heads = visit.locator("table.comparison thead th a").all_inner_texts()
    with visit.expect_download() as taken:
        visit.get_by_role("link", name="XLSX", exact=True).click()
    file = tmp_path / "comparison.xlsx"
    taken.value.save_as(file)
    sheets = load_workbook(file, read_only=True)
    cells = [str(cell) for sheet in sheets for row in sheet.values for cell in row if cell]
    assert len(heads) == 4
    assert all(any(head in cell for cell in cells) for head in heads)


def test_somebody_sees_why_a_cell_is_unknown(visit: Page) -> None:
    visit.goto("/compare?" + "&".join(f"mission={slug}" for slug in FOUR))
    cell = visit.locator("td.state-unknown").first
    row = cell.locator("xpath=..").locator("th").inner_text()
    cell.get_by_role("link", name="unknown, why?").click()
    why = visit.locator(visit.url.partition("#")[2].join(["#", ""]))
    assert re.search(r"\d+ passages? of \d+ sources?", why.inner_text())
    assert row in why.inner_text()


def test_missions_are_narrowed_sorted_and_taken_along_as_shown(visit: Page, tmp_path: Path) -> None:
    visit.goto("/missions")
    visit.locator("input[name=place][value=denmark]").check()
    visit.wait_for_url("**/missions?place=denmark")
    visit.get_by_label("Sort by").select_option("deadline")
    visit.wait_for_url("**sort=deadline**")
    names = visit.locator("tbody th[scope=row]").all_inner_texts()
    with visit.expect_download() as taken:
        visit.get_by_role("link", name="CSV").first.evaluate(
            "a => { a.download = 'x.csv'; a.click(); }"
        )
    taken.value.save_as(tmp_path / "missions.csv")
    with (tmp_path / "missions.csv").open(encoding="utf-8", newline="") as stream:
        assert [row["missionLabel"] for row in csv.DictReader(stream)] == names
    visit.get_by_label("cards").check()
    visit.wait_for_url("**view=cards**")
    assert visit.locator(".cards > li").count() == len(names)


RAREST_ROLE = """() => {
  const counts = new Map();
  for (const edge of document.querySelector("mission-network").graph.edges()) {
    counts.set(edge.data("relation"), (counts.get(edge.data("relation")) ?? 0) + 1);
  }
  return [...counts].sort((one, other) => one[1] - other[1])[0][0];
}"""


def test_a_network_is_filtered_by_role_expanded_and_exported(visit: Page) -> None:
    visit.goto("/network")
    visit.locator("mission-network .tools").wait_for()
    before = visit.evaluate("document.querySelector('mission-network').graph.nodes().length")
    visit.get_by_label("Role").select_option(visit.evaluate(RAREST_ROLE))
    shown = "document.querySelector('mission-network').graph.nodes(':visible').length"
    wait_until(lambda: visit.evaluate(shown) < before)  # styles follow with the next frame
    assert visit.evaluate(shown) > 0
    visit.goto("/network?place=denmark")
    visit.locator("mission-network .tools").wait_for()
    visit.get_by_label("Arrange").select_option("by governance level")
    layers = visit.evaluate(
        """() => document.querySelector("mission-network").graph.nodes(".layer").map(
            layer => [layer.data("label"), layer.position("y")])"""
    )
    heights = dict(layers)
    assert heights["supranational"] < heights["national"]
    levels = visit.evaluate(
        """() => document.querySelector("mission-network").graph.nodes("[kind = 'Mission']").map(
            mission => mission.data("level"))"""
    )
    assert set(levels) <= {"supranational", "national"}
    visit.get_by_label("Arrange").select_option("by connection")
    visit.get_by_label("Find").fill("Carbon capture")
    visit.keyboard.press("Tab")
    visit.get_by_role("button", name="Expand").click()
    visit.get_by_text("of them new").wait_for()
    with visit.expect_download() as drawn:
        visit.get_by_role("button", name="SVG").click()
    assert "Carbon capture" in drawn.value.path().read_text()
    link = visit.get_by_role("link", name="GraphML").get_attribute("href")
    assert 'attr.name="level"' in visit.request.get(str(link)).text()


def test_a_stored_question_is_asked_changed_and_shared(visit: Page) -> None:
    visit.goto("/questions?user=researcher")
    visit.get_by_role("link", name="Mission targets", exact=True).click()
    visit.get_by_role("link", name="Open in the editor").click()
    visit.locator("sparql-editor[data-ready]").wait_for()
    editor = "document.querySelector('.CodeMirror').CodeMirror"
    assert "mg:hasTarget" in visit.evaluate(f"{editor}.getValue()")
    changed = "SELECT (COUNT(*) AS ?all) WHERE { ?target a <https://w3id.org/missiongraph/ontology#Target> }"
    address = visit.evaluate(
        "text => location.pathname + '#query=' + encodeURIComponent(text)", changed
    )
    visit.goto("/")
    visit.goto(address)
    visit.locator("sparql-editor[data-ready]").wait_for()
    assert visit.evaluate(f"{editor}.getValue()").strip() == changed
    visit.locator(".yasqe_queryButton").first.click()
    visit.get_by_text(re.compile("1 result")).first.wait_for()


def test_somebody_sees_what_is_not_known_of_a_country(visit: Page) -> None:
    visit.goto("/sources")
    visit.get_by_role("link", name="Coverage").first.click()
    visit.get_by_role("link", name="Denmark").first.click()
    visit.wait_for_url("**/coverage?place=denmark")
    row = visit.locator("tbody tr", has=visit.get_by_role("rowheader", name="Evaluated by"))
    known, unknown, no, not_applicable = (
        int(cell) for cell in row.locator("td.number").all_inner_texts()
    )
    caption = visit.locator("caption").inner_text()
    assert known + unknown + no + not_applicable == int(caption.partition(" ")[0])
    visit.goto("/sources")
    visit.get_by_role("link", name="age of sources").click()
    assert visit.locator(".chart text").count() > 0


def test_from_a_source_to_a_passage_to_what_it_states(visit: Page) -> None:
    visit.goto("/sources?kind=webinar")
    visit.get_by_role("link", name="Mission-oriented innovation, challenges").click()
    passage = visit.locator(".passages > li", has_text="0:39:49").first
    assert str(passage.locator("a.play").get_attribute("href")).endswith("t=2389s")
    passage.locator("summary").click()
    passage.get_by_role("link", name="Drought Resilience Mission").first.click()
    assert visit.get_by_role("heading", level=1).inner_text() == "Drought Resilience Mission"


def test_from_the_map_to_a_city_and_from_the_timeline_to_a_mission(visit: Page) -> None:
    visit.goto("/map")
    visit.locator(
        "a[aria-label='Aarhus, Denmark'], a[aria-label='Copenhagen, Denmark']"
    ).first.focus()
    visit.keyboard.press("Enter")
    visit.wait_for_url("**/id/place/*")
    visit.get_by_role("link", name="Denmark").first.click()
    visit.get_by_role("link", name="on the timeline").click()
    visit.locator("svg.timeline a").first.click()
    visit.wait_for_url("**/id/mission/*")


def test_a_question_stands_in_a_frame_of_another_page(visit: Page) -> None:
    visit.goto("/questions/missions-by-place")
    code = visit.locator("pre code").first.text_content() or ""
    address = re.search(r'src="([^"]+)"', code)
    assert address
    visit.goto(address[1])
    assert visit.locator(".bars rect").count() > 1
    assert visit.locator("nav").count() == 0


def test_an_answer_over_years_is_drawn_and_its_figures_can_be_read(visit: Page) -> None:
    visit.goto("/questions/missions")
    drawn = visit.locator("svg.lines[role=img]")
    assert drawn.locator("circle").count() >= 3
    visit.get_by_text("The figures of the drawing").click()
    figures = visit.locator("figure.chart table tbody tr")
    assert figures.count() >= 3
    assert re.fullmatch(r"20\d\d", figures.first.locator("th").inner_text())


def test_from_an_old_address_to_what_there_is(visit: Page) -> None:
    response = visit.request.get("/id/mission/csiro-drougth", headers={"Accept": "text/html"})
    assert response.status == 404
    assert 'href="/id/mission/csiro-drought-resilience"' in response.text()
    visit.goto("/search?q=csiro+drougth")
    visit.get_by_role("link", name="Drought Resilience Mission").first.click()
    visit.wait_for_url("**/id/mission/csiro-drought-resilience")


@pytest.mark.parametrize(
    "path", ["/", "/missions", "/sources", "/map", "/timeline", "/network?place=denmark", "/questions/missions-by-place",
             "/id/mission/eu-cities", "/compare?mission=eu-cities&mission=csiro-future-protein"],
)  # fmt: skip
def test_nothing_shifts_while_a_page_loads(visit: Page, path: str) -> None:
    visit.goto(path)
    visit.wait_for_load_state("networkidle")
    assert visit.evaluate(SHIFTS) < 0.01
