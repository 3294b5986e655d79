"""Every stored question on one release or several, such as the default one and one of a million triples.

    python bench/cordis_dump.py 16000 /tmp/dump
    MISSIONGRAPH_HOME=/tmp/million missiongraph ingest cordis /tmp/dump
    MISSIONGRAPH_HOME=/tmp/million missiongraph build
    python bench/questions.py .missiongraph /tmp/million

Asked is for the whole answer as JSON with no parameter given, which is the most there is to answer.
Times are of the processor, in this process, so that other work on the machine counts little.
The slowest are printed, and how many take more than a second.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from missiongraph import __version__
from missiongraph.answers import Limits
from missiongraph.errors import MissiongraphError
from missiongraph.formats import JSON
from missiongraph.questions import all_questions, answer
from missiongraph.releases import Home
from missiongraph.store import EmbeddedStore

NEEDED = {"thing": ["actor/csiro"], "text": ["drought"]}
ROUNDS = 3
SHOWN = 12
_ROOMY = Limits(max_rows=10_000_000, max_bytes=10_000_000_000)


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
    answer(store, all_questions()[name], given, JSON)
    return time.process_time() - start


def main(homes: Sequence[Path]) -> None:
    """Print the slowest questions of the newest release in each home, by the last one's times."""
    columns: dict[str, dict[str, float]] = {}
    for home in homes:
        release, _ = Home(home).load_newest()
        columns[f"{release.manifest.triples:,} triples"] = timings(release.load(_ROOMY))
    print(f"missiongraph {__version__}; milliseconds of the processor")
    print("| question |" + "".join(f" {title} |" for title in columns))
    print("|---|" + "--:|" * len(columns))
    last = list(columns.values())[-1]
    for name in sorted(last, key=lambda name: -last[name])[:SHOWN]:
        print(f"| {name} |" + "".join(f" {c[name] * 1000:.0f} |" for c in columns.values()))
    for title, taken in columns.items():
        slow = [name for name, seconds in taken.items() if seconds >= 1]
        print(f"{title}: {len(slow)} of {len(taken)} take a second or more: {', '.join(slow)}")


if __name__ == "__main__":
    main([Path(home) for home in sys.argv[1:]] or [Path(".missiongraph")])
