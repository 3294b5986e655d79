"""Validates one file by missiongraph, projects in batches; see ``bench/gate.py``.

What comes before the first project is the background. The results are those of the whole file.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import BlankNode, Quad, parse

start = time.perf_counter()
from missiongraph.names import ID
from missiongraph.shacl import Result, compile_shapes

BATCH = 100_000  # triples, or a few more: a batch ends where a project does
data, shapes, rows = sys.argv[1:]
plan = compile_shapes(parse(path=shapes))


def batches() -> Iterator[list[Quad]]:
    """Yield the background, then batches of projects."""
    batch: list[Quad] = []
    least = 0
    project = None
    for quad in parse(path=data):
        if quad.subject != project and quad.subject.value.startswith(ID + "project/"):
            project = quad.subject
            if len(batch) >= least:
                yield batch
                batch, least = [], BATCH
        batch.append(quad)
    yield batch


parts = batches()
background = plan.background(next(parts))
results: list[Result] = list(plan.validate(background).results)
for part in parts:
    results += plan.validate_batch(part, background).results
seconds = time.perf_counter() - start
usage = resource.getrusage(resource.RUSAGE_SELF)


def text(term: object) -> str:
    """Return a term as text; blank nodes are alike."""
    return "_:" if isinstance(term, BlankNode) else str(getattr(term, "value", term or ""))


lines = sorted(
    "\t".join(text(t) for t in (r.focus, r.path, r.value, r.component, r.shape, r.severity))
    for r in results
)
Path(rows).write_text("\n".join(lines))
print(
    json.dumps(
        {
            "seconds": seconds,
            "processor_seconds": usage.ru_utime + usage.ru_stime,
            "peak_bytes": usage.ru_maxrss * 1024,
            "results": len(lines),
        }
    )
)
