"""ROR: the identities of research organisations, funders and authorities.

Reads the dump of the Research Organization Registry (a ZIP archive with JSON), files of JSON
lines and single records, in the registry's schemas 1 and 2 (https://ror.readme.io/docs/schema-v2).
Only organisations that are active are taken: the others are quarantined, each with its status.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.errors import UnreadableDump
from missiongraph.ingest.archives import DumpFile, dump_files
from missiongraph.ingest.batch_inference import mapped
from missiongraph.ingest.connector import Batch, Input, Mapped
from missiongraph.ingest.countries import countries
from missiongraph.ingest.json_records import JsonRecord, json_records
from missiongraph.ingest.quarantine import Quarantine
from missiongraph.names import CONCEPT, ID, PREFIXES, RDF_TYPE, RDFS_LABEL, is_iri, mg

SOURCE: Final = f"{ID}source/ror"
BATCH_ROWS: Final = 5_000
_ROR: Final = re.compile(r"(?:https?://)?(?:ror\.org/)?(0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})")
_TYPES: Final = {
    "company": "company",
    "education": "university",
    "facility": "research-organisation",
    "funder": "funder",
    "healthcare": "hospital",
}
"""Which of the registry's types (https://ror.readme.io/docs/organization-types) is which of ours;
``archive``, ``government``, ``nonprofit`` and ``other`` have no equal."""
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class Organisation:
    """An organisation as both schemas tell it.

    Attributes:
        ror: its id, without the address.
        label: its name, with the language; other names likewise, sorted.
    """

    ror: str
    label: tuple[str, str]
    other_names: tuple[tuple[str, str], ...]
    acronyms: tuple[str, ...]
    types: tuple[str, ...]
    country: str
    homepages: tuple[str, ...]
    wikidata: tuple[str, ...]


Records = Sequence[tuple[str, JsonRecord]]
"""Records with the file that each stands in."""


class Ror:
    """The connector of the Research Organization Registry."""

    name = "ror"
    title = "Research Organization Registry"

    def discover(self, path: Path) -> Sequence[Input]:
        """Return one input: every JSON file that there is."""
        found = _json_files(path)
        if not found:
            raise UnreadableDump(
                "There is no JSON file of the registry.",
                where=str(path),
                remedy="Name the ZIP archive of a ROR data dump, or a file of its records.",
            )
        files = tuple(dict.fromkeys(file.path for file in found))
        return [Input("organisations", files, sum(file.size_bytes for file in found))]

    def sources(self, inputs: Sequence[Input]) -> Iterable[Triple]:
        """Return the description of the registry."""
        source = NamedNode(SOURCE)
        terms = PREFIXES["dcterms"]
        yield Triple(source, RDF_TYPE, mg("Source"))
        yield Triple(source, RDFS_LABEL, Literal(self.title, language="en"))
        yield Triple(source, NamedNode(terms + "title"), Literal(self.title, language="en"))
        license_ = NamedNode("https://creativecommons.org/publicdomain/zero/1.0/")
        yield Triple(source, NamedNode(terms + "license"), license_)
        yield Triple(source, NamedNode(PREFIXES["foaf"] + "page"), NamedNode("https://ror.org/"))
        yield Triple(source, mg("sourceKind"), NamedNode(CONCEPT + "source-kind/data-set"))

    def read(
        self, given: Input, inputs: Sequence[Input], quarantine: Quarantine
    ) -> Iterator[Batch[Records]]:
        """Yield the records of all files."""
        records: list[tuple[str, JsonRecord]] = []
        done = 0
        for file in (file for path in given.files for file in _json_files(path)):
            with file.open() as stream:
                for record in json_records(stream, file.place):
                    records.append((file.place, record))
                    if len(records) == BATCH_ROWS:
                        yield Batch(len(records), records, done)
                        records = []
            done += file.size_bytes
        yield Batch(len(records), records, done)

    def map(self, batch: Batch[Records], quarantine: Quarantine) -> Mapped:
        """Return the actors of a batch."""
        triples: list[Triple] = []
        rows = 0
        for place, record in batch.records:
            organisation = _organisation(place, record, quarantine)
            if organisation is not None:
                rows += 1
                triples += _triples(organisation)
        return mapped(rows, triples)


def _json_files(path: Path) -> list[DumpFile]:
    """Return the JSON files; of a dump that has both schemas, those of the newer one."""
    found = [f for f in dump_files(path) if f.name.endswith((".json", ".jsonl"))]
    newer = [file for file in found if "schema_v2" in file.name and file.member]
    older = {file.path for file in newer}
    return [file for file in found if file in newer or not file.member or file.path not in older]


def _organisation(place: str, record: JsonRecord, quarantine: Quarantine) -> Organisation | None:
    if record.problem:
        quarantine.row(place, record.row, record.problem, value=record.text)
        return None
    values = record.value
    ror = _ROR.fullmatch(str(values.get("id")))
    status = str(values.get("status", "")).lower()
    try:
        names = _names(values)
        if ror is None or not names:
            quarantine.row(place, record.row, "no id or name", "id", str(values.get("id")))
            return None
        if status != "active":
            quarantine.row(place, record.row, "not an active organisation", "status", status)
            return None
        country = _country(values)
        if country not in countries():
            quarantine.cell(place, record.row, "country_code", country, "unknown country")
        return Organisation(
            ror=ror[1],
            label=names[0],
            other_names=tuple(sorted(set(names[1:]) - {names[0]})),
            acronyms=_acronyms(values),
            types=tuple(sorted(str(kind).lower() for kind in values.get("types", ()))),
            country=country,
            homepages=_homepages(values),
            wikidata=_wikidata(values),
        )
    except (AttributeError, KeyError, TypeError, IndexError) as cause:
        text = f"{type(cause).__name__}: {cause}"
        quarantine.row(place, record.row, "not in the registry's form", value=text)
        return None


def _names(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Return names with languages, that which the registry shows first."""
    if "names" not in values:
        labels = [(label["label"], label["iso639"] or "en") for label in values["labels"]]
        return [(values["name"], "en"), *labels, *((name, "en") for name in values["aliases"])]
    names = [n for n in values["names"] if "acronym" not in n["types"]]
    shown = sorted(names, key=lambda name: "ror_display" not in name["types"])
    return [(name["value"], _language(name.get("lang"))) for name in shown]


