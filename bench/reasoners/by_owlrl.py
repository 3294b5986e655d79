"""The closure of one file by owlrl; see ``bench/inference.py``."""

import sys
from pathlib import Path

import owlrl
from measuring import Measuring, is_used
from rdflib import Graph, URIRef

data, ontology, rows = sys.argv[1:]
measuring = Measuring()
graph = Graph().parse(data, format="nt").parse(ontology, format="nt")
measuring.lap()
stated = set(graph)
owlrl.DeductiveClosure(
    owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False
).expand(graph)
measuring.lap()
measuring.tell(
    Path(rows),
    (
        tuple(map(str, triple))
        for triple in graph
        if triple not in stated
        and isinstance(triple[0], URIRef)
        and is_used(str(triple[1]), str(triple[2]))
    ),
    note=f"{len(graph):,} triples in all",
)
