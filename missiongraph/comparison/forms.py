"""The forms in which a comparison is given: one register for the service and the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from missiongraph.comparison import documents, drawing, raster, tabular
from missiongraph.comparison.matrix import Comparison
from missiongraph.formats import CSV, JSON_LD, XLSX, Format

JSON: Final = Format("json", "application/json")
TIDY: Final = Format("tidy.csv", "text/csv")
MARKDOWN: Final = Format("md", "text/markdown")
LATEX: Final = Format("tex", "application/x-tex", ("application/x-latex",))
HEAT_MAP: Final = Format("svg", "image/svg+xml")
DENDROGRAM: Final = Format("dendrogram.svg", "image/svg+xml")
HEAT_MAP_PNG: Final = Format("png", "image/png")
DENDROGRAM_PNG: Final = Format("dendrogram.png", "image/png")
DRAWINGS: Final = {
    HEAT_MAP: "Heat map (SVG)",
    HEAT_MAP_PNG: "Heat map (PNG)",
    DENDROGRAM: "Tree of likeness (SVG)",
    DENDROGRAM_PNG: "Tree of likeness (PNG)",
}
"""The forms that are drawings, in words."""

WRITERS: Final[dict[Format, Callable[[Comparison], bytes]]] = {
    JSON: documents.as_json,
    CSV: tabular.wide_csv,
    TIDY: tabular.tidy_csv,
    XLSX: tabular.workbook,
    MARKDOWN: tabular.markdown,
    LATEX: tabular.latex,
    JSON_LD: documents.as_json_ld,
    HEAT_MAP: drawing.heat_map,
    DENDROGRAM: drawing.dendrogram,
    HEAT_MAP_PNG: raster.heat_map_png,
    DENDROGRAM_PNG: raster.dendrogram_png,
}
NAMES: Final = {form.name: form for form in WRITERS} | {
    "tidy": TIDY,
    "markdown": MARKDOWN,
    "latex": LATEX,
    "dendrogram": DENDROGRAM,
}
"""The forms by what ``--format``, ``format=`` and an address's ending call them."""
