"""What files say is remembered between checks, and never when it may have changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from missiongraph.ingest import remembered_things
from missiongraph.ingest.documents import check_documents
from missiongraph.ingest.remembered_things import NAME, RememberedThings
from missiongraph.ontology import our_ontology

ONTOLOGY = our_ontology()
ONE = """\
source: {id: source/one, title: One, page: "https://example.org/one"}
claims:
  - id: evidence/one/a
    summary: There is a mission.
    states: [{id: mission/known, type: Mission, label: Known}]
"""
OTHER = (
    ONE.replace("one", "other")
    .replace("type: Mission, label: Known", "startDate: '2024'")
    .replace("One", "Other")
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text(ONE)
    other.write_text(OTHER)
    return one, other


def mistakes(home: Path, files: tuple[Path, Path]) -> list[str]:
    """Check the second file beside the first, as the command does."""
    remembered = RememberedThings(home)
    found = check_documents([files[1]], ONTOLOGY, files, remembered)[1]
    remembered.keep()
    return [mistake.what for mistake in found]


def test_a_file_that_is_known_is_not_read_again(
    tmp_path: Path, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mistakes(tmp_path, files) == []
    read: list[Path] = []
    monkeypatch.setattr(Path, "read_bytes", _noting(read))
    assert mistakes(tmp_path, files) == []
    assert read == [tmp_path / NAME, files[1]]
    assert str(files[1]) not in (tmp_path / NAME).read_text()  # what is checked is not remembered


def _noting(read: list[Path]) -> object:
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        read.append(path)
        return real(path)

    return read_bytes


def test_a_file_that_was_changed_is_read_again(tmp_path: Path, files: tuple[Path, Path]) -> None:
    assert mistakes(tmp_path, files) == []
    status = files[0].stat()
    files[0].write_text(ONE.replace("mission/known", "mission/known2"))
    assert any("not introduced" in what for what in mistakes(tmp_path, files))
    files[0].write_text(ONE)
    os.utime(files[0], ns=(status.st_atime_ns, status.st_mtime_ns))
    assert mistakes(tmp_path, files) == []


def test_another_software_remembers_nothing(
    tmp_path: Path, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mistakes(tmp_path, files) == []
    kept = (tmp_path / NAME).read_text()
    monkeypatch.setattr(remembered_things, "__version__", "0.0.0")
    assert mistakes(tmp_path, files) == []
    assert (tmp_path / NAME).read_text() != kept


@pytest.mark.parametrize("damaged", ["", "[]", "{", '{"stamp": 1, "files": []}'])
def test_a_damaged_memory_is_made_anew(
    tmp_path: Path, files: tuple[Path, Path], damaged: str
) -> None:
    (tmp_path / NAME).write_text(damaged)
    assert mistakes(tmp_path, files) == []
    assert "mission/known" in (tmp_path / NAME).read_text()


def test_a_home_that_is_not_there_is_done_without(tmp_path: Path, files: tuple[Path, Path]) -> None:
    assert mistakes(tmp_path / "nowhere", files) == []
    assert not (tmp_path / "nowhere").exists()
