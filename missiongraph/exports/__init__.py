"""Exports: a release in the forms that other programs read.

    rdf                 N-Quads, TriG, Turtle, JSON-LD
    tables              a table for each class, as CSV or Parquet, with a data dictionary
    table_descriptions  what describes the tables to programs: Frictionless, CSVW
    databases           the tables in SQLite or DuckDB
    network             the network, as GraphML or GEXF
    mappings            the mapping sets, as SSSOM
    bibliography        the sources, as BibTeX or CSL-JSON
    crate               all of it, as an RO-Crate
    forms               the register: names, endings, media types

What is read is the release's dump, checked against its manifest, from first to last statement;
nothing else is held in memory than a form itself needs.
"""
