"""Builds from small and from our own sources, refused ones, and ones that are killed."""

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from rooms import rooms_with, write_source

from missiongraph.errors import (
    BadDocument,
    BadParameter,
    BuildInProgress,
    GateClosed,
    NoRelease,
    PublishingFailed,
    ReleaseDamaged,
)
from missiongraph.formats import JSON
from missiongraph.ingest.pipeline import Build, Rooms, build
from missiongraph.names import ID
from missiongraph.releases import CURRENT, DIFF, MANIFEST, REPORT, Home
from missiongraph.settings import Settings
from missiongraph.tables import select, text_of


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_source(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", keep=3)


def deadlines(home: Path) -> list[str]:
    _, store = Home(home).load_newest()
    query = f"""
        SELECT ?deadline {{
          <{ID}target/drought> <https://w3id.org/missiongraph/ontology#deadline> ?deadline
        }} ORDER BY ?deadline
    """
    return [text_of(row[0]) for row in select(store, query).rows]


def test_a_release_holds_what_its_manifest_says(data: Path, settings: Settings) -> None:
    done = build(settings, rooms=rooms_with(data))
    manifest = done.release.manifest
    lines = done.release.dump.read_bytes().splitlines(keepends=True)
    assert lines == sorted(lines)
    assert len(lines) == manifest.quads == manifest.triples + sum(manifest.graphs.values())
    assert manifest.graphs[f"{ID}evidence/report/drought"] == manifest.claims > 5
    assert manifest.classes["https://w3id.org/missiongraph/ontology#Mission"] == 1
    assert [(s.iri, s.page) for s in manifest.sources] == [
        (f"{ID}source/report", "https://example.org/report")
    ]
    assert manifest.release.endswith(manifest.sha256[:12])
    assert Home(settings.home).current() == done.release
    assert sorted(file.name for file in done.release.folder.iterdir()) == sorted(
        (manifest.dump, MANIFEST, DIFF, REPORT)
    )
    assert deadlines(settings.home) == ["2030"]


def test_building_our_own_sources_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (build(Settings(home=tmp_path / name)).release for name in ("a", "b"))
    assert first.dump.read_bytes() == second.dump.read_bytes()
    assert first.manifest.claims >= 300
    for name in (REPORT, DIFF):
        assert (first.folder / name).read_bytes() == (second.folder / name).read_bytes()


def test_a_build_of_unchanged_sources_publishes_nothing(data: Path, settings: Settings) -> None:
    first = build(settings, rooms=rooms_with(data))
    second = build(settings, rooms=rooms_with(data))
    assert (first.published, second.published) == (True, False)
    assert first.release == second.release


def test_a_changed_fact_is_in_the_diff_with_its_graph(data: Path, settings: Settings) -> None:
    first = build(settings, rooms=rooms_with(data))
    write_source(data, year=2035)
    second = build(settings, rooms=rooms_with(data))
    diff = json.loads((second.release.folder / DIFF).read_text())
    evidence = f"<{ID}evidence/report/drought>"
    changed = [line for line in diff["added"] if line.endswith(f"{evidence} .") and "2035" in line]
    assert len(changed) == 1
    assert diff["previous"] == second.release.manifest.previous == first.release.id
    assert diff["totals"]["added"] == len(diff["added"]) == diff["totals"]["removed"]


def test_old_releases_are_removed_but_never_the_current_one(data: Path, settings: Settings) -> None:
    ids = []
    for year in range(2030, 2036):
        write_source(data, year=year)
        ids.append(build(settings, rooms=rooms_with(data)).release.id)
    home = Home(settings.home)
    assert [release.id for release in home.releases()] == ids[:2:-1]
    current = home.current()
    assert current is not None
    assert current.id == ids[-1]


def refused(settings: Settings, rooms: Rooms, error: type[Exception]) -> str:
    with pytest.raises(error) as caught:
        build(settings, rooms=rooms)
    return str(caught.value)


def test_a_file_with_mistakes_is_refused_and_the_old_release_stays(
    data: Path, settings: Settings
) -> None:
    build(settings, rooms=rooms_with(data))
    file = write_source(data, value='"1,5"')
    message = refused(settings, rooms_with(data), BadDocument)
    assert f"{file}:18:24: " in message
    assert deadlines(settings.home) == ["2030"]


def test_a_closed_gate_names_file_and_line_and_the_old_release_stays(
    data: Path, settings: Settings
) -> None:
    build(settings, rooms=rooms_with(data))
    file = write_source(data, year=2040)
    text = file.read_text().replace("          unit: percent\n", "")
    file.write_text(text)
    message = refused(settings, rooms_with(data), GateClosed)
    assert f"{file}:15:" in message
    assert "unit" in message
    assert deadlines(settings.home) == ["2030"]


def test_an_unknown_source_is_named_with_those_there_are(data: Path, settings: Settings) -> None:
    with pytest.raises(BadParameter, match=r"'nothing'.*report"):
        build(settings, ["nothing"], rooms=rooms_with(data))


def test_one_source_can_be_built_alone(data: Path, settings: Settings) -> None:
    write_source(data, "other", year=2050)
    build(settings, rooms=rooms_with(data))
    assert deadlines(settings.home) == ["2030", "2050"]
    build(settings, ["other"], rooms=rooms_with(data))
    assert deadlines(settings.home) == ["2050"]


def test_of_two_builds_at_once_the_second_is_sent_away(data: Path, settings: Settings) -> None:
    inside, leave = threading.Event(), threading.Event()
    done: list[Build] = []

    def hold(_: str) -> None:
        inside.set()
        leave.wait(30)

    first = threading.Thread(
        target=lambda: done.append(build(settings, rooms=rooms_with(data), progress=hold))
    )
    first.start()
    assert inside.wait(30)
    with pytest.raises(BuildInProgress):
        build(settings, rooms=rooms_with(data))
    leave.set()
    first.join()
    assert done[0].published


def test_no_release_and_no_whole_release_are_told_apart(data: Path, settings: Settings) -> None:
    with pytest.raises(NoRelease, match="missiongraph build"):
        Home(settings.home).load_newest()
    release = build(settings, rooms=rooms_with(data)).release
    release.dump.write_bytes(b"")
    with pytest.raises(ReleaseDamaged):
        Home(settings.home).load_newest()


@pytest.mark.parametrize("damage", ["cut", "changed", "gone", "manifest cut", "manifest gone"])
def test_a_damaged_release_gives_way_to_the_one_before_and_is_built_again(
    data: Path, settings: Settings, damage: str
) -> None:
    build(settings, rooms=rooms_with(data))
    write_source(data, year=2035)
    release = build(settings, rooms=rooms_with(data)).release
    file = release.folder / MANIFEST if damage.startswith("manifest") else release.dump
    content = file.read_bytes()
    if damage.endswith("gone"):
        file.unlink()
    else:
        file.write_bytes(content[: len(content) // 2] + (b"" if "cut" in damage else b"#\n"))
    assert deadlines(settings.home) == ["2030"]
    again = build(settings, rooms=rooms_with(data))
    assert again.published
    assert deadlines(settings.home) == ["2035"]


def test_a_home_that_cannot_be_written_to_is_named(data: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PublishingFailed, match="file"):
        build(Settings(home=tmp_path / "file" / "home"), rooms=rooms_with(data))


KILLED = """
    import os, signal, sys
    from pathlib import Path
    sys.path.insert(0, {tests!r})
    from rooms import rooms_with
    from missiongraph.ingest.pipeline import build
    from missiongraph.settings import Settings

    left = int(sys.argv[1])

    def counted(function):
        def call(*arguments):
            global left
            for step in (lambda: None, lambda: function(*arguments)):
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left -= 1
                result = step()
            return result
        return call

    for module, name in ((os, "fsync"), (Path, "rename"), (Path, "replace"), (Path, "symlink_to")):
        setattr(module, name, counted(getattr(module, name)))
    build(Settings(home=Path({home!r})), rooms=rooms_with(Path({data!r})))
"""


def test_a_kill_before_or_after_any_step_of_publishing_leaves_a_whole_release(
    data: Path, settings: Settings
) -> None:
    build(settings, rooms=rooms_with(data))
    program = textwrap.dedent(KILLED).format(
        tests=str(Path(__file__).parent), home=str(settings.home), data=str(data)
    )
    write_source(data, year=2035)
    for steps in itertools.count():
        command = [sys.executable, "-c", program, str(steps)]
        code = subprocess.run(command, check=False, timeout=60).returncode
        assert deadlines(settings.home) in (["2030"], ["2035"])
        if code == 0:
            break
        assert code == -signal.SIGKILL
    assert steps >= 16
    assert deadlines(settings.home) == ["2035"]
    build(settings, rooms=rooms_with(data))
    leftovers = [path.name for path in settings.home.rglob(".tmp-*")]
    assert leftovers == []


@pytest.mark.slow
def test_kills_at_random_instants_never_leave_a_half_published_release(tmp_path: Path) -> None:
    home = tmp_path / "home"
    environment = os.environ | {"MISSIONGRAPH_HOME": str(home)}
    program = str(Path(sys.executable).with_name("missiongraph"))
    sources = sorted(Rooms.ours().sources())
    subprocess.run([program, "build"], check=True, env=environment, capture_output=True)
    chance = random.Random(7)
    killed = 0
    for _ in range(12):
        names = chance.sample(["opsi-webinar-2021", "eu-country-authority"], 2)
        chosen = ["--source", names[0], "--source", names[1]] if chance.random() < 0.5 else []
        process = subprocess.Popen(
            [program, "build", *chosen],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(chance.uniform(0.3, 2.5))
        process.kill()
        killed += process.wait() == -signal.SIGKILL
        release, store = Home(home).load_newest()
        answer = json.loads(store.answer("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", JSON))
        count = int(answer["results"]["bindings"][0]["n"]["value"])
        assert count == release.manifest.triples
        assert (home / CURRENT).resolve() == release.folder
    assert killed > 3
    assert sources
