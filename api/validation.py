"""``/validate``: what an editor wrote, checked as a build would check it; nothing is kept.

The checks are those of the command line, in a process of its own with a limit of time and
memory: whatever is pasted costs no more than that, and this room needs no other.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from missiongraph.api import problems, templates
from missiongraph.api.answers import answer_with
from missiongraph.api.bodies import decode, decode_form, media_type_of, read_body
from missiongraph.api.negotiation import PLAIN_JSON, choose
from missiongraph.api.protocol import FORM_TYPE
from missiongraph.api.serving import publication_of
from missiongraph.delimited import rows_of
from missiongraph.errors import (
    BadDocument,
    BadRequest,
    MediaTypeNotSupported,
    QueryTimeout,
    StoreBusy,
)

KINDS: Final = {
    "yaml": ("Curated YAML", "application/yaml"),
    "csv": ("Claims as a table: CSV, or cells of a spreadsheet", "text/csv"),
    "ttl": ("Turtle", "text/turtle"),
    "nt": ("N-Triples", "application/n-triples"),
    "jsonld": ("JSON-LD", "application/ld+json"),
}
"""What can be checked: words and media type, by the file's ending."""
_CURATED: Final = frozenset(("yaml", "csv"))
_AT_ONCE: Final = 2
_MEMORY: Final = 2 << 30
_RUN: Final = (
    "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2); "
    "from missiongraph.cli import main; main(sys.argv[2:])"
)
_SOURCE: Final = re.compile(r"^\s*id:\s*['\"]?source/([a-z0-9-]+)", re.MULTILINE)
_PAGE: Final = problems.responses("A page.", templates.HTML)
_FINDINGS: Final = problems.responses("What was found.", templates.HTML, PLAIN_JSON)
_TEXT: Final[dict[str, Any]] = {"schema": {"type": "string"}}
_BODY: Final = {
    "required": True,
    "content": {
        FORM_TYPE: {
            "schema": {
                "type": "object",
                "required": ["text"],
                "properties": {"text": {"type": "string"}, "kind": {"enum": list(KINDS)}},
            }
        },
        **{media_type: _TEXT for _, media_type in KINDS.values()},
    },
}
EXAMPLE: Final = """\
source.id;source.title;source.page;source.sourceKind;source.issued;summary;pageNumber;type;label;place;startDate
source/example-report;An example;https://example.org/report.pdf;report;2024-05;Rivers shall be clean by 2035.;12;Mission;Clean Rivers;place/denmark;2024
;;;;;;;Mission;Clean Lakes;place/denmark;2025
"""
"""A table without a mistake: two missions that one passage names."""
_places = asyncio.Semaphore(_AT_ONCE)
router = APIRouter(tags=["Validation"])


@dataclass(frozen=True)
class Found:
    """One thing that is wrong or incomplete.

    Attributes:
        severity: ``violation``, ``warning`` or ``info``.
        line: counts from 1, in a table the row; 0 when no line is to be named.
        column: counts from 1, in a table the cell of the row; 0 likewise.
        subject: what it was found at; empty when the line says it.
        what: the problem.
        remedy: what to write instead; empty when ``what`` says it.
    """

    severity: str
    what: str
    line: int = 0
    column: int = 0
    subject: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class MarkedRow:
    """A row of a table: its number, and its cells, each with whether something is wrong there."""

    number: int
    cells: tuple[tuple[str, bool], ...]


@router.get("/validate", summary="The validator", responses=_PAGE, response_class=Response)
def form(request: Request) -> Response:
    """Show the form; what is sent is checked and not kept."""
    return _page(request, "", "yaml", None)


@router.post(
    "/validate",
    summary="Check curated YAML, a table of claims, or RDF",
    responses=_FINDINGS,
    response_class=Response,
    openapi_extra={"requestBody": _BODY},
)
async def validate(request: Request) -> Response:
    """Give every mistake with its line and column, as a page or as JSON; nothing is kept."""
    text, kind = await _read(request)
    found = await check(text, kind, publication_of(request).settings.query_timeout)
    if choose(request.headers.get("Accept"), (templates.HTML, PLAIN_JSON)).format is PLAIN_JSON:
        wrong = any(each.severity == "violation" for each in found)
        body = {"conforms": not wrong, "findings": [asdict(each) for each in found]}
        return Response(json.dumps(body, ensure_ascii=False), media_type=PLAIN_JSON.media_type)
    return _page(request, text, kind, found)


