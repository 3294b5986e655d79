"""What holds of every stored question, found by looking into queries/."""

import random
import re
from collections import Counter, defaultdict
from typing import Final

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from missiongraph.formats import JSON
from missiongraph.names import CONCEPT, MG, PREFIXES, RDF_TYPE, RDFS_LABEL, mg
from missiongraph.ontology import our_ontology
from missiongraph.questions import Question, all_questions, answer_table, choices, find_question
from missiongraph.releases import Release
from missiongraph.sparql import tokens
from missiongraph.store import EmbeddedStore
from missiongraph.tables import Row, Table, Term, read_table, select

QUESTIONS: Final = all_questions()
NEEDED: Final = {"thing": ["actor/csiro"], "text": ["drought"]}
IN_SCHEME: Final = NamedNode(PREFIXES["skos"] + "inScheme")
ORDER: Final = re.compile(r"ORDER BY (.*)\Z", re.DOTALL)
ENOUGH_CHOICES: Final = 25
MAY_BE_EMPTY: Final = {
    "brokers": "an actor in two missions",
    "communities": "actors in missions",
    "duplicate-projects": "two projects with titles that are alike",
    "eu-participation-of-national-actors": "an actor of both kinds of mission",
    "target-progress": "an observation of a mission's target",
    "ministries-without-joint-body": "two ministries of one mission",
}
"""Questions that a sample of our data may have no answer to, and what it would take to have one."""

every_question = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)


@pytest.fixture(scope="module")
def quads(sample_release: Release) -> list[Quad]:
    return list(parse(path=str(sample_release.dump), format=RdfFormat.N_QUADS))


@pytest.fixture(scope="module")
def store(sample_release: Release) -> EmbeddedStore:
    return sample_release.load()


@pytest.fixture(scope="module")
def described(quads: list[Quad]) -> set[str]:
    """The IRIs that the graph says something of."""
    return {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}


@pytest.fixture(scope="module")
def mentioned(quads: list[Quad]) -> set[str]:
    """All the IRIs of the graph."""
    terms = (term for quad in quads for term in quad.triple)
    return {term.value for term in terms if isinstance(term, NamedNode)}


def asked(store: EmbeddedStore, question: Question) -> Table:
    """Return the answer when nothing is given but what is needed."""
    return answer_table(store, question, needed(question))


def spelt(term: Term) -> str:
    """Return an IRI or a literal's text."""
    assert isinstance(term, NamedNode | Literal)
    return term.value


def needed(question: Question) -> dict[str, list[str]]:
    return {name: NEEDED[name] for name, p in question.parameters.items() if p.required}


@every_question
def test_it_says_what_it_asks(question: Question) -> None:
    assert question.words.endswith("?")
    assert question.title[0].isupper()
    assert question.dimension in {"", *our_ontology().schemes["dimension"]}
    assert question.hidden or question.columns


@every_question
def test_its_parameters_take_values_of_the_ontology(question: Question) -> None:
    for parameter in question.parameters.values():
        assert not parameter.class_name or parameter.class_name in our_ontology().classes
        assert not parameter.scheme or parameter.scheme in our_ontology().schemes
        assert (parameter.type == "concept") == bool(parameter.scheme)


@every_question
def test_it_runs_as_it_stands_and_undef_means_nothing_given(
    store: EmbeddedStore, question: Question
) -> None:
    if needed(question):  # all things at once are too much to ask
        assert not read_table(EmbeddedStore.of([]).answer(question.text, JSON)).rows
    else:
        assert read_table(store.answer(question.text, JSON)) == asked(store, question)


@every_question
def test_its_columns_are_its_variables(store: EmbeddedStore, question: Question) -> None:
    assert list(asked(store, question).columns) == list(question.columns)


@every_question
def test_our_own_data_answer_it(store: EmbeddedStore, question: Question) -> None:
    rows = asked(store, question).rows
    if not rows and question.id in MAY_BE_EMPTY:
        pytest.skip(f"the sample does not have {MAY_BE_EMPTY[question.id]}")
    assert rows


@every_question
def test_no_row_stands_twice(store: EmbeddedStore, question: Question) -> None:
    table = asked(store, question)
    assert len(set(table.rows)) == len(table.rows)


@every_question
def test_what_has_a_name_is_named(store: EmbeddedStore, question: Question) -> None:
    named = {row["thing"] for row in select(store, _ALL_NAMED).records()}
    for row in asked(store, question).records():
        for column, term in row.items():
            if f"{column}Label" in question.columns and term in named:
                assert f"{column}Label" in row, f"{column} {term} has no label"


_ALL_NAMED: Final = f"SELECT DISTINCT ?thing {{ ?thing {RDFS_LABEL} ?name }}"


