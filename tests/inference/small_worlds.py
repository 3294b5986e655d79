"""Small ontologies and facts, made up: every kind of axiom that rules know, in any combination."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryTriples, Store, Triple

from missiongraph import resources
from missiongraph.inference import Program, ground, ontology_of, read_rules
from missiongraph.inference.rules import OPTIONAL
from missiongraph.names import PREFIXES, RDF_TYPE, mg

RULES = resources.root() / "ontology" / "rules"
SETS = ("domain-range", "mappings", "other-vocabularies", "same-as")
OWL, RDF, RDFS, XSD = (PREFIXES[prefix] for prefix in ("owl", "rdf", "rdfs", "xsd"))

THINGS = [NamedNode(f"https://example.org/{name}") for name in "abcde"]
CLASSES = [*(mg(f"C{number}") for number in range(3)), NamedNode("https://example.org/C")]
PROPERTIES = [*(mg(f"p{number}") for number in range(4)), NamedNode("https://example.org/p")]
DATE, YEAR = mg("onDate"), mg("inYear")
VALUES = [
    Literal("2030-06", datatype=NamedNode(XSD + "gYearMonth")),
    Literal("2031", datatype=NamedNode(XSD + "gYear")),
    Literal("soon"),
]
SAME_AS = NamedNode(OWL + "sameAs")
EXACT = NamedNode(PREFIXES["skos"] + "exactMatch")

_properties = st.sampled_from(PROPERTIES)
_classes = st.sampled_from(CLASSES)
_things = st.sampled_from(THINGS)


def rdfs(name: str) -> NamedNode:
    """Return a term of RDF Schema."""
    return NamedNode(RDFS + name)


def owl(name: str) -> NamedNode:
    """Return a term of OWL."""
    return NamedNode(OWL + name)


@st.composite
def _chains(draw: st.DrawFn) -> list[Triple]:
    steps = draw(st.lists(_properties, min_size=2, max_size=3))
    cells = [BlankNode(f"cell{draw(st.integers(0, 10**9))}-{n}") for n in range(len(steps))]
    ends: list[BlankNode | NamedNode] = [*cells[1:], NamedNode(RDF + "nil")]
    found = [Triple(draw(_properties), owl("propertyChainAxiom"), cells[0])]
    for number, cell in enumerate(cells):
        found.append(Triple(cell, NamedNode(RDF + "first"), steps[number]))
        found.append(Triple(cell, NamedNode(RDF + "rest"), ends[number]))
    return found


_AXIOMS = st.one_of(
    st.builds(lambda a, b: [Triple(a, rdfs("subPropertyOf"), b)], _properties, _properties),
    st.builds(lambda a, b: [Triple(a, rdfs("subClassOf"), b)], _classes, _classes),
    st.builds(lambda a, b: [Triple(a, owl("inverseOf"), b)], _properties, _properties),
    st.builds(lambda a, b: [Triple(a, rdfs("domain"), b)], _properties, _classes),
    st.builds(lambda a, b: [Triple(a, rdfs("range"), b)], _properties, _classes),
    st.builds(lambda a: [Triple(a, RDF_TYPE, owl("TransitiveProperty"))], _properties),
    st.builds(lambda a: [Triple(a, RDF_TYPE, owl("SymmetricProperty"))], _properties),
    _chains(),
)


@st.composite
def ontologies(draw: st.DrawFn) -> list[Triple]:
    """Draw a few axioms."""
    drawn = draw(st.lists(_AXIOMS, max_size=6))
    return [Triple(YEAR, mg("yearOf"), DATE), *(axiom for axioms in drawn for axiom in axioms)]


_FACT = st.one_of(
    st.builds(Triple, _things, _properties, _things),
    st.builds(Triple, _things, _properties, _things),
    st.builds(Triple, _things, st.just(RDF_TYPE), _classes),
    st.builds(Triple, _things, st.just(DATE), st.sampled_from(VALUES)),
)
_SAME = st.builds(Triple, _things, st.sampled_from([SAME_AS, EXACT]), _things)


def facts(*, same: bool = False) -> st.SearchStrategy[list[Triple]]:
    """Return a strategy for a few facts, of same things too if that is wanted."""
    return st.lists(st.one_of(_FACT, _FACT, _SAME) if same else _FACT, max_size=10)


def program_of(ontology: Iterable[Triple], sets: Iterable[str] = ()) -> Program:
    """Return our rules, and sets of optional ones, over an ontology."""
    return Program(ground(read_rules(RULES, sets), ontology_of(ontology)))


def by_queries(triples: Iterable[Triple], sets: Iterable[str] = ()) -> set[Triple]:
    """Return triples and what follows, by asking the rules' queries until they give nothing new."""
    folders = [RULES, *(RULES / OPTIONAL / name for name in sets)]
    queries = [file.read_text(encoding="utf-8") for place in folders for file in place.glob("*.rq")]
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in triples)
    size = -1
    while size != len(store):
        size = len(store)
        for query in queries:
            made = store.query(query)
            assert isinstance(made, QueryTriples)
            store.extend([Quad(*triple) for triple in made])
    return {quad.triple for quad in store}
