from dataclasses import dataclass, field

from missiongraph.api.memory import RememberingStore
from missiongraph.formats import CSV, JSON, Format
from missiongraph.store import WHOLE, Dataset


@dataclass
class Counting:
    """A store that answers each query with so many bytes as it names, and counts."""

    asked: list[str] = field(default_factory=list)

    def answer(self, query: str, wanted: Format, dataset: Dataset = WHOLE) -> bytes:
        self.asked.append(f"{query} {wanted.name} {dataset.default}")
        return b"x" * int(query)


def test_the_same_query_in_the_same_form_is_asked_once() -> None:
    counting = Counting()
    store = RememberingStore(counting)
    for _ in range(2):
        for wanted, dataset in ((JSON, WHOLE), (CSV, WHOLE), (CSV, Dataset(("urn:g",)))):
            assert store.answer("10", wanted, dataset) == b"x" * 10
    assert len(counting.asked) == 3


def test_the_longest_unused_is_forgotten_first_and_a_large_one_is_never_kept() -> None:
    counting = Counting()
    store = RememberingStore(counting, max_bytes=160)
    sixteen = ["10".zfill(length) for length in range(2, 18)]
    for query in (*sixteen, sixteen[0], "10".zfill(18), "11"):
        store.answer(query, JSON)
    counting.asked.clear()
    for query in (sixteen[0], *sixteen[2:], "11", sixteen[1]):
        store.answer(query, JSON)
    assert [asked.split()[0] for asked in counting.asked] == ["11", sixteen[1]]
