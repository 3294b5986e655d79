"""EURIO: projects of the EU Missions from the SPARQL endpoint of CORDIS.

``download`` asks for the mission projects in the order of their IRIs, some at a time, and has what
EURIO says of them written in our terms by a CONSTRUCT query (``eurio.rq``); each page is a file, so
that what breaks off goes on where it stood. It asks one thing at once, pauses between, and takes
twice the time when the server fails. The pages are then read like any dump.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from missiongraph.answers import Limits
from missiongraph.errors import DownloadFailed, StoreError, UnreadableDump
from missiongraph.formats import N_TRIPLES
from missiongraph.ingest.batch_inference import mapped
from missiongraph.ingest.connector import Batch, Input, Mapped, Progress
from missiongraph.ingest.countries import countries
from missiongraph.ingest.mission_rules import our_mission_rules
from missiongraph.ingest.persons import WITHHELD, is_person
from missiongraph.ingest.quarantine import Quarantine
from missiongraph.names import CONCEPT, ID, PREFIXES, RDF_TYPE, RDFS_LABEL, mg
from missiongraph.remote_store import RemoteStore
from missiongraph.tables import select

ENDPOINT: Final = "https://cordis.europa.eu/datalab/sparql"
ADDRESS_VARIABLE: Final = "MISSIONGRAPH_EURIO"
"""Another address of the endpoint, such as that of a mirror."""
SOURCE: Final = f"{ID}source/cordis-eurio"
PAGE_PROJECTS: Final = 25
_PAGE: Final = "page-*.nt"
_STATE: Final = "state.json"
_PAUSE_SECONDS: Final = 1.0
_TRIES: Final = 4
_TIMEOUT: Final = 120.0
_LIMITS: Final = Limits(100_000_000, 1_000_000)
_COUNTRY: Final = re.compile(r"urn:country:(.*)")
_WITHHELD: Final = Literal(WITHHELD, language="en")
_NEXT: Final = """
    PREFIX eurio: <http://data.europa.eu/s66#>
    SELECT DISTINCT ?project WHERE {{
      ?project a eurio:Project ; eurio:isFundedBy/eurio:hasFundingSchemeTopic/eurio:code ?code .
      FILTER (CONTAINS(STR(?code), "-MISS-") && STR(?project) > "{after}")
    }}
    ORDER BY ?project
    LIMIT {count}
"""
_CONSTRUCT: Final = Path(__file__).with_name("eurio.rq").read_text(encoding="utf-8")


class Eurio:
    """The connector of CORDIS' SPARQL endpoint.

    Args:
        pause: seconds between two requests.
        page_projects: projects asked for at once.
    """

    name = "eurio"
    title = "Projects of the EU Missions from the SPARQL endpoint of CORDIS"

    def __init__(self, pause: float = _PAUSE_SECONDS, page_projects: int = PAGE_PROJECTS) -> None:
        self._pause = pause
        self._page_projects = page_projects

    def download(self, folder: Path, progress: Progress) -> Path:
        """Fetch the pages into a folder, from where a download before broke off, or all anew.

        Raises:
            DownloadFailed: the endpoint cannot be reached or refuses.
        """
        folder.mkdir(parents=True, exist_ok=True)
        address = os.environ.get(ADDRESS_VARIABLE, ENDPOINT)
        store = RemoteStore(address, timeout=_TIMEOUT, limits=_LIMITS)
        pages, after = _state(folder)
        while projects := self._next(store, after):
            values = " ".join(f"<{project}>" for project in projects)
            query = _CONSTRUCT.replace("VALUES ?given { UNDEF }", f"VALUES ?given {{ {values} }}")
            lines = self._asked(store, query)
            pages, after = pages + 1, projects[-1]
            _write(folder / f"page-{pages:05}.nt", lines)
            _note(folder, pages, after)
            progress(f"page {pages}", 0, 0)
            time.sleep(self._pause)
        _note(folder, pages, after, whole=True)
        return folder

    def discover(self, path: Path) -> Sequence[Input]:
        """Return one input for all pages.

        Raises:
            UnreadableDump: there is none.
        """
        files = tuple(sorted(path.glob(_PAGE))) if path.is_dir() else (path,)
        if not files or not all(file.suffix == ".nt" for file in files):
            raise UnreadableDump(
                "There are no pages of the endpoint.",
                where=str(path),
                remedy="Fetch them: missiongraph ingest eurio FOLDER --download.",
            )
        return [Input("projects", files, sum(file.stat().st_size for file in files))]

    def sources(self, inputs: Sequence[Input]) -> Iterable[Triple]:
        """Return the description of the endpoint as a source, and of the rules of missions."""
        del inputs
        source, title = NamedNode(SOURCE), Literal(self.title, language="en")
        yield Triple(source, RDF_TYPE, mg("Source"))
        yield Triple(source, RDFS_LABEL, title)
        yield Triple(source, _term("dcterms:title"), title)
        yield Triple(source, _term("foaf:page"), NamedNode("https://cordis.europa.eu/about/sparql"))
        licence = NamedNode("https://creativecommons.org/licenses/by/4.0/")
        yield Triple(source, _term("dcterms:license"), licence)
        yield Triple(source, mg("sourceKind"), NamedNode(f"{CONCEPT}source-kind/data-set"))
        yield from our_mission_rules().triples()

    def read(
        self, given: Input, inputs: Sequence[Input], quarantine: Quarantine
    ) -> Iterator[Batch[list[Triple]]]:
        """Yield the pages, each a batch; a row is a project.

        Raises:
            UnreadableDump: a page is not N-Triples.
        """
        del inputs, quarantine
        done = 0
        for file in given.files:
            try:
                triples = [
                    quad.triple for quad in parse(path=str(file), format=RdfFormat.N_TRIPLES)
                ]
            except (SyntaxError, ValueError) as cause:
                raise UnreadableDump(
                    f"The page is not N-Triples: {cause}.",
                    where=str(file),
                    remedy="Remove the folder, and fetch it again.",
                ) from cause
            done += file.stat().st_size
            yield Batch(_projects(triples), triples, done)

    def map(self, batch: Batch[list[Triple]], quarantine: Quarantine) -> Mapped:
        """Return a page's triples with missions, places and sources; persons have no names."""
        found = [one for triple in batch.records for one in _mapped(triple, quarantine)]
        return mapped(batch.rows, found)

    def _next(self, store: RemoteStore, after: str) -> list[str]:
        """Return the IRIs of the projects that come next, in their order."""
        query = _NEXT.format(after=after, count=self._page_projects)
        for wait in _waits(self._pause):
            try:
                table = select(store, query)
            except StoreError as cause:
                _wait_or_fail(wait, cause)
            else:
                return [str(row["project"].value) for row in table.records()]  # type: ignore[union-attr]
        raise AssertionError("the last try returns or raises")

    def _asked(self, store: RemoteStore, query: str) -> bytes:
        for wait in _waits(self._pause):
            try:
                return store.answer(query, N_TRIPLES)
            except StoreError as cause:
                _wait_or_fail(wait, cause)
        raise AssertionError("the last try returns or raises")


