"""The gate for data in bulk: shapes asked of records a batch at a time, never of all at once."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import RdfFormat, Triple, parse

from missiongraph.errors import GateClosed
from missiongraph.ingest.gate import Finding, report_of
from missiongraph.line_files import LineFile, record_bounds, records_between
from missiongraph.shacl import Plan, Result

BATCH_BYTES: Final = 48 << 20
KEPT: Final = 1_000


@dataclass(frozen=True)
class BulkReport:
    """What the shapes found in bulk records.

    Attributes:
        results: violations and others, the first thousand of each message.
        findings: the same, as the gate tells them.
        counts: how often each message was found.
    """

    results: tuple[Result, ...]
    findings: tuple[Finding, ...]
    counts: Counter[str]


def validate(
    files: Sequence[LineFile],
    known: Iterable[Triple],
    plan: Plan,
    progress: Callable[[str], None] = lambda _: None,
) -> BulkReport:
    """Return what shapes find in bulk records.

    Args:
        files: all that is said of them, stated and inferred.
        known: what they may refer to: the curated graph with its vocabularies.
        plan: the shapes.
        progress: told how far it is.
    """
    types = b"".join(line for file in files for line in file.types())
    background = plan.background((*known, *_triples(types)))
    bounds = [b"", *record_bounds(files, BATCH_BYTES), b""]
    batches = len(bounds) - 1
    results: list[Result] = []
    counts: Counter[str] = Counter()
    for number, (start, end) in enumerate(itertools.pairwise(bounds), start=1):
        progress(f"checking shapes of bulk records, {number} of {batches}")
        report = plan.validate_batch(_triples(records_between(files, start, end)), background)
        for result in report.results:
            message = _message(result)
            counts[message] += 1
            if counts[message] <= KEPT:
                results.append(result)
    whole = plan.report_of(results)
    return BulkReport(whole.results, report_of(whole).findings, counts)


def _triples(lines: bytes) -> Iterator[Triple]:
    return (quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES))


def _message(result: Result) -> str:
    return str(getattr(result.messages[0], "value", "")) if result.messages else ""


def require(report: BulkReport) -> None:
    """Let pass only what has no violation.

    Raises:
        GateClosed: there is one; the first thousand of each are listed.
    """
    found = [finding for finding in report.findings if finding.severity == "violation"]
    if found:
        listed = "\n".join(str(finding) for finding in found[:KEPT])
        raise GateClosed(
            f"{len(found)} violations in bulk records; nothing is published.\n{listed}",
            remedy="\nIngest them again with a connector that gives what the shapes ask for.",
        )
