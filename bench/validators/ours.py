"""Validates one file by missiongraph; see ``bench/gate.py``."""

import json
import resource
import sys
import time
from pathlib import Path

from pyoxigraph import BlankNode, parse

start = time.perf_counter()
from missiongraph.shacl import compile_shapes

data, shapes, rows = sys.argv[1:]
report = compile_shapes(parse(path=shapes)).validate(parse(path=data))
Path(rows).with_suffix(".ttl").write_text(report.turtle)
seconds = time.perf_counter() - start
usage = resource.getrusage(resource.RUSAGE_SELF)


def text(term: object) -> str:
    """Return a term as text; blank nodes are alike."""
    return "_:" if isinstance(term, BlankNode) else str(getattr(term, "value", term or ""))


lines = sorted(
    "\t".join(text(t) for t in (r.focus, r.path, r.value, r.component, r.shape, r.severity))
    for r in report.results
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
