"""The connector of calls, on topics written for these tests."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missiongraph.errors import UnreadableDump
from missiongraph.ingest.connector import Batch
from missiongraph.ingest.connectors.calls import CONNECTOR
from missiongraph.ingest.json_records import JsonRecord
from missiongraph.ingest.quarantine import Quarantine
from missiongraph.ingest.staging import UNREADABLE, StagedSource, stage, staged_sources
from missiongraph.names import ID
from missiongraph.releases import Home

SHARED = Path(__file__).parents[3] / "shared" / "data" / "calls" / "ft_portal_calls_2026-08.jsonl"
TOPIC: dict[str, Any] = {
    "reference": "123TOPICSen",
    "topicId": "HORIZON-MISS-2026-02-OCEAN-SOIL-01",
    "title": "Rivers â€“ and their banks",
    "callStatus": "forthcoming",
    "actionType": "IA",
    "deadline": "2026-09-15",
    "portalUrl": "https://example.org/topic",
    "description": "Words that are not taken over.",
}


def staged(folder: Path, path: Path) -> tuple[StagedSource, str, list[list[str]]]:
    home = Home(folder / "home")
    done = stage(home, CONNECTOR, path)
    (found,) = staged_sources(home)
    with (found.folder / UNREADABLE).open(encoding="utf-8", newline="") as stream:
        listed = list(csv.reader(stream))[1:]
    text = "".join(file.read_text(encoding="utf-8") for file in found.stated())
    return done, text.replace(ID, ""), listed


def lines(file: Path, *records: object) -> Path:
    texts = (r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records)
    file.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return file


def test_a_topic_becomes_an_instrument_of_the_missions_it_serves(tmp_path: Path) -> None:
    done, triples, listed = staged(tmp_path, lines(tmp_path / "topics.jsonl", TOPIC))
    assert (done.inputs[0].taken, listed) == (1, [])
    facts = {tuple(line.split(" ", 2)) for line in triples.splitlines()}
    short = {
        (p.rpartition("/")[2].rpartition("#")[2].strip("<>"), o.rstrip(" .")) for s, p, o in facts
    }
    assert {s for s, *_ in facts} == {"<instrument/calls-123topicsen>"}
    assert {o.strip("<>") for p, o in short if p == "contributesTo"} == {
        "mission/eu-ocean",
        "mission/eu-soil",
    }
    assert ("label", '"Rivers \u2013 and their banks"@en') in short
    assert ("identifier", '"HORIZON-MISS-2026-02-OCEAN-SOIL-01"') in short
    assert ("page", "<https://example.org/topic>") in short
    assert any(p == "status" and o.endswith("status/announced>") for p, o in short)
    assert any(p == "instrumentType" and o.endswith("instrument-type/grant>") for p, o in short)
    assert "not taken over" not in triples


def test_bad_cells_are_listed_and_bad_records_quarantined(tmp_path: Path) -> None:
    file = lines(
        tmp_path / "topics.jsonl",
        TOPIC | {"deadline": "soon", "portalUrl": "javascript:alert(1)", "callStatus": "maybe"},
        TOPIC | {"reference": ""},
        TOPIC | {"title": None},
        "[" * 100_000,
        '{"a":' * 100_000,
        "not JSON",
        '"a text"',
    )
    done, triples, listed = staged(tmp_path, file)
    found = done.inputs[0]
    assert (found.rows, found.taken, found.quarantined, found.unreadable_cells) == (7, 1, 6, 3)
    assert [line[2] for line in listed if line[5] == "True"] == [
        "deadline",
        "callStatus",
        "portalUrl",
    ]
    assert "javascript" not in triples


@pytest.mark.parametrize("text", ["[" * 100_000, '[{"a":' * 100_000, '[{"reference": "1"'])
def test_a_broken_array_is_an_error_and_no_crash(tmp_path: Path, text: str) -> None:
    file = tmp_path / "topics.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableDump):
        staged(tmp_path, file)


def test_a_folder_without_topics_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDump, match="no topics"):
        CONNECTOR.discover(tmp_path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(TOPIC, JSON)))
def test_no_record_breaks_the_mapping(values: dict[str, Any]) -> None:
    quarantine = Quarantine()
    batch = Batch(1, [("x", JsonRecord(1, values))], 0)
    assert CONNECTOR.map(batch, quarantine).rows + quarantine.rows == 1


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/data/calls")
def test_the_portal_of_august_2026(tmp_path: Path) -> None:
    done, triples, _ = staged(tmp_path, SHARED)
    found = done.inputs[0]
    assert (found.rows, found.taken, found.quarantined) == (105, 105, 0)
    serving = {line.split(" ")[0] for line in triples.splitlines() if "contributesTo>" in line}
    assert len(serving) == 55
    assert "â€" not in triples