@every_question
def test_its_order_leaves_nothing_to_chance(store: EmbeddedStore, question: Question) -> None:
    """No two rows tie: the variables it is ordered by tell every row from the others."""
    found = ORDER.search(question.text)
    assert found, "it has no ORDER BY"
    table = asked(store, question)
    keys = [name for name in re.findall(r"\?(\w+)", found[1]) if name in table.columns]
    places = [table.columns.index(name) for name in keys]
    ties = Counter(tuple(row[place] for place in places) for row in table.rows)
    assert [key for key, count in ties.items() if count > 1] == []


@every_question
def test_it_is_ordered_by_what_has_an_order(store: EmbeddedStore, question: Question) -> None:
    """IRIs and plain literals of one type do; words in several languages and mixed values do not.

    Over a comparison that is no total order Oxigraph's sort may end the process.
    """
    found = ORDER.search(question.text)
    assert found
    table = asked(store, question)
    for name in re.findall(r"(?<!STR\()\?(\w+)", found[1]):
        terms = [row[name] for row in table.records() if name in row]
        kinds = {term.datatype if isinstance(term, Literal) else type(term) for term in terms}
        assert len(kinds) <= 1, f"{name} has values of several kinds; order by STR(?{name})"
        if question.id != "search":  # its words are ordered by length first, for people
            assert kinds.isdisjoint(UNORDERED), f"{name} has no order of its own"


UNORDERED: Final = {
    NamedNode(PREFIXES["rdf"] + "langString"),
    *(NamedNode(PREFIXES["xsd"] + name) for name in ("date", "gYear", "gYearMonth", "duration")),
}


@pytest.fixture(scope="module")
def shuffled(quads: list[Quad]) -> EmbeddedStore:
    return EmbeddedStore.of(random.Random(20210).sample(quads, len(quads)))


@every_question
def test_the_order_of_the_data_does_not_matter(
    store: EmbeddedStore, shuffled: EmbeddedStore, question: Question
) -> None:
    assert asked(store, question) == asked(shuffled, question)


@pytest.fixture(scope="module")
def polyglot(quads: list[Quad]) -> EmbeddedStore:
    """The same graph in which everything has names in two more languages, first in the alphabet."""
    names = [
        Quad(quad.subject, RDFS_LABEL, Literal(f"{spelt}{i}", language=language), DefaultGraph())
        for i, quad in enumerate(quads)
        if quad.predicate == RDFS_LABEL and _merged(quad)
        for language, spelt in (("aa", "A"), ("zu", "Z"))
    ]
    return EmbeddedStore.of([*quads, *names])


FINDS_NAMES: Final = {
    "facts",
    "names",
    "search",
}  # names in whatever language are what these are asked for


@every_question
def test_names_in_other_languages_change_no_answer(
    store: EmbeddedStore, polyglot: EmbeddedStore, question: Question
) -> None:
    here, there = asked(store, question), asked(polyglot, question)
    if question.id in FINDS_NAMES:
        assert set(_without_labels(here)) <= set(_without_labels(there))
    else:
        assert here == there


@pytest.fixture(scope="module")
def without_english(quads: list[Quad]) -> EmbeddedStore:
    """The same graph in which nothing has an English name, but two of other languages."""

    def names(quad: Quad) -> list[Quad]:
        if not _merged(quad) or quad.predicate != RDFS_LABEL:
            return [quad]
        assert isinstance(quad.object, Literal)
        words = quad.object.value
        return [
            Quad(quad.subject, RDFS_LABEL, Literal(words, language=language), quad.graph_name)
            for language in ("da", "nb")
        ]

    return EmbeddedStore.of(name for quad in quads for name in names(quad))


@every_question
def test_a_name_in_another_language_will_do(
    store: EmbeddedStore, without_english: EmbeddedStore, question: Question
) -> None:
    here, there = asked(store, question), asked(without_english, question)
    if question.id in FINDS_NAMES:
        return
    assert Counter(_without_labels(here)) == Counter(_without_labels(there))
    named = [[name for name in row if name.endswith("Label")] for row in here.records()]
    assert Counter(map(tuple, named)) == Counter(
        tuple(name for name in row if name.endswith("Label")) for row in there.records()
    )


def _without_labels(table: Table) -> list[Row]:
    kept = [i for i, name in enumerate(table.columns) if not name.lower().endswith("label")]
    return [tuple(row[i] for i in kept) for row in table.rows]


BINDABLE = [
    pytest.param(question, name, id=f"{question.id}-{name}")
    for question in QUESTIONS.values()
    for name, parameter in question.parameters.items()
    if parameter.type in ("iri", "concept") and not parameter.required
]


