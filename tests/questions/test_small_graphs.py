"""On small graphs made by hand, where the right answer can be seen, questions give it."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse
from test_goldens import OF_THE_GRAPH_ITSELF
from written_answers import FOLDER, read_answer

from missiongraph import resources
from missiongraph.ingest.assembly import assemble
from missiongraph.ingest.statements import merged
from missiongraph.questions import all_questions, answer_table, find_question
from missiongraph.store import EmbeddedStore

GRAPHS = sorted((FOLDER / "graphs").glob("*.trig"))


@pytest.mark.parametrize("file", GRAPHS, ids=lambda file: file.stem)
def test_the_answer_is_the_one_that_can_be_seen(file: Path) -> None:
    expected = read_answer(file.with_suffix(".csv"))
    table = answer_table(
        EmbeddedStore(graph_of(file)), find_question(expected.question), expected.given
    )
    assert sorted(expected.same_columns_of(table)) == sorted(expected.rows)


def graph_of(file: Path) -> Store:
    """Return a store of the file's statements with our ontology; a file that asks after an
    ontology brings a small one of its own."""
    quads = list(parse(path=str(file), format=RdfFormat.TRIG))
    if file.stem not in OF_THE_GRAPH_ITSELF:
        return assemble(quads, resources.root() / "ontology")
    engine = Store()
    engine.bulk_extend(quads)
    engine.bulk_extend(merged(quad.triple) for quad in quads)
    return engine


@pytest.mark.parametrize(
    "name", sorted(name for name, question in all_questions().items() if not question.hidden)
)
def test_every_question_has_a_small_graph(name: str) -> None:
    assert name in {file.stem for file in GRAPHS}, f"write tests/questions/graphs/{name}.trig"
