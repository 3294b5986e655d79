"""From a dump of CORDIS to a published release: how long, how much memory, and beside others.

    python bench/ingest.py 2000 20000 80000 --peers /path/to/python

``--peers`` names a Python with morph-kgc, pyoxigraph, pySHACL and rdflib. All read the same dump;
the peers get it as plain CSV with amounts and codes already put right, and without its repeated
rows. Each step is a process of its own. Beside the time that passed stands the time of the
processors, which tells more on a machine that others work on.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Final, Self

from cordis_dump import write_dump

BENCH: Final = Path(__file__).parent
_ROLES: Final = {"coordinator": "coordinator", "participant": "participant"}
_COUNTRIES: Final = {"EL": "greece", "UK": "united-kingdom", "XK": "kosovo"}


@dataclass(frozen=True)
class Step:
    """What a process took.

    Attributes:
        seconds: that passed.
        cpu_seconds: of all processors.
        peak_bytes: the most memory it held.
        output: what it wrote.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str

    def __str__(self) -> str:
        peak = self.peak_bytes / 1e6
        return f"{self.seconds:.1f} / {self.cpu_seconds:.1f} s, {peak:,.0f} MB"


def run(command: list[str], environment: dict[str, str] | None = None) -> Step:
    """Run a process to its end; what it takes is the difference that it makes to the children's."""
    reading, writing = os.pipe()
    start = perf_counter()
    pid = os.fork()
    if pid == 0:
        os.dup2(writing, 1)
        os.execve(command[0], command, {**os.environ, **(environment or {})})
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as stream:
        output = stream.read()
    _, status, usage = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"{command} ended with {status}: {output}")
    return Step(
        perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, output
    )


def ours(dump: Path, home: Path) -> dict[str, Step]:
    """Return what mapping alone, ingesting, and building without and with our sources take."""
    program = str(Path(sys.executable).with_name("missiongraph"))
    environment = {"MISSIONGRAPH_HOME": str(home)}
    alone = {"MISSIONGRAPH_HOME": str(home.with_name("alone"))}
    steps = {
        "CSV to N-Triples": run([sys.executable, str(BENCH / "ingest.py"), "--map", str(dump)]),
        "ingest": run([program, "ingest", "cordis", str(dump), "--json"], environment),
    }
    shutil.copytree(home / "staging", home.with_name("alone") / "staging")
    source = ["--source", "eu-country-authority"]
    steps["build of the dump and one small source"] = run(
        [program, "build", "--json", *source], alone
    )
    steps["build of the dump and all of our sources"] = run(
        [program, "build", "--json"], environment
    )
    return steps


def map_only(dump: Path) -> None:
    """Map a dump to N-Triples, as fast as the connector does, and say how many there are."""
    from missiongraph.ingest.connector import Mapped
    from missiongraph.ingest.connectors.cordis import CONNECTOR
    from missiongraph.ingest.quarantine import Quarantine

    triples = seconds = cpu = 0.0
    inputs = CONNECTOR.discover(dump)
    with Path(os.devnull).open("wb") as sink:
        for given in inputs:
            batches = CONNECTOR.read(given, inputs, Quarantine())
            mapped: Mapped | None = Mapped(0, b"")
            while mapped is not None:
                start, before = perf_counter(), process_time()
                batch = next(batches, None)
                mapped = None if batch is None else CONNECTOR.map(batch, Quarantine())
                sink.writelines((mapped.stated, mapped.inferred) if mapped else ())
                cpu += process_time() - before
                seconds += perf_counter() - start
                if mapped is not None:  # counting is none of the work
                    triples += mapped.stated.count(b"\n") + mapped.inferred.count(b"\n")
    print(json.dumps({"triples": int(triples), "seconds": seconds, "cpu": cpu}))


