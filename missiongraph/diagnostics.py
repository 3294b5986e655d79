"""Diagnostics: what is wrong or lacking in data, told so that an editor learns how to mend it.

Each says where, what, why and what to do; those of one rule are grouped, counted, and shown with an
example from curated data. Forms: text, Markdown, HTML, JSON and SARIF 2.1.0 for code hosts
(https://docs.oasis-open.org/sarif/sarif/v2.1.0/). SHACL's own report is Turtle (missiongraph/shacl).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from missiongraph import __version__, resources
from missiongraph.checks import our_checks
from missiongraph.errors import FormatNotOffered
from missiongraph.names import BASE, ONTOLOGY

SEVERITIES: Final = ("violation", "warning", "info")
_LEVELS: Final = {"violation": "error", "warning": "warning", "info": "note"}
"""SARIF's level of each severity."""
_MOST_SHOWN: Final = 20
"""Places of one rule that Markdown and HTML name; all are counted, JSON and SARIF have all."""
_LOCAL_NAME: Final = re.compile(r"[^#/]*$")


@dataclass(frozen=True)
class Diagnostic:
    """One thing that is wrong or lacking.

    Attributes:
        severity: ``violation``, ``warning`` or ``info``.
        what: the problem; with the cure where ``remedy`` is empty.
        remedy: what to do; may be empty.
        rule: what tells this kind of problem from others: the IRI of a property or check, or a few words.
        subject: what it was found at; empty when the place says it.
        file: the file; empty when it stands in none.
        line: counts from 1; 0 when no line is known.
        column: counts from 1; 0 likewise.
        cell: of a workbook, the cell, such as ``Mission!C7``.
    """

    severity: str
    what: str
    remedy: str = ""
    rule: str = ""
    subject: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    cell: str = ""

    @property
    def where(self) -> str:
        """The place as compilers write it, or the subject where there is no file."""
        numbers = [self.cell] if self.cell else [str(n) for n in (self.line, self.column) if n]
        parts = [self.file, *numbers]
        return ":".join(parts) if self.file else self.subject

    @property
    def text(self) -> str:
        """What is wrong, and what to do."""
        return f"{self.what} {self.remedy}".strip()


@dataclass(frozen=True)
class Group:
    """The diagnostics of one rule and severity, and what helps to mend them.

    Attributes:
        severity: that of all of them.
        rule: theirs.
        text: what is wrong and what to do, as the first of them says it.
        why: what the property is for, in the ontology's words, or what should hold; may be empty.
        example: how curated data write the property, with file and line; may be empty.
        found: the diagnostics.
    """

    severity: str
    rule: str
    text: str
    why: str
    example: str
    found: tuple[Diagnostic, ...]


def grouped(diagnostics: Sequence[Diagnostic]) -> list[Group]:
    """Return diagnostics by rule, violations first and then the most frequent."""

    def key(found: Diagnostic) -> tuple[int, str, str]:
        # Shapes say the same of every thing; a file's mistakes name what was written.
        return SEVERITIES.index(found.severity), found.rule, found.what if found.subject else ""

    groups = []
    for (rank, rule, _), of_rule in groupby(sorted(diagnostics, key=key), key=key):
        found = tuple(of_rule)
        why, example = _lesson(rule)
        groups.append(Group(SEVERITIES[rank], rule, found[0].text, why, example, found))
    return sorted(groups, key=lambda g: (SEVERITIES.index(g.severity), -len(g.found), g.rule))


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """Return how many there are of each severity, in words.

    >>> summary([Diagnostic("warning", "It has no date.")])
    '0 violations, 1 warning'
    """
    counted = [(s, sum(d.severity == s for d in diagnostics)) for s in SEVERITIES]
    told = [f"{n} {s}{'' if n == 1 else 's'}" for s, n in counted if n or s != "info"]
    return ", ".join(told)


def as_text(diagnostics: Sequence[Diagnostic]) -> str:
    """Return a line for each, as compilers write them, and their number."""
    lines = [f"{d.where}: {d.severity}: {d.text}" for d in diagnostics]
    return "\n".join((*lines, summary(diagnostics), ""))


def as_markdown(diagnostics: Sequence[Diagnostic]) -> str:
    """Return a report in Markdown, for a comment on a change."""
    parts = ["# Report", "", f"{summary(diagnostics).capitalize()}.", ""]
    for group in grouped(diagnostics):
        parts += [f"## {_heading(group)}", "", f"What: {_plain_markdown(group.text)}", ""]
        if group.why:
            parts += [f"Why: {_plain_markdown(group.why)}", ""]
        if group.example:
            parts += ["Example:", "", *(f"    {line}" for line in group.example.splitlines()), ""]
        parts += [f"- {_plain_markdown(_place(d, group))}" for d in group.found[:_MOST_SHOWN]]
        parts += [f"- and {more} more" for more in _more(group)]
        parts.append("")
    return "\n".join(parts)


