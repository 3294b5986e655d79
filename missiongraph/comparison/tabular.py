"""A comparison as tables: wide and tidy CSV, a workbook, Markdown and LaTeX.

No cell of the wide form is empty: ``unknown``, ``no`` and ``not applicable`` are written. In the
tidy form, as CSV and as a sheet, the value of such a cell is empty and the column ``reason`` says
why, so that a column of figures is read as one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from missiongraph.comparison.matrix import Cell, Comparison, Passage, State
from missiongraph.table_files import Plain, write_workbook

_WIDE_HEAD: Final = ("mission", "missionLabel", "knownShare")
TIDY_HEAD: Final = (
    "mission", "missionLabel", "dimension", "criterion", "criterionLabel", "typology", "state",
    "reason", "disagreement", "value", "number", "valueLabel", "of", "coder", "evidence", "locator", "link",
)  # fmt: skip
_NOTHING: Final = "none"
_LATEX_SPECIAL: Final = re.compile(r"[&%$#_{}~^\\<>]")
_LATEX_SPELT: Final = {
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
}


def wide_csv(comparison: Comparison) -> bytes:
    """Return a row for each mission and a column for each criterion."""
    return _csv(wide_head(comparison), wide_rows(comparison))


def tidy_csv(comparison: Comparison) -> bytes:
    """Return a row for each finding, and one for each cell of which nothing is found.

    Columns that have nothing to say are empty, which R, Stata and pandas read as missing;
    ``reason`` is then ``unknown``, ``no`` or ``not applicable``, and ``number`` holds figures only.
    """
    return _csv(TIDY_HEAD, [[_written(value) for value in row] for row in tidy_rows(comparison)])


def workbook(comparison: Comparison) -> bytes:
    """Return a workbook: the matrix, the findings, a codebook, and the evidence.

    Raises:
        AnswerTooLarge: a text is longer than a cell may be.
    """
    share = wide_head(comparison).index("knownShare")
    wide: list[list[Plain]] = [
        [Decimal(cell) if column == share else cell for column, cell in enumerate(row)]
        for row in wide_rows(comparison)
    ]
    return write_workbook(
        {
            "matrix": (wide_head(comparison), wide),
            "findings": (TIDY_HEAD, tidy_rows(comparison)),
            "codebook": (
                ("column", "label", "dimension", "typology", "iri", "definition"),
                [
                    [c.name, c.label, c.dimension, c.typology, c.iri, c.definition]
                    for c in comparison.criteria
                ]
                + [[s.value, f"state {s.mark}", "", "", "", _MEANINGS[s]] for s in State],
            ),
            "evidence": (
                ("evidence", "summary", "locator", "link"),
                [[p.iri, p.summary, p.locator, p.link] for p in passages_of(comparison)],
            ),
            "release": (("release",), [[comparison.release]]),
        }
    )


_MEANINGS: Final = {
    State.KNOWN: "A source gives a value.",
    State.NO: "A coder finds that the mission does not meet the criterion.",
    State.NOT_APPLICABLE: "A coder finds that the criterion makes no sense for the mission.",
    State.UNKNOWN: "No source that was read tells.",
}


def tidy_rows(comparison: Comparison) -> list[list[Plain]]:
    """Return a row for each finding of each cell, empty where there is none."""
    return [
        [
            subject.iri, subject.label, criterion.dimension or None, criterion.name,
            criterion.heading, criterion.typology or None, cell.state.value, *finding[:1],
            cell.disagreement, *finding[1:],
        ]
        for subject, criterion, cell in comparison
        for finding in _finding_columns(cell)
    ]  # fmt: skip


def markdown(comparison: Comparison) -> bytes:
    """Return a table of criteria against missions for each dimension (GitHub's Markdown)."""
    labels = [_markdown_text(subject.label) for subject in comparison.subjects]
    lines: list[str] = []
    for dimension, criteria in comparison.by_dimension().items():
        lines += [f"## {dimension}", "", f"| | {' | '.join(labels)} |"]
        lines += ["|---" * (len(labels) + 1) + "|"]
        for criterion in criteria:
            cells = " | ".join(_markdown_text(_marked(c)) for c in comparison.row(criterion))
            lines.append(f"| {_markdown_text(criterion.heading)} | {cells} |")
        lines.append("")
    shares = " | ".join(f"{comparison.known_share_of(s):.0%}" for s in comparison.subjects)
    lines += ["## Known", "", f"| | {' | '.join(labels)} |", "|---" * (len(labels) + 1) + "|"]
    lines += [f"| Share of criteria of which something is found | {shares} |", ""]
    lines += [f"Release {comparison.release or 'not told'}.", ""]
    return "\n".join(lines).encode()


def latex(comparison: Comparison) -> bytes:
    """Return a ``longtable`` with ``booktabs`` rules, criteria against missions."""
    columns = len(comparison.subjects)
    width = f"{0.72 / max(columns, 1):.3f}"
    head = " & ".join(rf"\textbf{{{_latex_text(s.label)}}}" for s in comparison.subjects)
    lines = [
        r"% needs \usepackage{booktabs,longtable}; release " + (comparison.release or "not told"),
        r"\begin{longtable}{p{0.2\linewidth}" + rf"p{{{width}\linewidth}}" * columns + "}",
        r"\toprule",
        rf"& {head} \\",
        r"\midrule",
        r"\endhead",
    ]
    for dimension, criteria in comparison.by_dimension().items():
        lines.append(rf"\multicolumn{{{columns + 1}}}{{l}}{{\emph{{{_latex_text(dimension)}}}}} \\")
        for criterion in criteria:
            cells = " & ".join(_latex_text(_marked(c)) for c in comparison.row(criterion))
            lines.append(rf"{_latex_text(criterion.heading)} & {cells} \\")
    lines += [r"\bottomrule", r"\end{longtable}", ""]
    return "\n".join(lines).encode()


def passages_of(comparison: Comparison) -> list[Passage]:
    """Return the passages behind all cells, each once, in the order of the cells."""
    passages = (
        p
        for criterion in comparison.criteria
        for c in comparison.row(criterion)
        for p in c.passages
    )
    return list(dict.fromkeys(passages))


def wide_head(comparison: Comparison) -> list[str]:
    """Return the columns of ``wide_rows``."""
    return [*_WIDE_HEAD, *(criterion.name for criterion in comparison.criteria)]


def wide_rows(comparison: Comparison) -> list[list[str]]:
    """Return a row for each mission: what is known by each criterion, as people read it."""
    return [
        [
            subject.iri,
            subject.label or _NOTHING,
            str(comparison.known_share_of(subject)),
            *(_marked(comparison.cell(subject, c)) for c in comparison.criteria),
        ]
        for subject in comparison.subjects
    ]


def _marked(cell: Cell) -> str:
    """Return a cell's text, and that its findings disagree."""
    return f"{cell.text} [disagreement]" if cell.disagreement else cell.text


def _finding_columns(cell: Cell) -> list[list[Plain]]:
    told = [finding for finding in cell.findings if finding.state is not State.UNKNOWN]
    if not told:
        return [[cell.state.value, *[None] * 8]]
    return [
        [
            None if finding.state is State.KNOWN else finding.state.value,
            finding.value if finding.state is State.KNOWN else None,
            finding.number if finding.state is State.KNOWN else None,
            finding.text if finding.state is State.KNOWN else None,
            finding.subject_text or None,
            finding.coder or None,
            passage.iri if passage else None,
            (passage.locator or None) if passage else None,
            (passage.link or None) if passage else None,
        ]
        for finding in told
        for passage in (finding.passages or (None,))
    ]


def _written(value: Plain) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _csv(head: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)  # RFC 4180: CRLF, quotes where they are needed
    writer.writerow(head)
    writer.writerows(rows)
    return stream.getvalue().encode()


def _markdown_text(text: str) -> str:
    escaped = re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", text)
    return " ".join(escaped.split())


def _latex_text(text: str) -> str:
    return _LATEX_SPECIAL.sub(lambda m: _LATEX_SPELT.get(m[0], "\\" + m[0]), " ".join(text.split()))
