"""Every fenced block of README, CONTRIBUTING and docs/ is run as it stands, in order.

The rules for its language and its attributes are in ``blocks.py`` and ``RULES``. A block of which
no rule tells what to do with it is an error. Blocks ask one service of the whole graph; those of a
page that builds have a smaller graph of their own, so that what they build is built quickly.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
import pytest
from blocks import ATTRIBUTES, OUTPUTS, ROOT, Block, all_blocks, blocks_of
from installed import NODE_MODULES, jena_jar
from pyoxigraph import RdfFormat, parse
from remote_servers import running_server
from ruamel.yaml import YAML
from running import publish, running, small_graph, wait_until
from sample import sample_rooms

from missiongraph.api.server import address_of, listen
from missiongraph.releases import Release
from missiongraph.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("docs")]

GIVEN: Final = Path(__file__).parent / "given"
COMMANDS: Final = Path(sys.executable).parent
ADDRESS: Final = "http://127.0.0.1:8000"
FUSEKI: Final = "http://127.0.0.1:3030/ds"
OLDER: Final = ("2026-11-24-1f0c9a7be2d4", "2026-11-25-9c3fcdb97124")
"""Releases that pages name: they are kept beside the current one."""
TIMEOUT_SECONDS: Final = 300
IN_CI: Final = os.environ.get("CI") == "true"
NEEDED: Final = {  # what a program asks for by name, and what installs it
    "curl": "curl",
    "npx": "npx",
    "comunica": "npx",
    "rsparql": "java",
    "jena": "java",
}
BLOCKS: Final = all_blocks()
RUN: Final = [block for block in BLOCKS if not {"not-run", "tested-by"} & set(block.attributes)]


def is_building(page: str) -> bool:
    """Say whether a page builds, and so has a smaller graph of its own."""
    return any("missiongraph build" in block.text for block in RUN if block.page == page)


@dataclass
class Desk:
    """Where the blocks of one page run, one after the other.

    Attributes:
        folder: the folder they run in.
        environment: their variables.
        addresses: addresses that the page shows, and those that take their place.
        printed: what each block that ran has printed.
    """

    folder: Path
    environment: dict[str, str]
    addresses: dict[str, str]
    printed: list[str] = field(default_factory=list)

    def text_of(self, block: Block) -> str:
        """Return a block's text with the addresses that are served here."""
        text = block.text
        for shown, served in self.addresses.items():
            text = text.replace(shown, served)
        return text

    def run(self, command: list[str], name: str, text: str) -> str:
        """Run a program from a file in the folder and return what it prints."""
        (self.folder / name).write_text(text, encoding="utf-8")
        done = subprocess.run(
            [*command, name],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr or done.stdout
        return done.stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of links, with a sample of the data: builds of it are quick."""
    folder = tmp_path_factory.mktemp("tree")
    for name in ("missiongraph", "ontology", "shapes", "queries"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    sample_rooms(folder)
    return folder


@pytest.fixture(scope="module")
def kept(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the whole graph, and the older releases that pages name."""
    home = tmp_path_factory.mktemp("docs") / "home"
    quads = small_graph()
    for day, release in enumerate(OLDER, start=1):
        publish(home, release, quads[: len(quads) - day], built=f"2026-01-0{day}")
    current = (built_home / "current").resolve()
    shutil.copytree(current, home / "releases" / current.name, copy_function=os.link)
    (home / "current").unlink()
    (home / "current").symlink_to(home / "releases" / current.name)
    return home


@pytest.fixture(scope="module")
def address(kept: Path) -> Iterator[str]:
    with running(Settings(home=kept)) as address:
        yield address


@pytest.fixture(scope="module")
def fuseki() -> Iterator[str]:
    """The address of a data set of an empty Fuseki."""
    with running_server("fuseki") as server:
        yield server.query.removesuffix("/query")


@pytest.fixture(scope="module")
def desks() -> dict[str, Desk]:
    return {}


@pytest.fixture
def desk(
    block: Block,
    desks: dict[str, Desk],
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Desk:
    """The desk of a block's page, made when its first block is run."""
    if block.page not in desks:
        folder = tmp_path_factory.mktemp("page")
        given = GIVEN / Path(block.page).stem
        if given.is_dir():
            shutil.copytree(given, folder, dirs_exist_ok=True)
        environment = _environment(folder)
        addresses = {ADDRESS: request.getfixturevalue("address")}
        if is_building(block.page):
            tree: Path = request.getfixturevalue("tree")
            sample: Release = request.getfixturevalue("sample_release")
            home = shutil.copytree(
                sample.folder.parents[1], folder / "home", symlinks=True, copy_function=os.link
            )
            environment |= {"PYTHONPATH": str(tree), "MISSIONGRAPH_HOME": str(home)}
            (folder / "data").symlink_to(tree / "data")
        elif any(FUSEKI in other.text for other in RUN if other.page == block.page):
            publish(folder / "home", OLDER[0], small_graph())
            environment["MISSIONGRAPH_HOME"] = str(folder / "home")
            addresses[FUSEKI] = request.getfixturevalue("fuseki")
        else:
            environment["MISSIONGRAPH_HOME"] = str(request.getfixturevalue("kept"))
        desks[block.page] = Desk(folder, environment, addresses)
    return desks[block.page]


def _environment(folder: Path) -> dict[str, str]:
    """Return variables with which the commands that pages name are found."""
    bin_folder = folder / "bin"
    bin_folder.mkdir()
    rsparql = bin_folder / "rsparql"
    rsparql.write_text(f'#!/bin/sh\nexec java -cp "{jena_jar()}" arq.rsparql "$@"\n')
    rsparql.chmod(0o755)
    (folder / "node_modules").symlink_to(NODE_MODULES)
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bin").symlink_to(COMMANDS)
    path = os.pathsep.join((str(bin_folder), str(COMMANDS), os.environ["PATH"]))
    return {**os.environ, "PATH": path, "COLUMNS": "120"}


def require(block: Block, program: str) -> None:
    """Skip the test by name when a program is not installed, except in CI."""
    wanted = {program, *(needs for word, needs in NEEDED.items() if word in block.text)}
    for name in sorted(wanted):
        if shutil.which(name) is None and not IN_CI:
            pytest.skip(f"{name} is not installed")


def shell(block: Block, desk: Desk) -> str | None:
    require(block, "bash")
    text = desk.text_of(block)
    if text.startswith("missiongraph serve"):
        serve(text, desk)
        return None
    return desk.run(["bash", "-euo", "pipefail"], "run.sh", text)


def serve(text: str, desk: Desk) -> None:
    """Start the service as the page does, on a free port; wait until it is ready, and end it."""
    with listen("127.0.0.1", 0) as listener:
        address = address_of(listener).removesuffix("/")
    port = address.rpartition(":")[2]
    command = f"exec {' '.join(text.split('#')[0].split())} --port {port}"
    with subprocess.Popen(["bash", "-c", command], cwd=desk.folder, env=desk.environment) as server:
        try:
            wait_until(lambda: is_ready(address) or server.poll() is not None, 60)
            assert is_ready(address)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/ready").status_code == 200
    except httpx.TransportError:
        return False


def python(block: Block, desk: Desk) -> str:
    return desk.run([sys.executable, "-W", "error"], "program.py", desk.text_of(block))


def r(block: Block, desk: Desk) -> str:
    require(block, "Rscript")
    return desk.run(["Rscript"], "program.R", desk.text_of(block))


def javascript(block: Block, desk: Desk) -> str:
    require(block, "node")
    return desk.run(["node"], "program.mjs", desk.text_of(block))


def java(block: Block, desk: Desk) -> str:
    require(block, "java")
    # Running a source file needs a JDK's compiler, which a runtime alone has not.
    modules = subprocess.run(["java", "--list-modules"], capture_output=True, text=True, check=True)
    if "jdk.compiler" not in modules.stdout and not IN_CI:
        pytest.skip("a Java compiler is not installed")
    return desk.run(["java", "-cp", str(jena_jar())], "Program.java", desk.text_of(block))


def sparql(block: Block, desk: Desk) -> str:
    address = desk.addresses[ADDRESS]
    headers = {"Accept": "text/csv, text/turtle;q=0.5"}
    answer = httpx.post(
        f"{address}/sparql", data={"query": block.text}, headers=headers, timeout=60
    )
    assert answer.status_code == 200, answer.text
    return answer.text.replace("\r\n", "\n")


def turtle(block: Block, _: Desk) -> None:
    assert list(parse(block.text, format=RdfFormat.TURTLE))


def yaml(block: Block, _: Desk) -> None:
    assert YAML(typ="safe", pure=True).load(block.text)


def as_json(block: Block, _: Desk) -> None:
    assert json.loads(block.text)


def toml(block: Block, desk: Desk) -> None:
    """A settings file: the command reads it."""
    assert tomllib.loads(block.text)
    folder = desk.folder / "settings"
    folder.mkdir(exist_ok=True)
    (folder / "missiongraph.toml").write_text(block.text, encoding="utf-8")
    Settings.load({"home": desk.folder}, {}, folder)


def systemd(block: Block, desk: Desk) -> None:
    """A unit: what it starts is put where this environment has it, then systemd reads it."""
    require(block, "systemd-analyze")
    text = re.sub(r"(?m)^(Exec\w+=)/\S+/", rf"\1{COMMANDS}/", block.text)
    file = desk.folder / block.attributes["file"]
    file.write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", file], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def nginx(block: Block, desk: Desk) -> None:
    """A proxy: nginx reads it, and passes a request on to the service."""
    require(block, "nginx")
    with listen("127.0.0.1", 0) as listener:
        address = address_of(listener).removesuffix("/")
    text, listens = re.subn(r"\blisten \d+;", f"listen {urlsplit(address).netloc};", block.text)
    assert listens == 1
    for shown, served in desk.addresses.items():
        text = text.replace(shown, served.removesuffix("/"))
    alone = "daemon off; master_process off; pid nginx.pid; error_log stderr; "
    file = desk.folder / "nginx.conf"
    http = f"access_log off;\n{text}"
    file.write_text(f"{alone}events {{}}\nhttp {{\n{http}\n}}\n", encoding="utf-8")
    with subprocess.Popen(["nginx", "-p", desk.folder, "-c", file]) as proxy:
        try:
            wait_until(lambda: is_ready(address) or proxy.poll() is not None, 30)
            assert is_ready(address)
        finally:
            proxy.terminate()
            proxy.wait(30)


def nothing(_block: Block, _desk: Desk) -> None:
    """Output of the block above, with which it is compared, or a file."""


RULES: Final[dict[str, Callable[[Block, Desk], str | None]]] = {
    "sh": shell,
    "python": python,
    "r": r,
    "js": javascript,
    "java": java,
    "sparql": sparql,
    "turtle": turtle,
    "yaml": yaml,
    "json": as_json,
    "toml": toml,
    "systemd": systemd,
    "nginx": nginx,
    **dict.fromkeys(OUTPUTS, nothing),
}
"""What is done with a block of each language; it returns what the block prints."""


def what_is_wrong(block: Block) -> str:
    """Say why no rule tells what to do with a block; nothing if one does."""
    given = block.attributes
    if unknown := set(given) - ATTRIBUTES:
        return f"{unknown} are no attributes of a block"
    if "not-run" in given:
        return "" if len(given["not-run"].split()) > 2 else "it does not say why it is not run"
    if "tested-by" in given:
        test = ROOT / given["tested-by"]
        reads = test.is_file() and Path(block.page).name in test.read_text(encoding="utf-8")
        return "" if reads else f"{given['tested-by']} does not read this page"
    if block.language not in RULES:
        return f"there is no rule for {block.language or 'a block without a language'}"
    if block.language in OUTPUTS and not given and not _is_output(block):
        return "nothing that is run stands above it; name it with file="
    return ""


def _is_output(block: Block) -> bool:
    page = (ROOT / block.page).read_text(encoding="utf-8")
    shown = [b.output for b in blocks_of(block.page, page)]
    return block.text in shown


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_there_is_a_rule_for_a_block(block: Block) -> None:
    assert what_is_wrong(block) == ""


@pytest.mark.parametrize(
    ("fence", "why"),
    [
        ("```ruby\nputs 1\n```", "there is no rule for ruby"),
        ("```\nmissiongraph build\n```", "there is no rule for a block without a language"),
        ('```sh not-run="no"\nmissiongraph build\n```', "it does not say why it is not run"),
        ('```sh skip="it is slow today"\nmake\n```', "{'skip'} are no attributes of a block"),
        (
            '```sh tested-by="tests/test_links.py"\nmake\n```',
            "tests/test_links.py does not read this page",
        ),
        ('```sh tested-by="tests/test_readme.py"\nmake\n```', ""),
        ("```text\n1\n```", "nothing that is run stands above it; name it with file="),
        ("```sh\nmissiongraph build\n```", ""),
    ],
)
def test_a_block_without_a_rule_is_found(fence: str, why: str) -> None:
    (block,) = blocks_of("README.md", f"Words.\n\n{fence}\n")
    assert what_is_wrong(block) == why


def test_no_command_stands_outside_a_fence() -> None:
    """A block by indentation would not be run."""
    indented = re.compile(r"(?m)\n\n {4,}(missiongraph|curl|make|pip|python|\.venv)\b.*$")
    for page in sorted({block.page for block in BLOCKS}):
        assert not indented.search((ROOT / page).read_text(encoding="utf-8")), page


@pytest.mark.parametrize("block", RUN, ids=str)
def test_a_block_does_what_the_page_says(block: Block, desk: Desk) -> None:
    if "file" in block.attributes and block.language != "systemd":
        file = desk.folder / block.attributes["file"]
        file.write_text(desk.text_of(block), encoding="utf-8")
    printed = RULES[block.language](block, desk)
    if printed is not None:
        desk.printed.append(printed)
    if block.output is not None:
        assert printed == block.output
    if (rows := desk.folder / "rows.csv").exists() and block.language in PROGRAMS:
        for row in list(csv.reader(rows.read_text(encoding="utf-8").splitlines()))[1:]:
            assert re.search(".*".join(map(re.escape, row)), printed or ""), printed


PROGRAMS: Final = ("sh", "python", "js", "java")
"""On a page with a file ``rows.csv``, each program prints its rows, in whatever form."""
