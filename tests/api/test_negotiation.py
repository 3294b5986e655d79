"""The negotiation table of RFC 9110, section 12.5.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.api.negotiation import choose, choose_named
from missiongraph.errors import FormatNotOffered
from missiongraph.formats import GRAPH_FORMATS, TABLE_FORMATS

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        (None, "json"),
        ("", "json"),
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("TEXT/CSV", "csv"),
        ("text/*", "xml"),
        ("text/csv;q=0.5, text/tab-separated-values", "tsv"),
        ("text/csv; q=0.5 , application/sparql-results+xml;q=0.6", "xml"),
        ("text/csv;q=0, */*", "json"),
        ("application/sparql-results+json;q=0, */*;q=0.1", "json"),
        ("application/json;q=0, application/sparql-results+json;q=0, */*", "xml"),
        ("text/csv;header=present", "csv"),
        ('text/csv;x="a,b;q=0";q=0.4', "csv"),
        ("text/csv;q=1.5, text/tab-separated-values;q=0.1", "tsv"),
        ("nonsense, text/csv;q=0.2", "csv"),
        ("*/csv, text/tab-separated-values;q=0.1", "tsv"),
        (BROWSER, "xml"),
    ],
)
def test_the_best_liked_of_the_offered_formats_is_chosen(accept: str | None, name: str) -> None:
    assert choose(accept, TABLE_FORMATS).format.name == name


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "text/turtle", "nonsense"])
def test_when_none_is_acceptable_the_remedy_lists_what_is_offered(accept: str) -> None:
    with pytest.raises(FormatNotOffered) as caught:
        choose(accept, TABLE_FORMATS)
    assert "application/sparql-results+json" in caught.value.remedy


def test_the_answer_has_the_media_type_that_was_asked_for() -> None:
    assert choose("application/json", TABLE_FORMATS).content_type == "application/json"
    assert choose("text/plain", GRAPH_FORMATS).content_type == "text/plain; charset=utf-8"
    assert choose("*/*", GRAPH_FORMATS).content_type == "text/turtle; charset=utf-8"


@pytest.mark.parametrize(
    ("name", "for_table", "for_graph"),
    [("json", "json", "jsonld"), ("xml", "xml", "rdf"), ("application/json", "json", "jsonld")],
)
def test_a_name_means_the_fitting_format_of_tables_and_of_graphs(
    name: str, for_table: str, for_graph: str
) -> None:
    assert choose_named(name, TABLE_FORMATS).format.name == for_table
    assert choose_named(name, GRAPH_FORMATS).format.name == for_graph


@given(st.text())
def test_any_header_is_read_or_refused_in_words(accept: str) -> None:
    try:
        choose(accept, TABLE_FORMATS)
    except FormatNotOffered as error:
        assert error.remedy
