"""Worked examples: answers over the released data that a person has checked in the sources."""

from pathlib import Path

import pytest
from written_answers import FOLDER, read_answer

from missiongraph.questions import answer_table, find_question
from missiongraph.releases import Release
from missiongraph.store import Store

EXAMPLES = sorted((FOLDER / "released").glob("*.csv"))


@pytest.fixture(scope="module")
def store(built_release: Release) -> Store:
    return built_release.load()


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_released_data_give_the_answer_that_was_checked(store: Store, file: Path) -> None:
    example = read_answer(file)
    table = answer_table(store, find_question(example.question), example.given)
    assert example.same_columns_of(table) == example.rows
