"""Worked examples, on docs/questions.md: answers over the released data that a person has checked."""

from pathlib import Path

import pytest
from worked_examples import PAGE, missing, page
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


def test_every_question_has_a_worked_example() -> None:
    assert not missing(), "write tests/questions/released/<question>.<case>.csv"


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_says_how_it_was_checked(file: Path) -> None:
    assert read_answer(file).note, "add a line '#: how the answer was checked'"


def test_the_page_of_the_docs_shows_these_answers(store: Store) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(store), (
        "run: python tests/questions/worked_examples.py"
    )
