"""The rules of things: the id, the class and the keys of whatever is described in a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from missiongraph.ingest.fact_rules import FactRules
from missiongraph.ingest.identifiers import Identifiers, listed
from missiongraph.ingest.mistakes import IllWritten, Mistakes, Position, shown
from missiongraph.ingest.passages import Node, Value
from missiongraph.ingest.yaml_tree import Fields, Items, Refused, Scalar, Tree
from missiongraph.ontology import Ontology, Property

_KEYWORDS: Final = {"@id": "id", "@type": "type", "@graph": "states"}
_STRUCTURE: Final = frozenset(("id", "type"))


@dataclass(frozen=True)
class Stated:
    """One value of a property of which two would contradict each other."""

    thing_id: str
    prop: Property
    value: str
    position: Position


class NodeRules:
    """Checks the things of one file.

    Args:
        ontology: says which keys a class has.
        mistakes: gets what is wrong.

    Attributes:
        described: every thing whose id could be read, nested ones too.
        declared: the classes written of ids, with where.
        unclear: ids with a class that could not be read.
        stated: the values of single-valued properties.
        facts: the rules of values, which know the references.
    """

    def __init__(self, ontology: Ontology, mistakes: Mistakes) -> None:
        self.described: list[Node] = []
        self.declared: list[tuple[str, str, Position]] = []
        self.unclear: set[str] = set()
        self.stated: list[Stated] = []
        self.identifiers = Identifiers(ontology, mistakes)
        self.facts = FactRules(ontology, self.identifiers, mistakes, self._nested)
        self._ontology = ontology
        self._mistakes = mistakes

    def top(
        self, fields: Fields, class_name: str, keys: frozenset[str] = frozenset()
    ) -> Node | None:
        """Return a source or a passage's evidence, or None when it has no usable id.

        Args:
            fields: what is written.
            class_name: ``Source`` or ``Evidence``.
            keys: keys that belong to the file's structure and are read elsewhere.
        """
        thing_id = self._id(fields)
        segment = self._ontology.classes[class_name].segment
        if thing_id is not None and self.identifiers.segment(thing_id) != segment:
            self._mistakes.add(
                _place(fields, "id"),
                f"The id {shown(thing_id)} does not begin with {segment}/.",
                f"Write {segment}/ and a name.",
            )
            thing_id = None
        self._types(fields, thing_id)
        return self._node(fields, thing_id, (class_name,), keys)

    def stated_thing(self, fields: Fields) -> Node | None:
        """Return a thing that a passage states facts of, or None when it has no usable id."""
        thing_id = self._id_of_thing(fields)
        return self._node(fields, thing_id, self._types(fields, thing_id))

    def _nested(self, fields: Fields, prop: Property) -> Node | None:
        thing_id = self._id_of_thing(fields)
        types = self._types(fields, thing_id)
        if thing_id is not None:
            position = _place(fields, "id")
            self.facts.check_range(prop, thing_id, position)
            self.facts.references.append((thing_id, position))
            if not types and len(fields.entries) > 1:
                implied = self.identifiers.implied_class(thing_id, prop.classes)
                types = (implied,) if implied else ()
        return self._node(fields, thing_id, types)

    def _node(
        self,
        fields: Fields,
        thing_id: str | None,
        types: tuple[str, ...],
        keys: frozenset[str] = frozenset(),
    ) -> Node | None:
        classes = frozenset(types)
        if thing_id is not None:
            classes |= self.identifiers.possible_classes(thing_id)
        facts = dict(self._facts(fields, thing_id or "", classes, keys | _STRUCTURE))
        if thing_id is None:
            return None
        node = Node(thing_id, types, facts, fields.position)
        self.described.append(node)
        self.declared += [(thing_id, name, fields.position) for name in types]
        return node

    def _id(self, fields: Fields) -> str | None:
        tree = fields.get("id")
        if tree is None:
            self._mistakes.add(
                fields.position,
                "What is described here has no id.",
                "Write id: and a name, such as id: mission/csiro-drought-resilience.",
            )
            return None
        if not isinstance(tree, Scalar):
            if not isinstance(tree, Refused):
                self._mistakes.add(tree.position, "The id is not a plain word.", "Write one id.")
            return None
        try:
            return self.identifiers.read(tree.text)
        except IllWritten as cause:
            self._mistakes.add(
                tree.position, f"The id {shown(tree.text)} {cause.what}.", cause.remedy
            )
            return None

    def _types(self, fields: Fields, thing_id: str | None) -> tuple[str, ...]:
        tree = fields.get("type")
        items = tree.items if isinstance(tree, Items) else (tree,) if tree else ()
        if isinstance(tree, Items) and not items:
            self._mistakes.add(tree.position, "type has an empty list.", "Write a class.")
        found = [self._type(item, thing_id) for item in items]
        if tree is not None and not any(found) and thing_id is not None:
            self.unclear.add(thing_id)
        return tuple(name for name in found if name)

    def _type(self, tree: Tree, thing_id: str | None) -> str | None:
        if not isinstance(tree, Scalar):
            if not isinstance(tree, Refused):
                self._mistakes.add(tree.position, "type is not a plain word.", "Write a class.")
            return None
        names = {name for name, class_ in self._ontology.classes.items() if not class_.is_concept}
        if tree.text not in names:
            near = self._mistakes.nearest(tree.text.rpartition(":")[2], names)
            self._mistakes.add(
                tree.position,
                f"type {shown(tree.text)} is not a class of the ontology.",
                f"Write {near}." if near else f"Write one of: {listed(names)}",
            )
            return None
        self._check_segment(tree, thing_id)
        return None if thing_id is not None and thing_id.startswith("concept:") else tree.text

    def _check_segment(self, type_: Scalar, thing_id: str | None) -> None:
        if thing_id is None or type_.text in self.identifiers.possible_classes(thing_id):
            return
        if thing_id.startswith("concept:"):
            what, remedy = "is a concept", "Leave type out: its vocabulary says what it is."
        else:
            segment = self.identifiers.segment(thing_id)
            right = thing_id.replace(segment, self._ontology.classes[type_.text].segment, 1)
            classes = " or ".join(self.identifiers.classes[segment])
            what = f"is the name of a thing of {classes}"
            remedy = f"Write id: {right}, or type: {classes}."
        self._mistakes.add(
            type_.position, f"{shown(thing_id)} {what}, and its type is {type_.text}.", remedy
        )

    def _id_of_thing(self, fields: Fields) -> str | None:
        """Return the id of what is not a source or passage: those have places of their own."""
        thing_id = self._id(fields)
        if thing_id is None or self.identifiers.segment(thing_id) not in ("source", "evidence"):
            return thing_id
        self._mistakes.add(
            _place(fields, "id"),
            f"{shown(thing_id)} is described among the things that a passage states.",
            "Describe the source under source:, and a passage as an item of claims:.",
        )
        return None

    def _facts(
        self, fields: Fields, thing_id: str, classes: frozenset[str], skipped: frozenset[str]
    ) -> Iterator[tuple[str, tuple[Value | Node, ...]]]:
        for key, tree in fields.entries:
            if key.text in skipped:
                continue
            prop = self._property(key, classes)
            if prop is None:
                continue
            found = tuple(self.facts.read(prop, tree))
            if prop.single_valued:
                self.stated += [Stated(thing_id, prop, _compared(v), p) for v, p in found]
            if found:
                yield key.text, tuple(value for value, _ in found)

    def _property(self, key: Scalar, classes: frozenset[str]) -> Property | None:
        """Return the property of a key if things of these classes may have it."""
        prop = self._ontology.properties.get(key.text)
        if prop is None:
            self._mistakes.add(key.position, *self._unknown_key(key.text, classes))
        elif prop.derived:
            what = f"{key.text} is worked out by the build."
            self._mistakes.add(key.position, what, "Leave the key out.", prop.iri)
        elif classes and not self._may_have(prop, classes):
            self._mistakes.add(
                key.position,
                f"{key.text} is not a key of {' or '.join(self._ours(classes))}.",
                f"It is a key of {listed(self._ours(prop.domain))} "
                f"Keys here are: {listed(self._keys(classes))}",
                prop.iri,
            )
        else:
            return prop
        return None

    def _unknown_key(self, key: str, classes: frozenset[str]) -> tuple[str, str]:
        if key.startswith("@"):
            instead = _KEYWORDS.get(key)
            remedy = f"Write {instead}." if instead else "Leave it out: the context is fixed."
            return f"{shown(key)} is a keyword of JSON-LD.", remedy
        allowed = self._keys(classes)
        bare = key.rpartition(":")[2].rpartition("#")[2]
        near = self._mistakes.nearest(bare, allowed) or self._mistakes.nearest(
            bare, self._ontology.properties
        )
        remedy = f"Write {near}." if near else f"Write one of: {listed(allowed)}"
        return f"The key {shown(key)} is not a term of the ontology.", remedy

    def _keys(self, classes: frozenset[str]) -> frozenset[str]:
        usable = (p for p in self._ontology.properties.values() if not p.derived)
        keys = {p.key for p in usable if not classes or self._may_have(p, classes)}
        return frozenset(keys | _STRUCTURE)

    def _may_have(self, prop: Property, classes: frozenset[str]) -> bool:
        if not prop.domain:
            return True
        return any({name, *self._ontology.ancestors(name)} & set(prop.domain) for name in classes)

    def _ours(self, classes: frozenset[str] | tuple[str, ...]) -> list[str]:
        """Return the local names of classes, those of others by the last part of their IRI."""
        return sorted(name.rpartition("#")[2] for name in classes)


def _place(fields: Fields, key: str) -> Position:
    tree = fields.get(key)
    return tree.position if tree else fields.position


def _compared(value: Value | Node) -> str:
    if isinstance(value, Node):
        return value.id
    return value if isinstance(value, str) else value["@value"]
