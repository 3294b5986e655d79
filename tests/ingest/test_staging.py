"""Staging: nothing is lost, a break is taken up, the same data change nothing."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple
from rooms import rooms_with, write_source

from missiongraph.errors import BuildInProgress, StagingDamaged
from missiongraph.ingest.batch_inference import mapped, what_follows
from missiongraph.ingest.connector import Batch, Input, Mapped
from missiongraph.ingest.pipeline import build
from missiongraph.ingest.quarantine import COLUMNS, Quarantine
from missiongraph.ingest.sorted_lines import LineSorter
from missiongraph.ingest.staged_changes import changes_of
from missiongraph.ingest.staging import STAGING, UNREADABLE, Staged, stage, staged_sources
from missiongraph.names import ID, RDF_TYPE, RDFS_LABEL, mg
from missiongraph.releases import Home
from missiongraph.settings import Settings


class Ledger:
    """A connector of tests: files of lines ``id;name``, each a batch of two lines at most."""

    name = "ledger"
    title = "A ledger"

    def __init__(self, on_read: Callable[[str], None] = lambda _: None) -> None:
        self.on_read = on_read

    def discover(self, path: Path) -> Sequence[Input]:
        return [Input(f.stem, (f,), f.stat().st_size) for f in sorted(path.glob("*.txt"))]

    def sources(self, inputs: Sequence[Input]) -> Iterable[Triple]:
        return ()

    def read(
        self, given: Input, inputs: Sequence[Input], quarantine: Quarantine
    ) -> Iterator[Batch[list[tuple[int, str]]]]:
        self.on_read(given.name)
        lines = list(enumerate(given.files[0].read_text(encoding="utf-8").splitlines(), start=1))
        for start in range(0, len(lines), 2):
            yield Batch(len(lines[start : start + 2]), lines[start : start + 2], 0)

    def map(self, batch: Batch[list[tuple[int, str]]], quarantine: Quarantine) -> Mapped:
        triples = []
        rows = 0
        for number, line in batch.records:
            key, _, name = line.partition(";")
            if not key.isdigit():
                quarantine.row("ledger", number, "no number", "id", key)
                continue
            rows += 1
            actor = NamedNode(f"{ID}actor/ledger-{key}")
            triples.append(Triple(actor, RDF_TYPE, mg("GovernanceBody")))
            triples.append(Triple(actor, RDFS_LABEL, Literal(name, language="en")))
        return mapped(rows, triples)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    folder = tmp_path / "ledger"
    folder.mkdir()
    (folder / "a.txt").write_text("1;One\nx;None\n2;Two\n", encoding="utf-8")
    (folder / "b.txt").write_text("3;Three\n1;One\n", encoding="utf-8")
    return folder


def test_rows_in_are_rows_taken_and_rows_quarantined(home: Home, ledger: Path) -> None:
    done = stage(home, Ledger(), ledger)
    rows = [(one.name, one.rows, one.taken, one.quarantined) for one in done.inputs]
    assert rows == [("a", 3, 2, 1), ("b", 2, 2, 0)]
    with (home.folder / STAGING / "ledger" / UNREADABLE).open(newline="") as listing:
        header, *found = csv.reader(listing)
    assert tuple(header) == COLUMNS
    assert found == [["ledger", "2", "id", "x", "no number", "False"]]


def test_a_row_that_goes_missing_is_an_error_and_stages_nothing(home: Home, ledger: Path) -> None:
    class Losing(Ledger):
        def map(self, batch: Batch[list[tuple[int, str]]], quarantine: Quarantine) -> Mapped:
            return mapped(0, ())

    with pytest.raises(AssertionError, match="a: 3 != 0"):
        stage(home, Losing(), ledger)
    assert staged_sources(home) == []


def test_staged_files_are_sorted_and_hold_each_line_once(home: Home, ledger: Path) -> None:
    stage(home, Ledger(), ledger)
    (staged,) = staged_sources(home)
    for file in (*staged.stated(), *staged.inferred()):
        lines = file.read_bytes().splitlines(keepends=True)
        assert lines == sorted(set(lines))
        assert lines


def test_the_same_data_again_change_nothing_and_newer_data_are_told_apart(
    home: Home, ledger: Path
) -> None:
    first = stage(home, Ledger(), ledger)
    assert first.changes.added == {"actor": 3}
    assert stage(home, Ledger(), ledger).changes.unchanged
    (ledger / "a.txt").write_text("2;Second\n4;Four\n5;Five\n", encoding="utf-8")
    (ledger / "b.txt").write_text("3;Three\n", encoding="utf-8")
    changes = stage(home, Ledger(), ledger).changes
    assert (changes.added, changes.removed, changes.changed) == (
        {"actor": 2},
        {"actor": 1},
        {"actor": 1},
    )


def test_the_same_data_are_not_read_again_unless_what_is_staged_is_damaged(
    home: Home, ledger: Path
) -> None:
    first = stage(home, Ledger(), ledger)
    read: list[str] = []
    again = stage(home, Ledger(read.append), ledger)
    assert read == []
    assert (again.inputs, again.sha256, again.changes.unchanged) == (
        first.inputs,
        first.sha256,
        True,
    )
    (staged,) = staged_sources(home)
    staged.stated()[0].write_bytes(b"")
    assert stage(home, Ledger(read.append), ledger).sha256 == first.sha256
    assert read == ["a", "b"]
    (ledger / "b.txt").write_text("4;Four\n", encoding="utf-8")
    assert stage(home, Ledger(read.append), ledger).changes.added == {"actor": 1}
    assert read == ["a", "b", "a", "b"]


def test_what_was_broken_off_is_taken_up_at_the_input_it_stood_at(home: Home, ledger: Path) -> None:
    class Broken(Exception):
        pass

    def break_at_b(name: str) -> None:
        if name == "b":
            raise Broken

    with pytest.raises(Broken):
        stage(home, Ledger(break_at_b), ledger)
    assert staged_sources(home) == []
    read: list[str] = []
    done = stage(home, Ledger(read.append), ledger)
    assert read == ["b"]
    assert [one.name for one in done.inputs] == ["a", "b"]
    assert done.inputs[0].quarantined == 1


def test_a_break_leaves_what_was_staged_before(home: Home, ledger: Path) -> None:
    before = stage(home, Ledger(), ledger)
    (ledger / "a.txt").write_text("9;Nine\n", encoding="utf-8")

    def fail(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stage(home, Ledger(fail), ledger)
    (staged,) = staged_sources(home)
    assert staged.verify().sha256 == before.sha256


def test_a_crash_between_the_two_renames_is_healed(home: Home, ledger: Path) -> None:
    stage(home, Ledger(), ledger)
    folder = home.folder / STAGING
    (folder / "ledger").rename(folder / ".tmp-ledger-old")
    assert stage(home, Ledger(), ledger).changes.unchanged


def test_one_source_is_staged_once_at_a_time(home: Home, ledger: Path) -> None:
    def again(_: str) -> None:
        with pytest.raises(BuildInProgress):
            stage(home, Ledger(), ledger)

    stage(home, Ledger(again), ledger)


def test_a_changed_staged_file_is_not_built(home: Home, ledger: Path) -> None:
    stage(home, Ledger(), ledger)
    (staged,) = staged_sources(home)
    file = staged.stated()[0]
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(StagingDamaged):
        staged.verify()
    (staged.folder / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(StagingDamaged):
        build(Settings(home=home.folder))


def test_a_build_takes_what_is_staged_into_the_default_graph(
    home: Home, ledger: Path, tmp_path: Path
) -> None:
    write_source(tmp_path / "data")
    rooms, settings = rooms_with(tmp_path / "data"), Settings(home=home.folder)
    before = build(settings, rooms=rooms).release
    stage(home, Ledger(), ledger)
    after = build(settings, rooms=rooms).release
    assert after.manifest.claims == before.manifest.claims
    dump = after.dump.read_text(encoding="utf-8")
    stated = f"<{ID}actor/ledger-1> {RDF_TYPE} {mg('GovernanceBody')}"
    inferred = f"<{ID}actor/ledger-1> {RDF_TYPE} {mg('Actor')}"
    assert [line for line in dump.splitlines() if line.startswith(stated)] == [f"{stated} ."]
    assert [line for line in dump.splitlines() if line.startswith(inferred)] == [
        f"{inferred} .",
        f"{inferred} <{ID}graph/inferred> .",
    ]
    assert not build(settings, rooms=rooms).published


def test_what_follows_is_what_the_rules_give() -> None:
    project, part, actor = (NamedNode(f"{ID}x/{name}") for name in ("p", "part", "a"))
    stated = [
        Triple(project, mg("hasParticipation"), part),
        Triple(part, mg("participant"), actor),
    ]
    assert what_follows(stated) == [Triple(project, mg("involves"), actor)]
    assert what_follows([]) == []


SMALL = st.integers(min_value=0, max_value=20)
LINES = st.builds("{} <p> {} .\n".format, st.sampled_from(["<a>", "<a-b>", "<a/>", "<é>"]), SMALL)


@settings(deadline=None)
@given(st.lists(st.lists(LINES)), st.sampled_from([1, 64, 1 << 20]))
def test_lines_come_out_sorted_and_once_however_they_were_batched(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[str]], part_bytes: int
) -> None:
    folder = tmp_path_factory.mktemp("runs")
    sorter = LineSorter(folder, part_bytes)
    for batch in batches:
        sorter.add("".join(batch).encode())
    expected = sorted({line.encode() for batch in batches for line in batch})
    assert sorter.write(folder / "out") == len(expected)
    assert (folder / "out").read_bytes() == b"".join(expected)


@settings(deadline=None)
@given(st.sets(LINES), st.sets(LINES), st.sampled_from([1, 1 << 20]))
def test_changes_are_told_thing_by_thing(
    tmp_path_factory: pytest.TempPathFactory, before: set[str], after: set[str], part_bytes: int
) -> None:
    folder = tmp_path_factory.mktemp("staged")
    things: list[dict[str, set[str]]] = []
    for name, lines in (("before", before), ("after", after)):
        (folder / name).write_bytes(b"".join(sorted(line.encode() for line in lines)))
        subjects = {line.split()[0] for line in lines}
        things.append({s: {line for line in lines if line.split()[0] == s} for s in subjects})
    was, now = things
    found = changes_of([folder / "before"], [folder / "after"], part_bytes)
    assert sum(found.added.values()) == len(now.keys() - was.keys())
    assert sum(found.removed.values()) == len(was.keys() - now.keys())
    both = now.keys() & was.keys()
    assert sum(found.changed.values()) == sum(now[thing] != was[thing] for thing in both)
    assert found.unchanged == (before == after)


def test_a_staged_folder_is_found_by_its_manifest_only(home: Home, ledger: Path) -> None:
    (home.folder / STAGING / "half").mkdir(parents=True)
    stage(home, Ledger(), ledger)
    assert staged_sources(home) == [Staged(home.folder / STAGING / "ledger")]
