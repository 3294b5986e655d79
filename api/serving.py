"""What is being served: the newest whole release, or a remote store.

A watcher notices when another release is published and switches to it once it has been
loaded and verified. A release that turns out to be damaged is reported in the log, and
what was served stays served.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias, TypeVar, cast

from anyio import CapacityLimiter
from starlette.requests import HTTPConnection

from missiongraph.api.admission import Admission
from missiongraph.api.memory import MAX_BYTES, Known, Memory, RememberingStore
from missiongraph.api.name_index import NameIndex
from missiongraph.api.workers import Ticket, WorkerPool, open_release
from missiongraph.errors import MissiongraphError, NoRelease
from missiongraph.releases import MANIFEST, Home, Manifest, Release
from missiongraph.remote_store import RemoteStore
from missiongraph.settings import Settings
from missiongraph.store import Store

POLL_SECONDS: Final = 1.0
_SPARE_THREADS: Final = 8
_INDEX_SECONDS: Final = 600.0
_Stamp: TypeAlias = tuple[Path, int] | None
MadeT = TypeVar("MadeT")
_log = logging.getLogger(__name__)


class Served:
    """What is being served: a graph that answers, and what it holds.

    Args:
        graph: answers any query.
        manifest: the release's manifest; None for a remote store, whose content may change.
        answer_memory: bytes of answers to strangers' queries that are remembered.

    Attributes:
        manifest: as given.
        store: the graph for questions and pages; remembers what a release has answered.
        remembered: answers to strangers' queries, apart from those: they push none of them out.
    """

    def __init__(
        self, graph: Store, manifest: Manifest | None = None, answer_memory: int = MAX_BYTES
    ) -> None:
        self._graph = graph
        self.manifest = manifest
        self.store: Store = RememberingStore(graph) if manifest else graph
        self.remembered: Memory[Known] = Memory(answer_memory)
        self._names: tuple[float, NameIndex] | None = None
        self._indexing = threading.Lock()
        self._made: dict[str, object] = {}
        self._making: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    @property
    def release(self) -> str | None:
        """The release's id; None for a remote store."""
        return self.manifest.release if self.manifest else None

    @property
    def names(self) -> NameIndex:
        """The index of names; a release's is made once, a remote store's anew from time to time."""
        with self._indexing:
            if self._names is None or (not self.manifest and self._names[0] < time.monotonic()):
                self._names = time.monotonic() + _INDEX_SECONDS, NameIndex(self._graph)
            return self._names[1]

    def once(self, name: str, make: Callable[[], MadeT]) -> MadeT:
        """Return what is made of a release once, however often it is asked for.

        Args:
            name: tells what is made from other things.
            make: makes it; anew each time for a remote store, whose content may change.
        """
        if self.manifest is None:
            return make()
        with self._making[name]:
            if name not in self._made:
                self._made[name] = make()
            return cast(MadeT, self._made[name])

    def store_for(self, ticket: Ticket) -> Store:
        """Return the graph as one client's query sees it, which ends when the client goes."""
        if isinstance(self._graph, WorkerPool):
            return self._graph.on_behalf_of(ticket)
        return self._graph

    def load(self) -> dict[str, int]:
        """Return how busy the workers are; empty where there are none."""
        return self._graph.load() if isinstance(self._graph, WorkerPool) else {}

    def close(self) -> None:
        """End the workers, if there are any."""
        if isinstance(self._graph, WorkerPool):
            self._graph.close()


class Publication:
    """What this server serves, kept up with what is published in its home.

    Args:
        settings: say where releases live, or which remote store answers.
        poll_seconds: how often the watcher looks for another release.

    Attributes:
        admission: counts the queries of each client.
        query_threads: how many threads may be at queries.
    """

    def __init__(self, settings: Settings, *, poll_seconds: float = POLL_SECONDS) -> None:
        self.admission = Admission(settings.client_concurrency)
        # The pool turns away what is over its limits; threads must not queue before it.
        self.query_threads = CapacityLimiter(settings.workers + settings.waiting + _SPARE_THREADS)
        self._settings = settings
        self._home = Home(settings.home)
        self._poll_seconds = poll_seconds
        self._served: Served | None = None
        self._absence: MissiongraphError = NoRelease("There is no release yet.")
        self._seen: _Stamp = None
        self._stopped = threading.Event()
        self._retired: list[threading.Thread] = []
        self._watcher = threading.Thread(target=self._watch, name="releases", daemon=True)

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._settings

    def served(self) -> Served:
        """Return what is being served now.

        Raises:
            NoRelease: nothing was published yet.
            ReleaseDamaged: no kept release is whole.
        """
        if self._served is None:
            raise type(self._absence)(
                self._absence.what, where=self._absence.where, remedy=self._absence.remedy
            )
        return self._served

    def load(self) -> dict[str, int]:
        """Return how busy the workers are; empty where there are none."""
        return self._served.load() if self._served else {}

    def open(self) -> None:
        """Load what there is and, unless a remote store answers, begin to watch for more."""
        if self._settings.store:
            self._served = Served(_remote(self._settings))
            return
        self._seen = self._stamp()
        self._load_newest()
        self._watcher.start()

    def close(self) -> None:
        """Stop watching and end the workers."""
        self._stopped.set()
        if self._watcher.is_alive():
            self._watcher.join()
        for retired in self._retired:
            retired.join()
        if self._served is not None:
            self._served.close()

    def refresh(self) -> None:
        """Switch to the current release if it is another one than was seen last."""
        if (stamp := self._stamp()) == self._seen:
            return
        self._seen = stamp
        if self._served is None:
            self._load_newest()
        elif (release := self._home.current()) is not None:
            self._switch(release)

    def _watch(self) -> None:
        while not self._stopped.wait(self._poll_seconds):
            try:
                self.refresh()
            except OSError as error:
                _log.error("The releases cannot be looked at: %s", error)

    def _load_newest(self) -> None:
        try:
            release, store = self._home.newest(self._open_release)
        except MissiongraphError as error:
            _log.warning("%s", error)
            self._absence = error
        else:
            self._serve(release, store)

    def _switch(self, release: Release) -> None:
        before = self._served
        try:
            self._serve(release, self._open_release(release))
        except MissiongraphError as error:
            _log.error("%s Release %s stays served.", error, before.release if before else None)
        else:
            self._retire(before)

    def _open_release(self, release: Release) -> Store:
        return open_release(release, self._settings)

    def _serve(self, release: Release, store: Store) -> None:
        self._served = Served(store, release.manifest, self._settings.answer_memory)
        _log.info("Serving release %s.", release.id)

    def _retire(self, served: Served | None) -> None:
        """End what was served once no query can be asking it any more."""
        if served is None:
            return
        longest = 2 * self._settings.query_timeout  # waiting, then running

        def end() -> None:
            self._stopped.wait(longest)
            served.close()

        thread = threading.Thread(target=end, name="retired release", daemon=True)
        self._retired.append(thread)
        thread.start()

    def _stamp(self) -> _Stamp:
        """Tell the current release, and the same one written anew, from others."""
        release = self._home.current()
        if release is None:
            return None
        manifest = release.folder / MANIFEST
        return release.folder, manifest.stat().st_mtime_ns if manifest.is_file() else 0


def publication_of(connection: HTTPConnection) -> Publication:
    """Return the publication of the app that handles a request."""
    return cast(Publication, connection.app.state.publication)


def _remote(settings: Settings) -> RemoteStore:
    return RemoteStore(str(settings.store), timeout=settings.query_timeout, limits=settings.limits)
