"""``missiongraph ingest``: what it prints, its exit codes, and never a traceback."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cordis_dumps import ORGANISATION, PROJECT, write_table

from missiongraph import cli
from missiongraph.ingest.connectors import find_connector
from missiongraph.ingest.staging import STAGING

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs the command in this process, over a home of its own; gives code, output and errors."""
    monkeypatch.setenv("MISSIONGRAPH_HOME", str(tmp_path / "home"))

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(["ingest", *map(str, arguments)])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return int(ended.value.code or 0), printed.out, printed.err

    return run


def test_it_counts_rows_triples_and_changes(run: Run, tmp_path: Path) -> None:
    write_table(tmp_path / "dump", "project", PROJECT | {"totalCost": "much"})
    write_table(tmp_path / "dump", "organization", ORGANISATION, ORGANISATION)
    code, out, err = run("cordis", tmp_path / "dump")
    assert code == 0
    assert "project: 1 rows = 1 taken + 0 quarantined; 1 unreadable cells" in out
    assert "organization: 2 rows = 1 taken + 1 quarantined" in out
    assert "added: 1 actor, 1 funding, 1 participation, 1 place, 2 programme, 1 project" in out
    assert "not an amount of 0 or more" in err
    assert "reading project" in err.splitlines()
    assert run("cordis", tmp_path / "dump")[1].count("Nothing has changed") == 1


def test_programs_get_the_manifest_as_json(run: Run, tmp_path: Path) -> None:
    write_table(tmp_path, "project", PROJECT)
    code, out, _ = run("cordis", tmp_path / "project.csv", "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["connector"], told["inputs"][0]["taken"]) == ("cordis", 1)
    assert told == json.loads(
        (tmp_path / "home" / STAGING / "cordis" / "manifest.json").read_text()
    )


def test_usage_and_what_cannot_be_read_are_told_in_a_sentence(run: Run, tmp_path: Path) -> None:
    assert run("nowhere", tmp_path)[0] == 2
    assert "There are: " in run("nowhere", tmp_path)[2]
    code, _, err = run("cordis")
    assert (code, "Name a file or folder" in err) == (2, True)
    code, _, err = run("cordis", tmp_path / "missing")
    assert (code, "There is no file or folder" in err) == (2, True)
    code, _, err = run("ror", "--download")
    assert (code, "nothing that can be fetched" in err) == (2, True)
    archive = tmp_path / "cordis.zip"
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("../project.csv", "a;b\n")
    code, _, err = run("cordis", archive)
    assert (code, "leads out of it" in err) == (2, True)
    archive.write_bytes(b"PK\x03\x04 cut")
    code, _, err = run("cordis", archive)
    assert (code, "damaged or cut short" in err) == (2, True)


def test_what_is_fetched_is_kept_in_the_home_or_in_a_folder_that_is_made(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "served" / "cordis.zip"
    write_table(tmp_path / "dump", "project", PROJECT)
    archive.parent.mkdir()
    with zipfile.ZipFile(archive, "w") as written:
        written.write(tmp_path / "dump" / "project.csv", "project.csv")
    monkeypatch.setattr(find_connector("cordis"), "_addresses", [archive.as_uri()])
    assert run("cordis", "--download")[0] == 0
    assert (tmp_path / "home" / "downloads" / "cordis" / "cordis.zip").is_file()
    assert run("cordis", tmp_path / "new" / "folder", "--download")[0] == 0
    assert (tmp_path / "new" / "folder" / "cordis.zip").is_file()


def test_without_a_network_a_download_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = ["https://cordis.invalid/data/cordis-HORIZONprojects-csv.zip"]
    monkeypatch.setattr(find_connector("cordis"), "_addresses", addresses)
    code, _, err = run("cordis", "--download")
    assert code == 1
    assert "https://cordis.invalid" in err
    assert "there is no network, or no server of that name" in err
