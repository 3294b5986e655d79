"""What shapes say that forms for editors can say too: bounds, and what a thing must or should have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.names import PREFIXES
from missiongraph.ontology import read_turtle

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json]"
Schema: TypeAlias = dict[str, Json]
Described: TypeAlias = Mapping[str, list[Triple]]
"""What is said of one shape, by predicate."""
Facts: TypeAlias = dict[str, dict[str, list[Triple]]]

MADE_BY_THE_BUILD: Final = frozenset(
    (("Source", "label"), ("Evidence", "label"), ("Evidence", "page"))
)
"""What must be there and nobody writes: labels from titles; links from the page and the place in it."""
_SH: Final = PREFIXES["sh"]
_FACETS: Final = {
    _SH + "minInclusive": "minimum",
    _SH + "maxInclusive": "maximum",
    _SH + "minLength": "minLength",
    _SH + "maxLength": "maxLength",
}
_AT_LEAST: Final = (_SH + "minCount", _SH + "qualifiedMinCount")


@dataclass(frozen=True)
class ShapesFacts:
    """What the shapes of a folder say.

    Attributes:
        facets: bounds of the values of a property, by its IRI.
        required: IRIs of the properties that things of a class must have, by the class's IRI.
        advice: what the shapes say where a property is missing that things of a class must or
            should have: the message by the property's IRI, by the class's IRI.
    """

    facets: Mapping[str, Schema]
    required: Mapping[str, frozenset[str]]
    advice: Mapping[str, Mapping[str, str]]

    @classmethod
    def read(cls, folder: Path) -> ShapesFacts:
        """Read the shapes of a folder; what only warns is advice, for it keeps nothing back."""
        facts: Facts = {}
        for file in sorted(folder.glob("*.ttl")):
            for triple in read_turtle(file):
                described = facts.setdefault(str(triple.subject), {})
                described.setdefault(triple.predicate.value, []).append(triple)
        required: dict[str, set[str]] = {}
        advice: dict[str, dict[str, str]] = {}
        for of_class, demand in _demands(facts):
            path = _path(demand)
            advice.setdefault(of_class, {})[path] = _message(demand)
            if _is_violation(demand):
                required.setdefault(of_class, set()).add(path)
        return cls(
            _facets(facts), {iri: frozenset(paths) for iri, paths in required.items()}, advice
        )


def _demands(facts: Facts) -> Iterator[tuple[str, Described]]:
    """Yield the shapes of properties that a class has at least one value of, with the class."""
    for shape in facts.values():
        for of_class in shape.get(_SH + "targetClass", ()):
            for listed in shape.get(_SH + "property", ()):
                described = facts.get(str(listed.object), {})
                least = [_number(t) for key in _AT_LEAST for t in described.get(key, ())]
                if any(least) and _path(described):
                    yield _iri(of_class), described


def _facets(facts: Facts) -> dict[str, Schema]:
    """Return the bounds of each path; none where two shapes set different ones."""
    found: dict[str, list[Schema]] = {}
    for described in facts.values():
        facets: Schema = {
            _FACETS[predicate]: _number(triple)
            for predicate, triples in described.items()
            if predicate in _FACETS
            for triple in triples
        }
        if facets and (path := _path(described)):
            found.setdefault(path, []).append(facets)
    return {path: same[0] for path, same in found.items() if all(x == same[0] for x in same)}


def _is_violation(described: Described) -> bool:
    severities = {_iri(triple) for triple in described.get(_SH + "severity", ())}
    return severities <= {_SH + "Violation"}  # it is what no severity means (SHACL, 2.1.4)


def _path(described: Described) -> str:
    """Return the IRI of a path of one property; nothing for another path."""
    return next((_iri(triple) for triple in described.get(_SH + "path", ())), "")


def _message(described: Described) -> str:
    messages = described.get(_SH + "message", ())
    return next((t.object.value for t in messages if isinstance(t.object, Literal)), "")


def _iri(triple: Triple) -> str:
    return triple.object.value if isinstance(triple.object, NamedNode) else ""


def _number(triple: Triple) -> int | float:
    assert isinstance(triple.object, Literal)
    number = float(triple.object.value)
    return int(number) if number.is_integer() else number
