"""The open data sets under data/: tables, each beside its mapping, and mapping sets.

They take part in every build, without a network and without anything staged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Triple

from missiongraph.ingest import mapping_sets
from missiongraph.ingest.mission_rules import our_mission_rules
from missiongraph.ingest.statements import merged
from missiongraph.ingest.table_mapping import ENDING, TableMapping, read_table_facts
from missiongraph.names import mg
from missiongraph.ontology import Ontology


@dataclass(frozen=True)
class OpenData:
    """What open data sets say.

    Attributes:
        quads: their statements.
        positions: where things are first described, by their IRIs.
    """

    quads: list[Quad] = field(default_factory=list)
    positions: Mapping[str, str] = field(default_factory=dict)


def open_data_files(folder: Path) -> list[Path]:
    """Return every file that ``read_open_data`` may read: all that lie in folders of data/."""
    return sorted(file for file in folder.glob("*/*") if file.is_file())


def read_open_data(files: Iterable[Path], ontology: Ontology) -> OpenData:
    """Return what the files say.

    Raises:
        BadDocument: a mapping, a table or a mapping set has mistakes; every one of the first that has is listed.
    """
    quads: list[Quad] = []
    positions: dict[str, str] = {}
    for file in files:
        if file.name.endswith(ENDING):
            facts = read_table_facts(TableMapping(file, ontology))
            quads += facts.quads
            positions = {**facts.positions, **positions}
        elif file.name.endswith(mapping_sets.ENDING):
            quads += mapping_sets.read_mapping_set(file).quads()
    return OpenData([*quads, *_assignments(quads)], positions)


def _assignments(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield by which rule each project of a mission call was linked to its missions."""
    rules = our_mission_rules()
    found = [
        merged(Triple(quad.subject, mg("assignedBy"), NamedNode(rules.rule_iri(rule))))
        for quad in quads
        if quad.predicate == mg("topic") and isinstance(quad.object, Literal)
        for rule in rules.applying(str(quad.subject)[1:-1].rpartition("-")[2], quad.object.value)
    ]
    yield from found
    if found:
        yield from map(merged, rules.triples())
