"""Validates one file by pySHACL; see ``bench/gate.py``."""

import json
import resource
import sys
import time
from pathlib import Path

start = time.perf_counter()
import pyshacl
from rdflib import SH, BNode, Graph

data, shapes, rows = sys.argv[1:]
_, report, _ = pyshacl.validate(
    Graph().parse(data, format="nt"), shacl_graph=Graph().parse(shapes), inference="none"
)
Path(rows).with_suffix(".ttl").write_text(report.serialize(format="turtle"))
seconds = time.perf_counter() - start
usage = resource.getrusage(resource.RUSAGE_SELF)


def text(term: object) -> str:
    """Return a term as text; blank nodes are alike."""
    return "_:" if isinstance(term, BNode) else str(term or "")


KEYS = (
    SH.focusNode,
    SH.resultPath,
    SH.value,
    SH.sourceConstraintComponent,
    SH.sourceShape,
    SH.resultSeverity,
)

lines = sorted(
    "\t".join(text(report.value(result, key)) for key in KEYS)
    for result in report.objects(next(report.subjects(SH.conforms)), SH.result)
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
