"""Opening a graph: a release in this process, or a server elsewhere."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, overload

from missiongraph.answers import Limits
from missiongraph.client.frames import Frames, PandasFrames, PolarsFrames
from missiongraph.client.graph import Graph
from missiongraph.errors import BadRequest, StoreUnreachable
from missiongraph.releases import Home
from missiongraph.remote_store import RemoteStore, split_user
from missiongraph.settings import Settings
from missiongraph.store import Store

if TYPE_CHECKING:
    import pandas
    import polars

_KINDS: Final[dict[str, Frames[object]]] = {"pandas": PandasFrames(), "polars": PolarsFrames()}
_SPARQL: Final = "/sparql"
_UNBOUNDED: Final = Limits(max_bytes=2**63, max_rows=2**63)
"""What this process asks of itself, it may have whole."""


@overload
def connect(
    graph: str = ..., *, frames: Literal["pandas"] = ..., home: Path | str | None = ...
) -> Graph[pandas.DataFrame]: ...
@overload
def connect(
    graph: str = ..., *, frames: Literal["polars"], home: Path | str | None = ...
) -> Graph[polars.DataFrame]: ...
def connect(graph: str = "", *, frames: str = "pandas", home: Path | str | None = None) -> object:
    """Open a graph.

    Args:
        graph: the id of a kept release; or the address of a running service of missiongraph
            (``http://127.0.0.1:8000``) or of any SPARQL 1.1 endpoint that holds the graph. Without
            it, the store that ``MISSIONGRAPH_STORE`` names, else the newest release here, which is
            loaded into this process.
        frames: the kind of the data frames: ``"pandas"`` or ``"polars"``.
        home: folder in which releases live; that of the settings if not given.

    Raises:
        NoRelease: nothing was built here yet.
        UnknownRelease: no release of that id is kept.
        ReleaseDamaged: its files are not those of its manifest.
        StoreUnreachable: the server gives no answer.
    """
    if frames not in _KINDS:
        raise BadRequest(
            f"{frames!r} is not a kind of data frame.",
            where="frames",
            remedy=f"Write one of: {', '.join(_KINDS)}.",
        )
    settings = Settings.load({"home": home})
    store, release = _opened(graph or (settings.store or ""), settings)
    return Graph(store, _KINDS[frames], release)


def _opened(graph: str, settings: Settings) -> tuple[Store, str]:
    """Return a store, and the id of the release that it holds as far as it tells."""
    if graph.startswith(("http://", "https://")):
        address, release = _endpoint(graph.rstrip("/"), settings.query_timeout)
        return RemoteStore(address, timeout=settings.query_timeout, limits=_UNBOUNDED), release
    home = Home(settings.home)
    if graph:
        found = home.release(graph)
        return found.load(_UNBOUNDED), found.id
    newest, store = home.load_newest(_UNBOUNDED)
    return store, newest.id


def _endpoint(address: str, timeout: float) -> tuple[str, str]:
    """Return the query address that an address stands for, and the release served there.

    A service of missiongraph says at ``/ready`` what it serves; whatever else is an endpoint.
    """
    service = address.removesuffix(_SPARQL)
    try:
        told = json.loads(_fetch(f"{service}/ready", timeout))
        return service + _SPARQL, str(told["release"])
    except urllib.error.HTTPError as error:
        with error:
            return address, ""
    except (ValueError, KeyError, TypeError):
        return address, ""
    except OSError as cause:
        raise StoreUnreachable(
            f"It gives no answer: {cause}.",
            where=split_user(address)[0],
            remedy="Start it with missiongraph serve, or correct the address.",
        ) from cause


def _fetch(address: str, timeout: float) -> bytes:
    plain, user = split_user(address)
    handlers: list[urllib.request.BaseHandler] = []
    if user is not None:
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, plain, *user)
        handlers.append(urllib.request.HTTPBasicAuthHandler(passwords))
    request = urllib.request.Request(plain, headers={"Accept": "application/json"})
    with urllib.request.build_opener(*handlers).open(request, timeout=timeout) as response:
        return bytes(response.read())