def plain_tables(dump: Path, folder: Path) -> None:
    """Write the dump as the peers read it."""
    bases = {row["projectID"]: row["legalBasis"] for row in _rows(dump / "legalBasis.csv")}
    with _writer(
        folder / "project.csv", "id acronym title start end cost grant topic basis"
    ) as out:
        for row in _rows(dump / "project.csv"):
            cost = row["totalCost"].replace(",", ".")
            cells = (row["id"], row["acronym"], row["title"], row["startDate"], row["endDate"])
            part = bases[row["id"]].lower().replace(".", "-")
            out.row(*cells, cost, row["ecMaxContribution"], row["topics"], part)
    seen: set[str] = set()
    header = "project pic name short country homepage role amount"
    with _writer(folder / "organization.csv", header) as out:
        for row in _rows(dump / "organization.csv"):
            key = row["projectID"] + row["organisationID"] + row["role"]
            if key not in seen:
                seen.add(key)
                country = _COUNTRIES.get(row["country"], row["country"].lower())
                role = _ROLES.get(row["role"], "third-party")
                cells = (row["projectID"], row["organisationID"], row["name"], row["shortName"])
                out.row(*cells, country, row["organizationURL"], role, row["ecContribution"])


class _writer:
    """A file of CSV in the making."""

    def __init__(self, file: Path, header: str) -> None:
        self._stream = file.open("w", encoding="utf-8", newline="")
        self._csv = csv.writer(self._stream)
        self.row(*header.split())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def row(self, *cells: str) -> None:
        self._csv.writerow(cells)


def _rows(file: Path) -> csv.DictReader[str]:
    return csv.DictReader(file.open(encoding="utf-8"), delimiter=";")


def measure(projects: int, peers: str, folder: Path) -> list[str]:
    """Return the table's rows for a size."""
    dump, tables = folder / "dump", folder / "tables"
    write_dump(projects, dump)
    steps = ours(dump, folder / "home")
    name = f"{projects:,}"
    rows = []
    for kind, step in steps.items():
        rows.append(f"| {name} | missiongraph: {kind} | {step} | {_rate(step)} |")
    whole = [steps["ingest"], steps["build of the dump and one small source"]]
    total = (sum(s.seconds for s in whole), sum(s.cpu_seconds for s in whole))
    if peers:
        tables.mkdir()
        plain_tables(dump, tables)
        for kind in ("map-plain", "map-morph-kgc"):
            step = run([peers, str(BENCH / "ingest_peers.py"), kind, str(tables)])
            label = json.loads(step.output.splitlines()[-1])["label"]
            rows.append(f"| {name} | {label} | {step} | {_rate(step)} |")
        for kind in ("morph-kgc", "rdflib"):
            step = run([peers, str(BENCH / "ingest_peers.py"), kind, str(tables)])
            found = json.loads(step.output.splitlines()[-1])
            ratio = f"{step.seconds / total[0]:.1f} times ours ({step.cpu_seconds / total[1]:.1f} in CPU)"
            rows.append(f"| {name} | {found['label']} | {step} | {found['triples']:,} | {ratio} |")
    return rows


def _rate(step: Step) -> str:
    """Return how many triples a step says that it made, and how fast it made them."""
    found = json.loads(step.output.splitlines()[-1])
    if "cpu" not in found:
        return f"{found['triples']:,} | " if "triples" in found else " | "
    each, cpu = (found["triples"] / found[key] / 1e6 for key in ("seconds", "cpu"))
    return f"{found['triples']:,} | {each:.2f} M triples/s ({cpu:.2f} per CPU second)"


def main() -> None:
    """Measure each size and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int)
    parser.add_argument("--peers", default="")
    parser.add_argument("--map", default="")
    arguments = parser.parse_args()
    if arguments.map:
        map_only(Path(arguments.map))
        return
    print(f"load {os.getloadavg()[0]:.1f} before")
    print("| projects | step | time / CPU, peak memory | triples | |\n|--:|---|---|--:|---|")
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory() as folder:
            for row in measure(size, arguments.peers, Path(folder)):
                print(row, flush=True)


if __name__ == "__main__":
    main()