@pytest.mark.parametrize(("question", "name"), BINDABLE)
def test_a_parameter_chooses_rows_of_the_whole_answer(
    store: EmbeddedStore, question: Question, name: str
) -> None:
    whole = asked(store, question)
    if not whole.rows and question.id in MAY_BE_EMPTY:
        pytest.skip(f"the sample does not have {MAY_BE_EMPTY[question.id]}")
    offered = [spelt(row["value"]) for row in choices(store, question.parameters[name]).records()]
    if not offered:  # a parameter of any class: what stands in the column of that name
        offered = sorted({spelt(row[name]) for row in whole.records() if name in row})
    held = {spelt(value) for row in whole.rows for value in row if value is not None}
    offered.sort(key=lambda value: value not in held)  # those with an answer first
    chosen = 0
    for tried, value in enumerate(offered):
        if chosen and tried >= ENOUGH_CHOICES:
            break
        part = answer_table(store, question, needed(question) | {name: [value]})
        assert part.columns == whole.columns
        assert set(part.rows) <= set(whole.rows)
        assert name not in part.columns or _only(part, name, value)
        chosen += 0 < len(part.rows) <= len(whole.rows)
    assert chosen, f"no {name} has an answer"


def _only(table: Table, name: str, value: str) -> bool:
    """Say whether a column that a parameter is named for holds the given value in each row."""
    if name in ("mission", "dimension", "kind", "project"):
        return True  # of a pair, or of the challenges chosen
    if f"other{name.capitalize()}" in table.columns:
        return True  # of a pair
    shown: defaultdict[object, set[str | None]] = defaultdict(set)
    for place, row in enumerate(table.records()):
        held = row.get(name)
        # A mission that was launched and then stopped has a row for each of its states.
        shown[row.get("mission", place)].add(None if held is None else spelt(held))
    return all(held == {None} or value in held for held in shown.values())


@every_question
def test_it_declares_the_prefixes_it_uses_in_order(question: Question) -> None:
    declared = re.findall(r"^PREFIX ([\w-]+): <([^>]*)>$", question.sparql, re.MULTILINE)
    assert declared == sorted(declared)
    for prefix, iri in declared:
        assert iri == PREFIXES.get(prefix) or iri == f"{CONCEPT}{prefix}/" or prefix == "kind"
    assert {prefix for prefix, _ in declared} == {prefix for prefix, _ in _names(question)}


@every_question
def test_it_speaks_of_nothing_that_is_not_there(
    described: set[str], mentioned: set[str], question: Question
) -> None:
    declared = dict(re.findall(r"^PREFIX ([\w-]+): <([^>]*)>$", question.sparql, re.MULTILINE))
    used = {declared[prefix] + local for prefix, local in _names(question)}
    used |= {token.text[1:-1] for token in tokens(_body(question)) if token.kind == "iri"}
    used = {iri for iri in used if not iri.startswith(PREFIXES["id"] + "graph/")}
    ours = {iri for iri in used if iri.startswith((MG, CONCEPT))}
    assert ours <= described, f"not declared: {ours - described}"
    assert used <= mentioned, f"nowhere in the graph: {used - mentioned}"


def _body(question: Question) -> str:
    return re.sub(r"^PREFIX .*$", "", question.sparql, flags=re.MULTILINE)


def _names(question: Question) -> set[tuple[str, str]]:
    written = [token.text for token in tokens(_body(question)) if token.kind == "name"]
    return {(name.partition(":")[0], name.partition(":")[2]) for name in written}


def test_the_terms_listed_are_those_of_the_ontology(store: EmbeddedStore) -> None:
    listed = {spelt(row["term"]) for row in asked(store, find_question("terms")).records()}
    ontology = our_ontology()
    assert {mg(name).value for name in ontology.classes} <= listed
    assert {p.iri for p in ontology.properties.values() if p.iri.startswith(MG)} <= listed


def test_the_vocabularies_listed_have_all_their_concepts(
    store: EmbeddedStore, quads: list[Quad]
) -> None:
    concepts = Counter(q.object for q in quads if _merged(q) and q.predicate == IN_SCHEME)
    listed = asked(store, find_question("vocabularies")).records()
    assert {row["scheme"]: int(spelt(row["concepts"])) for row in listed} == concepts


def test_the_things_counted_are_all_there(store: EmbeddedStore, quads: list[Quad]) -> None:
    things = Counter(q.object for q in quads if _merged(q) and q.predicate == RDF_TYPE)
    for row in asked(store, find_question("things-by-class")).records():
        assert int(spelt(row["things"])) == things[row["class"]]


def _merged(quad: Quad) -> bool:
    return quad.graph_name == DefaultGraph()
