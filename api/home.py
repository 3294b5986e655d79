"""``/``: what this is, search, where the missions are, what is new, and questions worked out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from missiongraph.api import atlas, problems, templates
from missiongraph.api.answers import answer_with
from missiongraph.api.history import served_to
from missiongraph.api.labelled import Column, show_table
from missiongraph.api.latest import latest
from missiongraph.api.serving import Served, publication_of
from missiongraph.api.values import Shown
from missiongraph.questions import USERS, Question, all_questions, answer_table
from missiongraph.store import Store
from missiongraph.tables import Table

COUNTED: Final = ("Mission", "Challenge", "Actor", "Instrument", "Practice", "Source")
WORKED: Final = {
    "contradictions": ("thing", "property", "value", "otherValue"),
    "uncoordinated-missions": ("challenge", "mission", "otherMission"),
    "eu-alignment": ("mission", "place", "euMission", "confidence"),
}
"""Questions that are worked out, one for each kind of people, with the columns shown."""
_ROWS: Final = 4
_READ: Final = 60
_PAGE: Final = problems.responses("A page.", templates.HTML)
router = APIRouter(tags=["Pages"])


@dataclass(frozen=True)
class Worked:
    """A question with the first rows of its answer, some of the columns alone."""

    question: Question
    columns: tuple[Column, ...]
    rows: tuple[tuple[Shown, ...], ...]
    total: int


@router.get("/", summary="The home page", responses=_PAGE, response_class=Response)
def home(request: Request) -> Response:
    """Say what this is; search, counts, missions, what is new and questions."""
    served = served_to(request)
    counts = {
        str(getattr(row["class"], "value", "")).rpartition("#")[2]: row
        for row in answer_table(served.store, all_questions()["things-by-class"]).records()
    }
    body = templates.render(
        request,
        "home.html",
        manifest=served.manifest,
        counts=[counts[name] for name in COUNTED if name in counts],
        atlas=atlas.atlas(served.store),
        map_width=atlas.WIDTH,
        map_height=atlas.HEIGHT,
        latest=latest(publication_of(request), served),
        worked=worked_out(served),
        users=USERS,
    )
    return answer_with(request, templates.HTML, body)


def worked_out(served: Served) -> list[Worked]:
    """Return the questions of ``WORKED`` that have an answer."""
    return served.once("worked", lambda: list(_worked(served.store)))


def _worked(store: Store) -> Iterator[Worked]:
    questions = all_questions()
    for name, columns in WORKED.items():
        if name in questions:
            worked = work_out(store, questions[name], columns)
            if worked.rows:
                yield worked


def work_out(store: Store, question: Question, columns: tuple[str, ...]) -> Worked:
    """Return the first rows of an answer that differ in the columns shown, and fill them all."""
    answer = answer_table(store, question)
    needed = [place for place, name in enumerate(answer.columns) if name in columns]
    filled = [row for row in answer.rows if all(row[place] is not None for place in needed)]
    shown = show_table(store, question, Table(answer.columns, tuple(filled[:_READ])), _READ)
    places = [place for name in columns for place, c in enumerate(shown.columns) if c.name == name]
    rows = dict.fromkeys(tuple(row[place] for place in places) for row in shown.rows)
    return Worked(
        question,
        tuple(shown.columns[place] for place in places),
        tuple(rows)[:_ROWS],
        len(answer.rows),
    )
