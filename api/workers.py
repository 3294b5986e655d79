"""Workers: processes that answer queries and can be killed, behind the ``Store`` interface.

Killing a process is the only sure way to end a query. Workers are forked from a zygote
(``missiongraph.api.zygote``) that has loaded the release, so that they share its memory.
A query that runs long moves to the slow lane, which leaves some workers free: long
queries never keep short ones waiting. Measured choices: docs/decisions.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from missiongraph.api import zygote
from missiongraph.api.processes import Worker, Zygote, error_of, resident_bytes
from missiongraph.errors import (
    EngineFailed,
    MissiongraphError,
    QueryMemoryExceeded,
    QueryTimeout,
    StoreBusy,
)
from missiongraph.formats import Format
from missiongraph.releases import Release
from missiongraph.settings import Settings
from missiongraph.store import WHOLE, Dataset, Store

SLOW_AFTER_SECONDS: Final = 1.0
_FREE_FOR_SHORT: Final = 2
_RETRY: Final = "Try again in a few seconds."


class Ticket:
    """One client's query: who asks, and whether they still wait for the answer.

    Args:
        client: what tells clients apart, such as an address.
    """

    def __init__(self, client: str) -> None:
        self.client = client
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self._cancelled = False

    def cancel(self) -> None:
        """End the query: its client is gone."""
        with self._lock:
            self._cancelled = True
            if self._worker is not None:
                self._worker.kill()

    @contextlib.contextmanager
    def held_by(self, worker: Worker) -> Iterator[None]:
        """Let ``cancel`` kill the worker for as long as it works on this query."""
        with self._lock:
            if self._cancelled:
                raise StoreBusy("The client is gone.")
            self._worker = worker
        try:
            yield
        finally:
            with self._lock:
                self._worker = None


class WorkerPool:
    """Workers of one release, and the queue before them.

    Args:
        release: what the workers answer from.
        settings: ``workers``, ``waiting``, ``query_timeout`` and the limits of answers.

    Raises:
        ReleaseDamaged: the release could not be loaded.
    """

    def __init__(self, release: Release, settings: Settings) -> None:
        self._release = release
        self._settings = settings
        self._zygote = Zygote(release, settings)
        self._slots = threading.Semaphore(settings.workers)
        self._slow = threading.Semaphore(max(1, settings.workers - _FREE_FOR_SHORT))
        self._lock = threading.Lock()
        self._waiting = 0
        self._killed = 0
        self._closed = False
        self._idle = [self._zygote.fork() for _ in range(settings.workers)]

    def answer(self, query: str, wanted: Format, dataset: Dataset = WHOLE) -> bytes:
        """Return the whole answer to a query nobody can call off; see ``Store.answer``."""
        return self.answer_for(Ticket(""), query, wanted, dataset)

    def on_behalf_of(self, ticket: Ticket) -> Store:
        """Return a store whose queries belong to a ticket."""
        return _TicketStore(self, ticket)

    def answer_for(
        self, ticket: Ticket, query: str, wanted: Format, dataset: Dataset = WHOLE
    ) -> bytes:
        """Return the whole answer to a ticket's query; see ``Store.answer``.

        Raises:
            QueryTimeout: it ran longer than the limit.
            QueryMemoryExceeded: it needed more memory than the limit.
            StoreBusy: too many wait, or too many long queries run.
        """
        request = json.dumps(
            {
                "query": query,
                "format": wanted.media_type,
                "default": dataset.default,
                "named": dataset.named,
            }
        ).encode()
        with self._slot():
            worker = self._take()
            try:
                with ticket.held_by(worker):
                    status, body = self._run(worker, request)
            finally:
                self._give_back(worker)
        if status != zygote.OK:
            raise error_of(body)
        return body

    def load(self) -> dict[str, int]:
        """Return how many queries run and wait, workers killed, and memory in bytes."""
        with self._lock:
            running = self._settings.workers - len(self._idle)
            pids = [worker.pid for worker in self._idle]
        memory = sum(resident_bytes(pid) for pid in (self._zygote.pid, *pids))
        return {
            "running": running,
            "waiting": self._waiting,
            "killed": self._killed,
            "memory_bytes": memory,
        }

    def close(self) -> None:
        """End every worker and the zygote."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.close()
        self._zygote.close()

    @contextlib.contextmanager
    def _slot(self) -> Iterator[None]:
        if not self._slots.acquire(blocking=False):
            self._wait_for_slot()
        try:
            yield
        finally:
            self._slots.release()

    def _wait_for_slot(self) -> None:
        with self._lock:
            if self._waiting >= self._settings.waiting:
                raise StoreBusy(f"{self._waiting} queries are waiting already.", remedy=_RETRY)
            self._waiting += 1
        try:
            if not self._slots.acquire(timeout=self._settings.query_timeout):
                raise StoreBusy("No worker became free in time.", remedy=_RETRY)
        finally:
            with self._lock:
                self._waiting -= 1

    def _run(self, worker: Worker, request: bytes) -> tuple[int, bytes]:
        start = time.monotonic()
        deadline = start + self._settings.query_timeout
        try:
            worker.ask(request)
            if not worker.wait(min(start + SLOW_AFTER_SECONDS, deadline)):
                self._run_slowly(worker, deadline)
            return worker.answer()
        except (EOFError, ConnectionError) as cause:
            raise self._ended(worker) from cause

    def _run_slowly(self, worker: Worker, deadline: float) -> None:
        if not self._slow.acquire(blocking=False):
            worker.kill()
            raise StoreBusy("Too many long queries are running.", remedy=_RETRY)
        try:
            worker.step_back()
            if not worker.wait(deadline):
                worker.kill()
                raise QueryTimeout(
                    f"The query ran longer than {self._settings.query_timeout:g} s.",
                    where="query",
                    remedy="Ask for less, or ask in steps.",
                )
        finally:
            self._slow.release()

    def _ended(self, worker: Worker) -> MissiongraphError:
        if not worker.alive:
            return StoreBusy("The query was called off.")
        worker.alive = False
        if not self._zygote.alive:
            return StoreBusy("The workers have ended and are started again.", remedy=_RETRY)
        if panic := worker.panic():
            return EngineFailed(
                f"The engine failed at this query: {panic}.",
                where="query",
                remedy="Sort by values of one type, such as STR(?value), or ask otherwise.",
            )
        return QueryMemoryExceeded(
            f"The query needed more than {self._settings.query_memory:,} bytes of memory.",
            where="query",
            remedy="Ask for less: sort or group fewer rows.",
        )

    def _take(self) -> Worker:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return self._fork()

    def _give_back(self, worker: Worker) -> None:
        if not worker.alive or worker.stepped_back:
            worker.close()
            self._killed += not worker.alive
            if self._closed:
                return
            worker = self._fork()
        with self._lock:
            if not self._closed:
                self._idle.append(worker)
                return
        worker.close()

    def _fork(self) -> Worker:
        with self._lock:
            if not self._closed and not self._zygote.alive:
                self._zygote.close()
                while self._idle:  # they ended with their zygote
                    self._idle.pop().close()
                self._zygote = Zygote(self._release, self._settings)
            return self._zygote.fork()


def open_release(release: Release, settings: Settings) -> Store:
    """Return a release's graph behind workers, or inside this process where there is no fork.

    Raises:
        ReleaseDamaged: its files are not those of its manifest.
    """
    if hasattr(os, "fork"):
        return WorkerPool(release, settings)
    return release.load(settings.limits)


@dataclass(frozen=True)
class _TicketStore:
    """The pool as one client's query sees it."""

    pool: WorkerPool
    ticket: Ticket

    def answer(self, query: str, wanted: Format, dataset: Dataset = WHOLE) -> bytes:
        return self.pool.answer_for(self.ticket, query, wanted, dataset)
