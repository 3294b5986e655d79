"""``/questions``: every stored question as a page and as stable addresses of its answer."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi import Path as PathParameter
from pyoxigraph import NamedNode
from starlette.responses import Response

from missiongraph import questions
from missiongraph.api import problems, templates
from missiongraph.api.addresses import address_of
from missiongraph.api.answers import answer, answer_with, etag_of
from missiongraph.api.charts import Chart, chart_of
from missiongraph.api.citation import citation
from missiongraph.api.headers import EMBEDDABLE
from missiongraph.api.history import RELEASE, served_to
from missiongraph.api.labelled import ShownTable, show_table
from missiongraph.api.negotiation import PLAIN_JSON, Choice, choose
from missiongraph.api.series import Series, series_of
from missiongraph.api.serving import Served
from missiongraph.api.values import in_words
from missiongraph.errors import BadParameter, UnknownQuestion
from missiongraph.formats import (
    CSV,
    FILE_FORMATS,
    JSON,
    TSV,
    FileFormat,
    Format,
    TableFormat,
)
from missiongraph.parameters import Parameter
from missiongraph.questions import Question
from missiongraph.tables import read_table, text_of

ANSWERS: Final = (JSON, CSV, TSV, *FILE_FORMATS)
ROWS_OF_A_PAGE: Final = 200
_CHOICES_OF_A_LIST: Final = 400
NOT_DRAWN: Final[dict[str, Chart | Series | None]] = {"chart": None, "series": None}
router = APIRouter(tags=["Questions"])

_RESPONSES: Final = problems.responses("The whole answer.", templates.HTML, *ANSWERS)
_PAGE: Final = problems.responses("A page.", templates.HTML)
_ID: Final = PathParameter(
    description="A question's id, such as mission-targets.", examples=["mission-targets"]
)


@dataclass(frozen=True)
class Option:
    """One value that a parameter's list offers."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """A parameter as a form shows it; with no options it is written by hand."""

    parameter: Parameter
    options: tuple[Option, ...]
    given: tuple[str, ...]


@router.get("/questions", summary="List the questions", responses=_RESPONSES)
def list_questions(
    request: Request,
    user: str = Query("", description="Only for a kind of user: " + ", ".join(questions.USERS)),
) -> Response:
    """Give all questions, as a page by dimension and user, or as JSON."""
    choice = choose(request.headers.get("Accept"), (templates.HTML, PLAIN_JSON))
    if choice.format is PLAIN_JSON:
        return list_questions_as_json(request)
    body = _gallery(request, user)
    return answer(request, choice, etag_of(body), lambda: body)


@router.get("/questions.json", summary="List the questions as JSON", responses=_RESPONSES)
def list_questions_as_json(request: Request) -> Response:
    """Give each question's id, words, parameters, columns and addresses."""
    described = [_describe(question) for question in _listed()]
    body = json.dumps({"questions": described}, ensure_ascii=False, indent=2).encode()
    choice = Choice[Format](PLAIN_JSON, PLAIN_JSON.media_type)
    return answer(request, choice, etag_of(body), lambda: body)


@router.get(
    "/questions/{question_id}.{ending}",
    summary="Ask a question, in a format given by its ending",
    response_class=Response,
    responses=_RESPONSES,
)
def ask_in_format(
    request: Request,
    question_id: str = _ID,
    ending: str = PathParameter(description="json, csv, tsv, xlsx, parquet or html."),
) -> Response:
    """Give the whole answer; parameters are repeated for several values."""
    question = questions.find_question(question_id)
    offered = {format_.name: format_ for format_ in (*ANSWERS, templates.HTML)}
    if ending not in offered:
        raise UnknownQuestion(
            f"Question {question_id} has no answer in the form {ending!r}.",
            where=request.url.path,
            remedy=f"Ask for one of: {', '.join(f'{question_id}.{name}' for name in offered)}.",
        )
    format_ = offered[ending]
    return _respond(request, question, Choice(format_, format_.media_type))


@router.get(
    "/questions/{question_id}",
    summary="Ask a question",
    response_class=Response,
    responses=_RESPONSES,
)
def ask(request: Request, question_id: str = _ID) -> Response:
    """Give a question's page, or its answer in the form that Accept likes best."""
    question = questions.find_question(question_id)
    choice = choose(request.headers.get("Accept"), (templates.HTML, *ANSWERS))
    return _respond(request, question, choice)


@router.get(
    "/embed/questions/{question_id}",
    summary="A question's answer, to be embedded in another page",
    response_class=Response,
    responses=_PAGE,
)
def embed(request: Request, question_id: str = _ID) -> Response:
    """Give the answer as a page that other sites may show in a frame."""
    question = questions.find_question(question_id)
    given = given_parameters(request)
    table, drawn = _table(served_to(request), question, given)
    body = templates.render(
        request,
        "embedded.html",
        question=question,
        table=table,
        **drawn,
        parameters=_query_string(request, given),
    )
    response = answer_with(request, templates.HTML, body)
    response.headers["Content-Security-Policy"] = EMBEDDABLE
    return response


