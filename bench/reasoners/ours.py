"""The closure of one file by missiongraph; see ``bench/inference.py``."""

import sys
from pathlib import Path

from measuring import Measuring
from pyoxigraph import Triple, parse

from missiongraph.inference import Closure, Program, ground, ontology_of, read_rules
from missiongraph.resources import root

data, ontology, rows, *sets = sys.argv[1:]
measuring = Measuring()
clauses = ground(read_rules(root() / "ontology" / "rules", sets), ontology_of(parse(path=ontology)))
program = Program(clauses)
stated = program.read(parse(path=data))
measuring.lap()
closure = Closure.over(program, stated)
inferred = list(closure.inferred())
measuring.lap()


def some(triples: list[Triple]) -> list[Triple]:
    """Return a few triples, from all over."""
    return triples[:: max(1, len(triples) // 100)]


changed = [triple for triple in some(list(program.numbering.triples(stated)))][:100]
change = Measuring()
for triple in changed:
    closure = closure.changed(removed=[triple]).changed(added=[triple])
change.lap()
seconds = change.taken / max(1, 2 * len(changed))
assert set(closure.inferred()) == set(inferred)
measuring.tell(
    Path(rows),
    ((t.subject.value, t.predicate.value, str(getattr(t.object, "value", ""))) for t in inferred),
    note=f"a change of one triple {seconds * 1000:.1f} ms",
)
