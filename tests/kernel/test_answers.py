import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, Store

from missiongraph.answers import Limits, write
from missiongraph.errors import AnswerTooLarge
from missiongraph.formats import N_TRIPLES, TABLE_FORMATS, TableFormat

ROUGH = ['"', "\n", "\r\n", ',{"', '[{"', "{}", "<result>", "\t", "a", "\\", "}", "ü"]
TEXTS = st.lists(st.lists(st.sampled_from(ROUGH)).map("".join), max_size=6)


@given(TEXTS, st.sampled_from(TABLE_FORMATS))
def test_rows_are_counted_right_whatever_their_values(
    texts: list[str], wanted: TableFormat
) -> None:
    rows = " ".join(f"( {number} {Literal(text)} )" for number, text in enumerate(texts))
    query = f"SELECT * {{ VALUES (?number ?text) {{ {rows} }} }}"
    count = len(texts)
    assert write(Store().query(query), wanted, Limits(max_rows=count))
    if count:
        with pytest.raises(AnswerTooLarge):
            write(Store().query(query), wanted, Limits(max_rows=count - 1))


@pytest.mark.parametrize("wanted", TABLE_FORMATS, ids=lambda wanted: wanted.name)
def test_a_long_answer_is_counted_right_across_the_pieces_it_is_written_in(
    wanted: TableFormat,
) -> None:
    digits = " ".join(map(str, range(10)))
    values = " ".join(f"VALUES ?{name} {{ {digits} }}" for name in "abcd")
    query = f"SELECT * {{ {values} }}"
    assert len(write(Store().query(query), wanted, Limits(max_rows=10_000))) > 10_000
    with pytest.raises(AnswerTooLarge):
        write(Store().query(query), wanted, Limits(max_rows=9_999))


def test_triples_are_counted_once_each() -> None:
    query = "CONSTRUCT { <x:s> <x:p> ?o } { VALUES ?o { 1 2 } VALUES ?other { 1 2 3 } }"
    assert write(Store().query(query), N_TRIPLES, Limits(max_rows=2)).count(b"\n") == 2
    with pytest.raises(AnswerTooLarge):
        write(Store().query(query), N_TRIPLES, Limits(max_rows=1))
