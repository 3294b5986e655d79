"""CORDIS: projects of Horizon 2020 and Horizon Europe, their participants and missions.

Reads the dumps that the Publications Office publishes as CSV or XLSX, in a folder or in ZIP
archives (https://data.europa.eu/data/datasets/cordis-eu-research-projects-under-horizon-europe-2021-2027).
docs/connectors/cordis.md says what each column becomes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.ingest.connector import Batch, Input, Mapped, Progress
from missiongraph.ingest.cordis import tables
from missiongraph.ingest.cordis.dump import OTHER, Dump, discover, files_of
from missiongraph.ingest.cordis.projects import SOURCE
from missiongraph.ingest.downloads import download
from missiongraph.ingest.mission_rules import our_mission_rules
from missiongraph.ingest.quarantine import Quarantine
from missiongraph.names import CONCEPT, PREFIXES, RDF_TYPE, RDFS_LABEL, mg

ADDRESSES: Final = (
    "https://cordis.europa.eu/data/cordis-HORIZONprojects-csv.zip",
    "https://cordis.europa.eu/data/cordis-h2020projects-csv.zip",
)


class Cordis:
    """The connector of CORDIS.

    Args:
        addresses: what is downloaded.
    """

    name = "cordis"
    title = "CORDIS, projects and results of the European Union's research programmes"

    def __init__(self, addresses: Sequence[str] = ADDRESSES) -> None:
        self._addresses = addresses
        self._dump = Dump(())

    def discover(self, path: Path) -> Sequence[Input]:
        """Return the tables of a dump, known by their columns."""
        return discover(path)

    def sources(self, inputs: Sequence[Input]) -> Iterable[Triple]:
        """Return the description of CORDIS, and of the rules that tell missions."""
        source, terms = NamedNode(SOURCE), PREFIXES["dcterms"]
        title = Literal(self.title, language="en")
        creator = Literal("Publications Office of the European Union", language="en")
        license_ = NamedNode("https://creativecommons.org/licenses/by/4.0/")
        page = NamedNode("https://cordis.europa.eu/projects")
        yield Triple(source, RDF_TYPE, mg("Source"))
        yield Triple(source, RDFS_LABEL, title)
        yield Triple(source, NamedNode(terms + "title"), title)
        yield Triple(source, NamedNode(terms + "creator"), creator)
        yield Triple(source, NamedNode(terms + "license"), license_)
        yield Triple(source, NamedNode(PREFIXES["foaf"] + "page"), page)
        yield Triple(source, mg("sourceKind"), NamedNode(CONCEPT + "source-kind/data-set"))
        yield from our_mission_rules().triples()

    def read(
        self, given: Input, inputs: Sequence[Input], quarantine: Quarantine
    ) -> Iterator[Batch[tables.Records]]:
        """Yield the rows of a table; files that are none are noted."""
        if given.name == OTHER:
            for file in files_of(given):
                quarantine.cell(file.place, 0, "", "", "a file that is no table of CORDIS")
            return iter(())
        if self._dump.inputs != tuple(inputs):
            self._dump = Dump(tuple(inputs))
        return tables.read(given, self._dump, quarantine)

    def map(self, batch: Batch[tables.Records], quarantine: Quarantine) -> Mapped:
        """Return the triples of a batch."""
        return tables.mapped(batch)

    def download(self, folder: Path, progress: Progress) -> Path:
        """Fetch the newest dumps of Horizon Europe and Horizon 2020."""
        for address in self._addresses:
            download(address, folder, progress)
        return folder


CONNECTOR: Final = Cordis()
