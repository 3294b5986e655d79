"""The closure of one file by the rules' queries on Oxigraph; see ``bench/inference.py``."""

import sys
from pathlib import Path

from measuring import Measuring
from pyoxigraph import Quad, RdfFormat, Store, Triple

from missiongraph.resources import root

data, ontology, rows = sys.argv[1:]
measuring = Measuring()
store = Store()
store.bulk_load(path=data, format=RdfFormat.N_TRIPLES)
store.bulk_load(path=ontology, format=RdfFormat.N_TRIPLES)
measuring.lap()
rules = sorted((root() / "ontology" / "rules").glob("*.rq"))
queries = [file.read_text(encoding="utf-8") for file in rules]
inferred: set[Triple] = set()
while new := {t for query in queries for t in store.query(query) if Quad(*t) not in store}:
    store.bulk_extend(Quad(*triple) for triple in new)
    inferred |= new
measuring.lap()
measuring.tell(
    Path(rows),
    ((t.subject.value, t.predicate.value, str(getattr(t.object, "value", ""))) for t in inferred),
)
