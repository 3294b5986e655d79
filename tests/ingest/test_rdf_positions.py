"""Where RDF files name what was found."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from missiongraph.ingest.rdf_positions import positions_in
from missiongraph.names import PREFIXES

TURTLE = """\
@prefix ex: <https://example.org/> .
PREFIX id: <https://example.org/id/>
# ex:late stands in a comment
ex:first ex:knows ex:late ;
    ex:says "no <https://example.org/word> here" .
id:a\\/b a ex:Thing .
ex:late a ex:Thing .
"""


@pytest.fixture
def turtle(tmp_path: Path) -> Path:
    file = tmp_path / "a.ttl"
    file.write_text(TURTLE, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("iri", "place"),
    [
        ("first", "4:1"),
        ("id/a/b", "6:1"),
        ("late", "7:1"),
        ("knows", "4:10"),
        ("nowhere", None),
    ],
)
def test_a_name_is_found_where_it_begins_a_statement_or_else_where_it_is_first(
    turtle: Path, iri: str, place: str | None
) -> None:
    named = f"https://example.org/{iri}"
    assert positions_in([turtle], [named]) == ({named: f"{turtle}:{place}"} if place else {})


def test_a_form_without_lines_of_its_own_gives_none(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonld"
    file.write_text('{"@id": "https://example.org/first"}')
    assert positions_in([file], ["https://example.org/first"]) == {}


SLUG = st.text("abcxyz0189/._-%", min_size=1, max_size=8).filter(lambda s: "%" not in s)


@given(st.lists(SLUG, min_size=1, max_size=5, unique=True))
def test_every_subject_of_what_is_written_is_found(
    tmp_path_factory: pytest.TempPathFactory, slugs: list[str]
) -> None:
    names = [NamedNode(PREFIXES["id"] + "mission/" + slug) for slug in slugs]
    triples = [Triple(name, NamedNode(PREFIXES["mg"] + "ownedBy"), names[0]) for name in names]
    for form, ending in ((RdfFormat.TURTLE, "ttl"), (RdfFormat.N_TRIPLES, "nt")):
        file = tmp_path_factory.mktemp("rdf") / f"a.{ending}"
        serialize(triples, output=str(file), format=form, prefixes=PREFIXES)
        assert positions_in([file], [n.value for n in names]).keys() == {n.value for n in names}
