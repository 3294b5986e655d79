"""Every stored question on the default release, and on the same with a million triples of projects.

    python bench/questions.py [projects]

Times are of the processor, in this process, so that other work on the machine does not count.
The slowest ten are printed, and how many take more than a second.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from graph import quads
from pyoxigraph import Quad, RdfFormat, parse

from missiongraph import __version__
from missiongraph.answers import Limits
from missiongraph.errors import MissiongraphError
from missiongraph.questions import all_questions, answer_table
from missiongraph.releases import Home
from missiongraph.settings import Settings
from missiongraph.store import EmbeddedStore

NEEDED = {"thing": ["actor/csiro"], "text": ["drought"]}
ROUNDS = 3
SHOWN = 10


def timings(store: EmbeddedStore) -> dict[str, float]:
    """Return the least seconds of the processor that each question took; inf for a failure."""
    found: dict[str, float] = {}
    for name, question in all_questions().items():
        given = {p: NEEDED[p] for p, parameter in question.parameters.items() if parameter.required}
        try:
            found[name] = min(_seconds(store, name, given) for _ in range(ROUNDS))
        except MissiongraphError as error:
            print(f"{name}: {error.what}")
            found[name] = float("inf")
    return found


def _seconds(store: EmbeddedStore, name: str, given: dict[str, list[str]]) -> float:
    start = time.process_time()
    answer_table(store, all_questions()[name], given)
    return time.process_time() - start


def _statements(dump: Path, projects: int) -> Iterator[Quad]:
    return chain(parse(path=str(dump), format=RdfFormat.N_QUADS), quads(projects))


def main(projects: int) -> None:
    """Print the slowest questions at both sizes."""
    release, _ = Home(Settings.load().home).load_newest()
    roomy = Limits(max_rows=10_000_000, max_bytes=10_000_000_000)
    triples = release.manifest.triples
    small = timings(release.load(roomy))
    large = timings(EmbeddedStore.of(_statements(release.dump, projects), roomy))
    print(f"missiongraph {__version__}; {triples:,} triples, and {projects:,} projects more")
    print("| question | ms, default release | ms, with projects |\n|---|--:|--:|")
    for name in sorted(large, key=lambda name: -large[name])[:SHOWN]:
        print(f"| {name} | {small[name] * 1000:.0f} | {large[name] * 1000:.0f} |")
    for title, taken in (("default release", small), ("with projects", large)):
        slow = [name for name, seconds in taken.items() if seconds >= 1]
        print(f"{title}: {len(slow)} of {len(taken)} take a second or more: {', '.join(slow)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 35_000)
