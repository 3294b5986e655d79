"""The connectors, one module a source system, found by looking: each has a ``CONNECTOR``."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

from missiongraph.errors import BadParameter
from missiongraph.ingest.connector import Connector


def connector_names() -> list[str]:
    """Return the names of the connectors, in their order; none of them is loaded for it."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def find_connector(name: str) -> Connector[Any]:
    """Return the connector of a name.

    Raises:
        BadParameter: there is none.
    """
    if name not in connector_names():
        raise BadParameter(
            f"There is no connector {name!r}.",
            where="NAME",
            remedy=f"There are: {', '.join(connector_names())}.",
        )
    found: Connector[Any] = import_module(f"{__name__}.{name}").CONNECTOR
    return found
