"""Questions as files: what is refused in them, and how given values become terms of the query."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from missiongraph.errors import BadParameter, BadQuestion, UnknownQuestion
from missiongraph.names import PREFIXES, is_iri, mg
from missiongraph.questions import (
    Question,
    all_questions,
    answer_table,
    choices,
    find_question,
)
from missiongraph.store import EmbeddedStore
from missiongraph.tables import select

Write = Callable[[str], Path]

HEADER: Final = "#+ title: A title\n#+ question: What is it?\n"
QUERY: Final = "SELECT ?x\nWHERE {\n  VALUES ?x { UNDEF }\n  ?x ?p ?o .\n}\nORDER BY ?x\n"
PARAMETER: Final = "#+ parameters:\n#+   x: {type: iri, label: X}\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def file_of(text: str) -> Path:
        file = tmp_path / "a-question.rq"
        file.write_text(text, encoding="utf-8")
        return file

    return file_of


def test_a_question_is_read_from_its_file(write: Write) -> None:
    about = "#+ about: What counts.\n#+ dimension: policy-coordination\n#+ columns: {x: The x}\n"
    question = Question.read(write(HEADER + about + PARAMETER + QUERY))
    assert (question.id, question.title, question.words) == ("a-question", "A title", "What is it?")
    assert (question.about, question.dimension) == ("What counts.", "policy-coordination")
    assert question.columns == {"x": "The x"}
    assert question.parameters["x"].label == "X"
    assert not question.hidden
    assert question.sparql == QUERY


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (QUERY, "no #+ lines"),
        ("#+ title: [\n" + QUERY, "not YAML"),
        ("#+ - a list\n" + QUERY, "no #+ lines"),
        ("#+ question: What?\n" + QUERY, "no title"),
        ("#+ title: A title\n" + QUERY, "no question"),
        ("#+ title: 3\n#+ question: What?\n" + QUERY, "no title"),
        (HEADER + "#+ titel: Again\n" + QUERY, "'titel' is not a key"),
        (HEADER + "#+ columns: [x]\n" + QUERY, "columns is not a mapping"),
        (HEADER + "#+ parameters: [x]\n" + QUERY, "parameters is not a mapping"),
        (HEADER + "#+ parameters: {x: iri}\n" + QUERY, "A parameter is a mapping"),
        (HEADER + "#+ parameters: {x: {type: iri}}\n" + QUERY, "no label"),
        (HEADER + "#+ parameters: {x: {type: url, label: X}}\n" + QUERY, "'url' is not a type"),
        (HEADER + "#+ parameters: {x: {type: iri, label: X, many: true}}\n" + QUERY, "'many'"),
        (HEADER + "#+ parameters: {y: {type: iri, label: Y}}\n" + QUERY, "no line of its own"),
        (HEADER + PARAMETER + QUERY.replace("{ UNDEF }", "{UNDEF}"), "no line of its own"),
        (
            HEADER + PARAMETER + QUERY.replace("  VALUES", "  ?x a ?c . VALUES"),
            "no line of its own",
        ),
        (HEADER + PARAMETER + QUERY + QUERY, "no line of its own"),
        (HEADER + "ASK { ?s ?p ?o }", "is a SELECT query"),
        (HEADER + "CONSTRUCT WHERE { ?s ?p ?o }", "is a SELECT query"),
    ],
)
def test_a_file_that_is_no_question_is_refused(write: Write, text: str, said: str) -> None:
    file = write(text)
    with pytest.raises(BadQuestion, match=said.replace("+", r"\+")) as refused:
        Question.read(file)
    assert str(file) in refused.value.where


def test_a_name_that_is_no_slug_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "My Question.rq"
    file.write_text(HEADER + QUERY, encoding="utf-8")
    with pytest.raises(BadQuestion, match="not lower-case words and hyphens"):
        Question.read(file)


def test_a_new_file_is_a_question_at_once_and_an_edited_one_is_read_anew(tmp_path: Path) -> None:
    assert all_questions(tmp_path) == {}
    file = tmp_path / "new.rq"
    file.write_text(HEADER + QUERY, encoding="utf-8")
    assert all_questions(tmp_path)["new"].title == "A title"
    file.write_text(HEADER.replace("A title", "Another title") + QUERY, encoding="utf-8")
    assert all_questions(tmp_path)["new"].title == "Another title"


def test_an_unknown_question_is_answered_with_those_there_are() -> None:
    with pytest.raises(UnknownQuestion, match="mission-targets"):
        find_question("mision-targets")


# Binding

ANY_TERM: Final = """#+ title: What is given
#+ question: What is it?
#+ parameters:
#+   thing: {type: iri, label: Thing, several: true}
#+   words: {type: text, label: Words, several: true}
#+   count: {type: integer, label: Count}
#+   amount: {type: decimal, label: Amount}
#+   year: {type: year, label: Year}
#+   day: {type: date, label: Day}
#+   mission: {type: iri, class: Mission, label: Mission}
#+   status: {type: concept, scheme: status, label: Status}
#+   needed: {type: text, label: Needed, required: true}
SELECT ?thing ?words ?count ?amount ?year ?day ?mission ?status ?needed
WHERE {
  VALUES ?thing { UNDEF }
  VALUES ?words { UNDEF }
  VALUES ?count { UNDEF }
  VALUES ?amount { UNDEF }
  VALUES ?year { UNDEF }
  VALUES ?day { UNDEF }
  VALUES ?mission { UNDEF }
  VALUES ?status { UNDEF }
  VALUES ?needed { UNDEF }
}
"""
NOTHING: Final = EmbeddedStore.of([])


@pytest.fixture(scope="module")
def any_term(tmp_path_factory: pytest.TempPathFactory) -> Question:
    file = tmp_path_factory.mktemp("queries") / "any-term.rq"
    file.write_text(ANY_TERM, encoding="utf-8")
    return Question.read(file)


def bound(question: Question, name: str, *values: str) -> list[NamedNode | Literal]:
    """Return the terms that the engine sees when a parameter is given."""
    given = question.values({"needed": ["x"]} | {name: list(values)})
    rows = select(NOTHING, question.bind(given)).records()
    return [row[name] for row in rows]  # type: ignore[misc]


TEXTS: Final = st.text(st.characters(codec="utf-8"), max_size=40)
HOSTILE: Final = st.sampled_from(
    [
        '" } } DROP ALL #',
        "> } SERVICE <https://example.org/> { ?s ?p ?o } #",
        "\\u003E } ?s ?p ?o . {",
        "UNDEF } VALUES ?words { UNDEF",
        '"""',
        "'''\\",
        "\n#+ title: x\n",
        "$1 \\1 \\g<0> ?x {{ }}",
        "\\",
        "\r\n\t\0",
    ]
)


