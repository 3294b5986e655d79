"""On small graphs made by hand, where the right answer can be seen, questions give it."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from written_answers import FOLDER, read_answer

from missiongraph import resources
from missiongraph.ingest.assembly import assemble
from missiongraph.questions import answer_table, find_question
from missiongraph.store import EmbeddedStore

GRAPHS = sorted((FOLDER / "graphs").glob("*.trig"))


@pytest.mark.parametrize("file", GRAPHS, ids=lambda file: file.stem)
def test_the_answer_is_the_one_that_can_be_seen(file: Path) -> None:
    expected = read_answer(file.with_suffix(".csv"))
    quads = parse(path=str(file), format=RdfFormat.TRIG)
    store = EmbeddedStore(assemble(quads, resources.root() / "ontology"))
    table = answer_table(store, find_question(expected.question), expected.given)
    assert sorted(expected.same_columns_of(table)) == sorted(expected.rows)
