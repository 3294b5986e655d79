"""Answers over our own data are those that a person has checked in the sources."""

from pathlib import Path

import pytest
from sample import CHECKED
from test_every_question import MAY_BE_EMPTY
from written_answers import FOLDER, read_answer

from missiongraph.ingest.pipeline import build
from missiongraph.questions import all_questions, answer_table, find_question
from missiongraph.releases import Release
from missiongraph.settings import Settings
from missiongraph.store import Store

GOLDENS = sorted((FOLDER / "goldens").glob("*.csv"))
EUROPEAN = sorted((FOLDER / "european").glob("*.csv"))  # over the open tables of data/
# What they count changes with every edit; test_every_question.py counts by other means.
OF_THE_GRAPH_ITSELF = {"terms", "things-by-class", "vocabularies"}
LOCATORS = {"evidence", "startSeconds"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    home = tmp_path_factory.mktemp("checked")
    return build(Settings(home=home), CHECKED).release.load()


@pytest.mark.parametrize("file", GOLDENS, ids=lambda file: file.stem)
def test_an_answer_is_the_one_that_was_checked_in_the_source(store: Store, file: Path) -> None:
    golden = read_answer(file)
    table = answer_table(store, find_question(golden.question), golden.given)
    assert golden.same_columns_of(table) == golden.rows


@pytest.mark.parametrize("file", EUROPEAN, ids=lambda file: file.stem)
def test_an_answer_over_open_tables_is_the_one_that_was_checked(
    built_release: Release, file: Path
) -> None:
    golden = read_answer(file)
    table = answer_table(built_release.load(), find_question(golden.question), golden.given)
    assert golden.same_columns_of(table) == golden.rows


@pytest.mark.parametrize(
    "name", sorted(name for name, question in all_questions().items() if not question.hidden)
)
def test_every_question_has_an_answer_that_was_checked(name: str) -> None:
    checked = {file.name.partition(".")[0] for file in (*GOLDENS, *EUROPEAN)}
    if name in MAY_BE_EMPTY:  # until the data answer it, the small graph's answer is the one
        checked |= {file.stem for file in (FOLDER / "graphs").glob("*.csv")}
    assert name in checked | OF_THE_GRAPH_ITSELF, f"write tests/questions/goldens/{name}.csv"


@pytest.mark.parametrize("file", GOLDENS, ids=lambda file: file.stem)
def test_each_row_stands_beside_where_its_source_says_it(file: Path) -> None:
    golden = read_answer(file)
    assert LOCATORS & set(find_question(golden.question).columns) <= set(golden.columns)
    assert all(any(row) for row in golden.rows)
