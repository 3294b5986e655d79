"""Old releases: an address with ``release=`` is answered from the release it names."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.requests import Request

from missiongraph.answers import Limits
from missiongraph.api.serving import Served, publication_of
from missiongraph.errors import UnknownRelease
from missiongraph.releases import Home, Release

_KEPT_OPEN: Final = 2
"""Old releases in memory at once, beside the one that is served."""


def release_asked(request: Request) -> Served:
    """Return what is served, or the old release that the address names by ``release=``.

    Only stored questions are asked of an old release: it stands in this process.

    Raises:
        UnknownRelease: it is not kept.
        ReleaseDamaged: its files are not what its manifest says.
    """
    publication = publication_of(request)
    served = publication.served()
    wanted = request.query_params.get("release", "")
    if not wanted or wanted == served.release:
        return served
    if served.release is None:
        raise UnknownRelease(
            "A remote store has no releases.", where="release", remedy="Leave out release=."
        )
    release = Home(publication.settings.home).release(wanted)
    return _opened(release.folder, publication.settings.limits)


@lru_cache(maxsize=_KEPT_OPEN)
def _opened(folder: Path, limits: Limits) -> Served:
    release = Release(folder)
    return Served(release.load(limits), release.manifest)
