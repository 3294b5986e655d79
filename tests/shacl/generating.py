"""Shapes and data made up by hypothesis: every component, every kind of path, small graphs."""

from __future__ import annotations

from dataclasses import dataclass, field

from comparing import triples
from hypothesis import strategies as st
from pyoxigraph import Triple

PREDICATES = ("ex:p", "ex:q", "ex:r")
CLASSES = ("ex:A", "ex:B", "ex:C")
NODES = tuple(f"ex:n{number}" for number in range(4))
BLANK = ("_:a", "_:b")
LITERALS = (
    '"a"',
    '"ab"',
    '""',
    '"a"@en',
    '"b"@en',
    '"a"@de',
    '"c"@en-gb',
    "1",
    "2",
    "-3",
    "1.0",
    "2.50",
    "1.5e0",
    '"01"^^xsd:integer',
    '"x"^^xsd:integer',
    '"INF"^^xsd:double',
    '"7"^^xsd:byte',
    '"700"^^xsd:byte',
    "true",
    '"0"^^xsd:boolean',
    '"yes"^^xsd:boolean',
    '"2020-01-31"^^xsd:date',
    '"2021-12-01"^^xsd:date',
    '"2021-02-30"^^xsd:date',
    '"2020-01-31T10:00:00"^^xsd:dateTime',
    '"2020-01-31T11:00:00Z"^^xsd:dateTime',
    '"10:00:00"^^xsd:time',
    '"2020"^^xsd:gYear',
    '"2021"^^xsd:gYear',
    '"2020-06"^^xsd:gYearMonth',
    '"z"^^ex:datatype',
)
DATATYPES = (
    *(f"xsd:{name}" for name in ("integer", "decimal", "double", "boolean", "string", "date")),
    *("xsd:dateTime", "xsd:gYear", "xsd:byte", "xsd:time", "rdf:langString", "ex:datatype"),
)
KINDS = ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
TERMS = (*NODES, *LITERALS)
DEEPEST = 2

names = st.sampled_from
predicates = names(PREDICATES)
counts = st.integers(0, 2)


@st.composite
def data(draw: st.DrawFn) -> list[Triple]:
    """A small graph: types, classes below others, and values of all kinds."""
    subjects = names((*NODES, *BLANK))
    lines = [
        f"{draw(subjects)} {draw(predicates)} {draw(names((*TERMS, *NODES, *BLANK)))} ."
        for _ in range(draw(st.integers(0, 24)))
    ]
    lines += [
        f"{draw(subjects)} a {draw(names(CLASSES))} ." for _ in range(draw(st.integers(0, 5)))
    ]
    lines += [
        f"{draw(names(CLASSES))} rdfs:subClassOf {draw(names(CLASSES))} ."
        for _ in range(draw(st.integers(0, 2)))
    ]
    return triples("\n".join(lines))


@st.composite
def paths(draw: st.DrawFn, depth: int = 0, sequences: bool = True) -> str:
    """A property path; sequences stand in no inverse, in which pySHACL walks them wrongly."""
    kinds = ["predicate", "predicate", "predicate"]
    if depth < DEEPEST:
        kinds += ["inverse", "alternative", "zeroOrMore", "oneOrMore", "zeroOrOne"]
        kinds += ["sequence"] if sequences else []
    kind = draw(names(kinds))
    match kind:
        case "predicate":
            return draw(predicates)
        case "inverse":
            return f"[ sh:inversePath {draw(paths(depth + 1, False))} ]"
        case "sequence" | "alternative":
            parts = [draw(paths(depth + 1, sequences)) for _ in range(draw(st.integers(2, 3)))]
            written = f"( {' '.join(parts)} )"
            return written if kind == "sequence" else f"[ sh:alternativePath {written} ]"
        case _:
            return f"[ sh:{kind}Path {draw(paths(depth + 1, sequences))} ]"


