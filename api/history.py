"""Old releases: an address with ``release=`` is answered from the release that it names."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace
from typing import Final, cast

from starlette.requests import Request

from missiongraph.api.serving import Served, publication_of
from missiongraph.api.workers import open_release
from missiongraph.errors import UnknownRelease
from missiongraph.releases import Home, Release
from missiongraph.settings import Settings

RELEASE: Final = "release"
"""The parameter that names a release; no question may have one of that name."""
_KEPT_OPEN: Final = 2
"""Old releases in memory at once, beside the one that is served."""


class OldReleases:
    """The old releases that were asked for last, each behind one worker.

    Args:
        settings: say where releases live, and the limits of queries.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = replace(settings, workers=1)
        self._open: OrderedDict[str, Served] = OrderedDict()
        self._lock = threading.Lock()

    def served(self, release: Release) -> Served:
        """Return a release, opened unless it is open.

        Raises:
            ReleaseDamaged: its files are not what its manifest says.
        """
        with self._lock:
            if release.id not in self._open:
                self._open[release.id] = Served(
                    open_release(release, self._settings), release.manifest
                )
            self._open.move_to_end(release.id)
            while len(self._open) > _KEPT_OPEN:
                self._open.popitem(last=False)[1].close()
            return self._open[release.id]

    def close(self) -> None:
        """Close those that are open."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()


def served_to(request: Request, wanted: str | None = None) -> Served:
    """Return what answers a request: what is served, or the release that it names.

    Args:
        request: its address may have ``release=``.
        wanted: id of the release, where it was not the address that named it.

    Raises:
        NoRelease: nothing was published yet.
        UnknownRelease: the release is not kept.
        ReleaseDamaged: its files are not what its manifest says.
    """
    publication = publication_of(request)
    wanted = wanted or request.query_params.get(RELEASE, "")
    if not wanted:
        return publication.served()
    served = publication.served()
    if wanted != served.release:
        if served.release is None:
            raise UnknownRelease(
                "A remote store has no releases.", where=RELEASE, remedy=f"Leave out {RELEASE}=."
            )
        release = Home(publication.settings.home).release(wanted)
        served = cast(OldReleases, request.app.state.history).served(release)
    request.state.as_of = served.manifest
    return served
