"""Countries: the places that the country codes of bulk sources stand for.

Names and identities are those of the European Union's country authority table, version
20221214; ``data/eu/countries.csv`` has them with the codes that are in use: CORDIS writes
EL and UK where ROR writes GR and GB.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.names import CONCEPT, ID, PREFIXES, RDF_TYPE, RDFS_LABEL, mg
from missiongraph.resources import root

AUTHORITY: Final = "http://publications.europa.eu/resource/authority/country/"
_EXACT_MATCH: Final = NamedNode(PREFIXES["skos"] + "exactMatch")
_COUNTRY: Final = NamedNode(CONCEPT + "place-kind/country")


@dataclass(frozen=True)
class Country:
    """A country.

    Attributes:
        slug: of its IRI, ``place/<slug>``.
        label: its English name.
        authority: its code in the authority table.
    """

    slug: str
    label: str
    authority: str

    @property
    def iri(self) -> str:
        """The country's IRI."""
        return f"{ID}place/{self.slug}"

    def triples(self) -> Iterator[Triple]:
        """Yield what the authority table says of it, as the curated file of that table does."""
        place = NamedNode(self.iri)
        yield Triple(place, RDF_TYPE, mg("Place"))
        yield Triple(place, RDFS_LABEL, Literal(self.label, language="en"))
        yield Triple(place, mg("placeKind"), _COUNTRY)
        yield Triple(place, _EXACT_MATCH, NamedNode(AUTHORITY + self.authority))


@cache
def countries() -> dict[str, Country]:
    """Return the countries by their codes of two letters.

    >>> countries()["EL"] is countries()["GR"], countries()["XK"].slug
    (True, 'kosovo')
    """
    with (root() / "data" / "eu" / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {
            code: country
            for row in csv.DictReader(file)
            for country in (Country(row["place"], row["label"], row["authority"]),)
            for code in row["codes"].split()
        }