@dataclass
class Writer:
    """Writes shapes one below the other, each with a name."""

    draw: st.DrawFn
    lines: list[str] = field(default_factory=list)

    def shape(self, depth: int, *, property_: bool, targets: str = "") -> str:
        """Write a shape and return its name."""
        name = f"ex:Shape{len(self.lines)}"
        place = len(self.lines)
        self.lines.append("")
        kind = "sh:PropertyShape" if property_ else "sh:NodeShape"
        said = [f"a {kind}"]
        if property_:
            said.append(f"sh:path {self.draw(paths())}")
        for _ in range(self.draw(st.integers(1, 3))):
            said += self.constraint(depth, property_)
        if self.draw(st.integers(0, 9)) == 0:
            said.append("sh:deactivated true")
        if self.draw(st.integers(0, 3)) == 0:
            said.append(f"sh:severity sh:{self.draw(names(('Warning', 'Info')))}")
        unique = dict.fromkeys(one for one in said if one)
        self.lines[place] = f"{name} {targets}{' ; '.join(unique)} ."
        return name

    def constraint(self, depth: int, property_: bool) -> list[str]:
        """Return what a constraint says; each component that takes one value stands once."""
        draw = self.draw
        kinds = [*SIMPLE, *(PROPERTY if property_ else ())]
        if depth < DEEPEST:
            kinds += [*SHAPED, *(("qualified",) if property_ else ())]
        kind = draw(names(kinds))
        match kind:
            case "class":
                return [f"sh:class {draw(names(CLASSES))}"]
            case "datatype":
                return [f"sh:datatype {draw(names(DATATYPES))}"]
            case "nodeKind":
                return [f"sh:nodeKind sh:{draw(names(KINDS))}"]
            case "minInclusive" | "minExclusive" | "maxInclusive" | "maxExclusive":
                return [f"sh:{kind} {draw(names(LITERALS))}"]
            case "minLength" | "maxLength" | "minCount" | "maxCount":
                return [f"sh:{kind} {draw(counts)}"]
            case "pattern":
                flags = draw(names(("", "sh:flags 'i'")))
                return [f"sh:pattern '{draw(names(('^a', 'A', '[0-9]', 'n1$', '')))}'", flags]
            case "languageIn":
                return [f"sh:languageIn ( {draw(names(LANGUAGES))} )"]
            case "in":
                members = " ".join(draw(names(TERMS)) for _ in range(draw(st.integers(0, 4))))
                return [f"sh:in ( {members} )"]
            case "hasValue":
                return [f"sh:hasValue {draw(names(TERMS))}"]
            case "equals" | "disjoint" | "lessThan" | "lessThanOrEquals":
                return [f"sh:{kind} {draw(predicates)}"]
            case "uniqueLang":
                return [f"sh:uniqueLang {draw(names(('true', 'false')))}"]
            case "closed":
                ignored = draw(names(("", "sh:ignoredProperties ( rdf:type ex:q )")))
                return ["sh:closed true", ignored]
            case "not" | "node":
                return [f"sh:{kind} {self.shape(depth + 1, property_=False)}"]
            case "property":
                return [f"sh:property {self.shape(depth + 1, property_=True)}"]
            case "qualified":
                return self.qualified(depth)
            case _:
                count = draw(st.integers(1, 3))
                both = names((True, False))
                parts = [self.shape(depth + 1, property_=draw(both)) for _ in range(count)]
                return [f"sh:{kind} ( {' '.join(parts)} )"]

    def qualified(self, depth: int) -> list[str]:
        """Return a qualified value shape with its counts."""
        draw = self.draw
        said = [f"sh:qualifiedValueShape {self.shape(depth + 1, property_=False)}"]
        limits = draw(names((("Min",), ("Max",), ("Min", "Max"))))
        said += [f"sh:qualified{limit}Count {draw(counts)}" for limit in limits]
        disjoint = draw(names(("", "sh:qualifiedValueShapesDisjoint true")))
        return [*said, disjoint]


SIMPLE = (
    *("class", "datatype", "nodeKind", "minInclusive", "minExclusive", "maxInclusive"),
    *("maxExclusive", "minLength", "maxLength", "pattern", "languageIn", "in", "hasValue"),
    *("equals", "disjoint", "closed"),
)
PROPERTY = ("minCount", "maxCount", "lessThan", "lessThanOrEquals", "uniqueLang")
SHAPED = ("not", "node", "and", "or", "xone", "property", "property")
LANGUAGES = ('"en"', '"de" "fr"', '"*"', '"EN-GB"', "")
ONE_VALUE = frozenset(
    (
        *("datatype", "nodeKind", "minLength", "maxLength", "minCount", "maxCount", "languageIn"),
        *("in", "uniqueLang", "flags", "ignoredProperties", "qualifiedMinCount"),
        *("qualifiedMaxCount", "qualifiedValueShapesDisjoint", "qualifiedValueShape"),
    )
)


@st.composite
def shapes(draw: st.DrawFn) -> str:
    """Shapes, as Turtle: a few with targets, and those that they refer to."""
    writer = Writer(draw)
    for _ in range(draw(st.integers(1, 2))):
        writer.shape(0, property_=draw(names((True, False))), targets=draw(targets()))
    return "\n".join(writer.lines)


@st.composite
def targets(draw: st.DrawFn) -> str:
    """One target or two of any kind."""
    said = []
    for _ in range(draw(st.integers(1, 2))):
        match draw(names(("class", "node", "subjects", "objects", "implicit"))):
            case "class":
                said.append(f"sh:targetClass {draw(names(CLASSES))} ; ")
            case "node":
                said.append(f"sh:targetNode {draw(names((*NODES, 'ex:absent', '1')))} ; ")
            case "subjects":
                said.append(f"sh:targetSubjectsOf {draw(predicates)} ; ")
            case "objects":
                said.append(f"sh:targetObjectsOf {draw(predicates)} ; ")
            case _:
                said.append("a rdfs:Class ; ")
    return "".join(said)


def with_one_value(text: str) -> str:
    """Return shapes without second values of parameters that take one."""
    lines = []
    for line in text.split("\n"):
        kept: dict[str, str] = {}
        for number, part in enumerate(line.removesuffix(" .").split(" ; ")):
            parameter = part.strip().split(" ")[0].removeprefix("sh:")
            kept.setdefault(parameter if parameter in ONE_VALUE else str(number), part)
        lines.append(" ; ".join(kept.values()) + " .")
    return "\n".join(lines)