async def check(text: str, kind: str, timeout_seconds: float) -> list[Found]:
    """Return what is wrong with a text.

    Args:
        text: curated YAML, or RDF.
        kind: a key of ``KINDS``.
        timeout_seconds: how long it may take.

    Raises:
        StoreBusy: others are being checked.
        QueryTimeout: it took longer.
        BadRequest: it cannot be checked; says why.
    """
    if _places.locked():
        raise StoreBusy("Others are checking.", remedy="Try again in a few seconds.")
    async with _places:
        with tempfile.TemporaryDirectory(prefix="missiongraph-") as folder:
            file = Path(folder) / f"{_name(text)}.{kind}"
            file.write_text(text, encoding="utf-8", errors="surrogatepass")
            command = "check" if kind in _CURATED else "validate"
            output = await _run((command, str(file), "--json"), timeout_seconds)
    return _findings(output, kind)


def _name(text: str) -> str:
    """Return the name that the file of a source has to have."""
    found = _SOURCE.search(text)
    return found[1][:100] if found else "pasted"


async def _run(arguments: Sequence[str], timeout_seconds: float) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", _RUN, str(_MEMORY), *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        output, complaint = await asyncio.wait_for(process.communicate(), timeout_seconds)
    except TimeoutError as cause:
        raise QueryTimeout(
            f"Checking took longer than {timeout_seconds:g} s.", remedy="Send less at once."
        ) from cause
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode not in (0, 1):
        words = complaint.decode(errors="replace").strip().splitlines()
        told = words[-1] if words else "It cannot be checked."
        raise BadRequest(told.replace(f"{Path(arguments[1]).parent}/", ""), where="text")
    return output


def _findings(output: bytes, kind: str) -> list[Found]:
    told: Any = json.loads(output)
    if kind in _CURATED:
        return [_mistake(each) for each in told]
    return [_finding(each) for each in told["findings"]]


def _finding(told: Mapping[str, Any]) -> Found:
    line, column = (int(number or 0) for number in (*told["where"].split(":")[-2:], 0)[:2])
    return Found(told["severity"], told["message"], line, column, told["focus"], told["path"])


def _mistake(told: Mapping[str, Any]) -> Found:
    return Found("violation", told["what"], told["line"], told["column"], remedy=told["remedy"])


async def _read(request: Request) -> tuple[str, str]:
    """Return what was sent and its kind."""
    media_type = media_type_of(request)
    kinds = {known: kind for kind, (_, known) in KINDS.items()} | {"text/yaml": "yaml"}
    if media_type not in (FORM_TYPE, *kinds):
        raise MediaTypeNotSupported(
            f"A body of type {media_type or 'none'!r} is not read here.",
            where="Content-Type",
            remedy=f"Send one of: {', '.join((FORM_TYPE, *kinds))}.",
        )
    body = await read_body(request, publication_of(request).settings.body_bytes)
    if media_type != FORM_TYPE:
        fields = {"text": decode(body), "kind": kinds[media_type]}
    else:
        fields = dict(decode_form(body))
    text, kind = fields.get("text", ""), fields.get("kind", "yaml")
    if kind not in KINDS or not text.strip():
        raise BadRequest(
            "There is nothing to check.",
            where="text",
            remedy=f"Send text=… and kind={' or '.join(KINDS)}.",
        )
    return text.replace("\r\n", "\n"), kind


def _rows(text: str, found: Sequence[Found]) -> list[MarkedRow]:
    """Return the header of a table and those of its rows in which something was found."""
    places = {(each.line, each.column) for each in found}
    lines = {line for line, _ in places}
    try:
        rows = list(rows_of(text))
    except BadDocument:  # what was found says so
        return []
    return [
        MarkedRow(
            number, tuple((cell, (number, place) in places) for place, cell in enumerate(cells, 1))
        )
        for place, (number, cells) in enumerate(rows)
        if place == 0 or number in lines
    ]


def _page(request: Request, text: str, kind: str, found: Sequence[Found] | None) -> Response:
    lines = {each.line for each in found or () if each.line}
    is_table = kind == "csv"
    body = templates.render(
        request,
        "validate.html",
        text=text,
        kind=kind,
        kinds={name: words for name, (words, _) in KINDS.items()},
        found=found,
        excerpt=[
            (number, line, number in lines)
            for number, line in enumerate(() if is_table else text.split("\n"), 1)
            if any(abs(number - marked) <= 1 for marked in lines)
        ],
        is_table=is_table,
        rows=_rows(text, found or ()) if is_table else [],
        example=EXAMPLE,
    )
    return answer_with(request, templates.HTML, body)
