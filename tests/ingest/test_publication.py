"""Publishing around its edges: same graph again, no room, crashed builds, what a diff tells."""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from rooms import rooms_with, write_source

from missiongraph.changed_statements import changes
from missiongraph.errors import BadDocument, BuildInProgress, PublishingFailed
from missiongraph.ingest import publication
from missiongraph.ingest.pipeline import Build, Rooms, build
from missiongraph.names import ID
from missiongraph.releases import DIFF, MANIFEST, Home, Release
from missiongraph.settings import Settings


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_source(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def built(home: Home, data: Path) -> tuple[Build, list[str]]:
    """Build; return what was done and the steps that were taken."""
    steps: list[str] = []
    done = build(Settings(home=home.folder), rooms=rooms_with(data), progress=steps.append)
    return done, steps


def test_other_inputs_with_the_same_graph_publish_nothing_and_are_remembered(
    home: Home, data: Path
) -> None:
    first, _ = built(home, data)
    state = first.release.folder.stat()
    file = data / "report.yaml"
    file.write_text("# A comment says nothing of the world.\n" + file.read_text())
    second, steps = built(home, data)
    third, none = built(home, data)
    assert (second.published, third.published) == (False, False)
    assert steps
    assert none == []
    assert second.release.folder.stat() == state


def test_a_release_that_is_damaged_is_not_taken_for_the_same_graph(home: Home, data: Path) -> None:
    first, _ = built(home, data)
    whole = first.release.dump.read_bytes()
    first.release.dump.write_bytes(whole[:-1])
    second, _ = built(home, data)
    assert second.published
    assert second.release.dump.read_bytes() == whole
    assert second.release.manifest.previous is None


def test_what_a_crashed_build_left_is_no_release_and_is_swept(home: Home, data: Path) -> None:
    first, _ = built(home, data)
    leftover = home.releases_folder / f"{publication.TEMPORARY}crashed"
    shutil.copytree(first.release.folder, leftover)
    assert home.releases() == [first.release]
    built(home, data)
    assert not leftover.exists()


def test_a_release_that_was_never_made_current_is_replaced(home: Home, data: Path) -> None:
    built(home, data)
    write_source(data, year=2035)
    second, _ = built(home, data)
    (home.folder / "current").unlink()
    again, _ = built(home, data)
    assert again.published
    assert again.release == second.release == home.current()


FULL = """
    import resource, sys
    from pathlib import Path
    sys.path.insert(0, {tests!r})
    from rooms import rooms_with
    from missiongraph.ingest.pipeline import build
    from missiongraph.settings import Settings
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    build(Settings(home=Path({home!r})), rooms=rooms_with(Path({data!r})))
"""


def test_a_disk_without_room_leaves_the_old_release_and_no_leftovers(
    home: Home, data: Path
) -> None:
    first, _ = built(home, data)
    write_source(data, year=2035)
    program = textwrap.dedent(FULL).format(
        tests=str(Path(__file__).parent), home=str(home.folder), data=str(data)
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert f"{PublishingFailed.__name__}: {home.folder}: The release cannot be written: " in (
        done.stderr
    )
    assert home.current() == first.release
    assert [path.name for path in home.releases_folder.iterdir()] == [first.release.id]


def test_a_build_in_progress_is_named_by_its_process(home: Home) -> None:
    with (
        publication.building(home),
        pytest.raises(BuildInProgress, match=f"process {os.getpid()}"),
        publication.building(home),
    ):
        raise AssertionError("two builds at once")


def test_a_lock_file_left_by_a_dead_process_is_no_lock(home: Home, data: Path) -> None:
    home.folder.mkdir()
    (home.folder / publication.LOCK).write_text("999999999")
    assert built(home, data)[0].published


def test_a_first_release_has_no_changes(home: Home, data: Path) -> None:
    done, _ = built(home, data)
    diff = json.loads((done.release.folder / DIFF).read_text())
    assert diff == {
        "previous": None,
        "totals": {"added": 0, "removed": 0},
        "graphs": {},
        "added": [],
        "removed": [],
    }


def test_a_diff_counts_statements_by_graph(home: Home, data: Path) -> None:
    built(home, data)
    write_source(data, "other", year=2050)
    done, _ = built(home, data)
    diff = json.loads((done.release.folder / DIFF).read_text())
    assert diff["graphs"][f"{ID}evidence/other/drought"] == {
        "added": done.release.manifest.graphs[f"{ID}evidence/other/drought"],
        "removed": 0,
    }
    assert diff["totals"]["added"] == sum(graph["added"] for graph in diff["graphs"].values())


def test_a_diff_shows_so_many_statements_and_counts_all(tmp_path: Path) -> None:
    before, after = tmp_path / "before.nq", tmp_path / "after.nq"
    lines = sorted(f'<e:s> <e:p> "{n}" <e:g> .\n' for n in range(3000))
    before.write_text("".join(lines[:1]))
    after.write_text("".join(lines))
    diff = json.loads(changes(before, after, "x"))
    assert len(diff["added"]) == 1000
    assert diff["totals"] == {"added": 2999, "removed": 0}
    assert diff["graphs"] == {"e:g": {"added": 2999, "removed": 0}}


def test_a_release_is_never_written_to_again(home: Home, data: Path) -> None:
    done, _ = built(home, data)
    write_source(data, year=2035)
    before = {file.name: file.read_bytes() for file in done.release.folder.iterdir()}
    built(home, data)
    assert {file.name: file.read_bytes() for file in done.release.folder.iterdir()} == before
    assert Release(done.release.folder).manifest.dump in before
    assert MANIFEST in before


def test_a_vocabulary_that_is_no_turtle_is_named_with_its_line(home: Home, data: Path) -> None:
    ours = rooms_with(data)
    ontology = data.parent / "ontology"
    shutil.copytree(ours.ontology, ontology)
    file = ontology / "vocabularies" / "unit.ttl"
    file.write_text(file.read_text() + "\n<https://example.org/x> a")
    with pytest.raises(BadDocument, match=rf"^{re.escape(str(file))}:\d+: "):
        build(Settings(home=home.folder), rooms=Rooms(ontology, ours.shapes, data))
    assert home.releases() == []
