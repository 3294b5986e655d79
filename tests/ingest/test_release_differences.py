"""Differences between two releases: what is told of each mission, and a patch that others can apply."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import Dataset, RdfFormat, parse
from rdflib import Dataset as RdflibDataset
from rooms import rooms_with, write_source

from missiongraph import cli
from missiongraph.differences import Differences, FactChange, differences, fact_changes
from missiongraph.ingest.pipeline import build
from missiongraph.names import ID, MG
from missiongraph.releases import Release
from missiongraph.settings import Settings

DROUGHT = f"{ID}mission/drought"
TARGET = f"{ID}target/drought"
FLOOD = """\
source:
  id: source/flood
  title: A report on floods
  page: https://example.org/flood
  sourceKind: report
claims:
  - id: evidence/flood/launch
    pageNumber: 1
    summary: The institute leads the Flood Mission.
    states:
      - id: mission/flood
        type: Mission
        label: Flood Mission
        ledBy: {id: actor/institute, type: Actor, label: "Institute [red]"}
"""


@dataclass(frozen=True)
class Pair:
    """A home with two releases of one mission: its target and deadline change, a mission comes."""

    home: Path
    before: Release
    after: Release


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    folder = tmp_path_factory.mktemp("pair")
    data, settings = folder / "data", Settings(home=folder / "home")
    write_source(data)
    before = build(settings, rooms=rooms_with(data)).release
    write_source(data, value="40", year=2035)
    (data / "flood.yaml").write_text(FLOOD)
    return Pair(settings.home, before, build(settings, rooms=rooms_with(data)).release)


@pytest.fixture(scope="module")
def found(pair: Pair) -> Differences:
    return differences(pair.before, pair.after)


def of(changes: tuple[FactChange, ...], thing: str, key: str) -> FactChange:
    (change,) = (c for c in changes if (c.thing, c.property_iri) == (thing, MG + key))
    return change


def written(change: FactChange) -> tuple[list[str], list[str]]:
    return [getattr(t, "value", "") for t in change.before], [
        getattr(t, "value", "") for t in change.after
    ]


def test_what_is_said_of_a_target_is_a_change_of_its_mission(found: Differences) -> None:
    deadline = of(found.missions[DROUGHT], TARGET, "deadline")
    assert (deadline.kind, written(deadline)) == ("changed", (["2030"], ["2035"]))
    assert deadline.evidence == (f"{ID}evidence/report/drought",)
    value = of(found.missions[DROUGHT], TARGET, "targetValue")
    assert (value.kind, written(value)) == ("changed", (["30"], ["40"]))


def test_a_new_mission_is_told_with_all_its_facts(found: Differences) -> None:
    assert found.added == {f"{ID}mission/flood"}
    assert not found.removed
    assert {change.kind for change in found.missions[f"{ID}mission/flood"]} == {"added"}
    assert found.labels[f"{ID}mission/flood"] == "Flood Mission"


def test_what_belongs_to_no_mission_stands_apart(found: Differences) -> None:
    assert f"{ID}actor/institute" in {change.thing for change in found.others}
    changes = [*found.others, *(c for told in found.missions.values() for c in told)]
    assert sum(found.totals.values()) == len(changes)


def test_what_follows_from_facts_is_told_when_it_is_asked_for(
    pair: Pair, found: Differences
) -> None:
    flood = f"{ID}mission/flood"
    whole = differences(pair.before, pair.after, inferred=True)
    assert of(whole.missions[flood], flood, "involves").inferred
    assert f"{MG}involves" not in {c.property_iri for c in found.missions[flood]}
    assert f"{MG}ledBy" in {c.property_iri for c in found.missions[flood]}


def test_backwards_what_came_is_gone(pair: Pair) -> None:
    back = differences(pair.after, pair.before)
    assert back.removed == {f"{ID}mission/flood"}
    assert written(of(back.missions[DROUGHT], TARGET, "deadline")) == (["2035"], ["2030"])


def test_a_release_differs_in_nothing_from_itself(pair: Pair) -> None:
    same = differences(pair.after, pair.after)
    assert (same.missions, same.others, set(same.totals.values())) == ({}, (), {0})


def test_another_passage_for_the_same_fact_is_no_change_of_the_fact(tmp_path: Path) -> None:
    stays = b"<http://e/s> <http://e/p> <http://e/o> .\n"
    first, second = tmp_path / "first.nq", tmp_path / "second.nq"
    first.write_bytes(stays)
    second.write_bytes(stays + b"<http://e/s> <http://e/p> <http://e/o> <http://e/g> .\n")
    assert list(fact_changes(first, second)) == []


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


@pytest.fixture
def at_home(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISSIONGRAPH_HOME", str(pair.home))


@pytest.mark.usefixtures("at_home")
def test_the_command_prints_a_table_with_names(
    pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "diff", pair.before.id, pair.after.id)
    (deadline,) = (line for line in out.splitlines() if "│ deadline " in line)
    cells = [cell.strip() for cell in deadline.strip("│").split("│")]
    assert cells == [
        "Drought mission", "changed", "Less harm by drought", "deadline", "2030", "2035",
    ]  # fmt: skip
    assert "Institute [red]" in out
    assert code == 0
    assert "1 mission new, 0 gone." in err


@pytest.mark.usefixtures("at_home")
def test_as_json_it_says_the_same(
    pair: Pair, found: Differences, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, err = run(capsys, "diff", pair.before.id, pair.after.id, "--json")
    told = json.loads(out)
    assert err == ""
    assert (told["before"], told["after"]) == (pair.before.id, pair.after.id)
    assert told["totals"] == found.totals
    assert {m["mission"]: m["change"] for m in told["missions"]} == {
        DROUGHT: "changed",
        f"{ID}mission/flood": "added",
    }
    file = tmp_path / "diff.json"
    run(capsys, "diff", pair.before.id, pair.after.id, "--json", "--output", str(file))
    assert json.loads(file.read_text()) == told


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib calls itself so
@pytest.mark.usefixtures("at_home")
def test_the_patch_makes_one_release_into_the_other_in_rdflib(
    pair: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "release.rdfp"
    code, _, _ = run(
        capsys, "diff", pair.before.id, pair.after.id, "--format", "patch", "--output", str(file)
    )
    assert code == 0
    dataset = RdflibDataset()
    dataset.parse(data=named(pair.before.dump), format="nquads")
    dataset.parse(data=without_blank_nodes(file.read_text()), format="patch")
    patched = parse(dataset.serialize(format="nquads"), format=RdfFormat.N_QUADS)
    wanted = parse(named(pair.after.dump), format=RdfFormat.N_QUADS)
    assert Dataset(patched) == Dataset(wanted)


def named(dump: Path) -> str:
    """Return the statements of a dump without blank nodes, which rdflib names anew."""
    return without_blank_nodes(dump.read_text(encoding="utf-8"))


def without_blank_nodes(lines: str) -> str:
    return "".join(line for line in lines.splitlines(keepends=True) if "_:" not in line)


@pytest.mark.usefixtures("at_home")
def test_an_unknown_release_or_form_is_bad_input(
    pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "diff", pair.before.id, "nothing")
    assert (code, "There is no release 'nothing'" in err) == (2, True)
    code, _, err = run(capsys, "diff", pair.before.id, pair.after.id, "--format", "xml")
    assert (code, "Write one of: table, patch." in err) == (2, True)
