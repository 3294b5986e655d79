"""The comparison: missions and programmes against properties and criteria, with evidence.

``matrix`` holds what a comparison is, ``reading`` makes one from a graph, ``tabular``,
``documents`` and ``drawing`` write it, ``similarity`` says how alike the missions are, and
``forms`` lists the forms in which it is given.
"""
