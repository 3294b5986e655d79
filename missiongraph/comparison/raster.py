"""Drawings as PNG, for papers and slides that take no SVG: resvg renders what drawing.py draws."""

from __future__ import annotations

from functools import cache
from typing import Final

import resvg_py

from missiongraph.comparison.drawing import dendrogram, heat_map
from missiongraph.comparison.matrix import Comparison
from missiongraph.errors import PartMissing

_ZOOM: Final = 2.0
"""Pixels for each unit of the drawing, so that a print is sharp."""
_FAMILIES: Final = ("DejaVu Sans", "Liberation Sans", "Noto Sans", "Arial", "Helvetica", "Segoe UI")
_PROBE: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">'
    '<text x="2" y="15" font-family="sans-serif" font-size="14">{}</text></svg>'
)


def heat_map_png(comparison: Comparison) -> bytes:
    """Return the heat map as PNG; raises as ``png_of`` does."""
    return png_of(heat_map(comparison))


def dendrogram_png(comparison: Comparison) -> bytes:
    """Return the tree of the missions as PNG; raises as ``png_of`` does."""
    return png_of(dendrogram(comparison))


def png_of(svg: bytes) -> bytes:
    """Return an SVG drawing as PNG, two pixels for each of its units.

    Raises:
        PartMissing: the machine has no font, so every word would be left out.
    """
    return resvg_py.svg_to_bytes(svg_string=svg.decode(), zoom=_ZOOM, sans_serif_family=_font())


@cache
def _font() -> str:
    """Return a family without serifs that the machine has: resvg passes over text it has no font for."""
    blank = resvg_py.svg_to_bytes(svg_string=_PROBE.format(""))
    for family in _FAMILIES:
        drawn = resvg_py.svg_to_bytes(svg_string=_PROBE.format("M"), sans_serif_family=family)
        if drawn != blank:
            return family
    raise PartMissing(
        "A PNG needs a font to write its words with, and this machine has none that is known.",
        where="png",
        remedy=f"Install one of: {', '.join(_FAMILIES)} (package fonts-dejavu-core), or take svg.",
    )
