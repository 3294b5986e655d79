"""Inference: what follows from facts by rules, kept up to date, and why.

>>> from pathlib import Path
>>> from pyoxigraph import RdfFormat, parse
>>> from missiongraph.resources import root
>>> from missiongraph.ontology import read_turtle
>>> rules = read_rules(root() / "ontology" / "rules")
>>> ontology = ontology_of(read_turtle(root() / "ontology" / "missiongraph.ttl"))
>>> text = "PREFIX mg: <https://w3id.org/missiongraph/ontology#> <x:m> mg:ledBy <x:a> ."
>>> closure = Closure.of(Program(ground(rules, ontology)), parse(text, format=RdfFormat.TURTLE))
>>> [str(triple.predicate) for triple in closure.inferred()]
['<https://w3id.org/missiongraph/ontology#involves>']
"""

from missiongraph.inference.closure import Closure
from missiongraph.inference.grounding import Clause, ground, ontology_of
from missiongraph.inference.program import Program
from missiongraph.inference.rules import Rule, read_rules

__all__ = ["Clause", "Closure", "Program", "Rule", "ground", "ontology_of", "read_rules"]
