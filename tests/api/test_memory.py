from dataclasses import dataclass, field

from missiongraph.api.memory import ENTRY_BYTES, RememberingStore
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
    store = RememberingStore(counting, max_bytes=16 * (10 + ENTRY_BYTES))
    graphs = [Dataset((f"urn:g{number:02}",)) for number in range(17)]
    for graph in (*graphs[:16], graphs[0], graphs[16]):
        store.answer("10", JSON, graph)
    store.answer("11", JSON)
    counting.asked.clear()
    for graph in (graphs[0], *graphs[2:], graphs[1]):
        store.answer("10", JSON, graph)
    store.answer("11", JSON)
    assert counting.asked == [f"10 json {graphs[1].default}", f"11 json {WHOLE.default}"]
