"""The editor in a real browser: completion, views of results, errors with their place, links to share."""

import json
import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page

from missiongraph.names import MG, PREFIXES
from missiongraph.ontology import our_ontology
from missiongraph.questions import all_questions
from missiongraph.sparql import form_of

pytestmark = pytest.mark.browser
NAMES = "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in ("mg", "rdfs"))
TEXT = "document.querySelector('.CodeMirror').CodeMirror.getValue()"
BY_CLASS = f"{NAMES}SELECT ?class (COUNT(*) AS ?things) {{ ?thing a ?class }} GROUP BY ?class"
OVER_YEARS = """
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?year ?thing ?number
WHERE {
  VALUES (?year ?thing ?number) {
    ("2020"^^xsd:gYear "A" 1) ("2022"^^xsd:gYear "A" 4) ("2025"^^xsd:gYear "A" 3)
    ("2021"^^xsd:gYear "B" 2) ("2024-06"^^xsd:gYearMonth "B" 2.5)
  }
}"""
IN_PLACES = f"""{NAMES}
SELECT ?place ?placeLabel ?missions
WHERE {{
  VALUES ?missions {{ 3 }}
  ?place a mg:Place ; rdfs:label ?placeLabel .
}}"""
LINKS = f"""{NAMES}
SELECT ?mission ?missionLabel ?actor ?actorLabel
WHERE {{
  ?mission mg:ownedBy ?actor ; rdfs:label ?missionLabel .
  ?actor rdfs:label ?actorLabel .
}}"""


@pytest.fixture
def editor(page: Page) -> Page:
    """The editor's page, ready to be typed in."""
    page.set_default_timeout(15_000)
    page.goto("/editor")
    page.locator("sparql-editor[data-ready]").wait_for()
    return page


def write(page: Page, query: str) -> None:
    page.evaluate("q => document.querySelector('.CodeMirror').CodeMirror.setValue(q)", query)


def ask(page: Page, query: str) -> None:
    """Ask a query; wait for its answer, whatever it is."""
    write(page, query)
    with page.expect_response("**/sparql"):
        page.locator(".yasqe_queryButton").first.click()
    page.locator(".yasr_response_chip:not(.empty), .query-problem").first.wait_for()


def type_in(page: Page, text: str) -> None:
    page.locator(".CodeMirror").first.click()
    page.keyboard.type(text, delay=5)


def test_terms_are_completed_as_they_are_typed(editor: Page) -> None:
    write(editor, "")
    type_in(editor, "SELECT * WHERE { ?m mg:hasTa")
    editor.locator(".CodeMirror-hints li", has_text="mg:hasTarget").wait_for()
    editor.keyboard.press("Enter")
    editor.keyboard.type(" ?t . ?m a mg:Mission", delay=5)
    editor.locator(".CodeMirror-hint-active", has_text="mg:Mission").wait_for()
    editor.keyboard.press("Enter")
    editor.keyboard.type(" }")
    text = editor.evaluate(TEXT)
    assert text.startswith(f"PREFIX mg: <{MG}>")  # it declares the prefix that was used
    assert "?m mg:hasTarget ?t . ?m a mg:Mission" in text


def test_a_prefix_is_completed_from_our_own(editor: Page) -> None:
    write(editor, "")
    type_in(editor, "PREFIX eur")
    editor.locator(".CodeMirror-hints li", has_text="eurio").first.wait_for()
    editor.keyboard.press("Enter")
    assert PREFIXES["eurio"] in editor.evaluate(TEXT)


def test_a_table_links_to_pages_of_this_server(editor: Page) -> None:
    ask(editor, f"{NAMES}SELECT ?mission {{ ?mission a mg:Mission }} ORDER BY ?mission")
    link = editor.locator(".yasr_results a.iri").first
    link.wait_for()
    assert str(link.get_attribute("href")).startswith("/id/mission/")


def test_names_with_numbers_are_drawn_as_a_chart(editor: Page) -> None:
    ask(editor, BY_CLASS)
    editor.locator(".select_chart").first.click()
    bars = editor.locator(".result-view svg.bars")
    bars.wait_for()
    assert bars.get_attribute("aria-label").startswith("things by class")  # type: ignore[union-attr]
    assert bars.locator("rect").count() > 5
    assert "mg:Mission" in str(bars.text_content())
    widths = [float(str(r.get_attribute("width"))) for r in bars.locator("rect").all()]
    figures = [int(t) for t in bars.locator("text").all_text_contents() if t.isdigit()]
    assert [w == max(widths) for w in widths] == [f == max(figures) for f in figures]
    with editor.expect_download() as drawn:
        editor.locator(".yasr_downloadIcon").first.click()
    assert drawn.value.path().read_text().startswith("<svg")


def test_numbers_over_years_are_drawn_as_lines(editor: Page) -> None:
    ask(editor, OVER_YEARS)
    editor.locator(".select_chart").first.click()
    drawn = editor.locator(".result-view svg.lines[role=img]")
    drawn.wait_for()
    assert drawn.locator("polyline").count() == 2
    assert drawn.locator("circle").count() == 5
    assert editor.locator(".result-view .keys li").all_inner_texts() == [" A", " B"]
    years = [t for t in drawn.locator("text").all_text_contents() if t.startswith("20")]
    assert years[0] == "2020"
    editor.locator("select[name=Lines]").select_option("all rows")
    assert drawn.locator("polyline").count() == 1


