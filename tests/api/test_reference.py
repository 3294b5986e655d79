"""The pages of reference: every term, concept and rule, with counts that are true and links that lead."""

import re
from collections import Counter
from html.parser import HTMLParser

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse
from running import small_graph

from missiongraph.answers import Limits
from missiongraph.api import linked_data
from missiongraph.api.class_diagram import BOX, diagram_of
from missiongraph.api.rule_words import Namer
from missiongraph.api.rules import RuleBook, rule_book
from missiongraph.api.schemes import Concept, schemes, tree
from missiongraph.api.term_use import known_uses, uses_of
from missiongraph.api.terms import Relation, glossary
from missiongraph.api.values import href_of
from missiongraph.checks import our_checks
from missiongraph.names import BASE, CONCEPT, MG, PREFIXES, RDF_TYPE, mg
from missiongraph.ontology import our_ontology
from missiongraph.questions import all_questions
from missiongraph.shacl.shapes_graph import ShapesGraph, sh
from missiongraph.store import EmbeddedStore
from missiongraph.tables import ask

HTML = {"Accept": "text/html"}
NAMES = Namer(glossary().label_of, glossary().schemes_of)
OWN = [
    *(found.iri for found in our_ontology().classes.values()),
    *(found.iri for found in our_ontology().properties.values() if found.iri.startswith(MG)),
]
VOID = ("meta", "link", "input", "img", "br")


