"""Claims: a checked file becomes quads, each claim in the graph of its evidence.

The source's graph describes the source and its passages. The quads are those that
any JSON-LD 1.1 processor reads from the file with our context; added are the classes
that follow from where a thing stands, labels of sources and passages, and deep links.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from pyld import jsonld
from pyoxigraph import Literal, NamedNode, Quad

from missiongraph.ingest.passages import Node, Passage, Value
from missiongraph.names import PREFIXES
from missiongraph.ontology import Ontology

_SOURCE: Final = PREFIXES["dcterms"] + "source"
_VIDEO_HOSTS: Final = ("youtube.com", "youtu.be", "vimeo.com")


def quads(source: Node, passages: tuple[Passage, ...], ontology: Ontology) -> list[Quad]:
    """Return the quads of a source and its passages, in a fixed order, each once."""
    dataset = jsonld.to_rdf(
        _json_ld(source, passages, ontology), {"documentLoader": _refuse_loading}
    )
    return [
        _quad(triple, NamedNode(graph))
        for graph, triples in sorted(dataset.items())
        for triple in triples
    ]


def is_video(source: Node) -> bool:
    """Say whether passages of a source are found by seconds: a webinar, or a video's page."""
    host = urlsplit(source.text("page")).hostname or ""
    on_video_host = any(host == known or host.endswith("." + known) for known in _VIDEO_HOSTS)
    return on_video_host or "webinar" in source.facts.get("sourceKind", ())


def deep_link(source: Node, evidence: Node) -> str:
    """Return the address that leads to a passage: the source's page, at second or page.

    YouTube's own addresses take ``t=``; elsewhere it is a media fragment
    (https://www.w3.org/TR/media-frags/) or the ``#page=`` of PDF (RFC 8118).
    """
    page = source.text("page")
    address = urlsplit(page)
    seconds = evidence.text("startSeconds").partition(".")[0]
    if seconds and (address.hostname or "").endswith(("youtube.com", "youtu.be")):
        kept = [(k, v) for k, v in parse_qsl(address.query, True) if k != "t"]
        query = urlencode([*kept, ("t", f"{seconds}s")], quote_via=quote)
        return address._replace(query=query, fragment="").geturl()
    if seconds and is_video(source):
        return address._replace(fragment=f"t={seconds}s").geturl()
    if (number := evidence.text("pageNumber")) and address.path.lower().endswith(".pdf"):
        return address._replace(fragment=f"page={number}").geturl()
    return page


def locator(evidence: Node) -> str:
    """Return where in its source a passage is, in the fewest words.

    ``39:49`` for seconds, ``p. 12`` for a page, else the words of its slug.
    """
    if seconds := evidence.text("startSeconds"):
        minutes, rest = divmod(int(seconds.partition(".")[0]), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    if number := evidence.text("pageNumber"):
        return f"p. {number}"
    return evidence.id.rpartition("/")[2].replace("-", " ")


def _json_ld(source: Node, passages: tuple[Passage, ...], ontology: Ontology) -> dict[str, Any]:
    described = [_described(source, passage) for passage in passages]
    return {
        **ontology.context(),
        "id": source.id,
        "@graph": [_object(source) | _labels(source, ""), *described],
    }


def _described(source: Node, passage: Passage) -> dict[str, Any]:
    evidence = passage.evidence
    derived: dict[str, Any] = {_SOURCE: {"id": source.id}, "page": deep_link(source, evidence)}
    stated = {"states": [_object(node) for node in passage.states]}
    labels = _labels(source, f", {locator(evidence)}")
    return derived | labels | _object(evidence) | stated


def _labels(source: Node, suffix: str) -> dict[str, Any]:
    titles = source.texts("title")
    return {"label": {language: f"{title}{suffix}" for language, title in titles}}


def _object(node: Node) -> dict[str, Any]:
    facts = {key: [_value(value) for value in values] for key, values in node.facts.items()}
    return {"id": node.id, "type": list(node.types), **facts}


def _value(value: Value | Node) -> object:
    return _object(value) if isinstance(value, Node) else value


def _quad(triple: Mapping[str, Any], graph: NamedNode) -> Quad:
    subject, predicate = (NamedNode(triple[part]["value"]) for part in ("subject", "predicate"))
    return Quad(subject, predicate, _term(triple["object"]), graph)


def _term(term: Mapping[str, str]) -> NamedNode | Literal:
    if term["type"] == "IRI":
        return NamedNode(term["value"])
    if language := term.get("language"):
        return Literal(term["value"], language=language)
    return Literal(term["value"], datatype=NamedNode(term["datatype"]))


def _refuse_loading(address: str, _options: object) -> dict[str, Any]:
    raise jsonld.JsonLdError(
        "Contexts are never fetched.", "missiongraph.loading", {"url": address}, "loading refused"
    )
