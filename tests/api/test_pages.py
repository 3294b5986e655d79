"""The pages, without a browser: what they show, and that data are inert in them."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import httpx
import pytest

from missiongraph.api.headers import CONTENT_SECURITY_POLICY, EMBEDDABLE, STYLED_BY_SCRIPT

PAGES = [
    "/",
    "/missions",
    "/missions?place=australia&view=cards&sort=deadline",
    "/missions?status=unknown&place=nowhere",
    "/network",
    "/timeline",
    "/map",
    "/editor",
    "/questions",
    "/questions/sources",
    "/questions/facts?thing=id:mission/hostile",
    "/questions/passages",
    "/questions/things-by-class",
    "/embed/questions/things-by-class",
    "/validate",
    "/questions/claims",
    "/sources",
    "/sources?kind=webinar",
    "/coverage",
    "/staleness",
    "/search",
    "/search?q=drought",
    "/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
    "/search?q=alert",
    "/docs",
    "/ontology",
    "/shapes",
    "/concept",
    "/concept/unit",
    "/sparql",
    "/id/mission/drought",
    "/id/mission/hostile",
    "/id/source/report",
    "/id/source/webinar",
    "/id/evidence/report/hostile",
    "/id/evidence/webinar/drought-target",
    "/id/actor/csiro",
    "/nowhere",
]
HTML = {"Accept": "text/html"}


class Page(HTMLParser):
    """The elements and links of a page, its start and end tags matched."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.unlabelled: list[dict[str, str | None]] = []
        self.text_of_scripts = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("input", "select", "textarea") and "label" not in self.open:
            self.unlabelled.append(dict(attrs))
        if tag not in ("meta", "link", "input", "img", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if "script" in self.open:
            self.text_of_scripts += data

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def values(self, attribute: str) -> list[str]:
        return [value for _, attrs in self.elements if (value := attrs.get(attribute))]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_nothing_in_it_can_act(client: httpx.Client, path: str) -> None:
    response = client.get(path, headers=HTML)
    assert response.status_code == (404 if path == "/nowhere" else 200), response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8", response.text
    page = Page(response.text)
    assert page.open == []
    assert not {tag for tag, _ in page.elements} & {"iframe", "object", "style"}
    assert page.text_of_scripts == ""
    for source in (str(attrs.get("src")) for tag, attrs in page.elements if tag == "script"):
        assert source.startswith("/static/"), source
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]
    assert "style" not in {name for _, attrs in page.elements for name in attrs}
    for address in page.values("href") + page.values("src") + page.values("action"):
        assert re.match(r"https?://|/(?!/)|#", address), address
    for tag, attrs in page.elements:
        if tag in ("img", "link") and "alternate" not in str(attrs.get("rel")):
            assert str(attrs.get("src") or attrs.get("href")).startswith("/static/")


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_has_the_headers_that_keep_pages_safe(client: httpx.Client, path: str) -> None:
    headers = client.get(path, headers=HTML).headers
    drawn = path in ("/network", "/editor")  # vendored libraries set styles there
    policy = STYLED_BY_SCRIPT if drawn else CONTENT_SECURITY_POLICY
    policy = EMBEDDABLE if path.startswith("/embed/") else policy
    assert headers["content-security-policy"] == policy
    assert "unsafe" not in CONTENT_SECURITY_POLICY + STYLED_BY_SCRIPT + EMBEDDABLE
    assert "script-src 'self';" in STYLED_BY_SCRIPT
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_read_without_seeing_it(client: httpx.Client, path: str) -> None:
    page = Page(client.get(path, headers=HTML).text)
    tags = [tag for tag, _ in page.elements]
    assert tags.count("h1") == tags.count("main") == 1
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert tags.count("table") == tags.count("caption")
    assert all("scope" in attrs for tag, attrs in page.elements if tag == "th")
    if not path.startswith("/embed/"):
        assert ("a", {"class": "skip", "href": "#content"}) in page.elements
    identifiers = page.values("id")
    assert len(identifiers) == len(set(identifiers))
    labelled = set(page.values("for"))
    for attrs in page.unlabelled:
        assert attrs.get("id") in labelled or attrs.get("aria-label")


def test_each_fact_of_a_mission_leads_to_its_passage(client: httpx.Client) -> None:
    text = client.get("/id/mission/drought").text
    page = Page(text)
    assert "https://www.youtube.com/watch?v=PSQUKrdPM70&t=2389s" in page.values("href")
    assert "0:39:49" in text
    assert "The mission aims to cut the harm done by drought by 30 % by 2030." in text
    notes = {mark for mark in page.values("href") if mark.startswith("#note-")}
    assert notes == {"#note-1", "#note-2"}
    assert {note.removeprefix("#") for note in notes} <= set(page.values("id"))


def test_a_mission_begins_with_its_target(client: httpx.Client) -> None:
    glance = client.get("/id/mission/drought").text.partition('class="glance"')[2]
    assert '<p class="figure">30 percent</p>' in glance
    assert "by 2030" in glance


def test_a_mission_names_the_questions_that_find_something_lacking(client: httpx.Client) -> None:
    lacking = client.get("/id/mission/drought").text.partition("What is lacking")[2]
    assert "/questions/no-evaluation" in lacking
    assert "What is lacking" not in client.get("/id/actor/csiro").text


def test_a_target_is_shown_inside_its_missions_page(client: httpx.Client) -> None:
    text = client.get("/id/mission/drought").text
    assert re.search(r"<dt>Target value</dt><dd><span>30</span><sup", text)
    assert re.search(r'<time datetime="2030">2030</time>', text)
    assert ">Percent</a>" in text


def test_what_was_inferred_is_marked_so(client: httpx.Client) -> None:
    text = client.get("/id/mission/drought").text
    stated, _, also = text.partition('<details class="also">')
    assert "inferred</span>" in also
    assert "involves" in also.lower()
    assert ">Involves<" not in stated


def test_a_things_page_names_what_mentions_it(client: httpx.Client) -> None:
    text = client.get("/id/challenge/drought").text
    mentions = text.partition("Missions that address it")[2]
    assert '<a href="/id/mission/drought">Drought Resilience Mission</a>' in mentions


def test_an_answer_with_one_number_a_thing_is_drawn_too(client: httpx.Client) -> None:
    drawn = client.get("/questions/things-by-class").text
    table = client.get("/questions/things-by-class.json").json()["results"]["bindings"]
    assert drawn.count("<rect") == len(table)
    assert "<rect" not in client.get("/questions/sources").text


def test_only_pages_made_for_it_may_stand_in_a_frame(client: httpx.Client) -> None:
    policy = client.get("/embed/questions/things-by-class").headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'self'" in policy


def test_labels_of_another_language_say_so(client: httpx.Client) -> None:
    response = client.get("/questions/facts?thing=id:mission/drought")
    assert '<span lang="de">Mission Dürre</span>' in response.text


def test_search_finds_a_part_of_a_name_in_any_case(client: httpx.Client) -> None:
    text = client.get("/search", params={"q": "DROUGHT resil"}).text
    first = text.index('href="/id/mission/drought"')
    assert first < text.index('href="/id/challenge/drought"')
    assert "No name has these words" in client.get("/search?q=zzzz").text


def test_hostile_labels_are_text(client: httpx.Client) -> None:
    text = client.get("/id/mission/hostile").text
    assert "&lt;script&gt;alert(4)&lt;/script&gt;" in text
    assert "javascript:alert(6)</span>" in text
    assert "//evil.example/" in text
    assert 'href="//' not in text
