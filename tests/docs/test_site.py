"""The documentation as a site: it builds strictly, every link leads somewhere, nothing is fetched."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import httpx
import pytest
from blocks import ROOT

from missiongraph.ontology import our_ontology
from missiongraph.questions import all_questions

pytestmark = pytest.mark.xdist_group("docs")
FOLLOW = "MISSIONGRAPH_FOLLOW_LINKS"
LOADING = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src"}


class Links(HTMLParser):
    """The addresses of a page: what it loads, where it leads, and the anchors that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.led: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if name := given.get("id"):
            self.anchors.add(name)
        if tag in LOADING and (address := given.get(LOADING[tag])):
            self.loaded.append(address)
        if tag == "a" and (address := given.get("href")):
            self.led.append(address)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Links]:
    found = {}
    for file in site.rglob("*.html"):
        found[file] = Links()
        found[file].feed(file.read_text(encoding="utf-8"))
    return found


def is_outside(address: str) -> bool:
    return bool(urlsplit(address).scheme or urlsplit(address).netloc)


def broken_links(site: Path, pages: dict[Path, Links]) -> Iterator[str]:
    """Yield each address within the site at which nothing is."""
    for page, links in pages.items():
        for address in (*links.led, *links.loaded):
            if is_outside(address) or (page.name == "404.html"):
                continue
            parts = urlsplit(address)
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            target = target / "index.html" if target.is_dir() else target
            anchored = target not in pages or parts.fragment in {"", *pages[target].anchors}
            if not target.is_relative_to(site) or not target.exists() or not anchored:
                yield f"{page.relative_to(site)}: {address}"


def test_every_link_within_the_site_leads_somewhere(site: Path, pages: dict[Path, Links]) -> None:
    assert len(pages) > 30
    assert list(broken_links(site.resolve(), pages)) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text('<a href="there.html">a</a> <a href="#no">b</a> <a id="is" href="#is">c</a>')
    links = Links()
    links.feed(page.read_text())
    found = list(broken_links(tmp_path.resolve(), {page.resolve(): links}))
    assert found == ["index.html: there.html", "index.html: #no"]


@pytest.fixture(scope="module")
def outside(pages: dict[Path, Links]) -> list[str]:
    """Where the site's pages lead elsewhere, each address once and without its anchor."""
    led = {address for links in pages.values() for address in links.led if is_outside(address)}
    return sorted({urldefrag(address).url for address in led})


def ill_formed(addresses: Iterable[str]) -> list[str]:
    """Return the addresses that no browser could open: of no web scheme, or of no host."""
    wrong = []
    for address in addresses:
        parts = urlsplit(address)
        named = "." in (parts.hostname or "") or parts.hostname == "localhost"
        if parts.scheme not in ("http", "https") or not named or re.search(r"[\s<>\"{}|]", address):
            wrong.append(address)
    return wrong


def test_every_link_that_leads_elsewhere_is_well_formed(outside: list[str]) -> None:
    assert len(outside) > 30
    assert ill_formed(outside) == []
    wrong = ["https:/example.org", "htps://example.org", "https://example", "https://a.org/a b"]
    assert ill_formed(wrong) == wrong


@pytest.mark.skipif(
    FOLLOW not in os.environ, reason=f"follows links elsewhere when {FOLLOW} is set"
)
def test_every_link_that_leads_elsewhere_is_answered(outside: list[str]) -> None:
    silent = []
    with httpx.Client(follow_redirects=True, timeout=20) as client:
        for address in outside:
            if urlsplit(address).hostname in ("127.0.0.1", "localhost"):
                continue
            try:
                status = client.get(address).status_code
            except httpx.HTTPError as cause:
                silent.append(f"{address}: {cause!r}")
            else:
                # Some hosts refuse programs; that is no broken link.
                silent += [f"{address}: {status}"] if status in (404, 410) or status >= 500 else []
    assert silent == []


def test_no_page_loads_anything_from_elsewhere(pages: dict[Path, Links]) -> None:
    """Neither fonts nor scripts: the site works offline."""
    loaded = {address for links in pages.values() for address in links.loaded}
    assert {address for address in loaded if is_outside(address)} == set()


def test_every_question_class_property_and_scheme_is_in_the_reference(
    site: Path, pages: dict[Path, Links]
) -> None:
    def anchors(name: str) -> set[str]:
        return pages[site / "reference" / name / "index.html"].anchors

    listed = {name for name, question in all_questions().items() if not question.hidden}
    assert listed <= anchors("questions")
    assert {name.lower() for name in our_ontology().classes} <= anchors("ontology")
    assert set(our_ontology().schemes) <= anchors("vocabularies")
    ontology = (site / "reference" / "ontology" / "index.html").read_text(encoding="utf-8")
    ours = [p.key for p in our_ontology().properties.values() if "/ontology#" in p.iri]
    assert [key for key in ours if f"<code>{key}</code>" not in ontology] == []


def test_readers_do_not_see_what_is_written_for_tests(site: Path) -> None:
    pages = {file for file in site.rglob("*.html") if "0071-documentation" not in str(file)}
    written = "".join(file.read_text(encoding="utf-8") for file in pages)
    assert not re.search("(not-run|tested-by)=", written)


def test_the_pages_that_a_reader_needs_are_in_the_navigation() -> None:
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("docs_hooks", ROOT / "docs" / "hooks.py")
    assert spec is not None
    assert spec.loader is not None
    hooks = module_from_spec(spec)
    spec.loader.exec_module(hooks)
    named = str(hooks.navigation())
    for file in (ROOT / "docs").rglob("*.md"):
        assert f"'{file.relative_to(ROOT / 'docs').as_posix()}'" in named
