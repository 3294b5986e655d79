"""The closure of one file by reasonable; see ``bench/inference.py``."""

import sys
from pathlib import Path

import reasonable
from measuring import Measuring, is_used
from rdflib import Graph, URIRef

data, ontology, rows = sys.argv[1:]
measuring = Measuring()
reasoner = reasonable.PyReasoner()
reasoner.load_file(data)
reasoner.load_file(ontology)
measuring.lap()
found = reasoner.reason()
measuring.lap()
stated = {tuple(map(str, t)) for file in (data, ontology) for t in Graph().parse(file, format="nt")}
measuring.tell(
    Path(rows),
    (
        row
        for triple in found
        if isinstance(triple[0], URIRef)
        and is_used(str(triple[1]), str(triple[2]))
        and (row := tuple(map(str, triple))) not in stated
    ),
    note=f"{len(found):,} triples in all",
)
