"""The JSON Schema of curated files, made of ontology, vocabularies and shapes: for editors.

``ontology/claims.schema.json`` lets an editor of YAML complete keys and concepts, show what
they mean, and underline what is wrong while it is written. It is draft 7, which the language
servers of YAML read. ``missiongraph check`` knows more: it looks ids up, and says what to write.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from missiongraph import resources
from missiongraph.ingest.identifiers import Identifiers
from missiongraph.ingest.mistakes import Mistakes
from missiongraph.ingest.shapes_facts import MADE_BY_THE_BUILD, Json, Schema, ShapesFacts
from missiongraph.ingest.values import DECIMAL, DURATION
from missiongraph.names import PREFIXES, SLUG
from missiongraph.ontology import Kind, Ontology, Property, our_ontology

_STRUCTURE: Final = ("source", "evidence")
_LANGUAGE_TAG: Final = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"
_DATE: Final = "[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
_CONCEPT_ID: Final = f"concept:{SLUG.pattern}/{SLUG.pattern}"


def our_claims_schema() -> str:
    """Return the schema of the package's own ontology and shapes, as the bytes of its file."""
    return claims_schema_text(our_ontology(), resources.root() / "shapes")


def claims_schema_text(ontology: Ontology, shapes: Path) -> str:
    """Return the schema as the bytes of its file, for writing or comparing.

    Args:
        ontology: gives keys, classes and concepts.
        shapes: the folder of the SHACL shapes, which give bounds and what a source must have.
    """
    schema = ClaimsSchema(ontology, ShapesFacts.read(shapes)).schema()
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


