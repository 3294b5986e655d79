"""``/timeline``: when missions begin and by when they want to be there, drawn without script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from missiongraph.api import problems, templates
from missiongraph.api.answers import answer_with
from missiongraph.api.history import served_to
from missiongraph.api.values import href_of
from missiongraph.questions import answer_table, choices, find_question
from missiongraph.tables import Term, text_of, text_of_iri

ROW: Final = 26
LEFT: Final = 330
WIDTH: Final = 1080
_TOP: Final = 34
_EVERY: Final = (1, 2, 5, 10, 20, 50)
_MOST_TICKS: Final = 12
_PAGE: Final = problems.responses("A page.", templates.HTML)
router = APIRouter(tags=["Pages"])


@dataclass(frozen=True)
class Bar:
    """A mission on the timeline; years that no source tells are None.

    Attributes:
        label: the mission.
        href: its page.
        start: year it began.
        deadlines: first and last year of its targets; one of them alone when they are the same.
        end: year it ends.
        y: from the top of the drawing.
    """

    label: str
    href: str
    start: int | None
    deadlines: tuple[int, ...]
    end: int | None
    y: int

    @property
    def years(self) -> tuple[int, ...]:
        """All its years, in order."""
        ends = (year for year in (self.start, self.end) if year is not None)
        return tuple(sorted((*ends, *self.deadlines)))


@dataclass(frozen=True)
class Timeline:
    """Missions by year, with where each year is."""

    bars: tuple[Bar, ...]
    first: int
    last: int

    @property
    def height(self) -> int:
        """Height of the drawing."""
        return _TOP + ROW * len(self.bars) + 8

    @property
    def ticks(self) -> tuple[int, ...]:
        """The years that are marked: at most a dozen, a round number apart."""
        span = self.last - self.first
        step = next((n for n in _EVERY if span / n <= _MOST_TICKS), 100)
        return tuple(range(self.first - self.first % step, self.last + 1, step))

    def x(self, year: int) -> float:
        """Return how far right a year is."""
        span = max(1, self.last - self.first)
        return round(LEFT + (WIDTH - LEFT - 30) * max(0, year - self.first) / span, 1)


@router.get("/timeline", summary="The timeline", responses=_PAGE, response_class=Response)
def timeline(
    request: Request,
    place: list[str] = Query([], description="Only missions of these places."),  # noqa: B008
) -> Response:
    """Show missions from their start to their last deadline."""
    store = served_to(request).store
    question = find_question("timeline")
    given = {"place": [name for name in place if name]}
    rows = answer_table(store, question, given).records()
    offered = choices(store, question.parameters["place"]).records()
    body = templates.render(
        request,
        "timeline.html",
        timeline=arranged(rows),
        row=ROW,
        left=LEFT,
        width=WIDTH,
        places=[(text_of_iri(r["value"]), text_of(r.get("label"))) for r in offered],
        chosen=[str(question.parameters["place"].read(name).value) for name in given["place"]],
        question=question,
    )
    return answer_with(request, templates.HTML, body)


def arranged(rows: list[dict[str, Term]]) -> Timeline:
    """Return rows of the question ``timeline`` with their places in the drawing."""
    bars = tuple(_bar(row, _TOP + ROW * number) for number, row in enumerate(rows))
    years = [year for bar in bars for year in bar.years]
    return Timeline(bars, min(years, default=0), max(years, default=0))


def _bar(row: dict[str, Term], y: int) -> Bar:
    iri = text_of_iri(row["mission"])
    deadlines = {_year(row.get("firstDeadline")), _year(row.get("lastDeadline"))} - {None}
    return Bar(
        label=text_of(row.get("missionLabel")) or iri,
        href=href_of(iri),
        start=_year(row.get("start")),
        deadlines=tuple(sorted(year for year in deadlines if year is not None)),
        end=_year(row.get("end")),
        y=y,
    )


def _year(term: Term | None) -> int | None:
    return int(text_of(term)) if term is not None else None
