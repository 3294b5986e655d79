"""Templates: the one environment in which pages are rendered.

Everything is escaped, and a name that a template uses but was not given is an error.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request

from missiongraph.api import values
from missiongraph.api.serving import Served, publication_of
from missiongraph.errors import MissiongraphError
from missiongraph.formats import Format
from missiongraph.names import compact

HTML: Final = Format("html", "text/html")
FOLDER: Final = Path(__file__).parent / "html"


def render(request: Request, template: str, **context: object) -> bytes:
    """Return a page as UTF-8.

    Args:
        request: what is answered; the page shows what its app serves.
        template: file name under ``html/``.
        context: what the template shows.
    """
    page = _environment().get_template(template)
    as_of = getattr(request.state, "as_of", None)
    text = page.render(path=request.url.path, served=_served(request), as_of=as_of, **context)
    # A lone surrogate can come in by an address; it has no form in UTF-8.
    return text.encode("utf-8", "replace")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "bare": _bare,
        "clock": values.clock,
        "compact": compact,
        "count": values.count,
        "href": values.href_of,
        "locator": values.locator,
        "show": values.show,
        "show_property": values.show_property,
    }
    return environment


def _bare(path: str) -> str:
    """Return a path without its ending."""
    return path.removesuffix(".html")


def _served(request: Request) -> Served | None:
    """Return what is served, or None: a page that reports an error can do without."""
    try:
        return publication_of(request).served()
    except MissiongraphError:
        return None
