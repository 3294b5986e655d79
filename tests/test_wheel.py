"""The packaging: a wheel holds exactly the files that git would commit, under names of our own."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[1]
PLACES = {
    "missiongraph": "missiongraph",
    "api": "missiongraph/api",
    "ingest": "missiongraph/ingest",
    "ontology": "missiongraph/_resources/ontology",
    "shapes": "missiongraph/_resources/shapes",
    "queries": "missiongraph/_resources/queries",
    "data": "missiongraph/_resources/data",
}
LINKS = {"missiongraph/api", "missiongraph/ingest"}


def built(target: str, checkout: Path, folder: Path) -> Path:
    """Build the wheel or the sdist of a checkout, without a network."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target]
    subprocess.run(
        [*command, "--directory", str(folder)], cwd=checkout, check=True, capture_output=True
    )
    (made,) = (file for file in folder.iterdir() if file.suffix in (".whl", ".gz"))
    return made


def files_of(wheel: Path) -> dict[str, bytes]:
    """Return what a wheel installs, by path, without its own description."""
    with zipfile.ZipFile(wheel) as archive:
        names = (name for name in archive.namelist() if ".dist-info/" not in name)
        return {name: archive.read(name) for name in names}


def files_of_git(checkout: Path) -> dict[str, bytes]:
    """Return what a wheel should install: each file that is not ignored, by its place there."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", *PLACES]
    names = subprocess.run(command, cwd=checkout, check=True, capture_output=True, text=True).stdout
    wanted = {}
    for name in filter(None, names.split("\0")):
        room, _, rest = name.partition("/")
        if name not in LINKS and (file := checkout / name).is_file():
            wanted[f"{PLACES[room]}/{rest}"] = file.read_bytes()
    return wanted


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture
def unpacked_sdist(tmp_path: Path) -> Path:
    (tmp_path / "sdist").mkdir()
    with tarfile.open(built("sdist", ROOT, tmp_path / "sdist")) as archive:
        # Python 3.11 has no filters before 3.11.4, and from 3.12 on warns where none is chosen.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(tmp_path)
    (folder,) = tmp_path.glob("missiongraph-*")
    return folder


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone")
def test_the_wheel_holds_exactly_what_git_would_commit(wheel: Path) -> None:
    held, wanted = files_of(wheel), files_of_git(ROOT)
    assert held.keys() == wanted.keys()
    assert held == wanted


def test_the_wheel_brings_one_name_to_site_packages(wheel: Path) -> None:
    assert {name.partition("/")[0] for name in files_of(wheel)} == {"missiongraph"}


def test_the_wheel_carries_both_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        licences = {Path(name).name for name in archive.namelist() if "/licenses/" in name}
    assert licences == {"LICENSE", "LICENSE-DATA"}


def test_the_sdist_builds_the_same_wheel(wheel: Path, unpacked_sdist: Path, tmp_path: Path) -> None:
    again = built("wheel", unpacked_sdist, tmp_path / "wheel")
    assert files_of(again) == files_of(wheel)


def test_a_new_file_is_packed_and_an_ignored_one_is_not(
    unpacked_sdist: Path, tmp_path: Path
) -> None:
    (unpacked_sdist / "data" / "new-source.yaml").write_text("source: {}\n")
    for ignored in ("ingest/__pycache__/claims.pyc", "data/.missiongraph/lock"):
        (unpacked_sdist / ignored).parent.mkdir(exist_ok=True)
        (unpacked_sdist / ignored).touch()
    held = files_of(built("wheel", unpacked_sdist, tmp_path / "wheel"))
    assert "missiongraph/_resources/data/new-source.yaml" in held
    assert not [name for name in held if "__pycache__" in name or ".missiongraph" in name]


def test_an_installed_wheel_builds_and_serves_with_no_checkout(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    ours = ("MISSIONGRAPH_", "XDG_DATA_HOME")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment |= {"PYTHONPATH": str(tmp_path / "site"), "HOME": str(tmp_path)}
    program = "from missiongraph.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", program, "serve", "--port", "0"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        answer = httpx.get(f"{address}ready")
        process.terminate()
    assert answer.status_code == 200
    assert answer.json()["claims"] > 0
    assert list(tmp_path.glob("**/releases/*/manifest.json"))