def _language(code: object) -> str:
    """Return a language tag; that of the registry's own language when none is given."""
    text = str(code or "en").lower()
    return text if _LANGUAGE.fullmatch(text) else "en"


def _acronyms(values: dict[str, Any]) -> tuple[str, ...]:
    if "names" in values:
        found = [n["value"] for n in values["names"] if "acronym" in n["types"]]
    else:
        found = values["acronyms"]
    return tuple(sorted(set(found)))


def _country(values: dict[str, Any]) -> str:
    if "locations" in values:
        return str(values["locations"][0]["geonames_details"]["country_code"])
    return str(values["country"]["country_code"])


def _homepages(values: dict[str, Any]) -> tuple[str, ...]:
    links = values.get("links", ())
    pages = [
        link["value"] if isinstance(link, dict) else link
        for link in links
        if not isinstance(link, dict) or link["type"] == "website"
    ]
    web = (page for page in pages if page.startswith(("http://", "https://")) and is_iri(page))
    return tuple(sorted(web))


def _wikidata(values: dict[str, Any]) -> tuple[str, ...]:
    external = values.get("external_ids", ())
    if isinstance(external, dict):
        known = external.get("Wikidata", {"all": ()})["all"]
    else:
        known = [id_ for e in external if e["type"] == "wikidata" for id_ in e["all"]]
    return tuple(sorted(id_ for id_ in known if re.fullmatch(r"Q[0-9]+", id_)))


def _triples(organisation: Organisation) -> Iterator[Triple]:
    actor = NamedNode(f"{ID}actor/ror-{organisation.ror}")
    address = f"https://ror.org/{organisation.ror}"
    exact = NamedNode(PREFIXES["skos"] + "exactMatch")
    name, language = organisation.label
    yield Triple(actor, RDF_TYPE, mg("Actor"))
    yield Triple(actor, RDFS_LABEL, Literal(name, language=language))
    for name, language in organisation.other_names:
        alternative = NamedNode(PREFIXES["skos"] + "altLabel")
        yield Triple(actor, alternative, Literal(name, language=language))
    for acronym in organisation.acronyms:
        yield Triple(actor, mg("acronym"), Literal(acronym))
    for kind in organisation.types:
        if kind in _TYPES:
            concept = NamedNode(f"{CONCEPT}actor-type/{_TYPES[kind]}")
            yield Triple(actor, mg("actorType"), concept)
    if (country := countries().get(organisation.country)) is not None:
        yield from country.triples()
        yield Triple(actor, mg("place"), NamedNode(country.iri))
    for page in organisation.homepages:
        yield Triple(actor, NamedNode(PREFIXES["foaf"] + "homepage"), NamedNode(page))
    yield Triple(actor, NamedNode(PREFIXES["foaf"] + "page"), NamedNode(address))
    yield Triple(actor, exact, NamedNode(address))
    for entity in organisation.wikidata:
        yield Triple(actor, exact, NamedNode(f"http://www.wikidata.org/entity/{entity}"))
    source = NamedNode(PREFIXES["dcterms"] + "source")
    yield Triple(actor, source, NamedNode(SOURCE))


CONNECTOR: Final = Ror()
