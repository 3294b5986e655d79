"""Exports: a release in the forms that other programs read.

    rdf           N-Quads, TriG, Turtle, JSON-LD
    tables        a table for each class, as CSV or Parquet, with a data dictionary
    bibliography  the sources, as BibTeX

What is read is the release's dump, checked against its manifest, from first to last statement;
nothing else is held in memory than a form itself needs.
"""
