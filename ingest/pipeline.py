"""The build: sources, claims, merge, inference, gate, release.

Data flows one way, and nothing is published unless every step before has passed.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store, Triple, parse

from missiongraph import __version__, inference, resources, shacl
from missiongraph.errors import BadDocument, BadParameter, GateClosed, ReleaseDamaged
from missiongraph.ingest import bulk_build, gate, publication
from missiongraph.ingest.assembly import assemble, merged_triples
from missiongraph.ingest.documents import Document, bad_document, check_documents
from missiongraph.ingest.gate import Finding
from missiongraph.ingest.inventory import manifest_of, manifest_of_tally, sorted_lines
from missiongraph.ingest.open_data import open_data_files, read_open_data
from missiongraph.ingest.staging import Staged, StagedSource, staged_sources
from missiongraph.ingest.statements import merged
from missiongraph.ontology import Ontology, read_turtle
from missiongraph.releases import Home, Release
from missiongraph.settings import Settings
from missiongraph.shacl import compile_shapes


@dataclass(frozen=True)
class Rooms:
    """Where a build reads: the folders of ontology, shapes and curated data."""

    ontology: Path
    shapes: Path
    data: Path

    @classmethod
    def ours(cls) -> Rooms:
        """Return the package's own."""
        root = resources.root()
        return cls(root / "ontology", root / "shapes", root / "data")

    def sources(self) -> dict[str, Path]:
        """Return the curated files by name, found by looking; only a name of YAML has no ending."""
        others = sorted(f for form in ("*.csv", "[!~.]*.xlsx") for f in self.data.glob(form))
        yaml = {file.stem: file for file in sorted(self.data.glob("*.yaml"))}
        return yaml | {file.name: file for file in others}  # ~$ begins the name of Excel's locks

    def open_data(self) -> list[Path]:
        """Return the files of the open data sets."""
        return open_data_files(self.data)

    def read_shapes(self) -> list[Triple]:
        """Return the triples of all shapes.

        Raises:
            SyntaxError: a file is not Turtle.
        """
        return [
            triple for file in sorted(self.shapes.glob("*.ttl")) for triple in read_turtle(file)
        ]


@dataclass(frozen=True)
class Build:
    """What a build did.

    Attributes:
        release: the release that is current now.
        published: whether it is a new one; False when nothing has changed.
        warnings: what is incomplete, with its place.
        removed: ids of old releases that were not kept.
    """

    release: Release
    published: bool
    warnings: tuple[Finding, ...] = ()
    removed: tuple[str, ...] = ()


