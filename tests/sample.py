"""A sample of our own data: what holds of any data is tried on it, for the whole takes long.

It has the sources in which answers were checked, some of every kind that came later, and
a part of the open tables that still holds together.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from missiongraph.ingest.pipeline import Rooms

CHECKED: Final = (
    "csiro-future-protein",
    "csiro-hydrogen-launch",
    "csiro-missions-ministers",
    "eu-country-authority",
    "opsi-webinar-2021",
)
"""The sources in which golden answers were checked: one that comes later changes none of them."""
SOURCES: Final = (
    *CHECKED,
    "au-mrff-million-minds",
    "de-hts2025-progress-report",
    "dk-innomissions-call-2021",
    "eu-missions-launch",
    "eu-soil-state-2025",
    "gov-uk-missions",
    "lt-missions-agreement",
    "mi-jepic-2021",
    "mi-net-zero-industries-launch",
    "missiongraph-editors",
    "nz-biological-heritage-newsletter",
    "oecd-moip-design",
    "se-viable-cities-faq",
    "sg-food-targets-xinhua",
    "za-hysa-systems",
)
_PROJECTS: Final = 40
_PROJECT_OF_AN_ACTOR: Final = "101112728"
"""A project that is coordinated by an actor of a mission in the sources."""
_MAPPED: Final = "actor|challenge|mission|place"


def sample_rooms(folder: Path) -> Rooms:
    """Return rooms whose data, written below ``folder``, are the sample."""
    ours = Rooms.ours()
    data = folder / "data"
    shutil.copytree(ours.data, data, ignore=shutil.ignore_patterns("*.yaml"))
    for file in ours.data.glob("*/*.yaml"):  # the tables' mappings and the rules of missions
        shutil.copy(file, data / file.parent.name)
    for name in SOURCES:
        shutil.copy(ours.data / f"{name}.yaml", data)
    _cut(data / "eu")
    _cut_mappings(data)
    return Rooms(ours.ontology, ours.shapes, data)


def _cut(tables: Path) -> None:
    """Leave a few projects, with the participations in them and the organisations named there."""
    taking_part = {row["project"] for row in _read(tables / "participations.csv")}
    chosen: set[str] = set()
    organisations: set[str] = set()

    def is_chosen(row: dict[str, str]) -> bool:
        wanted = len(chosen) < _PROJECTS or row["id"] == _PROJECT_OF_AN_ACTOR
        if row["id"] in taking_part and wanted:
            chosen.add(row["id"])
            organisations.add(row["coordinator"])
        return row["id"] in chosen

    def takes_part(row: dict[str, str]) -> bool:
        organisations.add(row["organisation"] if row["project"] in chosen else "")
        return row["project"] in chosen

    _keep(tables / "projects.csv", is_chosen)
    _keep(tables / "participations.csv", takes_part)
    _keep(tables / "organisations.csv", lambda row: row["id"] in organisations)
    bodies = {"", *(row["actor"] for row in _read(tables / "national-bodies.csv"))}
    places = {row["place"] for row in _read(tables / "countries.csv")}
    _keep(tables / "alignments.csv", lambda row: row["actor"] in bodies and row["place"] in places)


def _cut_mappings(data: Path) -> None:
    """Leave the mappings of things that the sample has."""
    written = "\n".join(file.read_text(encoding="utf-8") for file in data.glob("*.yaml"))
    known = {f"id:{name}" for name in re.findall(rf"\b(?:{_MAPPED})/[a-z0-9-]+", written)}
    known |= {f"id:actor/cordis-{row['id']}" for row in _read(data / "eu" / "organisations.csv")}
    known |= {f"id:mission/{row['mission']}" for row in _read(data / "eu" / "missions.csv")}
    for file in (data / "mappings").glob("*.sssom.tsv"):
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text("".join(line for line in lines if _holds(line, known)), encoding="utf-8")


def _holds(line: str, known: set[str]) -> bool:
    cells = (cell.strip() for cell in line.split("\t"))
    ends = [cell for cell in cells if re.match(rf"id:(?:{_MAPPED})/", cell)]
    return line.startswith("#") or all(end in known for end in ends[:2])


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _keep(file: Path, wanted: Callable[[dict[str, str]], bool]) -> None:
    rows = _read(file)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in rows if wanted(row))
