"""``/releases``: what is kept, each release's files at stable addresses, and what two differ in."""

from __future__ import annotations

import json
from typing import Any, Final

from fastapi import APIRouter, Query, Request
from fastapi import Path as PathParameter
from starlette.responses import FileResponse, Response, StreamingResponse

from missiongraph.api import problems, templates
from missiongraph.api.answers import answer, answer_with, etag_of
from missiongraph.api.negotiation import PLAIN_JSON, Choice, choose
from missiongraph.api.serving import publication_of
from missiongraph.differences import Differences, FactChange, differences, patch
from missiongraph.errors import UnknownRelease, UnknownThing
from missiongraph.exports.forms import FORMS
from missiongraph.exports.kept import kept_export
from missiongraph.formats import N_QUADS, TURTLE, Format
from missiongraph.names import compact
from missiongraph.releases import MANIFEST, OWN_FILES, Home, Manifest
from missiongraph.tables import Term, text_of

PATCH: Final = Format("rdfp", "application/rdf-patch")
_ROWS_OF_A_PAGE: Final = 1000
_CHANGES: Final = (templates.HTML, PLAIN_JSON, PATCH)
_LISTED: Final = problems.responses("The releases.", templates.HTML, PLAIN_JSON)
_FILE: Final = problems.responses("The file.", N_QUADS, TURTLE, PLAIN_JSON)
_DIFFERENCE: Final = problems.responses("What changed.", *_CHANGES)
_ID: Final = PathParameter(description="A release's id.")
router = APIRouter(tags=["Releases"])


@router.get("/releases", summary="The kept releases", responses=_LISTED, response_class=Response)
def releases(request: Request) -> Response:
    """List the kept releases, the newest first."""
    manifests = [release.manifest for release in _home(request).releases()]
    choice = choose(request.headers.get("Accept"), (templates.HTML, PLAIN_JSON))
    if choice.format is PLAIN_JSON:
        body = _json({"releases": [_described(manifest) for manifest in manifests]})
    else:
        body = templates.render(request, "releases.html", manifests=manifests)
    return answer(request, choice, etag_of(body), lambda: body)


@router.get(
    "/releases/{release_id}", summary="A release", responses=_LISTED, response_class=Response
)
def release(request: Request, release_id: str = _ID) -> Response:
    """Say what a release holds, and where its files are."""
    found = _home(request).release(release_id)
    manifest = found.manifest
    choice = choose(request.headers.get("Accept"), (templates.HTML, PLAIN_JSON))
    if choice.format is PLAIN_JSON:
        body = _json(_described(manifest))
    else:
        body = templates.render(
            request,
            "release.html",
            manifest=manifest,
            classes=[
                (iri.rpartition("#")[2] or compact(iri), count)
                for iri, count in sorted(manifest.classes.items(), key=lambda item: -item[1])
                if "missiongraph" in iri
            ],
            own_files=[name for name in OWN_FILES if (found.folder / name).is_file()],
            forms=list(FORMS.values()),
            others=[r.id for r in _home(request).releases() if r.id != release_id],
        )
    return answer(request, choice, etag_of(body), lambda: body)


@router.get(
    "/releases/{release_id}/{name}",
    summary="A file of a release",
    responses=_FILE,
    response_class=Response,
)
def file(
    request: Request,
    release_id: str = _ID,
    name: str = PathParameter(description="A file's name, such as missiongraph.ttl."),
) -> Response:
    """Give a release's dump, manifest or report, or an export; the first to ask for one waits."""
    found = _home(request).release(release_id)
    if name == found.manifest.dump:
        return FileResponse(found.dump, media_type=N_QUADS.media_type, filename=name)
    if name in OWN_FILES and (found.folder / name).is_file():
        return FileResponse(found.folder / name, media_type=OWN_FILES[name][1])
    for form in FORMS.values():
        if name == f"missiongraph{form.ending}":
            whole = kept_export(found, form)
            kept = f"missiongraph-{found.id}{form.ending}"
            return FileResponse(whole, media_type=form.media_type, filename=kept)
    raise UnknownThing(
        f"Release {release_id} has no file {name!r}.",
        where=request.url.path,
        remedy=f"See what there is at /releases/{release_id}.",
    )