class ClaimsSchema:
    """Makes the schema.

    Args:
        ontology: gives keys, classes and concepts.
        shapes: bounds, and what a source and a passage must have.
    """

    def __init__(self, ontology: Ontology, shapes: ShapesFacts) -> None:
        self._ontology = ontology
        self._shapes = shapes
        self._segments = Identifiers(ontology, Mistakes("")).classes

    def schema(self) -> Schema:
        """Return the whole schema."""
        source = self._thing("source", required=self._must_have("Source"))
        return {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": "Curated claims of missiongraph",
            "description": "One file, one source: what it is, and what its passages state.",
            "type": "object",
            "required": ["source", "claims"],
            "additionalProperties": False,
            "properties": {
                "source": source,
                "claims": {"type": "array", "minItems": 1, "items": _ref("claim")},
            },
            "definitions": {
                "claim": self._claim(),
                "stated": self._stated(),
                **{segment: self._thing(segment) for segment in self._things()},
                "concept": self._concept_thing(),
                **{_name(prop): self._values(prop) for prop in self._properties()},
            },
        }

    def _claim(self) -> Schema:
        claim = self._thing("evidence", required=(*self._must_have("Evidence"), "states"))
        claim["description"] = "One passage of the source, and what it states."
        properties = claim["properties"]
        assert isinstance(properties, dict)
        properties["states"] = {
            "description": "The things of which the passage says something, each with its facts.",
            "type": "array",
            "minItems": 1,
            "items": _ref("stated"),
        }
        return claim

    def _stated(self) -> Schema:
        """Return the schema of a thing whose class is seen from its id."""
        starts = {segment: f"^{segment}/" for segment in self._things()} | {"concept": "^concept:"}
        return {
            "type": "object",
            "required": ["id"],
            "properties": {"id": {"type": "string", "pattern": _either(starts.values())}},
            "allOf": [
                {
                    "if": {"required": ["id"], "properties": {"id": {"pattern": start}}},
                    "then": _ref(name),
                }
                for name, start in starts.items()
            ],
        }

    def _thing(self, segment: str, required: Iterable[str] = ()) -> Schema:
        """Return the schema of things that are named under a segment, of whichever class."""
        names = self._segments[segment]
        classes: Json = {"enum": list(names)}
        return {
            "description": " ".join(self._ontology.classes[name].definition for name in names),
            "type": "object",
            "required": ["id", *required],
            "additionalProperties": False,
            "properties": {
                "id": {"type": "string", "pattern": f"^{_id_pattern(segment)}$"},
                "type": {"anyOf": [classes, {"type": "array", "minItems": 1, "items": classes}]},
                **self._keys({a for name in names for a in self._ontology.ancestors(name)}),
            },
        }

    def _concept_thing(self) -> Schema:
        """Return the schema of facts about a concept; its vocabulary says what it is."""
        classes = {name for name, class_ in self._ontology.classes.items() if class_.is_concept}
        concept = {PREFIXES["skos"] + "Concept", *classes}
        return {
            "description": "A concept of a vocabulary.",
            "type": "object",
            "required": ["id"],
            "additionalProperties": False,
            "properties": {"id": {"enum": self._concept_ids()}, **self._keys(concept)},
        }

    def _keys(self, classes: set[str]) -> Schema:
        fitting = (p for p in self._properties() if not p.domain or classes & {*p.domain})
        return {prop.key: _ref(_name(prop)) for prop in fitting}

    def _properties(self) -> list[Property]:
        usable = (prop for prop in self._ontology.properties.values() if not prop.derived)
        return sorted(usable, key=lambda prop: prop.key)

    def _things(self) -> list[str]:
        """Return the segments of things that passages state: sources have places of their own."""
        return [segment for segment in sorted(self._segments) if segment not in _STRUCTURE]

    def _must_have(self, class_name: str) -> list[str]:
        iris = self._shapes.required.get(self._ontology.classes[class_name].iri, frozenset())
        keys = [prop.key for prop in self._properties() if prop.iri in iris]
        return [key for key in keys if (class_name, key) not in MADE_BY_THE_BUILD]

    def _values(self, prop: Property) -> Schema:
        """Return the schema of what may follow a key: a value, or a list of them."""
        value = self._value(prop)
        many: Schema = {"type": "array", "minItems": 1, "items": value}
        if prop.single_valued:
            many["maxItems"] = 1
        described: Schema = {"description": prop.definition} if prop.definition else {}
        return described | {"anyOf": [value, many]}

    def _value(self, prop: Property) -> Schema:
        facets = dict(self._shapes.facets.get(prop.iri, {}))
        match prop.kind:
            case Kind.TEXT:
                return _text(facets)
            case Kind.CONCEPT | Kind.CURRENCY:
                return {"enum": self._options(prop)}
            case Kind.NODE:
                return {"anyOf": self._references(prop)}
            case Kind.DECIMAL:
                return {"anyOf": [{"type": "number", **facets}, _string(DECIMAL.pattern)]}
            case Kind.INTEGER:
                return {"anyOf": [{"type": "integer", **facets}, _string("[+-]?[0-9]+")]}
            case Kind.DATE:
                year: Json = {"type": "integer", "minimum": 1000, "maximum": 9999}
                return {"anyOf": [_string(_DATE), year]}
            case Kind.BOOLEAN:
                return {"enum": [True, False, "true", "false"]}
            case Kind.DURATION:
                return _string(DURATION.pattern)
            case Kind.IRI:
                return _string(r"https?://\S+")
            case Kind.STRING:
                return {"type": ["string", "number"]}

    def _options(self, prop: Property) -> list[str]:
        """Return concepts as they are written: with their scheme where there are several."""
        schemes = self._ontology.schemes
        if len(prop.schemes) == 1:
            return sorted(schemes.get(prop.schemes[0], ()))
        return [f"{scheme}/{slug}" for scheme in prop.schemes for slug in sorted(schemes[scheme])]

    def _references(self, prop: Property) -> list[Json]:
        """Return the ways to name a thing: its id, or a description with its id."""
        wanted = set(prop.classes)
        segments = [
            segment
            for segment, names in sorted(self._segments.items())
            if not wanted or any(wanted & self._ontology.ancestors(name) for name in names)
        ]
        ids = [_id_pattern(segment) for segment in segments]
        described = [_ref(segment) for segment in segments if segment not in _STRUCTURE]
        concepts = self._concept_ids(wanted)
        if concepts:
            described.append(_ref("concept"))
        plain = [_string(_either(ids))] if ids else []
        return [*plain, *([{"enum": concepts}] if concepts and wanted else []), *described]

    def _concept_ids(self, classes: set[str] | None = None) -> list[Json]:
        """Return the ids of concepts, of all or of those of some classes."""
        return [
            f"concept:{scheme}/{slug}"
            for scheme, slugs in self._ontology.schemes.items()
            for slug in sorted(slugs)
            if not classes or classes & self._ontology.concept_classes(scheme, slug)
        ]


def _text(facets: Schema) -> Schema:
    plain: Schema = {"type": ["string", "number"], **facets}
    texts: Json = {"anyOf": [plain, {"type": "array", "minItems": 1, "items": plain}]}
    by_language: Schema = {
        "description": "A text for each language: {en: …, da: …}.",
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": _LANGUAGE_TAG},
        "additionalProperties": texts,
    }
    return {"anyOf": [plain, by_language]}


def _string(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^({pattern})$"}


def _either(patterns: Iterable[str]) -> str:
    return "|".join(patterns)


def _id_pattern(segment: str) -> str:
    slug = SLUG.pattern
    return f"{segment}/{slug}/{slug}" if segment == "evidence" else f"{segment}/{slug}"


def _name(prop: Property) -> str:
    return f"values of {prop.key}"


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name.replace(' ', '%20')}"}