def as_html(diagnostics: Sequence[Diagnostic]) -> str:
    """Return a report as a page without script, to be opened by itself."""
    sections = []
    for group in grouped(diagnostics):
        why = f"<p>Why: {escape(group.why)}</p>" if group.why else ""
        example = f"<p>Example:</p><pre>{escape(group.example)}</pre>" if group.example else ""
        places = "".join(f"<li>{escape(_place(d, group))}</li>" for d in group.found[:_MOST_SHOWN])
        places += "".join(f"<li>and {more} more</li>" for more in _more(group))
        sections.append(
            f"<section><h2>{escape(_heading(group))}</h2><p>{escape(group.text)}</p>"
            f"{why}{example}<ul>{places}</ul></section>"
        )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>Report</title></head>\n<body>"
        f"<h1>Report</h1><p>{escape(summary(diagnostics).capitalize())}.</p>\n"
        + "\n".join(sections)
        + "\n</body></html>\n"
    )


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """Return everything as JSON, grouped."""
    document = {
        "summary": {s: sum(d.severity == s for d in diagnostics) for s in SEVERITIES},
        "groups": [asdict(group) | {"count": len(group.found)} for group in grouped(diagnostics)],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """Return a SARIF 2.1.0 log, which code hosts show beside the lines."""
    groups = grouped(diagnostics)
    driver = {
        "name": "missiongraph",
        "version": __version__,
        "informationUri": BASE,
        "rules": [_sarif_rule(rule, group) for rule, group in _rules(groups).items()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(d) for group in groups for d in group.found],
    }
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


WRITERS: Final[dict[str, Callable[[Sequence[Diagnostic]], str]]] = {
    ".html": as_html,
    ".json": as_json,
    ".md": as_markdown,
    ".sarif": as_sarif,
    ".txt": as_text,
}
"""What writes a report, by the ending of its file."""


def writer_of(file: Path) -> Callable[[Sequence[Diagnostic]], str]:
    """Return what writes the report that a file's name asks for.

    Raises:
        FormatNotOffered: its ending is none of a report's.
    """
    if file.suffix not in WRITERS:
        raise FormatNotOffered(
            f"A report has no form {file.suffix or 'without ending'!r}.",
            where=str(file),
            remedy=f"Name a file that ends in one of: {', '.join(WRITERS)}.",
        )
    return WRITERS[file.suffix]


def _rules(groups: Sequence[Group]) -> dict[str, Group]:
    """Return the first group of each rule."""
    found: dict[str, Group] = {}
    for group in groups:
        found.setdefault(_rule_id(group.rule), group)
    return found


def _sarif_rule(rule: str, group: Group) -> dict[str, Any]:
    help_ = "\n".join(filter(None, (group.text, group.why, group.example)))
    described = {"id": rule, "shortDescription": {"text": group.text}, "help": {"text": help_}}
    if group.rule.startswith(ONTOLOGY):
        described["helpUri"] = group.rule
    return described


def _sarif_result(found: Diagnostic) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": _rule_id(found.rule),
        "level": _LEVELS[found.severity],
        "message": {"text": ": ".join(filter(None, (found.cell, found.subject, found.text)))},
    }
    if found.file:
        region = {"startLine": found.line, "startColumn": found.column}
        place: dict[str, Any] = {"artifactLocation": {"uri": _address(found.file)}}
        known = {name: number for name, number in region.items() if number and not found.cell}
        if known:
            place["region"] = known
        result["locations"] = [{"physicalLocation": place}]
    return result


def _address(file: str) -> str:
    """Return a file's address: below the working directory relative to it, as code hosts want it."""
    path = Path(file)
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _rule_id(rule: str) -> str:
    found = _LOCAL_NAME.search(rule)
    return (found[0] if found else "") or "data"


def _heading(group: Group) -> str:
    count = len(group.found)
    return f"{group.severity.capitalize()}: {_rule_id(group.rule)} ({count})"


def _place(found: Diagnostic, group: Group) -> str:
    place = " ".join(dict.fromkeys(filter(None, (found.where, found.subject)))) or "the data"
    return place if found.text == group.text else f"{place}: {found.text}"


def _more(group: Group) -> Iterator[int]:
    if len(group.found) > _MOST_SHOWN:
        yield len(group.found) - _MOST_SHOWN


def _plain_markdown(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", " ".join(text.split()))


@lru_cache(maxsize=1024)
def _lesson(rule: str) -> tuple[str, str]:
    """Return what a property is for and how curated data write it, or what a check asks."""
    from missiongraph.ontology import our_ontology

    for prop in our_ontology().properties.values():
        if prop.iri == rule:
            return prop.definition, _example(prop.key)
    return our_checks().get(rule, ""), ""


def _example(key: str) -> str:
    """Return the first line of curated data, by file name, that has a key, and where it is."""
    line_with = re.compile(rf"^\s*(?:- )?{re.escape(key)}: \S.*$", re.MULTILINE)
    for file in sorted((resources.root() / "data").glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        if found := line_with.search(text):
            line = text.count("\n", 0, found.start()) + 1
            return f"{found[0].strip()}\n# {file.name}, line {line}"
    return ""
