"""Validates one file by rudof; see ``bench/gate.py``."""

import json
import resource
import sys
import time
from pathlib import Path

start = time.perf_counter()
from pyrudof import RDFFormat, Rudof, RudofConfig

data, shapes, rows = sys.argv[1:]
rudof = Rudof(RudofConfig())
rudof.read_data(data, RDFFormat.NTriples)
rudof.read_shacl(shapes)
report = rudof.validate_shacl()
Path(rows).with_suffix(".txt").write_text(rudof.serialize_shacl_validation_results())
seconds = time.perf_counter() - start
usage = resource.getrusage(resource.RUSAGE_SELF)


def text(term: object) -> str:
    """Return a term as text, literals without datatype; blank nodes are alike."""
    written = "" if term is None else str(term)
    if written.startswith('"'):
        return written[1 : written.rindex('"')]
    return "_:" if written.startswith("_:") else written.strip("<>")


lines = sorted(
    "\t".join(
        text(t)
        for t in (
            e.focus_node,
            e.path,
            e.value,
            e.constraint_component,
            e.source_shape,
            f"http://www.w3.org/ns/shacl#{e.severity}",
        )
    )
    for e in report
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