def given_parameters(request: Request) -> dict[str, list[str]]:
    """Return the parameters of an address; an empty one, as forms send it, is not given."""
    given: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name == RELEASE:
            continue
        given.setdefault(name, [])
        if value:
            given[name].append(value)
    return given


def by_dimension(user: str = "") -> dict[str, list[Question]]:
    """Return the questions that are listed, under the words for their dimension.

    Args:
        user: a key of ``USERS`` whom the questions serve; all questions when it is empty.
    """
    groups: dict[str, list[Question]] = {}
    found = [question for question in _listed() if not user or user in question.users]
    for question in sorted(found, key=lambda q: (q.dimension == "", q.dimension)):
        heading = in_words(question.dimension) if question.dimension else "Looking things up"
        groups.setdefault(heading, []).append(question)
    return groups


def examples() -> dict[str, dict[str, str]]:
    """Return the questions that are listed as OpenAPI has examples of a parameter."""
    return {
        question.id: {
            "summary": question.title,
            "description": question.words,
            "value": question.id,
        }
        for question in _listed()
    }


def _gallery(request: Request, user: str) -> bytes:
    if user and user not in questions.USERS:
        raise BadParameter(
            f"{user!r} is not a kind of user.",
            where="user",
            remedy=f"Write one of: {', '.join(questions.USERS)}.",
        )
    counts = Counter(name for question in _listed() for name in question.users)
    return templates.render(
        request,
        "questions.html",
        groups=by_dimension(user),
        user=user,
        users=[(name, words, counts[name]) for name, words in questions.USERS.items()],
        every=len(_listed()),
    )


def _listed() -> list[Question]:
    return [question for question in questions.all_questions().values() if not question.hidden]


def _respond(request: Request, question: Question, choice: Choice[Format]) -> Response:
    given = given_parameters(request)
    served = served_to(request)
    if not isinstance(choice.format, (TableFormat, FileFormat)):
        body = _page(request, served, question, given)
        return answer(request, choice, etag_of(body), lambda: body)
    wanted = choice.format
    query = question.bind(question.values(given))
    etag = etag_of(served.release, choice.content_type, query) if served.release else None
    return answer(
        request, choice, etag, lambda: questions.answer(served.store, question, given, wanted)
    )


def _page(
    request: Request, served: Served, question: Question, given: Mapping[str, Sequence[str]]
) -> bytes:
    complete = _is_complete(question, given)
    values = questions.known_values(served.store, question, given) if complete else None
    table, drawn = (None, NOT_DRAWN) if values is None else _table(served, question, given)
    sparql = question.bind(values) if values is not None else question.sparql
    return templates.render(
        request,
        "question.html",
        question=question,
        table=table,
        **drawn,
        sparql=sparql,
        cited=citation(sparql, served.release) if values is not None and served.release else None,
        fields=[_field(served, p, given) for p in question.parameters.values()],
        formats=ANSWERS,
        parameters=_query_string(request, given),
        users=questions.USERS,
        origin=address_of(request),
    )


def _table(
    served: Served, question: Question, given: Mapping[str, Sequence[str]]
) -> tuple[ShownTable, dict[str, Chart | Series | None]]:
    """Return the answer as a table, and as the drawing that a page shows above it."""
    answered = read_table(questions.answer(served.store, question, given, JSON))
    table = show_table(served.store, question, answered, ROWS_OF_A_PAGE)
    chart = chart_of(table)
    return table, {
        "chart": chart,
        "series": None if chart else series_of(answered, question.columns),
    }


def _is_complete(question: Question, given: Mapping[str, Sequence[str]]) -> bool:
    """Say whether the page can ask: without a required parameter it only shows the form."""
    needed = [p.name for p in question.parameters.values() if p.required]
    return bool(given) or not needed


def _field(served: Served, parameter: Parameter, given: Mapping[str, Sequence[str]]) -> Field:
    written = tuple(given.get(parameter.name, ()))
    chosen = {parameter.read(text) for text in written}
    offered = questions.choices(served.store, parameter).records()
    options = tuple(
        Option(row["value"].value, text_of(row.get("label")), row["value"] in chosen)
        for row in offered[:_CHOICES_OF_A_LIST]
        if isinstance(row["value"], NamedNode)
    )
    return Field(parameter, options if len(offered) <= _CHOICES_OF_A_LIST else (), written)


def _query_string(request: Request, given: Mapping[str, Sequence[str]]) -> str:
    asked = [(name, value) for name, values in given.items() for value in values]
    if release := request.query_params.get(RELEASE):
        asked.append((RELEASE, release))
    written = urlencode(asked)
    return f"?{written}" if written else ""


def _describe(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "title": question.title,
        "question": question.words,
        "about": question.about,
        "dimension": question.dimension,
        "users": list(question.users),
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type,
                "label": parameter.label,
                "class": parameter.class_name,
                "scheme": parameter.scheme,
                "several": parameter.several,
                "required": parameter.required,
            }
            for parameter in question.parameters.values()
        ],
        "columns": dict(question.columns),
        "units": dict(question.units),
        "page": f"/questions/{question.id}",
        "answers": {f.media_type: f"/questions/{question.id}.{f.name}" for f in ANSWERS},
    }
