"""Observation: a line of log for each request, and figures in Prometheus' format.

A line is one JSON object, so that it can be searched and counted; a query appears in it
as a hash, since its text may be long and is its client's own.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from typing import Any, Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
)
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from missiongraph.api.serving import Publication

_SECONDS: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
_log = logging.getLogger("missiongraph.access")


class Figures:
    """What is counted over the life of a server.

    Args:
        publication: tells how many workers there are and how many queries wait.
    """

    def __init__(self, publication: Publication) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector):
            collector(registry=self.registry)
        self.requests = Counter(
            "missiongraph_requests", "Requests by status.", ["status"], registry=self.registry
        )
        self.queries = Counter(
            "missiongraph_queries",
            "SPARQL queries by outcome.",
            ["outcome"],
            registry=self.registry,
        )
        self.query_seconds = Histogram(
            "missiongraph_query_seconds",
            "Time from a query's arrival to its answer.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        for name, words in (
            ("running", "Queries that run now."),
            ("waiting", "Queries that wait for a worker."),
            ("killed", "Workers that were killed or ended by themselves since the start."),
            ("memory_bytes", "Resident memory of the workers and the process they come from."),
        ):
            gauge = Gauge(f"missiongraph_workers_{name}", words, registry=self.registry)
            gauge.set_function(lambda name=name: publication.load().get(name, 0))  # type: ignore[misc]


class Observed:
    """Middleware: times each request, counts it and writes its line.

    Args:
        app: what is wrapped.
        figures: where it is counted.
    """

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self._app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        seen: dict[str, Any] = {"status": 500, "bytes": 0}

        async def send_and_count(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
            else:
                seen["bytes"] += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, send_and_count)
        finally:
            self._note(scope, seen, time.perf_counter() - start)

    def _note(self, scope: Scope, seen: dict[str, Any], seconds: float) -> None:
        noted: dict[str, Any] = scope.get("state", {}).get("noted", {})
        self._figures.requests.labels(seen["status"]).inc()
        if "query" in noted:
            self._figures.queries.labels(noted.get("outcome", "answered")).inc()
            self._figures.query_seconds.observe(seconds)
        client = scope.get("client")
        line = {
            "client": client[0] if client else None,
            "method": scope["method"],
            "path": scope["path"],
            **seen,
            "milliseconds": round(seconds * 1000, 1),
            **noted,
        }
        _log.info("%s", json.dumps(line, ensure_ascii=True))


def note(request: Request, **facts: str | int | None) -> None:
    """Add facts to the line of a request."""
    noted: dict[str, Any] = request.scope.setdefault("state", {}).setdefault("noted", {})
    noted.update(facts)


def hash_of(query: str) -> str:
    """Return what tells a query from others in the log: 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()[:16]
