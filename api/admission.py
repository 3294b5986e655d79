"""Admission: how many queries each client has, so that none takes all the workers."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator

from missiongraph.errors import ClientBusy


class Admission:
    """Counts each client's queries, so that none takes all the workers.

    Args:
        most: queries that one client may have running or waiting.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()

    @contextlib.contextmanager
    def of(self, client: str) -> Iterator[None]:
        """Count a query of the client's for as long as the context lasts.

        Raises:
            ClientBusy: it has as many as it may have.
        """
        with self._lock:
            if self._running[client] >= self._most:
                raise ClientBusy(
                    f"This client has {self._most} queries running already.",
                    remedy="Wait for one to end.",
                )
            self._running[client] += 1
        try:
            yield
        finally:
            with self._lock:
                self._running[client] -= 1
                if not self._running[client]:
                    del self._running[client]
