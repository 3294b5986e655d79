"""The recipes of CONTRIBUTING.md: their examples are taken by a real build, each as one new file."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode

from missiongraph.ingest.pipeline import Build, Rooms, build
from missiongraph.ingest.staging import stage
from missiongraph.names import ID, RDFS_LABEL, mg
from missiongraph.questions import all_questions, answer_table
from missiongraph.releases import Home
from missiongraph.resources import root
from missiongraph.settings import Settings

GUIDE = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
MISSION = f"{ID}mission/example-clean-rivers"


def example(language: str) -> str:
    """Return the guide's only example in a language."""
    (text,) = re.findall(rf"^```{language}\b[^\n]*\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
    return str(text)


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Rooms:
    """Our rooms with the guide's source, which uses the guide's vocabulary."""
    folder = tmp_path_factory.mktemp("rooms")
    for room in ("ontology", "shapes", "data"):
        shutil.copytree(root() / room, folder / room)
    source = example("yaml").replace(
        "governanceLevel: national",
        "governanceLevel: national\n        missionType: example-type/asked-by-citizens",
    )
    (folder / "data" / "example-report.yaml").write_text(source, encoding="utf-8")
    vocabulary = folder / "ontology" / "vocabularies" / "example-type.ttl"
    vocabulary.write_text(example("turtle"), encoding="utf-8")
    return Rooms(folder / "ontology", folder / "shapes", folder / "data")


@pytest.fixture(scope="module")
def done(rooms: Rooms, tmp_path_factory: pytest.TempPathFactory) -> Build:
    return build(Settings(home=tmp_path_factory.mktemp("home")), rooms=rooms)


def test_a_source_and_a_vocabulary_are_one_new_file_each(done: Build) -> None:
    dump = done.release.dump.read_text(encoding="utf-8")
    evidence = f"<{ID}evidence/example-report/clean-rivers>"
    concept = "<https://w3id.org/missiongraph/concept/example-type/asked-by-citizens>"
    assert f"<{MISSION}> {mg('missionType')} {concept} {evidence} ." in dump
    assert (
        f"{evidence} <http://xmlns.com/foaf/0.1/page> <https://example.org/report.pdf#page=12>"
        in dump
    )


def test_the_example_leaves_an_editor_no_warning_about_its_target(done: Build) -> None:
    ours = [finding for finding in done.warnings if "target/example" in finding.focus]
    assert ours == []


def test_a_question_is_one_new_file(done: Build, tmp_path: Path) -> None:
    (tmp_path / "missions-by-place.rq").write_text(example("sparql"), encoding="utf-8")
    question = all_questions(tmp_path)["missions-by-place"]
    table = answer_table(done.release.load(), question, {"place": ["denmark"]})
    assert NamedNode(MISSION) in {row["mission"] for row in table.records()}


def test_the_example_of_a_connector_is_staged_and_built(tmp_path: Path) -> None:
    example_module: dict[str, Any] = {"__name__": "offices"}
    exec(compile(example("python"), "offices.py", "exec"), example_module)  # noqa: S102
    offices = tmp_path / "offices.csv"
    offices.write_text("id,name\n1,Office of Rivers\nx,Office of Nothing\n", encoding="utf-8")
    home = Home(tmp_path / "home")
    staged = stage(home, example_module["CONNECTOR"], offices)
    assert [(one.rows, one.taken, one.quarantined) for one in staged.inputs] == [(2, 1, 1)]
    dump = build(Settings(home=home.folder)).release.dump.read_text(encoding="utf-8")
    assert f'<{ID}actor/offices-1> <{RDFS_LABEL.value}> "Office of Rivers"@en .' in dump
    assert "Office of Nothing" not in dump
