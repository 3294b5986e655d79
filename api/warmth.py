"""Warming up: what pages of a release need and takes long is made before somebody asks."""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from missiongraph.api import mission_page, reference
from missiongraph.api.browsing import all_browsed
from missiongraph.api.home import worked_out
from missiongraph.api.likeness import all_compared
from missiongraph.api.serving import Publication, Served
from missiongraph.errors import MissiongraphError
from missiongraph.questions import answer_table, find_question

_log = logging.getLogger(__name__)
_LOOK_SECONDS: Final = 5.0


def keep_warm(publication: Publication) -> None:
    """Begin to warm up each release that is served, in a thread that ends with the process."""
    threading.Thread(target=_watch, args=(publication,), name="warmth", daemon=True).start()


def warm_up(served: Served) -> None:
    """Make what the pages of a release need; a query that fails is left to who asks it."""
    if served.manifest is None:
        return
    for make in _MAKES:
        try:
            make(served)
        except MissiongraphError as error:
            _log.info("Not warmed up: %s", error)


def _answered(served: Served) -> None:
    """Ask what whole pages ask; the store remembers what a release has answered."""
    for name in _ASKED:
        answer_table(served.store, find_question(name))


_ASKED: Final = (
    *("coverage", "source-age", "sources", "milestones", "network"),
    *("mission-cities", "place-points", "comparison-missions"),
)
_MAKES: Final[tuple[Callable[[Served], object], ...]] = (
    *(worked_out, all_browsed, mission_page.ask_ahead, all_compared, lambda served: served.names),
    *(_answered, reference.ask_ahead),
)


def _settle() -> None:
    """Take what stays for as long as the release out of the garbage collector's rounds.

    A full round over the objects of a release took 0.2 s, in which no request was answered.
    """
    gc.unfreeze()  # what belonged to the release before may go
    gc.collect()
    gc.freeze()


def _watch(publication: Publication) -> None:
    warmed: str | None = None
    while True:
        try:
            served = publication.served()
        except MissiongraphError:  # nothing is published yet
            served = None
        if served is not None and served.release != warmed:
            warm_up(served)
            _settle()
            warmed = served.release
        time.sleep(_LOOK_SECONDS)