def _waits(pause: float) -> Iterator[float | None]:
    """Yield what to wait after each try that fails: twice as long each time, and at last nothing."""
    yield from (pause * 2**number for number in range(_TRIES - 1))
    yield None


def _wait_or_fail(wait: float | None, cause: StoreError) -> None:
    if wait is None:
        raise DownloadFailed(
            f"The endpoint does not give its data: {cause.what}",
            where=cause.where,
            remedy="Ask again later: what has been fetched is kept.",
        ) from cause
    time.sleep(wait)


def _state(folder: Path) -> tuple[int, str]:
    """Return how many pages there are, and the project that the last of them ends with.

    Pages of a download that is whole are of the day on which it was: they are removed.
    """
    try:
        state = json.loads((folder / _STATE).read_text(encoding="utf-8"))
        pages, after = int(state["pages"]), str(state["after"])
        whole = bool(state.get("whole"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return 0, ""
    kept = all((folder / f"page-{number:05}.nt").is_file() for number in range(1, pages + 1))
    if kept and not whole and '"' not in after:
        return pages, after
    for file in (*folder.glob(_PAGE), folder / _STATE):
        file.unlink()
    return 0, ""


def _note(folder: Path, pages: int, after: str, *, whole: bool = False) -> None:
    state = {"pages": pages, "after": after, "whole": whole}
    _write(folder / _STATE, json.dumps(state).encode())


def _write(file: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = file.with_name(f".{file.name}.part")
    part.write_bytes(content)
    part.replace(file)


def _projects(triples: Sequence[Triple]) -> int:
    project = mg("Project")
    return len({t.subject for t in triples if t.predicate == RDF_TYPE and t.object == project})


def _mapped(triple: Triple, quarantine: Quarantine) -> Iterator[Triple]:
    """Yield what becomes of a triple of a page."""
    subject, object_ = triple.subject, triple.object
    assert isinstance(subject, NamedNode)
    if triple.predicate == mg("place") and isinstance(object_, NamedNode):
        yield from _place(subject, object_, quarantine)
        return
    if (
        triple.predicate == RDFS_LABEL
        and isinstance(object_, Literal)
        and "/actor/" in subject.value
    ):
        yield Triple(subject, RDFS_LABEL, _WITHHELD if is_person(object_.value) else object_)
        return
    yield triple
    if triple.predicate == RDF_TYPE and object_ in (mg("Project"), mg("Actor")):
        yield Triple(subject, _term("dcterms:source"), NamedNode(SOURCE))
    if triple.predicate == mg("topic") and isinstance(object_, Literal):
        number = subject.value.rpartition("-")[2]
        for rule in our_mission_rules().applying(number, object_.value):
            for mission in rule.missions:
                yield Triple(subject, mg("contributesTo"), NamedNode(ID + mission))
            yield Triple(subject, mg("assignedBy"), NamedNode(our_mission_rules().rule_iri(rule)))


def _place(actor: NamedNode, named: NamedNode, quarantine: Quarantine) -> Iterator[Triple]:
    code = _COUNTRY.fullmatch(named.value)
    country = countries().get(code[1]) if code else None
    if country is None:
        quarantine.cell("eurio", 0, "addressCountry", named.value, "unknown country")
        return
    yield from country.triples()
    yield Triple(actor, mg("place"), NamedNode(country.iri))


def _term(curie: str) -> NamedNode:
    prefix, _, local = curie.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


CONNECTOR: Final = Eurio()
