"""The rules of values: what may follow a key, by the kind of the ontology's property."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from missiongraph.ingest import values
from missiongraph.ingest.identifiers import Identifiers, listed
from missiongraph.ingest.mistakes import IllWritten, Mistakes, Position, shown
from missiongraph.ingest.passages import Node, Value
from missiongraph.ingest.yaml_tree import Fields, Items, Refused, Scalar, Tree
from missiongraph.ontology import Kind, Ontology, Property

ReadNode: TypeAlias = Callable[[Fields, Property], Node | None]

_LEXICAL: Final[dict[Kind, Callable[[str], str]]] = {
    Kind.IRI: values.read_link,
    Kind.STRING: values.read_text,
    Kind.DECIMAL: values.read_decimal,
    Kind.INTEGER: values.read_integer,
    Kind.BOOLEAN: values.read_boolean,
    Kind.DURATION: values.read_duration,
}
_DEFAULT_LANGUAGE: Final = "en"
_LIKE_AN_ID: Final = re.compile(r"(?:concept:)?[a-z-]+/[a-z0-9/-]+")


class FactRules:
    """Checks the values of one file.

    Args:
        ontology: says which values a property takes.
        identifiers: reads ids.
        mistakes: gets what is wrong.
        read_node: reads a thing that is described where it is referred to.

    Attributes:
        references: the ids referred to, with where.
    """

    def __init__(
        self,
        ontology: Ontology,
        identifiers: Identifiers,
        mistakes: Mistakes,
        read_node: ReadNode,
    ) -> None:
        self.references: list[tuple[str, Position]] = []
        self._ontology = ontology
        self._identifiers = identifiers
        self._mistakes = mistakes
        self._read_node = read_node

    def read(self, prop: Property, tree: Tree) -> Iterator[tuple[Value | Node, Position]]:
        """Yield the good values of a key; the others become mistakes."""
        if isinstance(tree, Items) and not tree.items:
            self._wrong(
                prop, tree.position, "has an empty list", "Write a value, or leave the key out."
            )
        for item in tree.items if isinstance(tree, Items) else (tree,):
            for value in self._one(prop, item):
                yield value, item.position

    def _one(self, prop: Property, tree: Tree) -> Iterator[Value | Node]:
        match tree:
            case Refused():
                return
            case Items():
                self._wrong(
                    prop, tree.position, "has a list within a list", "Write all values in one list."
                )
            case Scalar(empty=True):
                self._wrong(
                    prop,
                    tree.position,
                    "has no value",
                    "Write one, or leave the key out; quote the word null where it is meant.",
                )
            case Scalar():
                yield from self._scalar(prop, tree)
            case Fields():
                yield from self._fields(prop, tree)

    def _wrong(self, prop: Property, position: Position, what: str, remedy: str) -> None:
        """Note a mistake in a property's value; ``what`` goes on from the property's key."""
        self._mistakes.add(position, f"{prop.key} {what}.", remedy, prop.iri)

    def _scalar(self, prop: Property, scalar: Scalar) -> Iterator[Value]:
        try:
            yield self._written(prop, scalar)
        except IllWritten as cause:
            self._wrong(prop, scalar.position, f"{shown(scalar.text)} {cause.what}", cause.remedy)

    def _written(self, prop: Property, scalar: Scalar) -> Value:
        match prop.kind:
            case Kind.TEXT:
                return _text(scalar.text, _DEFAULT_LANGUAGE)
            case Kind.DATE:
                lexical, datatype = values.read_date(scalar.text)
                return {"@value": lexical, "@type": datatype}
            case Kind.CONCEPT | Kind.CURRENCY:
                return self._concept(prop, scalar.text)
            case Kind.NODE:
                return self._reference(prop, scalar)
            case _:
                return _LEXICAL[prop.kind](scalar.text)

    def _fields(self, prop: Property, fields: Fields) -> Iterator[Value | Node]:
        if prop.kind is Kind.NODE:
            node = self._read_node(fields, prop)
            if node is not None:
                yield node
        elif prop.kind is Kind.TEXT and not _is_thing(fields):
            yield from self._texts(prop, fields)
        else:
            what = "a thing" if _is_thing(fields) else "a mapping"
            self._wrong(prop, fields.position, f"is given {what}", self._plain_remedy(prop))

    def _plain_remedy(self, prop: Property) -> str:
        match prop.kind:
            case Kind.TEXT:
                return "Write a text, or a text for each language: {en: …, da: …}."
            case Kind.CONCEPT | Kind.CURRENCY:
                return f"Write one of: {listed(self._options(prop))}"
            case kind:
                return f"Write a plain value ({kind.value})."

    def _texts(self, prop: Property, fields: Fields) -> Iterator[Value]:
        if not fields.entries:
            self._wrong(prop, fields.position, "has no text", "Write one, or leave the key out.")
        for key, tree in fields.entries:
            for item in tree.items if isinstance(tree, Items) else (tree,):
                yield from self._text_in(prop, key, item)

    def _text_in(self, prop: Property, key: Scalar, tree: Tree) -> Iterator[Value]:
        try:
            language = values.read_language(key.text)
        except IllWritten as cause:
            self._wrong(
                prop, key.position, f"has {shown(key.text)}, which {cause.what}", cause.remedy
            )
            return
        if isinstance(tree, Scalar) and not tree.empty:
            try:
                yield _text(tree.text, language)
            except IllWritten as cause:
                self._wrong(prop, tree.position, f"{shown(tree.text)} {cause.what}", cause.remedy)
        elif not isinstance(tree, Refused):
            self._wrong(prop, tree.position, f"has no text in {language}", "Write a plain text.")

    def _options(self, prop: Property) -> frozenset[str]:
        """Return what an editor may write for a concept: with its scheme where there are several."""
        schemes = self._ontology.schemes
        if len(prop.schemes) == 1:
            return schemes.get(prop.schemes[0], frozenset())
        return frozenset(
            f"{scheme}/{slug}" for scheme in prop.schemes for slug in schemes.get(scheme, ())
        )

    def _concept(self, prop: Property, text: str) -> str:
        options = self._options(prop)
        if text in options:
            return text
        last = text.rpartition("/")[2]
        same = sorted(option for option in options if option.rpartition("/")[2] == last)
        near = same[0] if len(same) == 1 else self._mistakes.nearest(text, options)
        hint = f"Perhaps {near} is meant. " if near else ""
        raise IllWritten(
            f"is not a concept of {' or '.join(prop.schemes)}",
            f"{hint}Write one of: {listed(options)}",
        )

    def _reference(self, prop: Property, scalar: Scalar) -> str:
        thing_id = self._identifiers.read(scalar.text)
        self._check_range(prop, thing_id)
        self.references.append((thing_id, scalar.position))
        return thing_id

    def _check_range(self, prop: Property, thing_id: str) -> None:
        if not prop.classes:
            return
        wanted = set(prop.classes)
        possible = self._identifiers.possible_classes(thing_id)
        if not any(wanted & {name, *self._ontology.ancestors(name)} for name in possible):
            starts = sorted({self._start(name) for name in wanted})
            raise IllWritten(
                f"is not {_alternatives(prop.classes)}",
                f"Write an id that begins with {' or '.join(starts)}.",
            )

    def _start(self, class_name: str) -> str:
        class_ = self._ontology.classes.get(class_name)
        return f"{class_.segment}/" if class_ and not class_.is_concept else "concept:"

    def check_range(self, prop: Property, thing_id: str, position: Position) -> None:
        """Note a thing whose class the property does not take."""
        try:
            self._check_range(prop, thing_id)
        except IllWritten as cause:
            self._wrong(prop, position, f"{shown(thing_id)} {cause.what}", cause.remedy)


def _text(text: str, language: str) -> Value:
    return {"@value": values.read_text(text), "@language": language}


def _is_thing(fields: Fields) -> bool:
    """Say whether a mapping describes a thing; ``id`` alone could be Indonesian."""
    found = fields.get("id")
    if isinstance(found, Scalar) and _LIKE_AN_ID.fullmatch(found.text):
        return True
    return fields.get("type") is not None


def _alternatives(names: Iterable[str]) -> str:
    plain = (name.rpartition("#")[2] for name in names)
    return " or ".join(f"{'an' if name[0] in 'AEIO' else 'a'} {name}" for name in plain)
