"""The gate: shapes and checks that a graph passes before it is published.

SHACL shapes tell what is wrong (violations, which block) and what is missing
(warnings, which are reported). Checks are queries ``*-violation.rq``, each row of
which is a violation.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from missiongraph import shacl
from missiongraph.checks import CHECKS, check_iri
from missiongraph.diagnostics import Diagnostic
from missiongraph.errors import GateClosed
from missiongraph.ingest.mistakes import Mistake
from missiongraph.names import PREFIXES, compact
from missiongraph.shacl import compile_shapes

_SH: Final = PREFIXES["sh"]
_FOUND: Final = frozenset(("focus", "message"))
_QUERY: Final = NamedNode(_SH + "SPARQLConstraintComponent")
_CELL: Final = re.compile(r":([^:!]+![A-Z]{1,3}[0-9]+)$")
_VIOLATION: Final = NamedNode(_SH + "Violation")


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that a shape or a check found.

    Attributes:
        severity: ``violation``, ``warning`` or ``info``.
        focus: the IRI of the thing it was found at.
        message: the problem and the cure.
        path: the property, empty when the whole thing is meant.
        value: the value that is wrong, empty when one is missing.
        shape: the IRI of the shape or check that found it.
        where: ``file:line:column`` of the thing, ``file:Mission!C7`` in a workbook; empty when no
            file is known that names it.
    """

    severity: str
    focus: str
    message: str
    path: str = ""
    value: str = ""
    shape: str = ""
    where: str = ""

    @property
    def place(self) -> tuple[str, int, int]:
        """The file, line and column of ``where``; empty and 0 when there is none.

        >>> Finding("info", "", "", where="a.yaml:3:7").place
        ('a.yaml', 3, 7)
        >>> Finding("info", "", "", where="a.xlsx:'My sheet'!C7").place
        ('a.xlsx', 7, 3)
        """
        if "!" in self.cell:
            from openpyxl.utils import coordinate_to_tuple

            row, place = coordinate_to_tuple(self.cell.rpartition("!")[2])
            return self.where.removesuffix(f":{self.cell}"), row, place
        file, line, column = (*self.where.rsplit(":", 2), "", "")[:3]
        return file, int(line or 0), int(column or 0)

    @property
    def cell(self) -> str:
        """The cell of a workbook that ``where`` names, with its sheet; nothing elsewhere."""
        found = _CELL.search(self.where)
        return found[1] if found else ""

    @property
    def diagnostic(self) -> Diagnostic:
        """The finding as a report has it, with the property as its rule."""
        file, line, column = self.place
        return Diagnostic(
            self.severity,
            self.message,
            rule=self.path or self.shape,
            subject=" ".join(
                compact(part) for part in dict.fromkeys((self.focus, self.value)) if part
            ),
            file=file,
            line=line,
            column=column,
            cell=self.cell,
        )

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        # The value of a shape of nodes is the focus itself (SHACL, section 3.6.2.3).
        parts = dict.fromkeys(part for part in (self.focus, self.path, self.value) if part)
        subject = " ".join(compact(part) for part in parts)
        return f"{place}{subject}: {self.message}"


@dataclass(frozen=True)
class Report:
    """What a validation found.

    Attributes:
        conforms: whether nothing was found that keeps data back.
        findings: sorted, violations first.
        turtle: the SHACL validation report, the same bytes for the same findings.
    """

    conforms: bool
    findings: tuple[Finding, ...]
    turtle: str

    def of(self, severity: str) -> tuple[Finding, ...]:
        """Return the findings of a severity."""
        return tuple(finding for finding in self.findings if finding.severity == severity)