def test_places_are_drawn_on_a_map_served_from_here(editor: Page) -> None:
    ask(editor, IN_PLACES)
    editor.locator(".select_map").first.click()
    editor.locator(".result-view svg.map circle").first.wait_for()
    mark = editor.locator(".result-view svg.map a").first
    assert "Australia: " in str(mark.get_attribute("aria-label"))
    assert str(mark.get_attribute("href")).startswith("/id/place/")
    image = editor.locator(".result-view svg.map image")
    assert image.get_attribute("href") == "/static/vendor/world.svg"


def test_things_in_two_columns_are_drawn_as_a_network(editor: Page) -> None:
    ask(editor, LINKS)
    editor.locator(".select_network").first.click()
    canvas = editor.locator(".network-canvas[data-ready]")
    canvas.wait_for()
    said = re.search(r"(\d+) things, (\d+) links", str(canvas.get_attribute("aria-label")))
    assert said and int(said[1]) > 1 and int(said[2]) > 0
    with editor.expect_download() as drawn:
        editor.locator(".yasr_downloadIcon").first.click()
    assert drawn.value.path().read_bytes().startswith(b"\x89PNG")


def test_a_view_is_offered_only_where_the_columns_allow_it(editor: Page) -> None:
    ask(editor, f"{NAMES}SELECT ?mission {{ ?mission a mg:Mission }}")
    for view in ("chart", "map", "network"):
        assert "disabled" in str(editor.locator(f".select_{view}").first.get_attribute("class"))
    ask(editor, BY_CLASS)
    assert "disabled" not in str(editor.locator(".select_chart").first.get_attribute("class"))


@pytest.fixture
def failing(chromium: Browser, small_service: str) -> Iterator[Page]:
    """The editor where a failed request may say so on the console, as browsers do."""
    context = chromium.new_context(base_url=small_service)
    page = context.new_page()
    page.goto("/editor")
    page.locator("sparql-editor[data-ready]").wait_for()
    yield page
    context.close()


def test_an_error_shows_its_line_and_column_and_leads_there(failing: Page) -> None:
    ask(failing, "SELECT ?m\nWHERE {\n  ?m a ?t\n  ?m ?p ?o .\n}")
    problem = failing.locator(".query-problem")
    assert "Line 4, column 11:" in problem.inner_text()
    assert "?m ?p ?o" in problem.locator("pre").inner_text()
    problem.get_by_role("button", name="Go to line 4, column 11").click()
    at = failing.evaluate("document.querySelector('.CodeMirror').CodeMirror.getCursor()")
    assert (at["line"], at["ch"]) == (3, 10)


def test_an_error_without_a_place_shows_what_to_do(failing: Page) -> None:
    ask(failing, "LOAD <https://example.org/>")
    words = failing.locator(".query-problem").inner_text()
    assert "read-only" in words
    assert "Send a SELECT" in words
    assert "column" not in words


def test_a_shared_link_opens_the_same_query_elsewhere(
    editor: Page, chromium: Browser, small_service: str
) -> None:
    query = f"{NAMES}\nSELECT ?m # ü & +\nWHERE {{ ?m a mg:Mission }}"
    ask(editor, query)
    editor.locator(".yasqe_share").first.click()
    link = editor.locator(".yasqe_sharePopup input").first.input_value()
    assert link.startswith(f"{small_service}/editor#query=")
    with chromium.new_context() as other:
        opened = other.new_page()
        opened.goto(link)
        opened.locator("sparql-editor[data-ready]").wait_for()
        assert opened.evaluate(TEXT) == query
        opened.locator(".yasqe_queryButton").first.click()
        opened.get_by_text("results in").or_(opened.get_by_text("result in")).first.wait_for()


def test_a_column_is_made_wider_without_breaking_the_policy(editor: Page) -> None:
    ask(editor, LINKS)
    editor.locator(".grip-handle").nth(1).wait_for(state="attached")
    box = editor.locator(".grip-handle").nth(1).bounding_box()
    assert box is not None
    editor.mouse.move(box["x"] + 1, box["y"] + 5)
    editor.mouse.down()
    editor.mouse.move(box["x"] + 40, box["y"] + 5)
    editor.mouse.up()


def test_every_question_is_an_example_that_can_be_asked(client: httpx.Client) -> None:
    words = client.get("/editor.json").json()
    shown = client.get("/editor", headers={"Accept": "text/html"}).text
    offered = {id_ for id_, question in all_questions().items() if not question.hidden}
    assert set(words["questions"]) == offered
    for id_, example in words["questions"].items():
        assert f'<option value="{id_}">' in shown
        assert form_of(example["sparql"]).value
        assert "UNDEF" not in example["sparql"]
        answer = client.post("/sparql", data={"query": example["sparql"]})
        assert answer.status_code == 200, (id_, answer.text)


def test_what_is_completed_is_the_whole_ontology(client: httpx.Client) -> None:
    words = client.get("/editor.json").json()
    ontology = our_ontology()
    assert {found.iri for found in ontology.classes.values()} <= set(words["classes"])
    assert {found.iri for found in ontology.properties.values()} <= set(words["properties"])
    assert words["prefixes"] == PREFIXES
    assert "australia" in json.dumps(words["points"])
