"""Memory of answers: what a release once answered, it answers the same for ever."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final, TypeAlias

from missiongraph.formats import Format
from missiongraph.store import WHOLE, Dataset, Store

MAX_BYTES: Final = 64 << 20
_LARGEST_SHARE: Final = 16
_Key: TypeAlias = tuple[str, str, Dataset]


class RememberingStore:
    """A store that remembers its latest answers; for questions, not for strangers' queries.

    Args:
        store: answers what is not remembered; its graph never changes.
        max_bytes: bytes of answers to remember; one larger than a sixteenth of it is not.
    """

    def __init__(self, store: Store, max_bytes: int = MAX_BYTES) -> None:
        self._store = store
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._answers: OrderedDict[_Key, bytes] = OrderedDict()
        self._bytes = 0

    def answer(self, query: str, wanted: Format, dataset: Dataset = WHOLE) -> bytes:
        """Return the whole answer to a query; see ``Store.answer``."""
        key = query, wanted.name, dataset
        with self._lock:
            if (known := self._answers.get(key)) is not None:
                self._answers.move_to_end(key)
                return known
        answer = self._store.answer(query, wanted, dataset)
        self._remember(key, answer)
        return answer

    def _remember(self, key: _Key, answer: bytes) -> None:
        if len(answer) > self._max_bytes // _LARGEST_SHARE:
            return
        with self._lock:
            self._bytes += len(answer) - len(self._answers.pop(key, b""))
            self._answers[key] = answer
            while self._bytes > self._max_bytes:
                _, oldest = self._answers.popitem(last=False)
                self._bytes -= len(oldest)
