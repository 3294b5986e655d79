"""``/sitemap.xml``, ``/robots.txt`` and ``/llms.txt``: where things are, for crawlers and assistants."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request
from starlette.responses import Response

from missiongraph.about import ABOUT
from missiongraph.api import problems
from missiongraph.api.addresses import address_of
from missiongraph.api.answers import answer_with
from missiongraph.api.questions import by_dimension
from missiongraph.api.serving import publication_of
from missiongraph.api.values import href_of
from missiongraph.formats import Format
from missiongraph.names import CONCEPT, ID

_XML: Final = Format("xml", "application/xml")
_TEXT: Final = Format("txt", "text/plain")
_MOST: Final = 50_000
"""Addresses of one sitemap (https://www.sitemaps.org/protocol.html)."""
_PAGES: Final = (
    "/", "/missions", "/compare", "/network", "/timeline", "/questions", "/sources", "/ontology",
    "/concept", "/shapes", "/dataset", "/releases", "/docs",
)  # fmt: skip
router = APIRouter(tags=["Data set"])


@router.get(
    "/sitemap.xml",
    summary="The site's pages",
    response_class=Response,
    responses=problems.responses("The sitemap.", _XML),
)
def sitemap(request: Request) -> Response:
    """List the pages: those of the site, of the questions, and of what people look for, missions first."""
    root = address_of(request)
    named = publication_of(request).served().names.things(_MOST)
    things = dict.fromkeys(href_of(iri) for iri in named)
    asked = [f"/questions/{q.id}" for group in by_dimension().values() for q in group]
    paths = [*_PAGES, *asked, *(path for path in things if path.startswith(("/id/", "/concept/")))]
    entries = "".join(f"<url><loc>{escape(root + path)}</loc></url>\n" for path in paths[:_MOST])
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    text = (
        f'{head}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
    )
    return answer_with(request, _XML, text.encode())


@router.get(
    "/robots.txt",
    summary="What crawlers may read",
    response_class=Response,
    responses=problems.responses("The rules.", _TEXT),
)
def robots(request: Request) -> Response:
    """Let crawlers read the pages, and spare them the queries."""
    lines = (
        "User-agent: *",
        "Disallow: /sparql",
        "Disallow: /search",
        "Disallow: /suggest",
        f"Sitemap: {address_of(request)}/sitemap.xml",
    )
    return answer_with(request, _TEXT, "\n".join((*lines, "")).encode())


@router.get(
    "/llms.txt",
    summary="What an assistant finds here",
    response_class=Response,
    responses=problems.responses("The text.", _TEXT),
)
def llms(request: Request) -> Response:
    """Tell an assistant what this is and where to ask (https://llmstxt.org/)."""
    root = address_of(request)
    lines = ["# missiongraph", "", f"> {ABOUT}", ""]
    lines += [
        "Every curated fact names its passage: quote the passage's source and place with the fact. What is",
        "not in the graph is unknown, which is neither no nor zero. Data are under CC BY 4.0.",
        "",
        "## Where to ask",
        "",
        f"- [Search]({root}/search?q=drought): things by name; `/suggest?q=` gives JSON",
        f"- [SPARQL endpoint]({root}/sparql): SPARQL 1.1, read-only; GET `?query=`",
        f"- [SPARQL examples]({root}/.well-known/sparql-examples): every question as a query",
        f"- [Compare]({root}/compare): missions against criteria; `.csv`, `.json`, `.xlsx`",
        f"- [A thing]({ID}): `/id/<class>/<slug>` with `.ttl`, `.jsonld` or `.html`; concepts at {CONCEPT}",
        f"- [OpenAPI]({root}/openapi.json): all addresses",
        "",
        "## Questions",
        "",
    ]
    for heading, group in by_dimension().items():
        lines += [f"### {heading}", ""]
        lines += [f"- [{q.title}]({root}/questions/{q.id}.csv): {q.words}" for q in group]
        lines.append("")
    lines += [
        "## Data",
        "",
        f"- [Data set]({root}/dataset): DCAT, downloads",
        f"- [Ontology]({root}/ontology): classes and properties",
        f"- [VoID]({root}/.well-known/void): how much there is of each",
        f"- [Releases]({root}/releases): every kept state, with its files",
        "",
    ]
    return answer_with(request, _TEXT, "\n".join(lines).encode())
