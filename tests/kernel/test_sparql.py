import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.errors import BadQuery, MissiongraphError, QueryForbidden, TooLarge
from missiongraph.sparql import MAX_DEPTH, MAX_LENGTH, MAX_TOKENS, Form, form_of

FORMS = {
    "SELECT * { ?s ?p ?o }": Form.SELECT,
    "# SERVICE <x> {}\nASK {}": Form.ASK,
    "BASE <http://select/> PREFIX insert: <http://x/> construct {} WHERE {}": Form.CONSTRUCT,
    "PREFIX select: <http://x/> DESCRIBE select:ask": Form.DESCRIBE,
    "SELECT ?service { ?service <http://load> 'SERVICE <http://x> {}' }": Form.SELECT,
    'SELECT * { ?s ?p """a " quoted SERVICE <http://x> { ?s } """ }': Form.SELECT,
    "PREFIX service: <http://x/> SELECT * { GRAPH service:x { ?s service:p service:o } }": (
        Form.SELECT
    ),
    "SELECT * { FILTER(1 < 2 && 3 > 2) }": Form.SELECT,
    "SELECT (COUNT(*) AS ?with) { ?s ?p 'LOAD' }": Form.SELECT,
}

FORBIDDEN = [
    "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
    "SELECT * { sErViCe SILENT <http://127.0.0.1/> { ?s ?p ?o } }",
    "SELECT * { SERVICE#\n<http://127.0.0.1/> { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<http://127.0.0.1/>{ ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1/> SELECT * { SERVICE:x{ ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1/> SELECT * { ?s ?p true SERVICE:x{ ?s ?p ?o } }",
    "PREFIX : <http://127.0.0.1/> SELECT * { ?s ?p trueSERVICE:x{ ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE<http://127.0.0.1/>{ ?s ?p ?o } }",
    r"SELECT * { \u0053ERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
    r"SELECT * { \U00000053ERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
    "SELECT * { SERVICE ?endpoint { ?s ?p ?o } }",
    "INSERT DATA { <http://a> <http://b> <http://c> }",
    "PREFIX a: <http://a> delete where { ?s ?p ?o }",
    "LOAD <http://127.0.0.1/>",
    "WITH <http://a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "CLEAR ALL",
    r"\u004COAD <http://127.0.0.1/>",
]


@pytest.mark.parametrize("query", FORMS)
def test_the_form_of_a_query_is_told_from_its_tokens(query: str) -> None:
    assert form_of(query) is FORMS[query]


@pytest.mark.parametrize("query", FORBIDDEN)
def test_updates_and_calls_of_other_servers_are_refused_however_spelt(query: str) -> None:
    with pytest.raises(QueryForbidden):
        form_of(query)


@pytest.mark.parametrize("query", ["", "   # only a comment", "hello", "PREFIX a: <http://a>"])
def test_what_is_no_query_is_said_to_be_none(query: str) -> None:
    with pytest.raises(BadQuery):
        form_of(query)


def test_each_limit_holds_at_the_bound_and_bites_just_over_it() -> None:
    def nested(depth: int) -> str:
        return "ASK " + "{" * depth + "}" * depth

    def worded(count: int) -> str:
        return "ASK" + " ?x" * (count - 1)

    def long(length: int) -> str:
        return "ASK {} #".ljust(length, "x")

    assert form_of(nested(MAX_DEPTH)) is form_of(worded(MAX_TOKENS)) is form_of(long(MAX_LENGTH))
    for query in (nested(MAX_DEPTH + 1), nested(100_000)[:60_000], worded(MAX_TOKENS + 1)):
        with pytest.raises(BadQuery):
            form_of(query)
    with pytest.raises(TooLarge):
        form_of(long(MAX_LENGTH + 1))


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(BadQuery, match="surrogate"):
        form_of("ASK { ?s ?p '\ud800' }")


@given(st.text())
def test_no_text_makes_the_lexer_raise_anything_else(text: str) -> None:
    try:
        form_of(text)
    except MissiongraphError as error:
        assert error.what
