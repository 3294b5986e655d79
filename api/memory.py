"""Memory of answers: what a release once answered, it answers the same for ever."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Generic, TypeVar

from missiongraph.api.negotiation import Choice
from missiongraph.formats import Format
from missiongraph.store import WHOLE, Dataset, Store

MAX_BYTES: Final = 64 << 20
ENTRY_BYTES: Final = 500
"""What an entry takes beside its answer, about."""
_LARGEST_SHARE: Final = 16
KeptT = TypeVar("KeptT")


@dataclass(frozen=True)
class Known:
    """An answer that is remembered.

    Attributes:
        body: the whole answer.
        choice: how it is written.
        etag: its entity tag.
        rows: how many it has; None for triples.
    """

    body: bytes
    choice: Choice[Format]
    etag: str
    rows: int | None


class Memory(Generic[KeptT]):
    """The answers that were asked for last, within a number of bytes.

    Keys are kept as digests, so that long ones take no more memory than short ones.

    Args:
        max_bytes: bytes of answers to remember; one larger than a sixteenth of it is not.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[bytes, tuple[KeptT, int]] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable) -> KeptT | None:
        """Return what is kept under a key; None if nothing is."""
        digest = _digest(key)
        with self._lock:
            if digest not in self._kept:
                return None
            self._kept.move_to_end(digest)
            return self._kept[digest][0]

    def keep(self, key: Hashable, kept: KeptT, size_bytes: int) -> None:
        """Keep an answer of so many bytes, and forget those that were not asked for longest."""
        size_bytes += ENTRY_BYTES
        if size_bytes > self._max_bytes // _LARGEST_SHARE:
            return
        digest = _digest(key)
        with self._lock:
            _, before = self._kept.pop(digest, (None, 0))
            self._kept[digest] = kept, size_bytes
            self._bytes += size_bytes - before
            while self._bytes > self._max_bytes:
                _, (_, oldest) = self._kept.popitem(last=False)
                self._bytes -= oldest


class RememberingStore:
    """A store that remembers its latest answers; for questions, not for strangers' queries.

    Args:
        store: answers what is not remembered; its graph never changes.
        max_bytes: as of its memory.
    """

    def __init__(self, store: Store, max_bytes: int = MAX_BYTES) -> None:
        self._store = store
        self._memory: Memory[bytes] = Memory(max_bytes)

    def answer(self, query: str, wanted: Format, dataset: Dataset = WHOLE) -> bytes:
        """Return the whole answer to a query; see ``Store.answer``."""
        key = query, wanted.name, dataset
        if (known := self._memory.get(key)) is not None:
            return known
        answer = self._store.answer(query, wanted, dataset)
        self._memory.keep(key, answer, len(answer))
        return answer


def _digest(key: Hashable) -> bytes:
    return sha256(repr(key).encode("utf-8", "surrogatepass")).digest()
