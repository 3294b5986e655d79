"""Timing: the quantiles of repeated calls, in milliseconds."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """How long calls took: the median and the 95th percentile, in milliseconds."""

    p50: float
    p95: float


def timed(call: Callable[[], object], rounds: int, seconds: float = 20.0) -> Timing:
    """Return how long a call takes, after one that is not counted.

    Args:
        call: what is measured.
        rounds: how often it is called, at most.
        seconds: after so long it is called no more.
    """
    call()
    taken: list[float] = []
    end = time.perf_counter() + seconds
    while len(taken) < rounds and (len(taken) < 3 or time.perf_counter() < end):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1000)
    return Timing(statistics.median(taken), sorted(taken)[int(0.95 * (len(taken) - 1))])
