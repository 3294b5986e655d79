"""Routes of the app as a whole: which methods an address understands."""

from __future__ import annotations

from typing import Final

from starlette.applications import Starlette
from starlette.routing import Match
from starlette.types import Scope

_METHODS: Final = ("GET", "POST")


def allowed_methods(app: Starlette, scope: Scope) -> tuple[str, ...]:
    """Return the methods that an address understands, sorted; none when there is no such address.

    GET brings HEAD, and every address answers OPTIONS.
    """
    found = {method for method in _METHODS if _answers(app, {**scope, "method": method})}
    if not found:
        return ()
    return tuple(sorted(found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set())))


def _answers(app: Starlette, scope: Scope) -> bool:
    return any(route.matches(scope)[0] is Match.FULL for route in app.routes)
