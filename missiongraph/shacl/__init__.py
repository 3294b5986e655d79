"""SHACL: shapes compiled to plans over sets of nodes, with pySHACL's report.

>>> from pyoxigraph import RdfFormat, parse
>>> text = '''PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX ex: <https://example.org/>
... ex:Shape a sh:NodeShape ; sh:targetClass ex:Mission ;
...   sh:property [ sh:path ex:goal ; sh:minCount 1 ] .'''
>>> plan = compile_shapes(parse(text, format=RdfFormat.TURTLE))
>>> data = "<https://example.org/m> a <https://example.org/Mission> ."
>>> plan.validate(parse(data, format=RdfFormat.TURTLE)).conforms
False
"""

from missiongraph.shacl.changes import Validation
from missiongraph.shacl.compilation import Fallback
from missiongraph.shacl.graph import Graph
from missiongraph.shacl.plan import Plan, compile_shapes
from missiongraph.shacl.report import Report, Result

__all__ = ["Fallback", "Graph", "Plan", "Report", "Result", "Validation", "compile_shapes"]
