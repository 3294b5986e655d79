"""Parameters of questions: what may be written for them, and the terms it stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from missiongraph.errors import BadParameter
from missiongraph.names import CONCEPT, ID, PREFIXES, SLUG, expand, is_slug, mg, segment_of

_XSD: Final = PREFIXES["xsd"]
_YEAR: Final = re.compile(r"[0-9]{4}")
_COUNTRY_CODE: Final = re.compile(r"[A-Z]{3}")
COUNTRY: Final = "http://publications.europa.eu/resource/authority/country/"
_THING: Final = re.compile(rf"{SLUG.pattern}(?:/{SLUG.pattern})+")

Value: TypeAlias = NamedNode | Literal
"""A term that can take the place of ``UNDEF``."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a question.

    Attributes:
        name: the query's variable, without its mark.
        type: ``iri``, ``concept``, ``text``, ``integer``, ``decimal``, ``year`` or ``date``.
        label: what people see.
        class_name: for ``iri``, the ontology's class its values belong to; empty for any.
        scheme: for ``concept``, the slug of the scheme its values are in.
        several: whether it may be given more than once.
        required: whether the question means nothing without it.
    """

    name: str
    type: str
    label: str
    class_name: str = ""
    scheme: str = ""
    several: bool = False
    required: bool = False

    @property
    def line(self) -> re.Pattern[str]:
        """The line of the query that binds it."""
        return re.compile(rf"(?m)^[ \t]*VALUES \?{self.name} \{{ UNDEF \}}[ \t]*\n")

    def read(self, text: str) -> Value:
        """Return the term that a written value stands for.

        Raises:
            BadParameter: it is not of the parameter's type.
        """
        value = READERS[self.type](self, text)
        if value is None:
            raise BadParameter(
                f"{text!r} is not {_EXPECTED[self.type]}.",
                where=self.name,
                remedy=f"Write {_EXPECTED[self.type]}, such as {self._example}.",
            )
        return value

    @property
    def namespace(self) -> str:
        """What precedes a slug in the IRI of a value; empty when slugs are not taken."""
        if self.type == "concept":
            return f"{CONCEPT}{self.scheme}/"
        return f"{ID}{segment_of(self.class_name)}/" if self.class_name else ""

    @property
    def membership(self) -> str:
        """The SPARQL predicate and object that make a thing a fit value; empty for any thing."""
        if self.type == "concept":
            return f"<{PREFIXES['skos']}inScheme> <{CONCEPT}{self.scheme}>"
        return f"a {mg(self.class_name)}" if self.class_name else ""

    @property
    def _example(self) -> str:
        return _EXAMPLES.get(self.type) or f"{self.namespace or ID}some-slug"


def _read_name(parameter: Parameter, text: str) -> Value | None:
    """Read a slug of the parameter's class or scheme, an id, a CURIE or a full IRI.

    A country may be named by its code in the EU's table of countries, which is that of ISO 3166-1
    alpha-3: ``DNK``.
    """
    if is_slug(text) and parameter.namespace:
        return NamedNode(parameter.namespace + text)
    if parameter.class_name == "Place" and _COUNTRY_CODE.fullmatch(text):
        return NamedNode(COUNTRY + text)
    if _THING.fullmatch(text):
        return NamedNode(ID + text)
    iri = expand(text)
    return NamedNode(iri) if iri else None


def _read_integer(_: Parameter, text: str) -> Value | None:
    try:
        return Literal(str(int(text)), datatype=NamedNode(_XSD + "integer"))
    except ValueError:
        return None


def _read_decimal(_: Parameter, text: str) -> Value | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    return Literal(f"{number:f}", datatype=NamedNode(_XSD + "decimal"))


def _read_year(_: Parameter, text: str) -> Value | None:
    if not _YEAR.fullmatch(text):
        return None
    return Literal(text, datatype=NamedNode(_XSD + "integer"))


def _read_date(_: Parameter, text: str) -> Value | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return Literal(day.isoformat(), datatype=NamedNode(_XSD + "date"))


READERS: Final = {
    "iri": _read_name,
    "concept": _read_name,
    "text": lambda _, text: Literal(text),
    "integer": _read_integer,
    "decimal": _read_decimal,
    "year": _read_year,
    "date": _read_date,
}
_EXPECTED: Final = {
    "iri": "a full IRI, a CURIE, an id or a slug",
    "concept": "a full IRI, a CURIE or a slug",
    "text": "text",
    "integer": "a whole number",
    "decimal": "a number with a decimal point",
    "year": "a year of four digits",
    "date": "a day as YYYY-MM-DD",
}
_EXAMPLES: Final = {
    "text": "drought",
    "integer": "3",
    "decimal": "0.5",
    "year": "2030",
    "date": "2030-12-31",
}
