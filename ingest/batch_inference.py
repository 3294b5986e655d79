"""Inference over a batch of bulk records: what follows from them and the ontology alone.

The rules are those of the build; what a batch's records and others' would give together
(a record's place being part of another) is left to facts that are curated.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import chain

from pyoxigraph import Quad, Triple

from missiongraph.inference import Clause, Closure, Program, ground, read_rules
from missiongraph.ingest.assembly import assemble
from missiongraph.ingest.connector import Mapped, lines_of
from missiongraph.ingest.inference import facts_of
from missiongraph.resources import root


def mapped(rows: int, triples: Iterable[Triple]) -> Mapped:
    """Return what a batch states, with what follows by the rules.

    Args:
        rows: how many rows went into the triples.
        triples: what they say.
    """
    stated = list(dict.fromkeys(triples))
    return Mapped(rows, lines_of(stated), lines_of(what_follows(stated)))


def what_follows(stated: Iterable[Triple]) -> list[Triple]:
    """Return what follows from triples by the rules and the ontology, and is not among them."""
    clauses, known = _schema()
    # The numbers of a batch's terms go with its program, so that memory is that of one batch.
    return list(Closure.of(Program(clauses), chain(known, stated)).inferred())


@cache
def _schema() -> tuple[tuple[Clause, ...], tuple[Quad, ...]]:
    """Return the rules with the ontology's axioms, and what of its facts they speak of."""
    folder = root() / "ontology"
    engine = assemble((), folder)
    clauses = ground(read_rules(folder / "rules"), engine)
    return clauses, tuple(facts_of(engine, Program(clauses).wanted))
