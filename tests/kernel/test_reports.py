"""Reports and changes: a brief says what questions answer, and two releases are told apart."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from running import publish, small_graph
from typer.testing import CliRunner

from missiongraph import resources
from missiongraph.cli import app
from missiongraph.comparison.changes import changes
from missiongraph.comparison.matrix import Cell, Comparison, Criterion, Finding, Subject
from missiongraph.errors import BadParameter, UnknownRelease
from missiongraph.ingest.assembly import assemble
from missiongraph.reports import report_of, write_html
from missiongraph.store import EmbeddedStore

GRAPH = Path(__file__).parent / "comparison.trig"
Run = Callable[..., str]


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    quads = parse(path=str(GRAPH), format=RdfFormat.TRIG)
    return EmbeddedStore(assemble(quads, resources.root() / "ontology"))


def test_a_brief_has_facts_with_passages_gaps_and_the_nearest_missions(
    store: EmbeddedStore,
) -> None:
    report = report_of(store, "a")
    (brief,) = report.briefs
    assert {c.name for facts in brief.facts.values() for c, _ in facts} >= {"deadline", "bold"}
    assert "ownedBy" in {criterion.name for criterion in brief.unknown}
    assert {gap.question for gap in brief.gaps} >= {"no-evaluation", "portfolio-gaps"}
    assert [near.subject.slug for near in brief.near] == ["b", "c"]
    assert {passage.iri.rpartition("/")[2] for passage in report.passages} == {"a", "b"}


def test_a_report_of_a_place_has_a_brief_of_each_mission(store: EmbeddedStore) -> None:
    assert [brief.subject.slug for brief in report_of(store, "x").briefs] == ["a", "b"]


def test_a_report_is_a_page_with_footnotes_and_nothing_unescaped(store: EmbeddedStore) -> None:
    page = write_html(report_of(store, "a")).decode()
    assert "<script" not in page
    assert 'href="#note-1"' in page and 'id="note-1"' in page
    assert "(disagreement)" in page
    assert "https://example.org/#t=12" in page


def test_what_is_neither_a_mission_nor_a_place_has_no_report(store: EmbeddedStore) -> None:
    with pytest.raises(BadParameter, match="not known as Mission"):
        report_of(store, "nowhere")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with two releases: in the later one the drought mission has no target any more."""
    publish(tmp_path, "old", small_graph(), built="2025-01-01")
    changed = [q for q in small_graph() if q.predicate.value.rpartition("#")[2] != "hasTarget"]
    publish(tmp_path, "new", changed, built="2026-01-01")
    monkeypatch.setenv("MISSIONGRAPH_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("home")
def test_changes_tell_what_two_releases_say_differently() -> None:
    done = CliRunner().invoke(app, ["changes", "drought", "--since", "old", "--json"])
    found = {change["criterion"]: change for change in json.loads(done.stdout)}
    assert found["hasTarget"]["kind"] == "lost"
    assert found["hasTarget"]["after"] == "unknown"
    assert "place" not in found
    shown = CliRunner().invoke(app, ["changes", "drought", "--since", "old"])
    assert "Has target" in shown.stdout
    none = CliRunner().invoke(app, ["changes", "drought", "--since", "new", "--json"])
    assert json.loads(none.stdout) == []


@pytest.mark.usefixtures("home")
def test_a_release_that_is_not_kept_has_no_changes() -> None:
    done = CliRunner().invoke(app, ["changes", "drought", "--since", "never"])
    assert isinstance(done.exception, UnknownRelease)


def test_a_change_is_learned_lost_or_changed() -> None:
    subject, criteria = Subject("m", "M"), tuple(Criterion(f"c{i}", f"C{i}") for i in range(4))

    def one(*values: str) -> Comparison:
        cells = {("m", f"c{i}"): Cell((Finding(v, v),)) for i, v in enumerate(values) if v}
        return Comparison((subject,), criteria, cells)

    found = changes(one("x", "x", "", "x"), one("x", "", "x", "y"))
    assert [(c.criterion.name, c.kind) for c in found] == [
        ("c1", "lost"),
        ("c2", "learned"),
        ("c3", "changed"),
    ]


@pytest.mark.usefixtures("home")
def test_a_report_is_written_as_html_and_as_pdf(tmp_path: Path) -> None:
    page = tmp_path / "brief.html"
    done = CliRunner().invoke(app, ["report", "drought", "--output", str(page)])
    assert (done.exit_code, page.read_text(encoding="utf-8")[:15]) == (0, "<!doctype html>")
    if shutil.which("chromium") is None and os.environ.get("CI") != "true":
        pytest.skip("a PDF needs chromium")
    pdf = tmp_path / "brief.pdf"
    CliRunner().invoke(app, ["report", "drought", "--format", "pdf", "--output", str(pdf)])
    assert pdf.read_bytes().startswith(b"%PDF")
