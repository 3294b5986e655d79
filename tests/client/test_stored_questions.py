"""The stub of the questions: equal to queries/, and what a type checker makes of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from missiongraph.client import stored
from missiongraph.client.stubs import our_stub, stub
from missiongraph.questions import Question, all_questions

ROOT = Path(__file__).parents[2]
OWN = """\
#+ title: Rivers
#+ question: Which "rivers"\\ are there?
#+ parameters:
#+   class: {type: iri, label: Class}
#+   since: {type: date, label: Since, required: true}
#+   place: {type: iri, class: Place, label: Place, several: true}
#+ columns: {river: River}
SELECT ?river WHERE {
  VALUES ?class { UNDEF }
  VALUES ?since { UNDEF }
  VALUES ?place { UNDEF }
  ?river a ?class
}
ORDER BY ?river
"""


@pytest.fixture
def rivers(tmp_path: Path) -> Question:
    (tmp_path / "rivers.rq").write_text(OWN, encoding="utf-8")
    return all_questions(tmp_path)["rivers"]


def test_the_stub_is_that_of_our_questions() -> None:
    file = Path(stored.__file__).with_suffix(".pyi")
    assert file.read_text(encoding="utf-8") == our_stub(), "run make context"


def test_the_stub_is_formatted_as_all_code_is() -> None:
    ruff = Path(sys.executable).with_name("ruff")
    file = Path(stored.__file__).with_suffix(".pyi")
    subprocess.run([ruff, "format", "--check", file], cwd=ROOT, check=True, capture_output=True)


def test_a_new_question_is_in_the_stub_with_its_parameters(rivers: Question) -> None:
    written = stub([rivers])
    assert 'question: Literal["rivers"]' in written
    assert "        since: Day,\n" in written
    assert "        place: Names | None = ...,\n" in written
    assert "**parameters" in written  # a keyword of Python cannot be named
    compile(written, "stored.pyi", "exec")


@pytest.mark.slow
def test_a_type_checker_knows_questions_parameters_and_frames(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import missiongraph as mg\n"
        'g = mg.connect(frames="polars")\n'
        'reveal_type(g.ask("missions", place=["DNK"]))\n'
        'reveal_type(g.mission("x").targets[0].deadlines)\n'
        'reveal_type(g.compare(["x"]).matrix)\n'
        'g.ask("missionz")\n'
        'g.ask("missions", plaze="DNK")\n'
        'g.ask("facts")\n'
        'g.ask(g.questions["missions"], place="DNK")\n'
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", ROOT / "pyproject.toml", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    revealed = [line.split('"')[1] for line in lines if "Revealed" in line]
    frame = "polars.dataframe.frame.DataFrame"
    assert revealed == [frame, "tuple[missiongraph.client.things.Fact, ...]", frame]
    refused = [line.split(":")[1] for line in lines if " error: " in line]
    assert refused == ["6", "7", "8"]
