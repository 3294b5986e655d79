"""Participations of CORDIS: the table of organisations, as actors and their part in projects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from missiongraph.ingest.cells import Cells
from missiongraph.ingest.cordis.projects import SOURCE, project_iri
from missiongraph.ingest.countries import AUTHORITY, countries
from missiongraph.ingest.persons import WITHHELD, is_person
from missiongraph.ingest.repeats import REPEATS, TURN, Repeats
from missiongraph.ingest.triple_columns import (
    TripleColumn,
    address,
    english,
    resource,
    text,
    thing,
    triples,
    typed,
)
from missiongraph.names import CONCEPT, MG

COLUMNS: Final = (
    *("projectID", "organisationID", "name", "shortName", "activityType", "country"),
    *("organizationURL", "role", "ecContribution", "order"),
)
KEY: Final = ("projectID", "organisationID", "_nameless")
ACTOR: Final = ("organisationID",)
ACTOR_TURN: Final = "_actor_turn"
_ROLES: Final = {
    "associatedpartner": "associated-partner",
    "coordinator": "coordinator",
    "internationalpartner": "international-partner",
    "participant": "participant",
    "partner": "participant",
    "thirdparty": "third-party",
}
_ACTIVITIES: Final = {
    "HES": "university",
    "PRC": "company",
    "PUB": "public-body",
    "REC": "research-organisation",
}
_UNTYPED: Final = "OTH"


def read_cells(cells: Cells) -> Cells:
    """Return the rows of the table of organisations with their values read.

    ``_person`` says whether the participant is a natural person, whose name, id and address are
    gone then; ``_nameless`` tells participants without an id apart, within a project.
    """
    cells = cells.numbers("projectID")
    cells = cells.without(pl.col("projectID").is_null(), "no grant number", "name")
    cells = cells.texts("name", "shortName", "organisationID").numbers("organisationID")
    nobody = pl.col("organisationID").is_null() & pl.col("name").is_null()
    cells = cells.without(nobody, "neither a name nor an id")
    cells = _without_persons(cells)
    no_id = pl.col("organisationID").is_null() & ~pl.col("_person")
    cells = cells.noted(no_id, "organisationID", "no id of the organisation")
    cells = cells.amounts("ecContribution").places("country").addresses("organizationURL")
    role = pl.col("role").str.to_lowercase()
    role = role.replace_strict(_ROLES, default=None, return_dtype=pl.String)
    cells = cells.replaced("role", role, "an unknown role")
    activity = pl.col("activityType").str.to_uppercase()
    activity = pl.when(activity.is_in([*_ACTIVITIES, _UNTYPED])).then(activity)
    return cells.replaced("activityType", activity, "an unknown type of activity")


def _without_persons(cells: Cells) -> Cells:
    frame = cells.frame
    may_be = pl.col("activityType").is_null() | (pl.col("activityType") == "PRC")
    names = frame.filter(may_be).get_column("name").drop_nulls().unique().to_list()
    persons = [name for name in names if is_person(name)]
    person = (may_be & pl.col("name").is_in(persons)).fill_null(False).alias("_person")
    cells = Cells(frame.with_columns(person), cells.file, cells.quarantine)
    cells.noted(pl.col("_person"), "name", "a natural person, whose name is withheld", shown=False)
    gone = ("organisationID", "name", "shortName", "organizationURL")
    # What tells them apart must not lead back to them: the order in the project does.
    place = pl.coalesce("order", pl.col("_row").cast(pl.String))
    number = pl.when("_person").then(pl.concat_str([pl.lit("p"), place]))
    hidden = [pl.when(~pl.col("_person")).then(pl.col(c)).alias(c) for c in gone]
    nameless = pl.when(pl.col("organisationID").is_null() & ~pl.col("_person")).then(
        pl.concat_str([pl.lit("n"), _digits_of("name")])
    )
    frame = cells.frame.with_columns(pl.coalesce(number, nameless).alias("_nameless"))
    return Cells(frame.with_columns(hidden), cells.file, cells.quarantine)


def _digits_of(column: str) -> pl.Expr:
    """Return letters and digits of a name as part of a slug."""
    lower = pl.col(column).str.normalize("NFKD").str.to_lowercase()
    return lower.str.replace_all("[^a-z0-9]+", "").str.slice(0, 60)


def _actor() -> pl.Expr:
    of_record = thing("actor", "cordis-", pl.col("projectID"), "-", pl.col("_nameless"))
    return pl.coalesce(thing("actor", "cordis-", pl.col("organisationID")), of_record)


def participation_triples() -> Iterator[TripleColumn]:
    """Yield each row's participation."""
    project, actor = project_iri("projectID"), _actor()
    who = pl.coalesce("organisationID", "_nameless")
    turn = pl.when(pl.col(TURN) > 1).then(pl.concat_str([pl.lit("-"), pl.col(TURN)]))
    part = thing("participation", "cordis-", pl.col("projectID"), "-", who, turn.fill_null(""))
    yield triples(project, "mg:hasParticipation", part)
    yield triples(part, "rdf:type", resource(f"{MG}Participation"))
    yield triples(part, "mg:participant", actor)
    role = pl.concat_str([pl.lit(f"<{CONCEPT}role/"), pl.col("role"), pl.lit(">")])
    yield triples(part, "mg:role", role)
    yield triples(part, "mg:contribution", typed(pl.col("ecContribution"), "decimal"))
    coordinator = pl.when(pl.col("role") == "coordinator").then(actor)
    yield triples(project, "mg:coordinatedBy", coordinator)


