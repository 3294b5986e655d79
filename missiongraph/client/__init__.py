"""The graph from Python: data frames, missions as objects, comparisons, SPARQL, rdflib.

``connecting`` opens a graph, ``graph`` is what it gives, ``frames`` makes data frames of tables,
``things`` missions of facts, ``compared`` frames of a comparison, ``rdflib_store`` lets rdflib ask,
and ``stored`` names every question: its stub is written from queries/ by ``stubs``.
"""
