import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph import names, sparql, tables
from missiongraph.names import BASE, PREFIXES, compact, expand, is_iri, is_slug, local_path


@pytest.mark.parametrize("module", [names, sparql, tables], ids=lambda module: module.__name__)
def test_the_examples_in_docstrings_hold(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0


@given(st.sampled_from(sorted(PREFIXES)), st.from_regex(r"[a-z][a-zA-Z0-9-]{0,20}", fullmatch=True))
def test_expanding_a_compacted_iri_gives_it_back(prefix: str, local: str) -> None:
    iri = PREFIXES[prefix] + local
    assert expand(compact(iri)) == iri


@given(st.text())
def test_nothing_that_could_break_out_of_a_query_is_an_iri(text: str) -> None:
    if is_iri(text):
        assert not set(text) & set('<>"{}|^`\\ \n\r\t\x00')
    if is_slug(text):
        assert text.isascii()
        assert is_iri(f"{BASE}id/mission/{text}")


def test_iris_of_others_have_no_path_here() -> None:
    assert local_path("https://example.org/id/mission/x") is None