def participation_inferences() -> Iterator[TripleColumn]:
    """Yield what follows: a project involves its participants (``rules/chain.rq``)."""
    yield triples(project_iri("projectID"), "mg:involves", _actor())


def actor_marked(frame: pl.DataFrame, actors: Repeats) -> pl.DataFrame:
    """Return rows with ``_actor_turn``: which row of its actor it is that says something new.

    The first one of a dump describes the actor; of the others only another name is taken.
    """
    content = ("name", "shortName", "activityType", "country", "organizationURL")
    marked = actors.marked(frame.drop(REPEATS, TURN), ACTOR, content)
    recordless = pl.col("organisationID").is_null()
    turn = pl.when(recordless).then(1).otherwise(pl.col(TURN)).alias(ACTOR_TURN)
    return frame.with_columns(marked.select(turn))


def other_name_triples() -> Iterator[TripleColumn]:
    """Yield another name of the actor of each row that says something new of it."""
    yield triples(_actor(), "skos:altLabel", english(pl.col("name")))


def actor_triples() -> Iterator[TripleColumn]:
    """Yield the actor of each row that describes one."""
    actor = _actor()
    identifier = pl.col("organisationID")
    unnamed = pl.when("_person").then(pl.lit(WITHHELD))
    nameless = pl.concat_str([pl.lit("Organisation "), identifier])
    yield triples(actor, "rdf:type", resource(f"{MG}Actor"))
    yield triples(actor, "rdfs:label", english(pl.coalesce("name", unnamed, nameless)))
    short = pl.when(pl.col("shortName") != pl.col("name")).then(pl.col("shortName"))
    yield triples(actor, "mg:acronym", text(short))
    yield triples(actor, "dcterms:identifier", text(identifier))
    yield triples(actor, "dcterms:source", resource(SOURCE))
    activity = pl.col("activityType").replace_strict(_ACTIVITIES, default=None)
    concept = pl.concat_str(
        [pl.lit(f"<{CONCEPT}actor-type/"), activity.cast(pl.String), pl.lit(">")]
    )
    of_organisation = pl.when(~pl.col("_person")).then(concept)
    yield triples(actor, "mg:actorType", of_organisation)
    yield triples(actor, "mg:place", thing("place", pl.col("country")))
    yield triples(actor, "foaf:homepage", address(pl.col("organizationURL")))


def country_triples() -> Iterator[TripleColumn]:
    """Yield the countries whose slugs the column ``country`` has, as ``Country.triples`` does."""
    by_slug = {country.slug: country for country in countries().values()}
    labels = {slug: country.label for slug, country in by_slug.items()}
    matches = {slug: AUTHORITY + country.authority for slug, country in by_slug.items()}
    slug = pl.col("country")
    place = thing("place", slug)
    yield triples(place, "rdf:type", resource(f"{MG}Place"))
    yield triples(place, "rdfs:label", english(slug.replace_strict(labels)))
    yield triples(place, "mg:placeKind", resource(f"{CONCEPT}place-kind/country"))
    yield triples(place, "skos:exactMatch", address(slug.replace_strict(matches)))
