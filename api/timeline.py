"""``/timeline``: when missions begin, are due and end, and money is told of, without script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from missiongraph.api import problems, templates
from missiongraph.api.answers import answer_with
from missiongraph.api.history import served_to
from missiongraph.api.serving import Served
from missiongraph.api.values import href_of, show
from missiongraph.questions import answer_table, choices, find_question
from missiongraph.tables import Term, text_of, text_of_iri

ROW: Final = 26
LEFT: Final = 330
WIDTH: Final = 1080
KINDS: Final = {"start": "Start", "deadline": "Deadline", "end": "End", "money": "Money told"}
"""Milestones as the question ``milestones`` names them, in words."""
_TOP: Final = 34
_EVERY: Final = (1, 2, 5, 10, 20, 50)
_MOST_TICKS: Final = 12
_MARGIN: Final = 14
_PAGE: Final = problems.responses("A page.", templates.HTML)
router = APIRouter(tags=["Pages"])


@dataclass(frozen=True)
class Milestone:
    """Something that happens in a year: its kind, and what it is of in words and with its sum."""

    kind: str
    year: int
    words: str
    href: str


@dataclass(frozen=True)
class Bar:
    """A mission on the timeline with its milestones by year; ``y`` is from the top."""

    label: str
    href: str
    milestones: tuple[Milestone, ...]
    y: int

    def of(self, kind: str) -> tuple[Milestone, ...]:
        """Return its milestones of one kind."""
        return tuple(each for each in self.milestones if each.kind == kind)

    @property
    def years(self) -> tuple[int, ...]:
        """The years of its milestones, in order."""
        return tuple(sorted(each.year for each in self.milestones))


@dataclass(frozen=True)
class Timeline:
    """Missions by year, with where each year is; years begin ``left`` from the edge."""

    bars: tuple[Bar, ...]
    first: int
    last: int
    left: int = LEFT

    @property
    def height(self) -> int:
        """Height of the drawing."""
        return _TOP + ROW * len(self.bars) + 8

    @property
    def ticks(self) -> tuple[int, ...]:
        """The years that are marked: at most a dozen, a round number apart."""
        span = self.last - self.first
        step = next((n for n in _EVERY if span / n <= _MOST_TICKS), 100)
        return tuple(range(self.first + -self.first % step, self.last + 1, step))

    def x(self, year: int) -> float:
        """Return how far right a year is."""
        span = max(1, self.last - self.first)
        left = self.left + _MARGIN
        return round(left + (WIDTH - left - 30) * max(0, year - self.first) / span, 1)


@router.get("/timeline", summary="The timeline", responses=_PAGE, response_class=Response)
def timeline(
    request: Request,
    place: list[str] = Query([], description="Only missions of these places."),  # noqa: B008
) -> Response:
    """Show missions from their start to their last deadline, with the money that is told of."""
    store = served_to(request).store
    question = find_question("milestones")
    given = {"place": [name for name in place if name]}
    rows = answer_table(store, question, given).records()
    offered = choices(store, question.parameters["place"]).records()
    body = templates.render(
        request,
        "timeline.html",
        timeline=arranged(rows),
        kinds=KINDS,
        row=ROW,
        width=WIDTH,
        places=[(text_of_iri(r["value"]), text_of(r.get("label"))) for r in offered],
        chosen=[str(question.parameters["place"].read(name).value) for name in given["place"]],
        question=question,
        query=f"?{request.url.query}" if given["place"] else "",
    )
    return answer_with(request, templates.HTML, body)


def timeline_of(served: Served, mission: str) -> Timeline | None:
    """Return the timeline of one mission; None when no year of it is known."""
    given = {"mission": [mission]}
    rows = answer_table(served.store, find_question("milestones"), given).records()
    return arranged(rows, left=0) if rows else None


def arranged(rows: Iterable[Mapping[str, Term]], left: int = LEFT) -> Timeline:
    """Return rows of the question ``milestones`` with their places in the drawing.

    Missions come in the order of their first year, and then of their last one.
    """
    found: dict[str, list[Mapping[str, Term]]] = {}
    for row in rows:
        found.setdefault(text_of_iri(row["mission"]), []).append(row)
    ordered = sorted(found.items(), key=lambda item: (_span(item[1]), item[0]))
    bars = tuple(_bar(iri, of, _TOP + ROW * at) for at, (iri, of) in enumerate(ordered))
    years = [year for bar in bars for year in bar.years]
    return Timeline(bars, min(years, default=0), max(years, default=0), left)


def _span(rows: Iterable[Mapping[str, Term]]) -> tuple[int, int]:
    years = [int(text_of(row["year"])) for row in rows]
    return min(years), max(years)


def _bar(iri: str, rows: list[Mapping[str, Term]], y: int) -> Bar:
    milestones = tuple(
        Milestone(
            kind=text_of(row["milestone"]),
            year=int(text_of(row["year"])),
            words=_words(row),
            href=href_of(text_of_iri(row["thing"])),
        )
        for row in rows
    )
    return Bar(text_of(rows[0].get("missionLabel")) or iri, href_of(iri), milestones, y)


def _words(row: Mapping[str, Term]) -> str:
    """Return what a milestone is of, and the sum where it is money."""
    label = text_of(row.get("thingLabel")) if row["thing"] != row["mission"] else ""
    if "amount" not in row:
        return label
    currency = text_of_iri(row.get("currency")).rpartition("/")[2]
    return f"{label} ({show(row['amount']).text} {currency})".replace(" )", ")")
