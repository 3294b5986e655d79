"""Starts for editors, as an installed wheel and as a checkout write them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from test_wheel import ROOT, built

from missiongraph.formats import JSON
from missiongraph.ingest.documents import check_documents, read_document
from missiongraph.ontology import our_ontology
from missiongraph.questions import Question, answer_table
from missiongraph.releases import Release
from missiongraph.tables import read_table, text_of

FILLED = {
    "title": "A report",
    "page": "https://example.org/report.pdf",
    "sourceKind": "report",
    "issued": '"2024"',
    "pageNumber": "3",
    "summary": "The ministry wants half as much nitrogen in rivers by 2035.",
    "label": "Clean rivers",
    "place": "place/denmark",
    "governanceLevel": "national",
    "status": "launched",
    "ownedBy": "actor/csiro",
    "addresses": "challenge/drought",
    "targetValue": "50",
    "unit": "percent",
    "direction": "decrease",
    "deadline": '"2035"',
}


@dataclass(frozen=True)
class Place:
    """Somewhere missiongraph runs from: its packages' folder and the current directory."""

    packages: Path
    here: Path

    def new(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        program = "from missiongraph.cli import main; main()"
        return subprocess.run(
            [sys.executable, "-c", program, "new", *arguments],
            cwd=self.here,
            env={**os.environ, "PYTHONPATH": str(self.packages)},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A wheel, unpacked, and an empty directory."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(built("wheel", ROOT, tmp_path_factory.mktemp("wheel"))) as archive:
        archive.extractall(folder / "site")
    (folder / "here").mkdir()
    return Place(folder / "site", folder / "here")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The files of the repository, and a directory within."""
    folder = tmp_path_factory.mktemp("checkout")
    with tarfile.open(built("sdist", ROOT, tmp_path_factory.mktemp("sdist"))) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(folder)
    (unpacked,) = folder.glob("missiongraph-*")
    return Place(unpacked, unpacked / "docs")


def filled(text: str) -> str:
    """Return a start with a value behind each key that has none."""
    return re.sub(
        r"^( *(?:- )?)(\w+): *(#.*)?$",
        lambda m: f"{m[1]}{m[2]}: {FILLED[m[2]]}" if m[2] in FILLED else m[0],
        text,
        flags=re.MULTILINE,
    )


def test_a_new_source_says_where_it_is_and_what_is_left_to_do(checkout: Place) -> None:
    done = checkout.new("source", "told-report")
    file = checkout.packages / "data" / "told-report.yaml"
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"Written: {file}",
        f"Fill in what is empty, then: missiongraph check {file}",
    ]


def test_check_finds_every_blank_of_a_new_source_and_nothing_once_they_are_filled(
    checkout: Place,
) -> None:
    checkout.new("source", "example-report")
    file = checkout.packages / "data" / "example-report.yaml"
    known = sorted((ROOT / "data").glob("*.yaml"))
    _, mistakes = check_documents([file], our_ontology(), known)
    blank = [mistake.what for mistake in mistakes if mistake.what.endswith(" has no value.")]
    assert {what.partition(" ")[0] for what in blank} == set(FILLED)
    file.write_text(filled(file.read_text()))
    documents, mistakes = check_documents([file], our_ontology(), known)
    assert mistakes == []
    assert [document.source_iri.rpartition("/")[2] for document in documents] == ["example-report"]


def test_a_new_spreadsheet_begins_blank_or_with_what_a_curated_file_says(
    installed: Place,
) -> None:
    assert installed.new("spreadsheet", "a-book").returncode == 0
    blank = installed.here / "a-book.xlsx"
    assert {mistake.what for mistake in check_documents([blank], our_ontology())[1]} >= {
        "The source has no title.",
        "The claim has no summary.",
        '"mission/name-of-the-mission" has no label.',
    }
    given = ROOT / "data" / "csiro-future-protein.yaml"
    done = installed.new("spreadsheet", "protein", "--from", str(given))
    book = installed.here / "protein.xlsx"
    assert done.stdout.splitlines()[0] == f"Written: {book}"
    assert (
        read_document(book, our_ontology()).quads() == read_document(given, our_ontology()).quads()
    )


def test_a_new_source_leads_an_editor_to_the_schema_from_a_checkout_and_from_a_wheel(
    checkout: Place, installed: Place
) -> None:
    assert checkout.new("source", "with-schema").returncode == 0
    first = (checkout.packages / "data" / "with-schema.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=../ontology/claims.schema.json"
    assert installed.new("source", "with-schema").returncode == 0
    first = (installed.here / "with-schema.yaml").read_text().splitlines()[0]
    address = first.removeprefix("# yaml-language-server: $schema=file://")
    assert Path(address).samefile(
        installed.packages / "missiongraph/_resources/ontology/claims.schema.json"
    )


def test_a_new_question_runs_as_it_is_and_its_golden_waits_for_what_was_checked(
    checkout: Place, built_release: Release
) -> None:
    done = checkout.new("question", "missions-somewhere")
    assert (done.returncode, done.stderr) == (0, "")
    question = Question.read(checkout.packages / "queries" / "missions-somewhere.rq")
    assert question.title == "Missions somewhere"
    store = built_release.load()
    table = answer_table(store, question, {"place": ["denmark"]})
    assert table.rows
    assert list(question.columns) == list(table.columns)
    assert read_table(store.answer(question.text, JSON)) == answer_table(store, question, {})
    golden = checkout.packages / "tests/questions/goldens/missions-somewhere.csv"
    assert golden.read_text().splitlines() == ["# place=denmark", "mission,missionLabel"]
    assert all(text_of(row[0]).startswith("id:mission/") for row in table.rows)


def test_an_installed_package_writes_to_the_current_directory(installed: Place) -> None:
    assert installed.new("question", "a-question").returncode == 0
    assert installed.new("source", "a-report").returncode == 0
    names = {"a-question.rq", "a-question.csv", "a-report.yaml"}
    assert names <= {file.name for file in installed.here.iterdir()}
    resources = installed.packages / "missiongraph" / "_resources"
    assert not [file for file in resources.rglob("*") if file.name in names]


@pytest.mark.parametrize("slug", ["Bad", "a_b", "../up", "a/b", "", "é"])
def test_a_bad_slug_is_refused_and_nothing_is_written(installed: Place, slug: str) -> None:
    before = set(installed.here.rglob("*"))
    for what in ("source", "spreadsheet", "question"):
        done = installed.new(what, slug)
        assert (done.returncode, done.stdout) == (2, "")
        assert "is not lower-case words with hyphens. Write a name such as" in done.stderr
    assert set(installed.here.rglob("*")) == before


def test_nothing_that_is_there_is_written_over(installed: Place) -> None:
    taken = {"kept.yaml": "mine", "kept.xlsx": "mine", "other.csv": "checked"}
    for name, text in taken.items():
        (installed.here / name).write_text(text)
    for arguments in (("source", "kept"), ("spreadsheet", "kept"), ("question", "other")):
        done = installed.new(*arguments)
        assert done.returncode == 2
        assert "The file is there already. Edit it, or choose another name." in done.stderr
    assert {name: (installed.here / name).read_text() for name in taken} == taken
    assert not (installed.here / "other.rq").exists()  # all of its files or none


def test_only_sources_and_questions_are_started(installed: Place) -> None:
    assert installed.new("mission", "x").returncode == 2
