"""``/compare``: missions against criteria, as a page without script and as files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi import Path as PathParameter
from starlette.responses import Response

from missiongraph.api import problems, templates
from missiongraph.api.answers import answer, etag_of
from missiongraph.api.history import served_to
from missiongraph.api.negotiation import Choice, choose
from missiongraph.api.serving import Served
from missiongraph.api.unknowns import unknowns_of
from missiongraph.comparison.forms import DRAWINGS, NAMES, WRITERS
from missiongraph.comparison.matrix import Cell, Comparison, Criterion, Passage, Subject
from missiongraph.comparison.reading import DIFFERENCES, SAMES, Wish, all_criteria, compare
from missiongraph.comparison.similarity import Distance, distances
from missiongraph.comparison.tabular import passages_of
from missiongraph.errors import BadParameter, FormatNotOffered
from missiongraph.formats import Format
from missiongraph.questions import answer_table, find_question
from missiongraph.tables import text_of

router = APIRouter(tags=["Comparison"])
_PARAMETERS: Final = (
    "mission", "programme", "place", "criterion", "dimension", "only", "sort", "release", "format",
)  # fmt: skip
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The whole comparison.",
        "content": {
            media_type: {"schema": {}}
            for form in (templates.HTML, *WRITERS)
            for media_type in (form.media_type, *form.aliases)
        },
    },
    304: {"description": "The client has it already."},
    **problems.RESPONSES,
}
_QUERY: Final = {
    "parameters": [
        {
            "name": name,
            "in": "query",
            "description": words,
            "schema": {"type": "array", "items": {"type": "string"}}
            if several
            else {"type": "string"},
        }
        for name, words, several in (
            ("mission", "A mission's slug or IRI; repeated for several.", True),
            ("programme", "A programme's slug or IRI; repeated for several.", True),
            ("place", "A place's slug or IRI, for all its missions; repeated for several.", True),
            ("criterion", "The name of a criterion; repeated for several.", True),
            ("dimension", "The slug of a dimension; repeated for several.", True),
            ("only", "differences, or sames.", False),
            ("sort", "given, label or known.", False),
            ("release", "Id of a kept release; the current one when left out.", False),
        )
    ]
}


@dataclass(frozen=True)
class Place:
    """A cell of the page, and the numbers of its footnotes."""

    cell: Cell
    notes: tuple[int, ...]


@router.get(
    "/compare",
    summary="Compare missions",
    response_class=Response,
    responses=_RESPONSES,
    openapi_extra=_QUERY,
)
def compare_missions(request: Request) -> Response:
    """Give the page, or the form that Accept likes best (or that ``format=`` names)."""
    named = request.query_params.get("format")
    if named:
        return compare_in_form(request, named)
    choice = choose(request.headers.get("Accept"), (templates.HTML, *WRITERS))
    return _respond(request, choice)


@router.get(
    "/compare.{ending}",
    summary="Compare missions, in a form given by its ending",
    response_class=Response,
    responses=_RESPONSES,
    openapi_extra=_QUERY,
)
def compare_in_form(
    request: Request, ending: str = PathParameter(description="csv, tidy.csv, xlsx, md, tex …")
) -> Response:
    """Give the whole comparison in one form."""
    forms = NAMES | {templates.HTML.name: templates.HTML}
    if ending not in forms:
        raise FormatNotOffered(
            f"{ending!r} is not a form of a comparison.",
            where=request.url.path,
            remedy=f"Ask for one of: {', '.join(forms)}.",
        )
    form = forms[ending]
    return _respond(request, Choice(form, form.media_type))


def wish_of(request: Request) -> Wish:
    """Return what an address wants compared.

    Raises:
        BadParameter: it has a parameter that is none of a comparison's.
    """
    given = request.query_params
    for name in given:
        if name not in _PARAMETERS:
            raise BadParameter(
                f"{name!r} is not a parameter of a comparison.",
                where=name,
                remedy=f"It takes: {', '.join(_PARAMETERS)}.",
            )
    several = {name: [v for v in given.getlist(name) if v] for name in _PARAMETERS}
    return Wish(
        missions=several["mission"],
        programmes=several["programme"],
        places=several["place"],
        criteria=several["criterion"],
        dimensions=several["dimension"],
        only=given.get("only", ""),
        sort=given.get("sort", "") or "given",
    )


def _respond(request: Request, choice: Choice[Format]) -> Response:
    served, wish = served_to(request), wish_of(request)
    if choice.format is templates.HTML:
        body = _page(request, served, wish)
        return answer(request, choice, etag_of(body), lambda: body)
    etag = etag_of(served.release, choice.format.name, repr(wish)) if served.release else None
    return answer(
        request,
        choice,
        etag,
        lambda: WRITERS[choice.format](compare(served.store, wish, served.release or "")),
    )


def _page(request: Request, served: Served, wish: Wish) -> bytes:
    comparison = None if wish.is_empty else compare(served.store, wish, served.release or "")
    query = _query(wish)
    permalink = "/compare?" + urlencode([*query, ("release", served.release or "")])
    return templates.render(
        request,
        "compare.html",
        comparison=comparison,
        groups=_groups(comparison) if comparison else {},
        notes=_notes(comparison) if comparison else [],
        unknowns=unknowns_of(served.store, comparison) if comparison else [],
        likeness=_likeness(comparison) if comparison else [],
        missions=_offered(served),
        chosen=_chosen(comparison, wish),
        criteria=all_criteria(served.store),
        wish=wish,
        only=(DIFFERENCES, SAMES),
        forms=[form for form in WRITERS if form not in DRAWINGS],
        drawings=list(DRAWINGS.items()),
        query="?" + urlencode(query) + (f"&release={served.release}" if served.release else ""),
        permalink=permalink,
    )


def _groups(comparison: Comparison) -> dict[str, list[tuple[Criterion, list[Place], str]]]:
    """Return the rows of the page by dimension: a criterion, its cells, the share known."""
    numbers = {passage: place for place, passage in enumerate(_notes(comparison), start=1)}
    return {
        dimension: [
            (
                criterion,
                [
                    Place(cell, tuple(numbers[passage] for passage in cell.passages))
                    for cell in comparison.row(criterion)
                ],
                f"{comparison.known_share(comparison.row(criterion)):.0%}",
            )
            for criterion in criteria
        ]
        for dimension, criteria in comparison.by_dimension().items()
    }


def _notes(comparison: Comparison) -> list[Passage]:
    return passages_of(comparison)


def _likeness(comparison: Comparison) -> list[tuple[Subject, Subject, Distance]]:
    """Return each mission with the one whose design is nearest; a pair is measured once."""
    between = distances(comparison)
    found = []
    for place, subject in enumerate(comparison.subjects):
        others = [
            (distance.value, -distance.known, other, distance)
            for other in range(len(comparison.subjects))
            if other != place
            for distance in [between[min(place, other), max(place, other)]]
            if distance.value is not None
        ]
        if others:
            _, _, other, distance = min(others, key=lambda each: each[:3])
            found.append((subject, comparison.subjects[other], distance))
    return found


def _offered(served: Served) -> list[tuple[str, str]]:
    table = answer_table(served.store, find_question("comparison-missions"))
    found = [(row["mission"], text_of(row.get("missionLabel"))) for row in table.records()]
    return sorted(
        ((getattr(iri, "value", ""), label) for iri, label in found), key=lambda x: (x[1], x[0])
    )


def _chosen(comparison: Comparison | None, wish: Wish) -> set[str]:
    return (
        {subject.iri for subject in comparison.subjects} if comparison and wish.missions else set()
    )


def _query(wish: Wish) -> Sequence[tuple[str, str]]:
    several = {
        "mission": wish.missions,
        "programme": wish.programmes,
        "place": wish.places,
        "criterion": wish.criteria,
        "dimension": wish.dimensions,
        "only": [wish.only] if wish.only else [],
        "sort": [wish.sort] if wish.sort != "given" else [],
    }
    return [(name, value) for name, values in several.items() for value in values]
