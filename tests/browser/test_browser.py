"""A real browser walks the pages: from a name to the second of the video, by hand and by key."""

import re
from collections import Counter
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from running import running

from missiongraph.api.validation import EXAMPLE
from missiongraph.releases import Release
from missiongraph.settings import Settings

pytestmark = pytest.mark.browser
REFERENCE = ("/ontology", "/shapes", "/concept/unit")
WIDTHS = (360, 768, 1280, 2560)
PATHS = (
    "/",
    "/missions",
    "/missions?view=cards",
    "/network",
    "/timeline",
    "/map",
    "/editor",
    "/validate",
    "/questions/things-by-class",
    "/embed/questions/things-by-class",
    "/questions",
    "/dataset",
    "/releases",
    "/questions/missions",
    "/questions/facts?thing=id:mission/drought",
    "/sources",
    "/coverage",
    "/staleness",
    "/search?q=drought",
    "/ontology",
    "/concept",
    "/concept/unit",
    "/shapes",
    "/sparql",
    "/docs",
    "/id/mission/drought",
    "/id/mission/hostile",
    "/id/source/webinar",
    "/explain?subject=mission/drought&predicate=mg:involves&object=actor/csiro",
)


WITHOUT_SCRIPT = (
    "/", "/missions", "/missions?view=cards", "/compare?mission=drought", "/timeline", "/questions",
    "/questions/things-by-class", "/embed/questions/things-by-class", "/sources", "/coverage",
    "/staleness", "/search?q=drought", "/ontology", "/concept", "/concept/unit", "/shapes", "/sparql",
    "/docs", "/releases", "/dataset", "/id/mission/drought", "/id/source/webinar", "/nowhere",
)  # fmt: skip
"""Pages that need no script: all but the editor, the map, the network, and a file for the validator."""


def test_from_a_name_to_the_second_of_the_video(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Search by name").fill("drought resilience")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Drought Resilience Mission").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Drought Resilience Mission"
    deadline = page.locator(".details div", has_text="Deadline")
    assert "2030" in deadline.inner_text()
    mark = deadline.locator("sup a").first
    mark.click()
    note = page.locator(str(mark.get_attribute("href")))
    link = note.get_by_role("link", name="0:39:49")
    assert str(link.get_attribute("href")).endswith("&t=2389s")


def test_a_question_is_asked_by_its_form(page: Page) -> None:
    page.goto("/questions/passages")
    page.get_by_label("Source").select_option(label="A webinar")
    page.get_by_role("button", name="Ask").click()
    assert page.locator("tbody tr").count() == 2
    assert "source=" in page.url
    assert page.get_by_role("link", name="CSV").get_attribute("href") == (
        "/questions/passages.csv?" + page.url.partition("?")[2]
    )


def test_a_query_is_asked_by_the_form(page: Page) -> None:
    page.goto("/sparql")
    page.get_by_label("Format").select_option("xml")
    with page.expect_response("**/sparql") as answered:
        page.get_by_role("button", name="Ask").click()
    assert answered.value.status == 200
    assert "sparql-results+xml" in answered.value.headers["content-type"]


