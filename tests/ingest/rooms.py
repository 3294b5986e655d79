"""Small rooms to build from: our ontology and shapes, and data of a test's own."""

from pathlib import Path

from missiongraph import resources
from missiongraph.ingest.pipeline import Rooms

SOURCE = """\
source:
  id: source/{source}
  title: A report on {source}
  page: https://example.org/{source}
  sourceKind: report
claims:
  - id: evidence/{source}/drought
    pageNumber: 3
    summary: The mission wants {value} % less harm by drought in {year}.
    states:
      - id: mission/drought
        type: Mission
        label: Drought mission
        hasTarget:
          id: target/drought
          type: Target
          label: Less harm by drought
          targetValue: {value}
          unit: percent
          direction: decrease
          deadline: "{year}"
"""


def write_source(
    folder: Path, source: str = "report", *, value: str = "30", year: int = 2030
) -> Path:
    """Write a curated file of one claim, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{source}.yaml"
    file.write_text(SOURCE.format(source=source, value=value, year=year), encoding="utf-8")
    return file


def rooms_with(data: Path) -> Rooms:
    """Return our own rooms with another folder of data."""
    ours = resources.root()
    return Rooms(ours / "ontology", ours / "shapes", data)
