"""Words for the constraints of SHACL: what each asks for, as a part of a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from missiongraph.api.values import in_words
from missiongraph.names import PREFIXES, compact, mg
from missiongraph.shacl.constraints import Constraint, Shape
from missiongraph.shacl.graph import Term
from missiongraph.shacl.node_constraints import (
    Closed,
    Disjoint,
    Equals,
    HasValue,
    LessThan,
    MaxCount,
    MinCount,
    UniqueLanguages,
)
from missiongraph.shacl.paths import Alternative, Path, Repeated, Step
from missiongraph.shacl.paths import Sequence as Steps
from missiongraph.shacl.shape_constraints import (
    And,
    ExactlyOne,
    Node,
    Not,
    Or,
    Property,
    QualifiedCount,
)
from missiongraph.shacl.sparql_constraint import Sparql
from missiongraph.shacl.value_constraints import (
    InClass,
    InLanguages,
    InList,
    InRange,
    LikePattern,
    OfDatatype,
    OfKind,
    OfLength,
)

_XSD: Final = PREFIXES["xsd"]
_IN_SCHEME: Final = Step(NamedNode(PREFIXES["skos"] + "inScheme"))
_VALUES_OF: Final = Step(mg("valuesOf"))
_DATATYPES: Final = {
    PREFIXES["rdf"] + "langString": "text with a language",
    _XSD + "anyURI": "an address",
    _XSD + "boolean": "true or false",
    _XSD + "date": "a day",
    _XSD + "decimal": "a decimal number",
    _XSD + "duration": "a duration",
    _XSD + "gYear": "a year",
    _XSD + "gYearMonth": "a month",
    _XSD + "integer": "a whole number",
    _XSD + "string": "text without a language",
}
_NODE_KINDS: Final = {
    "IRI": "an IRI",
    "Literal": "a literal",
    "BlankNode": "a node without a name",
    "BlankNodeOrIRI": "a node",
    "BlankNodeOrLiteral": "a literal or a node without a name",
    "IRIOrLiteral": "an IRI or a literal",
}
_BOUNDS: Final = {
    "minInclusive": "at least",
    "maxInclusive": "at most",
    "minExclusive": "more than",
    "maxExclusive": "less than",
}
_PATTERNS: Final = {"^https?://": "an address that begins with http:// or https://"}
_TIMES: Final = {1: "once", 2: "twice"}


@dataclass(frozen=True)
class Phrase:
    """A part of a rule, without its subject and its “must”.

    Attributes:
        words: what comes after “must”.
        of_values: the subject, when it is the values of a property; else empty.
    """

    words: str
    of_values: str = ""


class Namer:
    """Gives terms their names in words.

    Args:
        label_of: returns the label of a term that has one.
        schemes_of: returns the names of the vocabularies of a property.
    """

    def __init__(
        self,
        label_of: Callable[[Term], Literal | None],
        schemes_of: Callable[[Term], Sequence[str]],
    ) -> None:
        self._label_of = label_of
        self.schemes_of = schemes_of

    def term(self, term: Term) -> str:
        """Return the name of a term: its label, or its local name in words."""
        if isinstance(term, Literal):
            return term.value
        label = self._label_of(term)
        if label is not None:
            return label.value
        words = in_words(compact(term.value)) if isinstance(term, NamedNode) else str(term)
        return words[:1].lower() + words[1:]

    def path(self, path: Path) -> str:
        """Return a path in words, in quotation marks."""
        match path:
            case Step(predicate, backward):
                return (
                    f"what it is the “{self.term(predicate)}” of"
                    if backward
                    else f"“{self.term(predicate)}”"
                )
            case Steps(parts):
                return " of ".join(self.path(part) for part in reversed(parts))
            case Alternative(parts):
                return listed([self.path(part) for part in parts], "or")
            case Repeated(part, times):
                often = {"*": "any number of times", "+": "once or more", "?": "at most once"}
                return f"{self.path(part)} ({often[times]})"
        raise AssertionError(path)

    def having(self, path: Path) -> str:
        """Return what a node with a value on a path does: it has something, or is a value."""
        steps = path.parts if isinstance(path, Alternative) else (path,)
        back = [self.term(s.predicate) for s in steps if isinstance(s, Step) and s.backward]
        on = [self.path(s) for s in steps if not (isinstance(s, Step) and s.backward)]
        being = [f"be a value of {listed([f'“{name}”' for name in back], 'or')}"] if back else []
        return listed([*being, *([f"have {listed(on, 'or')}"] if on else [])], "or")


def own_words(shape: Shape, names: Namer) -> list[Phrase]:
    """Return what a shape asks of the node itself, its property shapes left out."""
    constraints = [k for k in shape.constraints if not isinstance(k, Property)]
    return [Phrase(_of_node(constraint, names)) for constraint in constraints]


def property_words(shape: Shape, names: Namer) -> list[Phrase]:
    """Return what a property shape asks: of the number of values, then of each value."""
    assert shape.path is not None
    name = names.path(shape.path)
    phrases = [Phrase(words) for words in _counts(shape, names)]
    kinds = [words for k in shape.constraints if (words := value_words(k, names))]
    if kinds:
        phrases.append(Phrase(f"be {listed(kinds, 'and')}", f"Each value of {name}"))
    return phrases


def value_words(constraint: Constraint, names: Namer) -> str:
    """Return what a constraint says that a value is; nothing for one about their number."""
    match constraint:
        case InClass(class_):
            return article(names.term(class_).lower())
        case OfDatatype(datatype):
            words = _DATATYPES.get(datatype, "a literal")
            return f"{words} ({compact(datatype)})"
        case OfKind(kind):
            return _NODE_KINDS[compact(_iri(kind)).removeprefix("sh:")]
        case InRange(parameter, bound):
            return f"{_BOUNDS[parameter]} {bound.value}"
        case OfLength(length, longest):
            most = "at most" if longest else "at least"
            return f"of {most} {length} character{'' if length == 1 else 's'}"
        case LikePattern(pattern):
            return _PATTERNS.get(pattern.pattern, f"of the form {pattern.pattern}")
        case InLanguages(ranges):
            return f"in the language {listed(ranges, 'or')}"
        case InList(members):
            return f"one of {listed(sorted(names.term(m) for m in members), 'or')}"
        case LessThan(predicate, or_equal):
            return (
                f"{'at most' if or_equal else 'less than'} the value of “{names.term(predicate)}”"
            )
        case Equals(predicate):
            return f"the same as the value of “{names.term(predicate)}”"
        case Disjoint(predicate):
            return f"other than the value of “{names.term(predicate)}”"
        case Node(shape):
            return _concept_of(shape, names) or _described(shape, names)
        case Not(shape):
            return f"not {_described(shape, names)}"
        case And(shapes):
            return listed([_described(shape, names) for shape in shapes], "and")
        case Or(shapes):
            return listed([_described(shape, names) for shape in shapes], "or")
        case ExactlyOne(shapes):
            return f"exactly one of these: {_either(shapes, names)}"
        case Property(shape):
            return f"something that must {listed(_of_property(shape, names), 'and')}"
        case Sparql():
            return "as a query asks that the Turtle has"
    return ""


def article(words: str) -> str:
    """Return words with their indefinite article.

    >>> article("actor"), article("mission")
    ('an actor', 'a mission')
    """
    return f"{'an' if words[:1].lower() in 'aeiou' else 'a'} {words}"


def listed(words: Iterable[str], last: str) -> str:
    """Return words as a list in a sentence.

    >>> listed(["a", "b", "c"], "or")
    'a, b or c'
    """
    *begin, end = words
    return f"{', '.join(begin)} {last} {end}" if begin else end


def _counts(shape: Shape, names: Namer) -> list[str]:
    """Return what a property shape asks of the number of values."""
    assert shape.path is not None
    constraints, name = shape.constraints, names.path(shape.path)
    least = next((k.count for k in constraints if isinstance(k, MinCount)), None)
    most = next((k.count for k in constraints if isinstance(k, MaxCount)), None)
    counted = (least, most) != (None, None)
    found = [f"{names.having(shape.path)} {_times(least, most)}"] if counted else []
    found += [words for k in constraints if (words := _count_words(k, name, names))]
    qualified = [k for k in constraints if isinstance(k, QualifiedCount)]
    for inner in dict.fromkeys(k.shape for k in qualified):
        fewest = next((k.count for k in qualified if k.shape is inner and not k.most), None)
        largest = next((k.count for k in qualified if k.shape is inner and k.most), None)
        kind = _described(inner, names)
        found.append(f"have a value of {name} that is {kind} {_times(fewest, largest)}")
    return found


def _count_words(constraint: Constraint, name: str, names: Namer) -> str:
    match constraint:
        case HasValue(value):
            return f"have {name} “{names.term(value)}”"
        case UniqueLanguages():
            return f"have {name} at most once in each language"
        case Closed(allowed):
            return f"have no other properties than {listed(map(names.term, allowed), 'and')}"
    return ""


def _times(least: int | None, most: int | None) -> str:
    if least == most and least is not None:
        return f"exactly {_often(least)}"
    bounds = [f"at least {_often(least)}"] if least else []
    bounds += [f"at most {_often(most)}"] if most is not None else []
    return " and ".join(bounds) or "any number of times"


def _often(number: int) -> str:
    return _TIMES.get(number, f"{number} times")


def _of_node(constraint: Constraint, names: Namer) -> str:
    """Return what a constraint asks of a node: alternatives of properties, or what it is."""
    match constraint:
        case Or(shapes) | ExactlyOne(shapes) if any(shape.path for shape in shapes):
            return _either(shapes, names)
        case Not(Shape(path=path, constraints=inner)) if path is not None:
            kinds = [words for k in inner if (words := value_words(k, names))]
            if len(kinds) == len(inner):
                return f"have a value of {names.path(path)} that is not {listed(kinds, 'and')}"
    return _count_words(constraint, "the node", names) or f"be {value_words(constraint, names)}"


def _either(shapes: Sequence[Shape], names: Namer) -> str:
    return ", or ".join(" and ".join(_of_property(shape, names)) for shape in shapes)


def _of_property(shape: Shape, names: Namer) -> list[str]:
    """Return what a shape inside another asks, each part beginning with a verb."""
    if shape.path is None:
        return [_of_node(constraint, names) for constraint in shape.constraints]
    name = names.path(shape.path)
    found = _counts(shape, names)
    kinds = [words for k in shape.constraints if (words := value_words(k, names))]
    return found + (
        [f"have only values of {name} that are {listed(kinds, 'and')}"] if kinds else []
    )


def _described(shape: Shape, names: Namer) -> str:
    """Return what a shape says that a value is."""
    if shape.path is not None:
        return f"something that must {listed(_of_property(shape, names), 'and')}"
    return listed([value_words(k, names) for k in shape.constraints] or ["anything"], "and")


def _concept_of(shape: Shape, names: Namer) -> str:
    """Return the vocabularies of a property, when a shape asks for one of their concepts."""
    match shape.constraints:
        case (Property(Shape(path=Steps((first, second)), constraints=(HasValue(property_),))),):
            if (first, second) == (_IN_SCHEME, _VALUES_OF):
                schemes = listed([f"“{name}”" for name in names.schemes_of(property_)], "or")
                return f"a concept of the vocabulary {schemes}"
    return ""


def _iri(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else ""