class Parts(HTMLParser):
    """The text and the links below each element that has an id."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: dict[str, str] = {}
        self.links: dict[str, set[str]] = {}
        self.all_links: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag not in VOID:
            self.open.append(said.get("id") or "")
            self.text.setdefault(self.open[-1], "")
        if tag == "a" and (href := said.get("href")):
            self.all_links.add(href)
            for name in self.open:
                self.links.setdefault(name, set()).add(href)

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_data(self, data: str) -> None:
        for name in set(self.open):
            self.text[name] += data


@pytest.fixture(scope="module")
def ontology(client: httpx.Client) -> Parts:
    return Parts(client.get("/ontology", headers=HTML).text)


@pytest.fixture(scope="module")
def shapes(client: httpx.Client) -> Parts:
    return Parts(client.get("/shapes", headers=HTML).text)


def test_the_iri_of_every_term_leads_to_its_entry(ontology: Parts) -> None:
    assert len(OWN) > 100
    for iri in OWN:
        path, _, anchor = iri.removeprefix(BASE).partition("#")
        assert path == "ontology"
        assert f"mg:{anchor}" in ontology.text[anchor]


def test_an_entry_says_all_that_the_ontology_says_of_its_term(ontology: Parts) -> None:
    """Each triple with a term as its subject and something nameable as its object."""
    told = 0
    kinds = {PREFIXES["owl"] + kind for kind in ("Class", "ObjectProperty", "DatatypeProperty")}
    for triple in linked_data.document("ontology"):
        if not isinstance(triple.subject, NamedNode) or not triple.subject.value.startswith(MG):
            continue
        name, value = triple.subject.value.removeprefix(MG), triple.object
        if triple.predicate.value.endswith(("isDefinedBy", "derived", "singleValued")):
            continue
        if triple.predicate == RDF_TYPE:
            if isinstance(value, NamedNode) and value.value.startswith(PREFIXES["owl"]):
                trait = value.value.removeprefix(PREFIXES["owl"]).removesuffix("Property").lower()
                assert (
                    trait in ontology.text[name]
                    or trait in str(kinds).lower()
                    or trait == "annotation"
                )
        elif isinstance(value, Literal):
            assert value.value in ontology.text[name], triple
        elif isinstance(value, NamedNode):
            assert href_of(value.value) in ontology.links[name], triple
        told += 1
    assert told > 700


def test_unions_restrictions_and_chains_are_told_too(ontology: Parts) -> None:
    assert {"/ontology#Mission", "/ontology#Solution"} <= ontology.links["addresses"]
    assert "what is “part of” only of Programme" in ontology.text["Mission"]
    assert "“has participation” then “participant”" in ontology.text["involves"]
    assert "/ontology#involves" in ontology.links["ownedBy"]
    assert "/ontology#ownedBy" in ontology.links["involves"]
    assert "/ontology#Place" in ontology.links["Mission"]  # they have no instance in common


def test_every_link_on_the_pages_of_reference_leads_somewhere(
    ontology: Parts, shapes: Parts, client: httpx.Client
) -> None:
    concepts = Parts(client.get("/concept", headers=HTML).text)
    anchors = {"/ontology": ontology, "/shapes": shapes, "/concept": concepts}
    for path, page in anchors.items():
        for link in page.all_links:
            target, hash_, anchor = link.partition("#")
            if hash_ and (target or path) in anchors:
                assert anchor in anchors[target or path].text, f"{path} has {link}"


def counted(quads: list[Quad]) -> Counter[str]:
    """Return the uses of terms, counted over the merged graph without asking a store."""
    uses: Counter[str] = Counter()
    for triple in {quad.triple for quad in quads}:
        uses[triple.predicate.value] += 1
        if triple.predicate == RDF_TYPE and isinstance(triple.object, NamedNode):
            uses[triple.object.value] += 1
    return uses


def test_uses_are_counted_right(ontology: Parts, embedded: EmbeddedStore) -> None:
    uses, counts = uses_of(embedded), counted(small_graph())
    for iri in OWN:
        assert counts[iri] == (uses[iri].triples if iri in uses else 0), iri
        name = iri.removeprefix(MG)
        words = re.sub(r"\s+", " ", ontology.text[name].partition("Uses")[2])
        assert re.match(rf" ?{counts[iri]:,} " if counts[iri] else " ?not used", words), name


def test_every_used_term_has_an_example_and_the_passage_that_states_it(
    ontology: Parts, embedded: EmbeddedStore
) -> None:
    shown = 0
    for iri, use in uses_of(embedded).items():
        one = use.example
        assert one is not None, iri
        name = iri.removeprefix(MG)
        assert one.subject.href in ontology.links[name]
        fact = f"a <{iri}>" if name[0].isupper() else f"<{iri}> ?value"
        subject = (
            f"<{BASE.rstrip('/')}{one.subject.href}>" if one.subject.href[0] == "/" else "?any"
        )
        if one.evidence:
            graph = f"<{BASE.rstrip('/')}{one.evidence}>"
            assert ask(embedded, f"ASK {{ GRAPH {graph} {{ {subject} {fact} }} }}"), iri
            assert one.summary in ontology.text[name]
            shown += 1
        else:
            assert use.claims == 0, f"{iri} has claims, and an example without a passage"
            assert ask(embedded, f"ASK {{ {subject} {fact} }}"), iri
    assert shown > 10


def test_a_graph_too_large_to_be_counted_has_its_terms_without_counts() -> None:
    merged = [Quad(*quad.triple) for quad in small_graph()]
    narrow = EmbeddedStore.of(merged, Limits(max_rows=3))
    assert known_uses(narrow) is None


def test_the_diagram_has_every_class_and_a_line_for_every_relation() -> None:
    relations = glossary().relations()
    labels = {entry.name: entry.label for entry in glossary().of_kind("Class")}
    diagram = diagram_of(labels, relations)
    assert {box.name for box in diagram.boxes} == set(our_ontology().classes)
    assert len(diagram.lines) == len(relations) > 60
    assert [r for box in diagram.boxes for r in box.rows if r not in relations] == []
    assert Relation("Mission", "partOf", "part of", "Programme") in relations
    assert Relation("Mission", "partOf", "part of", "Place") not in relations  # it is restricted
    assert Relation("GovernanceBody", "", "a kind of", "Actor") in relations


def test_no_boxes_of_the_diagram_overlap() -> None:
    labels = {entry.name: entry.label for entry in glossary().of_kind("Class")}
    diagram = diagram_of(labels, glossary().relations())
    for one in diagram.boxes:
        assert one.x + BOX <= diagram.width and one.y + one.height <= diagram.height
        for other in diagram.boxes:
            apart = abs(one.x - other.x) >= BOX or other.y >= one.y + one.height
            assert one is other or apart or one.y >= other.y + other.height


@pytest.mark.parametrize("path", ["/concept", "/concept/"])
def test_every_concept_of_every_scheme_is_in_its_tree(client: httpx.Client, path: str) -> None:
    text = client.get(path, headers=HTML).text
    page = Parts(text)
    for scheme, slugs in our_ontology().schemes.items():
        for slug in slugs:
            own = href_of(f"{CONCEPT}{scheme}/{slug}")
            assert own in page.links[scheme] or scheme == "currency", own
    assert "Australian dollar" in page.text["currency"]


def test_a_schemes_page_is_its_tree_with_definitions_uses_and_what_takes_it(
    client: httpx.Client,
) -> None:
    text = client.get("/concept/unit", headers=HTML).text
    assert '<a href="/ontology#unit">' in text
    percent = text.partition('href="/concept/unit/percent"')[0].rpartition("<details")[2]
    assert re.search(r"Percent <span class=\"uses\">1<", percent)
    assert text.count("<details open>") == len(our_ontology().schemes["unit"])


def test_uses_of_concepts_are_those_of_the_properties_that_take_them(
    embedded: EmbeddedStore,
) -> None:
    takers = {scheme.iri: {p.href for p in scheme.properties} for scheme in schemes(embedded)}
    graph = {quad.triple for quad in small_graph()}
    for scheme in schemes(embedded):
        assert scheme.uses == sum(concept.uses or 0 for concept in scheme.top)
        members = {concept.iri for concept in scheme.top}
        by_hand = sum(
            isinstance(t.object, NamedNode)
            and t.object.value in members
            and href_of(t.predicate.value) in takers[scheme.iri]
            and t.subject.value not in members
            for t in graph
            if isinstance(t.subject, NamedNode)
        )
        assert scheme.uses == by_hand, scheme.iri


def row(name: str, broader: str = "") -> dict[str, NamedNode | Literal]:
    found: dict[str, NamedNode | Literal] = {
        "concept": NamedNode(f"e:{name}"),
        "conceptLabel": Literal(name),
    }
    return found | ({"broader": Literal(f"e:{broader}")} if broader else {})


def drawn(concepts: tuple[Concept, ...]) -> dict[str, object]:
    return {concept.shown.text: drawn(concept.narrower) for concept in concepts}


def test_narrower_concepts_stand_below_broader_ones() -> None:
    rows = [row("a"), row("b", "a"), row("c", "b"), row("d", "a"), row("e", "nowhere")]
    assert drawn(tree(rows, {}, {})) == {"a": {"b": {"c": {}}, "d": {}}, "e": {}}


def test_concepts_that_are_broader_than_themselves_are_not_lost() -> None:
    rows = [row("a", "b"), row("b", "a"), row("c", "b"), row("d", "d")]
    found = str(drawn(tree(rows, {}, {})))
    assert all(found.count(f"'{name}'") == 1 for name in "abcd")


def test_every_shape_is_told_in_words_with_severity_message_and_remedy(shapes: Parts) -> None:
    graph = ShapesGraph(linked_data.document("shapes"))
    named = [node for node in graph.subjects_with(sh("path")) if isinstance(node, NamedNode)]
    assert len(named) > 150
    for node in named:
        name = node.value.rpartition("#")[2]
        text = re.sub(r"\s+", " ", shapes.text[name])
        severity = graph.objects(node, sh("severity"))[0]
        assert isinstance(severity, NamedNode)
        assert severity.value.rpartition("#")[2].lower() in text
        message = graph.objects(node, sh("message"))[0]
        assert isinstance(message, Literal)
        problem, _, remedy = message.value.partition(". ")
        assert problem in text and remedy in text
        assert " must " in text or " should " in text
        assert "What to do" in text


def test_a_mission_has_its_rules_in_words(shapes: Parts) -> None:
    text = re.sub(r"\s+", " ", shapes.text["MissionShape"])
    assert "Each mission should have “owned by” at least once." in text
    assert "Each value of “part of” must be a programme." in text
    assert "concept of the vocabulary “Status”" in text
    assert "/ontology#ownedBy" in shapes.links["Mission-ownedBy-missing"]


def test_a_term_leads_to_its_rules(ontology: Parts) -> None:
    assert "/shapes#MissionShape" in ontology.links["Mission"]
    assert {"/shapes#ownedBy", "/shapes#Mission-ownedBy-missing"} <= ontology.links["ownedBy"]


WORDS = {
    "sh:path e:p ; sh:minCount 1 ; sh:maxCount 1": "have “p” exactly once",
    "sh:path e:p ; sh:minCount 2": "have “p” at least twice",
    "sh:path e:p ; sh:maxCount 3": "have “p” at most 3 times",
    "sh:path [ sh:inversePath e:p ] ; sh:minCount 1": "be a value of “p” at least once",
    "sh:path ( e:p e:q ) ; sh:minCount 1": "have “q” of “p” at least once",
    "sh:path [ sh:alternativePath ( e:p e:q ) ] ; sh:minCount 1": "have “p” or “q” at least once",
    "sh:path [ sh:zeroOrMorePath e:p ] ; sh:minCount 1": "any number of times",
    "sh:path e:p ; sh:hasValue e:v": "have “p” “v”",
    "sh:path e:p ; sh:uniqueLang true": "have “p” at most once in each language",
    "sh:path e:p ; sh:class e:Thing": "each value of “p” must be a thing",
    "sh:path e:p ; sh:datatype xsd:integer": "be a whole number (xsd:integer)",
    "sh:path e:p ; sh:nodeKind sh:IRI": "be an IRI",
    "sh:path e:p ; sh:minInclusive 0 ; sh:maxExclusive 9": "be at least 0 and less than 9",
    "sh:path e:p ; sh:minLength 1 ; sh:maxLength 5": "of at least 1 character and of at most 5 characters",
    'sh:path e:p ; sh:pattern "^a"': "be of the form ^a",
    'sh:path e:p ; sh:languageIn ( "en" "de" )': "be in the language en or de",
    "sh:path e:p ; sh:in ( e:a e:b )": "be one of a or b",
    "sh:path e:p ; sh:lessThan e:q": "be less than the value of “q”",
    "sh:path e:p ; sh:equals e:q": "be the same as the value of “q”",
    "sh:path e:p ; sh:disjoint e:q": "be other than the value of “q”",
    "sh:path e:p ; sh:not [ sh:class e:Thing ]": "be not a thing",
    "sh:path e:p ; sh:and ( [ sh:class e:A ] [ sh:class e:B ] )": "be an a and a b",
    "sh:path e:p ; sh:or ( [ sh:class e:A ] [ sh:class e:B ] )": "be an a or a b",
    "sh:path e:p ; sh:xone ( [ sh:class e:A ] [ sh:class e:B ] )": "be exactly one of these: be an a, or be a b",
    "sh:path e:p ; sh:qualifiedValueShape [ sh:class e:A ] ; sh:qualifiedMinCount 1": "have a value of “p” that is an a at least once",
    "sh:path e:p ; sh:node [ sh:property [ sh:path e:q ; sh:minCount 1 ] ]": "be something that must have “q” at least once",
}
"""What a property shape says in Turtle, and in words."""


def book_of(shape: str) -> RuleBook:
    prefixes = PREFIXES | {"e": "https://example.org/"}
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes.items())
    text = f"{head} e:S a sh:NodeShape ; sh:targetClass e:Thing ; {shape} ."
    quads = parse(input=text, format=RdfFormat.TURTLE)
    return RuleBook(ShapesGraph(quad.triple for quad in quads), NAMES)


@pytest.mark.parametrize("shape", WORDS, ids=lambda shape: shape.partition(" ; ")[2])
def test_every_component_of_shacl_has_words(shape: str) -> None:
    message = 'sh:message "Wrong. Mend it."@en'
    (rule,) = book_of(f"sh:property [ {shape} ; {message} ]").groups[0].rules
    assert WORDS[shape] in rule.sentence.replace("Each value", "each value")
    assert (rule.problem, rule.remedy) == ("Wrong.", "Mend it.")


def test_a_shape_that_is_closed_says_so() -> None:
    (rule,) = book_of("sh:closed true ; sh:ignoredProperties ( rdf:type )").groups[0].rules
    assert rule.sentence == "Each thing must have no other properties than type."


def test_our_rules_use_no_constraint_without_words() -> None:
    for group in rule_book(NAMES).groups:
        for rule in group.rules:
            assert not re.search(
                r"\b(be|that is|only) ?[.;]|https?://example|None|_:", rule.sentence
            )


def test_what_serves_the_pages_is_not_offered_as_a_question() -> None:
    served = ("concepts", "concept-mappings", "concept-uses", "term-claims", "term-usage")
    assert all(all_questions()[name].hidden for name in served)


def test_a_term_without_uses_has_no_example() -> None:
    bare = EmbeddedStore.of([Quad(*t) for t in _declared("unused")])
    assert uses_of(bare) == {}


def _declared(name: str) -> list[Triple]:
    return [Triple(mg(name), RDF_TYPE, NamedNode(PREFIXES["owl"] + "ObjectProperty"))]


def test_a_shape_that_only_pyshacl_reads_is_named_and_not_lost() -> None:
    component = (
        "e:hidden true . e:Component a sh:ConstraintComponent ; sh:parameter [ sh:path e:hidden ] ; "
        'sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER (true) }" ]'
    )
    book = book_of(component)
    assert book.groups == ()
    (shape,) = book.untold
    assert str(shape.shape) == "<https://example.org/S>"
    assert shape.reason


def test_the_iri_of_every_check_leads_to_what_it_asks(shapes: Parts) -> None:
    assert len(our_checks()) > 30
    for iri, asked in our_checks().items():
        assert asked in " ".join(shapes.text[iri.removeprefix(f"{BASE}shapes#")].split())
