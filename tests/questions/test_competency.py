"""The competency questions of docs/ontology.md have the answers that stand beside them."""

import re
from pathlib import Path
from typing import Final

import pytest
from written_answers import FOLDER

from missiongraph.questions import answer_table, find_question
from missiongraph.releases import Release
from missiongraph.store import Store
from missiongraph.tables import select, text_of

TEXT: Final = (FOLDER.parents[1] / "docs" / "ontology.md").read_text(encoding="utf-8")
OWN: Final = re.findall(
    r"^### ([^\n]*)\n(.*?)```sparql[^\n]*\n(.*?)```\n\n((?:\|[^\n]*\n)+)",
    TEXT,
    re.MULTILINE | re.DOTALL,
)
STORED: Final = re.findall(r"^\| `([a-z-]+)` \| (.*?\?) \| (.*?) \|$", TEXT, re.MULTILINE)
ASKED_OF_THE_DESIGN: Final = [
    "missions",
    "mission-targets",
    "targets-without-deadline",
    "shared-challenges",
    "uncoordinated-missions",
    "ministries-without-joint-body",
    "levels-without-owner",
    "instrument-mix",
    "demand-side-gap",
    "actors-across-missions",
    "policy-fields-beyond-sti",
    "implementation-challenges",
    "shared-implementation-challenges",
    "practices",
    "single-solution-risk",
    "duplicate-projects",
    "portfolio-gaps",
    "crowd-in",
    "no-evaluation",
    "external-ownership",
    "eu-alignment",
    "eu-projects",
    "eu-participation-of-national-actors",
    "contradictions",
    "single-source-claims",
    "coverage",
    "source-age",
]
"""The coordination questions that the project exists to answer."""
ELSEWHERE: Final = {"on released data": "european", "on a graph made by hand": "graphs"}
"""Where answers stand that were checked on other data: folders of tests/questions."""


@pytest.fixture(scope="module")
def store(checked_release: Release) -> Store:
    return checked_release.load()


def rows_of(table: str) -> list[list[str]]:
    """Return the cells of a table in Markdown, its line of dashes left out."""
    lines = [line for line in table.splitlines() if not set(line) <= set("|-")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize(
    ("sparql", "table"), [(found[2], found[3]) for found in OWN], ids=range(len(OWN))
)
def test_the_ontologys_own_questions_have_the_answers_that_stand_there(
    store: Store, sparql: str, table: str
) -> None:
    answer = select(store, sparql)
    columns, *rows = rows_of(table)
    assert columns == list(answer.columns)
    assert rows == [[text_of(cell) for cell in row] for row in answer.rows]


def test_there_are_questions_of_the_ontologys_own() -> None:
    assert len(OWN) == TEXT.count("```sparql") >= 9


def test_every_question_of_the_design_is_listed() -> None:
    assert [name for name, _, _ in STORED] == ASKED_OF_THE_DESIGN


@pytest.mark.parametrize(("name", "words", "found"), STORED, ids=[name for name, _, _ in STORED])
def test_a_question_of_the_design_is_answered(
    store: Store, name: str, words: str, found: str
) -> None:
    assert words.endswith("?")
    table = answer_table(store, find_question(name))
    if found in ELSEWHERE:
        assert not table.rows
        assert list(Path(FOLDER / ELSEWHERE[found]).glob(f"{name}*.csv"))
    else:
        assert found in {text_of(cell) for row in table.rows for cell in row}