@given(text=TEXTS | HOSTILE)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_comes_back_as_exactly_that_text(any_term: Question, text: str) -> None:
    assert bound(any_term, "words", text) == [Literal(text)]


@given(tail=TEXTS | HOSTILE)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_iri_comes_back_as_that_iri_or_is_refused(any_term: Question, tail: str) -> None:
    iri = f"https://example.org/{tail}"
    if is_iri(iri):
        assert bound(any_term, "thing", iri) == [NamedNode(iri)]
    else:
        with pytest.raises(BadParameter, match="is not a full IRI"):
            any_term.values({"thing": [iri]})


@given(texts=st.lists(TEXTS | HOSTILE, min_size=1, max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_several_values_come_back_in_their_order(any_term: Question, texts: list[str]) -> None:
    assert bound(any_term, "words", *texts) == [Literal(text) for text in texts]


@pytest.mark.parametrize(
    ("name", "written", "term"),
    [
        ("thing", "mission/x", NamedNode(PREFIXES["id"] + "mission/x")),
        ("thing", "mg:Mission", mg("Mission")),
        ("thing", "https://example.org/%20ü'", NamedNode("https://example.org/%20ü'")),
        ("mission", "drought", NamedNode(PREFIXES["id"] + "mission/drought")),
        ("mission", "id:mission/drought", NamedNode(PREFIXES["id"] + "mission/drought")),
        ("status", "launched", NamedNode(PREFIXES["concept"] + "status/launched")),
        ("status", "concept:status/launched", NamedNode(PREFIXES["concept"] + "status/launched")),
        ("count", "-03", Literal(-3)),
        ("amount", "1e3", Literal("1000", datatype=NamedNode(PREFIXES["xsd"] + "decimal"))),
        ("year", "2030", Literal(2030)),
        ("day", "2030-02-28", Literal("2030-02-28", datatype=NamedNode(PREFIXES["xsd"] + "date"))),
    ],
)
def test_what_is_written_stands_for_a_term(
    any_term: Question, name: str, written: str, term: NamedNode | Literal
) -> None:
    assert bound(any_term, name, written) == [term]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("thing", "drought"),
        ("thing", "Drought Resilience"),
        ("thing", ""),
        ("mission", "no such:thing"),
        ("status", "Launched!"),
        ("count", "3.5"),
        ("count", "three"),
        ("amount", "1,5"),
        ("amount", "NaN"),
        ("amount", "Infinity"),
        ("year", "20300"),
        ("year", "2030-01"),
        ("day", "2030-02-30"),
        ("day", "30 February"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_with_an_example(
    any_term: Question, name: str, written: str
) -> None:
    with pytest.raises(BadParameter, match="is not a") as refused:
        any_term.values({"needed": ["x"], name: [written]})
    assert refused.value.where == name
    assert "such as" in refused.value.remedy


def test_an_unknown_parameter_is_refused_with_those_there_are(any_term: Question) -> None:
    with pytest.raises(BadParameter, match="'misson' is not a parameter") as refused:
        any_term.values({"misson": ["x"]})
    assert "mission" in refused.value.remedy


def test_one_value_is_one_value(any_term: Question) -> None:
    with pytest.raises(BadParameter, match="mission takes one value"):
        any_term.values({"needed": ["x"], "mission": ["a", "b"]})


def test_what_is_needed_has_to_be_given(any_term: Question) -> None:
    with pytest.raises(BadParameter, match="needed is needed") as refused:
        any_term.values({})
    assert "needed=" in refused.value.remedy


def test_a_line_with_nothing_given_is_dropped(any_term: Question) -> None:
    query = any_term.bind(any_term.values({"needed": ["x"]}))
    assert "UNDEF" not in query
    assert query.count("VALUES") == 1


# What the graph knows

GRAPH: Final = """
@prefix mg: <https://w3id.org/missiongraph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/missiongraph/id/mission/b> a mg:Mission ; rdfs:label "A mission"@en .
<https://w3id.org/missiongraph/id/mission/a> a mg:Mission ; rdfs:label "Some mission"@en .
<https://w3id.org/missiongraph/id/place/a> a mg:Place ; rdfs:label "A place"@en .
<https://w3id.org/missiongraph/concept/status/launched> rdfs:label "Launched"@en ;
  skos:inScheme <https://w3id.org/missiongraph/concept/status> .
"""


@pytest.fixture(scope="module")
def small() -> EmbeddedStore:
    quads: list[Quad] = list(parse(GRAPH, format=RdfFormat.TURTLE))
    return EmbeddedStore.of(quads)


@pytest.mark.parametrize(
    ("name", "written", "known"),
    [
        ("mission", "c", "id/mission/a"),
        ("mission", "id:place/a", "id/mission/b"),
        ("status", "stopped", "concept/status/launched"),
        ("thing", "mission/c", ""),
    ],
)
def test_what_the_graph_does_not_know_is_refused_with_what_it_knows(
    any_term: Question, small: EmbeddedStore, name: str, written: str, known: str
) -> None:
    with pytest.raises(BadParameter, match="is not known as") as refused:
        answer_table(small, any_term, {"needed": ["x"], name: [written]})
    assert refused.value.where == name
    assert known in refused.value.remedy


def test_what_the_graph_knows_is_taken(any_term: Question, small: EmbeddedStore) -> None:
    given = {"needed": ["x"], "mission": ["a"], "status": ["launched"], "thing": ["place/a"]}
    assert len(answer_table(small, any_term, given).rows) == 1


def test_choices_are_those_of_the_class_or_scheme_by_name(
    any_term: Question, small: EmbeddedStore
) -> None:
    def offered(name: str) -> list[str]:
        table = choices(small, any_term.parameters[name])
        return [str(row["label"].value) for row in table.records()]  # type: ignore[union-attr]

    assert offered("mission") == ["A mission", "Some mission"]
    assert offered("status") == ["Launched"]
    assert offered("thing") == []
