"""The tally: how much of what a dump holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What a dump holds.

    Attributes:
        triples: those of the default graph.
        quads: all statements.
        graphs: statements of each named graph, by IRI.
        classes: things of each class in the default graph, by IRI.
        sha256: digest of the bytes, in hexadecimal.
    """

    triples: int = 0
    quads: int = 0
    graphs: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    sha256: str = ""