def test_the_keyboard_reaches_the_content_first(page: Page) -> None:
    page.goto("/missions")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_wider_than_its_window(page: Page, path: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast(chromium: Browser, small_service: str, scheme: str) -> None:
    with chromium.new_context(base_url=small_service, color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = context.new_page()
        for path in ("/", "/missions", "/id/mission/drought", "/questions/passages", *REFERENCE):
            page.goto(path)
            pairs: list[list[str]] = page.evaluate(COLOURS)
            assert pairs
            for ink, paper, text in pairs:
                assert contrast(ink, paper) >= 4.5, (path, text, ink, paper)


@pytest.mark.parametrize("path", (*PATHS, "/nowhere"))
def test_no_page_breaks_the_rules_of_accessibility(
    chromium: Browser, small_service: str, path: str
) -> None:
    """WCAG 2.2, A and AA, as far as axe-core can tell."""
    with chromium.new_context(base_url=small_service, bypass_csp=True) as context:
        page = context.new_page()
        page.goto(path)
        page.wait_for_load_state("networkidle")
        found = Axe().run(page, options={"runOnly": WCAG, "rules": EXCEPTED.get(path, {})})
        told = [f"{v['id']}: {v['nodes'][0]['html']}" for v in found.response["violations"]]
        assert told == []


WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EXCEPTED = {
    "/editor": {  # YASGUI puts its button for a new tab into the list of tabs
        "aria-required-children": {"enabled": False}
    }
}


def test_a_misspelt_name_leads_to_the_mission_by_keyboard(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Search by name").press_sequentially("drougth")
    page.get_by_role("option", name="Drought Resilience Mission").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/id/mission/drought")


def test_facets_apply_as_they_are_ticked(page: Page) -> None:
    page.goto("/missions")
    page.locator("summary", has_text="Funding").click()
    page.locator("input[name=hasTarget][value=known]").evaluate("box => box.click()")
    page.wait_for_url("**/missions?hasTarget=known")
    assert page.locator("tbody tr").count() == 1
    assert page.get_by_role("link", name="CSV").first.get_attribute("href") == (
        "/missions.csv?hasTarget=known"
    )


def test_the_network_is_drawn_filtered_and_taken_along(page: Page) -> None:
    page.goto("/network")
    page.locator("mission-network[data-ready]").wait_for()
    page.get_by_label("Find").fill("Drought Resilience Mission")
    page.get_by_label("Find").dispatch_event("change")
    assert "connections" in page.locator(".about-node").inner_text()
    page.get_by_label("actors").uncheck()
    with page.expect_download() as drawn:
        page.get_by_role("button", name="SVG").click()
    assert "Drought Resilience Mission" in drawn.value.path().read_text()
    with page.expect_download() as picture:
        page.get_by_role("button", name="PNG").click()
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")
    link = page.get_by_role("link", name="GraphML").get_attribute("href")
    assert "graphml" in page.request.get(str(link)).text()


def test_a_question_is_opened_changed_and_shared_in_the_editor(page: Page) -> None:
    page.goto("/questions/things-by-class")
    page.get_by_role("link", name="Open in the editor").click()
    page.locator("sparql-editor[data-ready]").wait_for()
    assert "PREFIX owl:" in page.locator(".CodeMirror").first.inner_text()
    page.locator(".yasqe_queryButton").first.click()
    page.get_by_text("results in").first.wait_for()
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.setValue('ASK {}')")
    page.locator(".yasqe_queryButton").first.click()
    page.get_by_text("True").first.wait_for()


def test_the_editor_completes_terms_of_the_ontology(page: Page) -> None:
    page.goto("/editor")
    page.locator("sparql-editor[data-ready]").wait_for()
    page.evaluate(TYPE_A_PROPERTY)
    page.keyboard.press("Control+Space")
    page.locator(".CodeMirror-hints li", has_text="hasTarget").first.wait_for()


TYPE_A_PROPERTY = """() => {
  const editor = document.querySelector('.CodeMirror').CodeMirror;
  editor.setValue('PREFIX mg: <https://w3id.org/missiongraph/ontology#>\\nSELECT * { ?a mg:hasT }');
  editor.focus();
  editor.setCursor({line: 1, ch: 21});
}"""


def test_a_file_is_put_right_with_the_validator(page: Page, tmp_path: Path) -> None:
    wrong = tmp_path / "example-report.yaml"
    wrong.write_text(WRONG)
    page.goto("/validate")
    page.get_by_label("A file").set_input_files(wrong)
    page.get_by_role("button", name="Check").click()
    assert "startDate" in page.locator(".findings").inner_text()
    text = page.get_by_label("Text")
    text.fill(text.input_value().replace("2o24", "2024"))
    page.get_by_role("button", name="Check").click()
    page.get_by_role("heading", name="Nothing is wrong").wait_for()


WRONG = """\
source:
  id: source/example-report
  title: An example of a report
  page: https://example.org/report.pdf
  sourceKind: report
  issued: "2024-05"
claims:
  - id: evidence/example-report/clean-rivers
    pageNumber: 12
    summary: The Clean Rivers Mission began in 2024.
    states:
      - {id: mission/example-clean-rivers, type: Mission, label: Clean Rivers, startDate: "2o24"}
"""


def test_a_table_is_sorted_by_its_heads(page: Page) -> None:
    page.goto("/questions/things-by-class")
    page.get_by_role("button", name="Things").click()
    cells = page.locator("tbody td.number").all_inner_texts()
    numbers = [int(cell.replace(",", "")) for cell in cells]
    assert numbers == sorted(numbers)


def test_pages_without_script_say_all_they_say_with_it(
    chromium: Browser, small_service: str
) -> None:
    texts: list[list[Counter[str]]] = []
    for script in (True, False):
        with chromium.new_context(base_url=small_service, java_script_enabled=script) as context:
            page = context.new_page()
            texts.append([])
            for path in WITHOUT_SCRIPT:
                page.goto(path)
                texts[-1].append(Counter(page.locator("main").inner_text().split()))
    for path, with_script, without in zip(WITHOUT_SCRIPT, *texts, strict=True):
        assert not with_script - without, path
        assert without.total() > 8, path


def test_a_table_of_claims_is_put_right_without_script(
    chromium: Browser, small_service: str
) -> None:
    with chromium.new_context(base_url=small_service, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/validate")
        page.get_by_label("What it is").select_option("csv")
        page.get_by_label("Text").fill(EXAMPLE.replace(";2025", ";2o25").replace(";", "\t"))
        page.get_by_role("button", name="Check").click()
        page.get_by_role("link", name="row 3, column 11").click()
        assert page.locator("#line-3 td.marked").inner_text() == "2o25"
        assert page.get_by_label("What it is").input_value() == "csv"


def test_terms_trees_and_rules_can_be_read_without_script_and_on_paper(
    chromium: Browser, small_service: str
) -> None:
    with chromium.new_context(base_url=small_service, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/ontology#ownedBy")
        assert page.locator("#ownedBy").bounding_box()["y"] < 200  # type: ignore[index]
        page.goto("/ontology")
        page.locator("svg.classes a", has_text="Governance body").click()
        assert page.url.endswith("#GovernanceBody")
        page.goto("/concept")
        assert not page.locator("#unit .tree").first.is_visible()
        page.locator("#unit summary").first.click()
        page.locator("#unit .tree summary", has_text="Percent").first.click()
        assert page.locator("#unit .tree").first.is_visible()
        page.goto("/concept")
        page.emulate_media(media="print")
        assert page.locator("#unit .tree").first.is_visible()
        page.goto("/shapes#Mission-ownedBy-missing")
        assert page.locator("#Mission-ownedBy-missing").bounding_box()["y"] < 700  # type: ignore[index]


COLOURS = """() => {
  const backdrop = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!colour.endsWith(', 0)')) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  return [...document.querySelectorAll('body *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
    .map(e => [getComputedStyle(e).color, backdrop(e), e.textContent.trim().slice(0, 40)]);
}"""
"""Gives the colours of ink and paper of every element that has text of its own."""


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2, 1.4.3)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of a computed colour such as ``rgb(1, 2, 3)``."""
    channels = [int(number) / 255 for number in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_an_inferred_fact_leads_to_its_rule_and_to_the_passage_behind_it(page: Page) -> None:
    page.goto("/id/mission/drought")
    page.get_by_text("Also inferred, in more general terms").click()
    page.get_by_role("link", name="Why CSIRO is inferred").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Why does this hold?"
    assert "By the rule sub-property" in page.get_by_role("main").inner_text()
    premise = page.locator(".premises > li", has_text="Owned by")
    assert premise.locator(".tag").inner_text() == "stated"
    premise.get_by_role("link", name="its claims").click()
    assert "/id/evidence/webinar/owner" in page.url


def test_facts_inferred_of_our_own_data_are_explained(
    chromium: Browser, sample_release: Release
) -> None:
    home = sample_release.folder.parent.parent
    with running(Settings(home=home)) as address:
        context = chromium.new_context(base_url=address)
        page = context.new_page()
        page.goto("/id/mission/csiro-drought-resilience")
        links = page.get_by_role("link", name=re.compile("^Why .* is inferred$")).all()
        addresses = [str(link.get_attribute("href")) for link in links]
        assert addresses
        for why in addresses[:4]:
            page.goto(why)
            assert "By the rule" in page.get_by_role("main").inner_text()
            stated = page.locator(".premises li", has=page.get_by_text("stated", exact=True))
            assert stated.first.locator(".grounds a").count() > 0
        context.close()
