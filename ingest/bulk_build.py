"""Builds with data in bulk: what is curated is in memory, the rest in files that are read in parts.

The rules are run over what is curated and over the bulk records that it speaks of, the border;
what follows from bulk records alone was found when they were staged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse

from missiongraph.ingest import bulk_gate, gate
from missiongraph.ingest.assembly import assemble, merged_triples
from missiongraph.ingest.bulk_dump import BulkLines, write_dump
from missiongraph.ingest.gate import Finding
from missiongraph.ingest.inventory import sorted_lines
from missiongraph.ingest.staging import Staged
from missiongraph.ingest.statements import merged
from missiongraph.ingest.tally import Tally
from missiongraph.line_files import LineFile, record_samples
from missiongraph.names import ID, RDF_TYPE
from missiongraph.shacl import Plan

LARGE: Final = 200_000
"""Bulk triples from which on a build reads them in parts."""
SAMPLES: Final = 8
SAMPLE_BYTES: Final = 1 << 16


def is_large(bulk: Iterable[Staged]) -> bool:
    """Say whether there is more staged than is built in memory."""
    return sum(given.stated for staged in bulk for given in staged.manifest.inputs) > LARGE


@dataclass(frozen=True)
class LargeReport:
    """What the gate found in a graph of which a part is bulk data.

    Attributes:
        warnings: what is incomplete; of bulk records, the first thousand of each message.
        warning_count: how many warnings there are in all.
        turtle: the report, with the results that are listed.
    """

    warnings: tuple[Finding, ...]
    warning_count: int
    turtle: str


@dataclass(frozen=True)
class LargeGraph:
    """A graph of which a part is bulk data.

    Attributes:
        engine: holds what is curated, its vocabularies and what follows, and the border.
        bulk: the staged lines.
    """

    engine: Store
    bulk: BulkLines

    def pass_gate(
        self,
        plan: Plan,
        checks: Path,
        positions: Mapping[str, str],
        progress: Callable[[str], None],
    ) -> LargeReport:
        """Return the report of a graph that may be published.

        Raises:
            GateClosed: it has violations.
        """
        progress("checking shapes")
        curated = merged_triples(self.engine)
        report = plan.validate_batch(curated, plan.background(self._classes_named(self.engine)))
        findings = gate.report_of(report).findings
        forms = gate.findings(gate.run_checks(self._sampled(), checks))
        located = gate.located((*findings, *forms), positions)
        gate.require([f for f in located if f.severity == "violation"], "violations")
        records = bulk_gate.validate(self.bulk.files, curated, plan, progress)
        bulk_gate.require(records)
        seen = {(result.focus, result.shape) for result in report.results}
        new = [r for r in records.results if (r.focus, r.shape) not in seen]
        whole = plan.report_of([*report.results, *new]).with_warnings_passing()
        count = len(report.results) + sum(records.counts.values())
        warnings = tuple(f for f in located if f.severity == "warning")
        return LargeReport((*warnings, *records.findings), count, whole.turtle)

    def write_dump(self, file: Path, progress: Callable[[str], None]) -> Tally:
        """Write the sorted N-Quads of it all; return what they hold."""
        return write_dump(file, sorted_lines(self.engine), self.bulk, progress)

    def _sampled(self) -> Store:
        """Return the store with some bulk records, and the classes of what they all name.

        Checks ask the whole graph at once, which bulk data are too large for. A connector gives
        all its records one form, so that what is wrong with the form is wrong with some.
        """
        store = Store()
        store.bulk_extend(self.engine)
        for lines in record_samples(self.bulk.files, SAMPLES, SAMPLE_BYTES):
            store.bulk_extend(_quads(lines))
        store.bulk_extend([merged(triple) for triple in self._classes_named(store)])
        return store

    def _classes_named(self, store: Store) -> Iterator[Triple]:
        """Yield the classes of the bulk things that a store names and does not describe."""
        named = {quad.object for quad in store if _is_thing(quad.object)}
        typed = {quad.subject for quad in store.quads_for_pattern(None, RDF_TYPE, None, None)}
        lines = _lines_about(self.bulk.files, named - typed)
        return (quad.triple for quad in _quads(lines) if quad.predicate == RDF_TYPE)


def assemble_large(
    claims: Sequence[Quad],
    bulk: Iterable[Staged],
    ontology_folder: Path,
    progress: Callable[[str], None],
) -> LargeGraph:
    """Return the graph of curated claims and staged data.

    Args:
        claims: the curated statements.
        bulk: what is staged.
        ontology_folder: see ``assemble``.
        progress: told what is done.
    """
    progress("merging and inferring")
    staged = list(bulk)
    lines = BulkLines(
        [LineFile(file) for one in staged for file in one.stated()],
        [LineFile(file) for one in staged for file in one.inferred()],
    )
    sources = [q for one in staged for q in _quads(one.sources.read_bytes())]
    stated = [*claims, *sources]
    named = {term for quad in stated for term in (quad.subject, quad.object) if _is_thing(term)}
    border = _quads(_lines_about(lines.stated, named))
    return LargeGraph(assemble((*stated, *border), ontology_folder), lines)


def _lines_about(files: Iterable[LineFile], named: Iterable[object]) -> bytes:
    subjects = sorted(str(term).encode() for term in named)
    return b"".join(line for file in files for line in file.lines_about(subjects))


def _quads(lines: bytes) -> Iterator[Quad]:
    return iter(parse(lines, format=RdfFormat.N_TRIPLES))


def _is_thing(term: object) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(ID)