def build(
    settings: Settings,
    names: Sequence[str] = (),
    *,
    rooms: Rooms | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Build:
    """Build the curated sources into a release and publish it.

    Args:
        settings: say where releases live and how many are kept.
        names: curated files to take, by name without ending; all when empty, and then the open
            data sets too.
        rooms: where to read; the package's own when None.
        progress: called with a few words as each step begins.

    Raises:
        BadParameter: there is no curated file of a given name.
        BadDocument: curated files have mistakes; every one is listed.
        GateClosed: shapes or checks found violations.
        BuildInProgress: another build writes to the same home.
        PublishingFailed: the release cannot be written.
    """
    rooms = rooms or Rooms.ours()
    files = _chosen(rooms, names)
    home = Home(settings.home)
    with publication.building(home):
        bulk = staged_sources(home)
        tables = [] if names else rooms.open_data()
        inputs = digest_of_inputs(rooms, [*files, *tables], [staged.verify() for staged in bulk])
        current = _whole_current(home)
        if current and publication.is_built_from(home, inputs, current):
            return Build(current, published=False)
        if bulk_build.is_large(bulk):
            return _build_large(settings, rooms, files, tables, bulk, inputs, current, progress)
        engine, report, version = _prepare(rooms, files, tables, bulk, progress)
        dump, warnings = sorted_lines(engine), report.of("warning")
        manifest = manifest_of(
            engine, dump, inputs=inputs, ontology_version=version, warnings=len(warnings)
        )
        if current and current.manifest.sha256 == manifest.sha256:
            publication.remember(home, inputs, current)
            return Build(current, published=False, warnings=warnings)
        progress("publishing")
        release = publication.publish(home, manifest, dump, report.turtle)
        removed = publication.prune(home, settings.keep)
    return Build(release, True, warnings, tuple(removed))


def _build_large(
    settings: Settings,
    rooms: Rooms,
    files: Sequence[Path],
    tables: Sequence[Path],
    bulk: Sequence[Staged],
    inputs: str,
    current: Release | None,
    progress: Callable[[str], None],
) -> Build:
    """Build with more bulk data than fit well into memory; the lock of the home is held."""
    home = Home(settings.home)
    with _readable():
        ontology = Ontology(rooms.ontology)
        progress(f"reading {len(files)} sources")
        documents = read_documents(files, ontology)
        open_data = read_open_data(tables, ontology)
        claims = chain((quad for d in documents for quad in d.quads()), open_data.quads)
        positions = {**open_data.positions, **_positions(documents)}
        plan = compile_shapes(rooms.read_shapes())
        graph = bulk_build.assemble_large(list(claims), bulk, rooms.ontology, progress)
        report = graph.pass_gate(plan, rooms.ontology / "checks", positions, progress)
    dump = home.folder / f"{publication.TEMPORARY}{publication.DUMP}"
    tally = graph.write_dump(dump, progress)
    manifest = manifest_of_tally(
        graph.engine,
        tally,
        inputs=inputs,
        ontology_version=ontology.version,
        warnings=report.warning_count,
        on_disk=tally.triples > settings.memory_triples,
    )
    if current and current.manifest.sha256 == manifest.sha256:
        dump.unlink()
        publication.remember(home, inputs, current)
        return Build(current, published=False, warnings=report.warnings)
    progress("publishing")
    release = publication.publish(home, manifest, dump, report.turtle)
    removed = publication.prune(home, settings.keep)
    return Build(release, True, report.warnings, tuple(removed))


def _prepare(
    rooms: Rooms,
    files: Sequence[Path],
    tables: Sequence[Path],
    bulk: Sequence[Staged],
    progress: Callable[[str], None],
) -> tuple[Store, gate.Report, str]:
    """Return a graph that passed the gate, its report, and the version of the ontology."""
    with _readable():
        ontology = Ontology(rooms.ontology)
        progress(f"reading {len(files)} {'source' if len(files) == 1 else 'sources'}")
        documents = read_documents(files, ontology)
        open_data = read_open_data(tables, ontology)
        progress("merging and inferring")
        claims = (quad for document in documents for quad in document.quads())
        engine = assemble(chain(claims, open_data.quads, _bulk_quads(bulk)), rooms.ontology)
        progress("checking shapes")
        report = pass_gate(engine, rooms, {**open_data.positions, **_positions(documents)})
        return engine, report, ontology.version


def _bulk_quads(bulk: Iterable[Staged]) -> Iterator[Quad]:
    """Yield what is staged, as statements of the default graph."""
    for staged in bulk:
        for file in (staged.sources, *staged.stated()):
            yield from parse(path=str(file), format=RdfFormat.N_TRIPLES)


def read_documents(files: Sequence[Path], ontology: Ontology) -> list[Document]:
    """Return curated files, checked together.

    Raises:
        BadDocument: they have mistakes; every one is listed.
    """
    documents, mistakes = check_documents(files, ontology)
    if mistakes:
        raise bad_document(mistakes)
    return documents


def pass_gate(engine: Store, rooms: Rooms, positions: Mapping[str, str]) -> gate.Report:
    """Return the report of a graph that may be published.

    Raises:
        GateClosed: it has violations; every one is listed.
    """
    report = _judged(engine, rooms)
    report = replace(report, findings=gate.located(report.findings, positions))
    gate.require(report.of("violation"), "violations")
    if not report.conforms:
        raise GateClosed(
            "The shapes found something of a severity other than violation, warning and info."
        )
    return report


def validate(data: Iterable[Triple], rooms: Rooms | None = None) -> gate.Report:
    """Return what our shapes and checks find in a graph, as a build would see it.

    Vocabularies are added, and what follows by the rules; warnings keep nothing back.

    Raises:
        GateClosed: the validator failed.
    """
    rooms = rooms or Rooms.ours()
    return _judged(assemble((merged(triple) for triple in data), rooms.ontology), rooms)


def _judged(engine: Store, rooms: Rooms) -> gate.Report:
    checked = gate.run_checks(engine, rooms.ontology / "checks")
    shapes = rooms.read_shapes()
    return gate.validate(merged_triples(engine), shapes, checked=checked, warnings_pass=True)


def _chosen(rooms: Rooms, names: Sequence[str]) -> list[Path]:
    sources = rooms.sources()
    for name in names:
        if name not in sources:
            raise BadParameter(
                f"There is no source {name!r}.",
                where="--source",
                remedy=f"There are: {', '.join(sources)}.",
            )
    return [file for name, file in sources.items() if not names or name in names]


def digest_of_inputs(rooms: Rooms, files: Iterable[Path], bulk: Iterable[StagedSource] = ()) -> str:
    """Return a SHA-256 over all that a build's result depends on, this software included."""
    digest = hashlib.sha256(__version__.encode())
    code = Path(__file__).parent  # in a checkout it changes without its version
    kernel = (Path(package.__path__[0]) for package in (inference, shacl))
    sources = ((folder, "*.py") for folder in (code, *kernel))
    folders = ((rooms.ontology, "*"), (rooms.shapes, "*"), *sources)
    for folder, pattern in folders:
        for file in sorted(path for path in folder.rglob(pattern) if path.is_file()):
            _update(digest, f"{folder.name}/{file.relative_to(folder).as_posix()}", file)
    for staged in bulk:
        digest.update(f"\0{staged.connector}\0{sorted(staged.sha256.items())}".encode())
    for file in files:
        _update(digest, f"data/{file.relative_to(rooms.data).as_posix()}", file)
    return digest.hexdigest()


def _update(digest: hashlib._Hash, name: str, file: Path) -> None:
    content = file.read_bytes()
    digest.update(f"\0{name}\0{len(content)}\0".encode() + content)


def _whole_current(home: Home) -> Release | None:
    """Return the current release; None when there is none, or it is damaged."""
    current = home.current()
    if current is not None:
        with contextlib.suppress(ReleaseDamaged):
            current.verify()
            return current
    return None


@contextlib.contextmanager
def _readable() -> Iterator[None]:
    """Turn a file of ours that is not in its form into an error that names it."""
    try:
        yield
    except SyntaxError as cause:
        place = f"{cause.filename}:{cause.lineno}" if cause.filename else ""
        raise BadDocument(f"It cannot be read: {cause.msg}.", where=place) from cause


def _positions(documents: Iterable[Document]) -> dict[str, str]:
    return {
        iri: f"{document.path}:{position}"
        for document in documents
        for iri, position in document.positions.items()
    }
