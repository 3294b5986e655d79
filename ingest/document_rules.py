"""The rules of one curated file: its source, its passages, and where they are found.

Nothing stops at the first mistake. What only other files can confirm, that an id is
introduced somewhere, is in ``known_things.py``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from missiongraph.ingest.claims import is_video
from missiongraph.ingest.mistakes import Mistakes, Position, shown
from missiongraph.ingest.node_rules import NodeRules
from missiongraph.ingest.passages import Node, Passage
from missiongraph.ingest.yaml_tree import Fields, Items, Refused, Scalar, Tree
from missiongraph.ontology import Ontology

LONGEST_SUMMARY: Final = 500
_TOP_KEYS: Final = ("source", "claims")


class DocumentRules:
    """Checks one file.

    Args:
        ontology: says what may be written.
        mistakes: gets what is wrong.

    Attributes:
        source: the file's source, once read.
        passages: the passages that could be read.
        nodes: the rules of things, which know what the file describes and refers to.
    """

    def __init__(self, ontology: Ontology, mistakes: Mistakes) -> None:
        self.source: Node | None = None
        self.passages: list[Passage] = []
        self.nodes = NodeRules(ontology, mistakes)
        self._mistakes = mistakes
        self._evidence_lines: dict[str, int] = {}

    def read(self, tree: Tree) -> None:
        """Check the whole file."""
        if not isinstance(tree, Fields):
            self._mistakes.add(
                tree.position, "The file is no mapping.", "Write `source:` and `claims:`."
            )
            return
        for key, _ in tree.entries:
            if key.text not in _TOP_KEYS:
                self._refuse_top_key(key)
        self._read_source(tree, tree.get("source"))
        self._read_claims(tree, tree.get("claims"))

    def _refuse_top_key(self, key: Scalar) -> None:
        near = self._mistakes.nearest(key.text, _TOP_KEYS)
        remedy = f"Write {near}." if near else "A file has source and claims, and no other keys."
        if key.text.startswith("@"):
            remedy = "Leave it out: every file is read with the project's own context."
        self._mistakes.add(
            key.position, f"The key {shown(key.text)} does not belong at the top.", remedy
        )

    def _read_source(self, top: Fields, tree: Tree | None) -> None:
        if not isinstance(tree, Fields):
            if not isinstance(tree, Refused):
                self._mistakes.add(
                    (tree or top).position,
                    "The file does not say what its source is.",
                    "Write source: with id, title and page.",
                )
            return
        self._require(tree, "title", "The source has no title.", "Write title: and its title.")
        self._require(tree, "page", "The source has no page.", "Write page: and its web address.")
        self.source = self.nodes.top(tree, "Source")
        self._check_contradictions("source")

    def _read_claims(self, top: Fields, tree: Tree | None) -> None:
        if not isinstance(tree, Items) or not tree.items:
            if not isinstance(tree, Refused):
                self._mistakes.add(
                    (tree or top).position,
                    "The file has no list of claims.",
                    "Write claims: and, below it, an item for each passage.",
                )
            return
        for item in tree.items:
            if isinstance(item, Fields):
                self._read_claim(item)
            elif not isinstance(item, Refused):
                self._mistakes.add(
                    item.position, "This is no claim.", "Write id, summary and states."
                )

    def _read_claim(self, fields: Fields) -> None:
        evidence = self.nodes.top(fields, "Evidence", frozenset(("states",)))
        self._check_summary(fields)
        self._check_contradictions("passage")
        if evidence is not None:
            self._check_evidence_id(evidence, fields)
            self._check_locator(evidence, fields)
        states = self._read_states(fields)
        self._check_contradictions("passage")
        if evidence is not None:
            self.passages.append(Passage(evidence, states))

    def _read_states(self, fields: Fields) -> tuple[Node, ...]:
        tree = fields.get("states")
        if isinstance(tree, Refused):
            return ()
        if not isinstance(tree, Items) or not tree.items:
            self._mistakes.add(
                (tree or fields).position,
                "The claim states nothing.",
                "Write states: and, below it, an item for each thing that the passage says "
                "something of.",
            )
            return ()
        nodes = [self._stated(item) for item in tree.items]
        return tuple(node for node in nodes if node is not None)

    def _stated(self, tree: Tree) -> Node | None:
        if isinstance(tree, Fields):
            return self.nodes.stated_thing(tree)
        if not isinstance(tree, Refused):
            self._mistakes.add(
                tree.position, "This is no thing with facts.", "Write id:, then what is said of it."
            )
        return None

    def _check_summary(self, fields: Fields) -> None:
        self._require(
            fields,
            "summary",
            "The claim has no summary.",
            "Write summary: and what the passage says, in one sentence of your own.",
        )
        tree = fields.get("summary")
        texts = [value for _, value in tree.entries] if isinstance(tree, Fields) else [tree]
        for text in texts:
            if isinstance(text, Items):
                self._mistakes.add(text.position, "summary is a list.", "Write one sentence.")
            elif isinstance(text, Scalar) and len(text.text) > LONGEST_SUMMARY:
                self._mistakes.add(
                    text.position,
                    f"summary has {len(text.text)} characters; the limit is {LONGEST_SUMMARY}.",
                    "Say it in one sentence, or write two claims.",
                )

    def _check_evidence_id(self, evidence: Node, fields: Fields) -> None:
        position = _place(fields, "id")
        first = self._evidence_lines.setdefault(evidence.id, position.line)
        if first != position.line:
            self._mistakes.add(
                position,
                f"The id {shown(evidence.id)} is used twice, first on line {first}.",
                "Give each passage an id of its own.",
            )
        if self.source is None:
            return
        slug = self.source.id.partition("/")[2]
        if not evidence.id.startswith(f"evidence/{slug}/"):
            name = evidence.id.rpartition("/")[2]
            self._mistakes.add(
                position,
                f"The id {shown(evidence.id)} is not under its source, {slug}.",
                f"Write evidence/{slug}/{name}.",
            )

    def _check_locator(self, evidence: Node, fields: Fields) -> None:
        start, end = (_number(evidence, key) for key in ("startSeconds", "endSeconds"))
        for key, least in (("startSeconds", 0), ("endSeconds", 0), ("pageNumber", 1)):
            number = _number(evidence, key)
            if number is not None and number < least:
                self._mistakes.add(
                    _place(fields, key), f"{key} is {number}.", f"Write {least} or more."
                )
        if start is not None and end is not None and end < start:
            self._mistakes.add(
                _place(fields, "endSeconds"),
                f"The passage ends at {end} seconds, before it starts at {start}.",
                "Write endSeconds as large as startSeconds or larger.",
            )
        if fields.get("startSeconds") is None and self.source and is_video(self.source):
            self._mistakes.add(
                fields.position,
                "The passage of a video does not say at which second it starts.",
                "Write startSeconds: and the seconds from the start, such as 2389 for 39:49.",
            )

    def _check_contradictions(self, where: str) -> None:
        """Note properties that were given two values in one place, and forget them."""
        first: dict[tuple[str, str], str] = {}
        for stated in self.nodes.stated:
            before = first.setdefault((stated.thing_id, stated.prop.key), stated.value)
            if before != stated.value and stated.thing_id:
                self._mistakes.add(
                    stated.position,
                    f"{stated.prop.key} of {shown(stated.thing_id)} is {shown(before)} and "
                    f"{shown(stated.value)} in one {where}.",
                    "Keep one of them; what another passage says is another claim.",
                    stated.prop.iri,
                )
        self.nodes.stated.clear()

    def _require(self, fields: Fields, key: str, what: str, remedy: str) -> None:
        if fields.get(key) is None:
            self._mistakes.add(fields.position, what, remedy)


def _place(fields: Fields, key: str) -> Position:
    tree = fields.get(key)
    return tree.position if tree else fields.position


def _number(node: Node, key: str) -> Decimal | None:
    text = node.text(key)
    return Decimal(text) if text else None