def validate(
    data: Iterable[Triple | Quad],
    shapes: Iterable[Triple],
    *,
    checked: Sequence[shacl.Result] = (),
    warnings_pass: bool = False,
) -> Report:
    """Return what SHACL shapes find in a graph.

    Args:
        data: the graph; of quads, the graphs are merged.
        shapes: the shapes.
        checked: what checks found in it, for the same report; without what shapes find too.
        warnings_pass: whether data conform that only have warnings. The recommendation has
            it that any result is one too many (SHACL, section 3.6.1.1).

    Raises:
        BadShapes: the shapes cannot be used; the gate stays closed.
    """
    report = compile_shapes(shapes).validate(data)
    told = {(r.focus, r.path) for r in report.results if r.severity == _VIOLATION and r.path}
    report = report.including([r for r in checked if (r.focus, r.path) not in told])
    return report_of(report.with_warnings_passing() if warnings_pass else report)


def report_of(report: shacl.Report) -> Report:
    """Return a validation report as the gate has it."""
    return Report(report.conforms, findings(report.results), report.turtle)


def run_checks(engine: Store, folder: Path) -> tuple[shacl.Result, ...]:
    """Return what the checks ``*-violation.rq`` under a folder find in a store.

    Each row is a result of the constraint that the query is; the check's name is its shape's.

    Raises:
        GateClosed: a check is not a query for ``?focus`` and ``?message``, with ``?path`` and
            ``?value`` where it has them.
    """
    files = sorted(folder.glob(CHECKS))
    return tuple(result for file in files for result in _run_check(engine, file))


def _run_check(engine: Store, file: Path) -> list[shacl.Result]:
    try:
        rows = engine.query(file.read_text(encoding="utf-8"))
    except SyntaxError as cause:
        raise GateClosed(f"The check is not SPARQL: {cause}.", where=str(file)) from cause
    if not isinstance(rows, QuerySolutions) or not set(names := _names(rows)) >= _FOUND:
        raise GateClosed("The check does not select ?focus and ?message.", where=str(file))
    shape = NamedNode(check_iri(file))
    return [
        shacl.Result(
            focus=row["focus"],
            path=row["path"] if "path" in names else None,
            value=row["value"] if "value" in names else None,
            shape=shape,
            component=_QUERY,
            severity=_VIOLATION,
            messages=(Literal(_text(row["message"]), language="en"),),
        )
        for row in rows
    ]


def _names(rows: QuerySolutions) -> list[str]:
    return [variable.value for variable in rows.variables]


def located(findings: Iterable[Finding], positions: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return findings with the places at which their things are described, by IRI."""
    placed = [
        Finding(**(vars(finding) | {"where": positions.get(finding.focus, "")}))
        for finding in findings
    ]
    return tuple(sorted(placed, key=lambda f: (_RANK.get(f.severity, 3), f.place, f)))


def require(violations: Sequence[Finding | Mistake], what: str) -> None:
    """Let pass only what has no violation.

    Raises:
        GateClosed: there is one; every one is listed.
    """
    if violations:
        listed = "\n".join(str(violation) for violation in violations)
        raise GateClosed(
            f"{len(violations)} {what}; nothing is published.\n{listed}",
            remedy="\nPut these right and build again; what was served stays served.",
            diagnostics=[violation.diagnostic for violation in violations],
        )


def counts(findings: Iterable[Finding]) -> list[tuple[str, int]]:
    """Return how often each message was found, the most frequent first."""
    tally = Counter(finding.message for finding in findings)
    return sorted(tally.items(), key=lambda item: (-item[1], item[0]))


_RANK: Final = {"violation": 0, "warning": 1, "info": 2}


def findings(results: Iterable[shacl.Result]) -> tuple[Finding, ...]:
    """Return results as findings, violations first."""
    found = {
        Finding(
            severity=_text(result.severity).removeprefix(_SH).lower(),
            focus=_text(result.focus),
            message=_text(message),
            path=_text(result.path),
            value=_text(result.value),
            shape=_text(result.shape),
        )
        for result in results
        for message in result.messages
    }
    return tuple(sorted(found, key=lambda finding: (_RANK.get(finding.severity, 3), finding)))


def _text(term: object) -> str:
    """Return an IRI or a literal's text; a shape's blank node says nothing to a reader."""
    if term is None or isinstance(term, BlankNode):
        return ""
    return term.value if isinstance(term, NamedNode) else str(getattr(term, "value", term))