@router.get(
    "/releases/{after}/changes/{before}",
    summary="What two releases differ in",
    responses=_DIFFERENCE,
    response_class=Response,
)
def changes(
    request: Request,
    after: str = PathParameter(description="Id of the later release."),
    before: str = PathParameter(
        description="Id of the earlier one, with .json or .rdfp (an RDF Patch) for programs."
    ),
    inferred: bool = Query(False, description="Whether facts that follow from others count too."),
) -> Response:
    """Say which facts came, went and changed, mission by mission."""
    bare, choice = _form_of(request, before)
    earlier, later = _home(request).release(bare), _home(request).release(after)
    if choice.format is PATCH:
        lines = patch(earlier.dump, later.dump, (earlier.id, later.id))
        return StreamingResponse(lines, media_type=PATCH.media_type)
    found = differences(earlier, later, inferred=inferred)
    if choice.format is PLAIN_JSON:
        return answer_with(request, PLAIN_JSON, _json(found.document()))
    body = templates.render(
        request,
        "changes.html",
        found=found,
        groups=_groups(found),
        more=sum(found.totals.values()) > _ROWS_OF_A_PAGE,
        inferred=inferred,
    )
    return answer(request, choice, etag_of(body), lambda: body)


def _form_of(request: Request, name: str) -> tuple[str, Choice[Format]]:
    """Return a release's id and the form that a name's ending or Accept asks for."""
    for form in _CHANGES:
        if name.endswith(f".{form.name}"):
            return name.removesuffix(f".{form.name}"), Choice(form, form.media_type)
    return name, choose(request.headers.get("Accept"), _CHANGES)


def _groups(found: Differences) -> list[dict[str, Any]]:
    """Return the changes as the page shows them: of each mission, then of other things."""
    groups: list[dict[str, Any]] = []
    shown = 0
    for iri, facts in [*found.missions.items(), ("", found.others)]:
        rows = [_row(found, change) for change in facts[: max(0, _ROWS_OF_A_PAGE - shown)]]
        shown += len(rows)
        if rows:
            became = found.became_of(iri) if iri else ""
            groups.append({"iri": iri, "label": _named(found, iri), "became": became, "rows": rows})
    return groups


def _row(found: Differences, change: FactChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "thing": change.thing,
        "label": _named(found, change.thing),
        "property": _named(found, change.property_iri),
        "before": [_told(found, term) for term in change.before],
        "after": [_told(found, term) for term in change.after],
        "evidence": change.evidence,
    }


def _named(found: Differences, iri: str) -> str:
    return found.labels.get(iri) or (compact(iri) if iri else "Other things")


def _told(found: Differences, term: Term) -> str:
    return found.labels.get(getattr(term, "value", "")) or text_of(term)


def _described(manifest: Manifest) -> dict[str, Any]:
    address = f"/releases/{manifest.release}"
    return {
        "release": manifest.release,
        "built": manifest.built,
        "previous": manifest.previous,
        "triples": manifest.triples,
        "claims": manifest.claims,
        "sources": len(manifest.sources),
        "sha256": manifest.sha256,
        "ontology_version": manifest.ontology_version,
        "software_version": manifest.software_version,
        "files": {
            "dump": f"{address}/{manifest.dump}",
            "manifest": f"{address}/{MANIFEST}",
            **{name: f"{address}/missiongraph{form.ending}" for name, form in FORMS.items()},
        },
    }


def _home(request: Request) -> Home:
    settings = publication_of(request).settings
    if settings.store:
        raise UnknownRelease(
            "A remote store is served, which has no releases.", where=request.url.path
        )
    return Home(settings.home)


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode()
