"""What the scripts of this folder share: figures of a closure, and its rows for comparison."""

import json
import resource
import time
from collections.abc import Iterable
from pathlib import Path

USED = ("https://w3id.org/missiongraph/ontology#", "http://www.w3.org/2004/02/skos/core#")
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def is_used(predicate: str, value: str) -> bool:
    """Say whether a triple is in the vocabulary of the graph, by its property or class."""
    return (value if predicate == TYPE else predicate).startswith(USED)


class Measuring:
    """Takes the processor's time from its making on."""

    def __init__(self) -> None:
        self._laps = [time.process_time()]

    def lap(self) -> None:
        """Mark the end of a part: of reading, then of reasoning."""
        self._laps.append(time.process_time())

    @property
    def taken(self) -> float:
        """Seconds until the last mark."""
        return self._laps[-1] - self._laps[0]

    def tell(self, rows: Path, triples: Iterable[tuple[str, str, str]], note: str = "") -> None:
        """Print the figures; write what was inferred, sorted, to a file."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        lines = sorted({"\t".join(triple) for triple in triples})
        rows.write_text("\n".join(lines))
        start, read, reasoned = self._laps
        print(
            json.dumps(
                {
                    "read_seconds": read - start,
                    "reason_seconds": reasoned - read,
                    "peak_bytes": peak,
                    "results": len(lines),
                    "note": note,
                }
            )
        )
