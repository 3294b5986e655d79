"""Small dumps of CORDIS in its native form, written for the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from missiongraph.ingest.connectors.cordis import CONNECTOR
from missiongraph.ingest.staging import UNREADABLE, StagedInput, stage, staged_sources
from missiongraph.releases import Home

HEADERS = {
    "project": (
        *("id", "acronym", "status", "title", "startDate", "endDate", "totalCost"),
        *("ecMaxContribution", "legalBasis", "topics", "frameworkProgramme", "objective"),
    ),
    "organization": (
        *("projectID", "organisationID", "name", "shortName", "SME", "activityType", "country"),
        *("organizationURL", "order", "role", "ecContribution"),
    ),
    "topics": ("projectID", "topic", "title"),
    "legalBasis": ("projectID", "legalBasis", "title", "uniqueProgrammePart"),
    "euroSciVoc": ("projectID", "euroSciVocCode", "euroSciVocPath", "euroSciVocTitle"),
    "webLink": ("projectID", "physUrl", "type", "represents"),
    "projectDeliverables": ("id", "title", "deliverableType", "description", "projectID", "url"),
    "reportSummaries": ("id", "title", "projectID", "attachment"),
}
PROJECT = {
    "id": "101000001",
    "acronym": "RIVERS",
    "status": "SIGNED",
    "title": "Rivers for all",
    "startDate": "2023-01-01",
    "endDate": "2026-12-31",
    "totalCost": "2073781,25",
    "ecMaxContribution": "1500000.50",
    "legalBasis": "HORIZON.2.6",
    "topics": "HORIZON-MISS-2022-OCEAN-01-01",
    "frameworkProgramme": "HORIZON",
}
ORGANISATION = {
    "projectID": "101000001",
    "organisationID": "999000001",
    "name": "Institute of Rivers",
    "shortName": "IR",
    "SME": "false",
    "activityType": "REC",
    "country": "EL",
    "organizationURL": "www.rivers.example",
    "order": "1",
    "role": "coordinator",
    "ecContribution": "750000",
}


def write_table(
    folder: Path, table: str, *rows: Mapping[str, str], raw: Sequence[str] = ()
) -> Path:
    """Write a table: rows by name of column, then lines as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    header = HEADERS[table]
    lines = [native(header), *(native([row.get(name, "") for name in header]) for row in rows)]
    file = folder / f"{table}.csv"
    file.write_text("\n".join((*lines, *raw)) + "\n", encoding="utf-8")
    return file


def native(cells: Sequence[str]) -> str:
    """Return a record in the native form."""
    return ";".join('"' + cell.replace('"', '""') + '"' for cell in cells)


class StagedDump:
    """A dump that was staged.

    Args:
        folder: a folder of its own.
        dump: the file or folder to read.
    """

    def __init__(self, folder: Path, dump: Path) -> None:
        home = Home(folder / "home")
        self.home = home
        self.manifest = stage(home, CONNECTOR, dump)
        (self.staged,) = staged_sources(home)
        self.stated = "".join(f.read_text(encoding="utf-8") for f in self.staged.stated())
        self.inferred = "".join(f.read_text(encoding="utf-8") for f in self.staged.inferred())
        listing = (self.staged.folder / UNREADABLE).read_text(encoding="utf-8")
        self.unreadable = listing.splitlines()[1:]

    def input(self, name: str) -> StagedInput:
        """Return what became of an input."""
        return next(one for one in self.manifest.inputs if one.name == name)

    def values(self, subject: str, predicate: str) -> list[str]:
        """Return the objects of a thing's property, as they are written."""
        start = f"<https://w3id.org/missiongraph/id/{subject}> <{predicate}> "
        lines = sorted({*self.stated.splitlines(), *self.inferred.splitlines()})
        return [line[len(start) : -2] for line in lines if line.startswith(start)]

    def ours(self, subject: str, name: str) -> list[str]:
        """Return the objects of a thing's property of the ontology."""
        return self.values(subject, f"https://w3id.org/missiongraph/ontology#{name}")
