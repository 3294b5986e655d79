"""Mapping sets: files in, matches and their records or mistakes out; the reference library agrees."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from missiongraph.errors import BadDocument
from missiongraph.ingest.mapping_sets import MappingSet, read_mapping_set, record_iri
from missiongraph.ingest.open_data import open_data_files, read_open_data
from missiongraph.names import ID, PREFIXES, mg
from missiongraph.ontology import our_ontology
from missiongraph.resources import root

HEAD = """\
# curie_map:
#   ex: https://example.org/
#   id: https://w3id.org/missiongraph/id/
#   semapv: https://w3id.org/semapv/vocab/
#   skos: http://www.w3.org/2004/02/skos/core#
# mapping_set_id: https://w3id.org/missiongraph/id/graph/mapping/example
# mapping_set_title: An example
# mapping_set_version: "1"
# license: https://creativecommons.org/licenses/by/4.0/
# creator_id:
#   - id:actor/editors
# mapping_date: "2026-11-25"
"""
COLUMNS = (
    "subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\tauthor_id"
    "\treviewer_id\tconfidence\tcomment\n"
)
ROW = (
    "id:mission/drought\tskos:closeMatch\t\tid:mission/eu-adaptation\tsemapv:ManualMappingCuration"
    "\tid:actor/editors\t\t0.9\tBoth, in words.\n"
)
PROPOSED = ROW.replace("ManualMappingCuration", "LexicalMatching")
GRAPH = NamedNode(f"{ID}graph/mapping/example")
SETS = sorted((root() / "data" / "mappings").glob("*.sssom.tsv"))
SSSOM = root() / ".clients" / "sssom" / "bin" / "sssom"
IN_CI = os.environ.get("CI") == "true"
needs_sssom = [
    pytest.mark.sssom,
    pytest.mark.skipif(not SSSOM.exists() and not IN_CI, reason="needs .ci/install-sssom"),
]
# The names that SSSOM's RDF has for its slots; ours are the slots' own.
OF_THE_LIBRARY = {
    "http://www.w3.org/2002/07/owl#annotatedSource": "subject_id",
    "http://www.w3.org/2002/07/owl#annotatedProperty": "predicate_id",
    "http://www.w3.org/2002/07/owl#annotatedTarget": "object_id",
    "http://purl.org/pav/authoredBy": "author_id",
    **{
        f"{PREFIXES['sssom']}{name}": name
        for name in ("mapping_justification", "confidence", "reviewer_id", "predicate_modifier")
    },
}


def read(folder: Path, text: str) -> MappingSet:
    file = folder / "example.sssom.tsv"
    file.write_text(text, encoding="utf-8")
    return read_mapping_set(file)


def test_a_match_stands_in_the_graph_of_its_set_and_missions_are_aligned(tmp_path: Path) -> None:
    quads = list(read(tmp_path, HEAD + COLUMNS + ROW).quads())
    assert {quad.graph_name for quad in quads} == {GRAPH}
    drought, eu = NamedNode(f"{ID}mission/drought"), NamedNode(f"{ID}mission/eu-adaptation")
    assert Quad(drought, NamedNode(PREFIXES["skos"] + "closeMatch"), eu, GRAPH) in quads
    assert Quad(drought, mg("alignedWith"), eu, GRAPH) in quads


def test_a_match_of_other_things_aligns_nothing(tmp_path: Path) -> None:
    row = ROW.replace("id:mission/eu-adaptation", "ex:drought")
    quads = list(read(tmp_path, HEAD + COLUMNS + row).quads())
    assert not [quad for quad in quads if quad.predicate == mg("alignedWith")]


def test_a_challenge_that_matches_a_goal_relates_to_it(tmp_path: Path) -> None:
    goal = "https://w3id.org/missiongraph/concept/sustainable-development-goal/goal-13"
    row = ROW.replace("id:mission/eu-adaptation", goal)
    relation = mg("relatedGoal")
    of_challenge = read(tmp_path, HEAD + COLUMNS + row.replace("id:mission", "id:challenge"))
    found = [q.triple for q in of_challenge.quads() if q.predicate == relation]
    assert found == [Triple(NamedNode(f"{ID}challenge/drought"), relation, NamedNode(goal))]
    of_mission = read(tmp_path, HEAD + COLUMNS + row)
    assert not [q for q in of_mission.quads() if q.predicate == relation]


def test_a_record_tells_how_and_by_whom_a_match_was_made(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + COLUMNS + ROW)
    record = NamedNode(record_iri(found.iri, found.matches[0]))
    facts = {
        q.predicate.value.rpartition("/")[2].rpartition("#")[2]: q.object.value  # type: ignore[union-attr]
        for q in found.quads()
        if q.subject == record
    }
    assert facts == {
        "type": "https://w3id.org/sssom/Mapping",
        "subject_id": f"{ID}mission/drought",
        "predicate_id": "http://www.w3.org/2004/02/skos/core#closeMatch",
        "object_id": f"{ID}mission/eu-adaptation",
        "mapping_justification": "https://w3id.org/semapv/vocab/ManualMappingCuration",
        "author_id": f"{ID}actor/editors",
        "confidence": "0.9",
        "mapping_date": "2026-11-25",
        "comment": "Both, in words.",
    }


def test_what_does_not_match_is_recorded_and_not_stated(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + COLUMNS + ROW.replace("closeMatch\t", "closeMatch\tNot"))
    subjects = {q.subject for q in found.quads()}
    assert NamedNode(f"{ID}mission/drought") not in subjects
    not_ = NamedNode(PREFIXES["sssom"] + "predicate_modifier")
    assert [q.object for q in found.quads() if q.predicate == not_] == [
        NamedNode(PREFIXES["sssom"] + "NegatedPredicate")
    ]


def test_nothing_that_a_program_proposed_is_taken_unreviewed(tmp_path: Path) -> None:
    with pytest.raises(BadDocument, match="not made by hand"):
        read(tmp_path, HEAD + COLUMNS + PROPOSED)
    reviewed = PROPOSED.replace("id:actor/editors\t\t", "id:actor/editors\tid:actor/editors\t")
    assert len(read(tmp_path, HEAD + COLUMNS + reviewed).matches) == 1


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("0.9", "90 %", "14:8", "is not a number"),
        ("0.9", "1.1", "14:8", "not between 0 and 1"),
        ("skos:closeMatch", "skos:related", "14:2", "none that is used here"),
        ("skos:closeMatch", "sameAs", "14:2", "no prefix of curie_map"),
        ("id:mission/drought", "mission/drought", "14:1", "no prefix of curie_map"),
        ("id:mission/drought", "", "14:1", "is empty"),
        ("id:mission/eu-adaptation", "id:mission/drought", "14:4", "is the subject itself"),
        ("\tid:actor/editors", "\t", "14:6", "names nobody"),
        ("Manual", "Mental", "14:5", "none that is used here"),
        ("closeMatch\t", "closeMatch\tno", "14:3", "is not Not"),
        ("in words.", "in words.\tmore", "14:1", "too many cells"),
        ("Both", '"Both', "14:1", "no table with tabs"),
        ("Both", "Bo\x07th", "14:9", "U+0007"),
        (COLUMNS, COLUMNS.replace("confidence", "sureness"), "13:8", "no slot that is read here"),
        (COLUMNS, COLUMNS.replace("author_id", "author"), "13:6", "Write author_id"),
        (COLUMNS, COLUMNS.replace("comment", "confidence"), "13:9", "stands here twice"),
        ("# license:", "# licence:", "9:3", "Write license."),
        ('# mapping_set_version: "1"\n', "", "1:1", "no mapping_set_version"),
        ("mapping/example", "mapping/other", "1:1", "not that of the file's name"),
        ("# license: https", "# license: creative https", "1:1", "license is not an address"),
        ('"2026-11-25"', "2026", "1:1", "is not a day"),
        ("#   ex:", "#   ex: &x", "2:9", "anchor"),
        (ROW, ROW + ROW, "15:4", "matched so on line 14"),
    ],
)
def test_a_mistake_names_its_line_and_column(
    tmp_path: Path, old: str, new: str, place: str, words: str
) -> None:
    text = (HEAD + COLUMNS + ROW).replace(old, new, 1)
    with pytest.raises(BadDocument) as caught:
        read(tmp_path, text)
    assert f"example.sssom.tsv:{place}: " in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"# [", b"# a: 1\n", b"x\ty\n"], ids=repr)
def test_what_is_no_mapping_set_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "example.sssom.tsv"
    file.write_bytes(content)
    with pytest.raises(BadDocument):
        read_mapping_set(file)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_no_text_breaks_the_reader(tmp_path: Path, text: str) -> None:
    file = tmp_path / "example.sssom.tsv"
    file.write_bytes((HEAD + COLUMNS + text).encode("utf-8", "surrogatepass"))
    try:
        read_mapping_set(file)
    except BadDocument as refused:
        assert "example.sssom.tsv" in str(refused)


@pytest.mark.parametrize("file", SETS, ids=lambda file: file.name)
def test_our_mapping_sets_are_read(file: Path) -> None:
    assert read_mapping_set(file).matches


def test_mapping_sets_take_part_in_every_build() -> None:
    graphs = {
        q.graph_name for q in read_open_data(open_data_files(root() / "data"), our_ontology()).quads
    }
    assert {NamedNode(read_mapping_set(file).iri) for file in SETS} <= graphs


@pytest.mark.parametrize("file", SETS, ids=lambda file: file.name)
class TestTheReferenceLibrary:
    pytestmark = needs_sssom

    def test_finds_our_mapping_sets_valid(self, file: Path) -> None:
        done = subprocess.run(
            [SSSOM, "validate", file], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "error" not in (done.stdout + done.stderr).lower()

    def test_reads_the_same_from_them(self, file: Path) -> None:
        command = [str(SSSOM), "convert", "--output-format", "rdf", str(file)]
        turtle = subprocess.run(command, capture_output=True, check=True).stdout
        theirs = [quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)]
        ours = [quad.triple for quad in read_mapping_set(file).quads()]
        assert records(theirs) == records(ours)


def records(triples: list[Triple]) -> set[frozenset[tuple[str, str]]]:
    """Return each mapping's slots with their values, whatever it is called."""
    found: dict[str, set[tuple[str, str]]] = {}
    for triple in triples:
        predicate = triple.predicate.value
        slot = OF_THE_LIBRARY.get(predicate, predicate.removeprefix(PREFIXES["sssom"]))
        if slot in OF_THE_LIBRARY.values():
            value = triple.object.value  # type: ignore[union-attr]
            spelt = str(float(value)) if slot == "confidence" else value
            found.setdefault(str(triple.subject), set()).add((slot, spelt))
    return {frozenset(slots) for slots in found.values()}
