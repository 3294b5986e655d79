"""The connector of the Research Organization Registry, on records written for these tests."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missiongraph.errors import UnreadableDump
from missiongraph.ingest.connectors import connector_names, find_connector
from missiongraph.ingest.connectors.ror import CONNECTOR
from missiongraph.ingest.json_records import json_records
from missiongraph.ingest.staging import StagedSource, stage, staged_sources
from missiongraph.names import ID
from missiongraph.releases import Home

SHARED = Path(__file__).parents[3] / "shared" / "data" / "ror"
NEW: dict[str, Any] = {
    "id": "https://ror.org/012345a67",
    "status": "active",
    "types": ["funder", "government"],
    "names": [
        {"value": 'Øst "Fund"', "lang": "en", "types": ["label", "ror_display"]},
        {"value": "Østfonden", "lang": "no", "types": ["label"]},
        {"value": "ØF", "lang": None, "types": ["acronym"]},
    ],
    "locations": [{"geonames_details": {"country_code": "GR"}}],
    "links": [{"type": "website", "value": "https://example.org/"}],
    "external_ids": [{"type": "wikidata", "all": ["Q42"], "preferred": None}],
}
OLD: dict[str, Any] = {
    "id": "https://ror.org/076543z21",
    "status": "active",
    "types": ["Company"],
    "name": "Old Works",
    "aliases": ["Works"],
    "acronyms": ["OW"],
    "labels": [{"label": "Alte Werke", "iso639": "de"}],
    "links": ["http://works.example/"],
    "country": {"country_code": "GB"},
    "external_ids": {"Wikidata": {"all": ["Q7"], "preferred": None}},
}


def staged(folder: Path, path: Path) -> tuple[StagedSource, str]:
    """Stage a file; return what became of it and the triples."""
    home = Home(folder / "home")
    done = stage(home, CONNECTOR, path)
    (found,) = staged_sources(home)
    return done, "".join(file.read_text(encoding="utf-8") for file in found.stated())


def write_lines(file: Path, *records: object) -> Path:
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return file


def test_both_schemas_give_actors_with_names_places_and_matches(tmp_path: Path) -> None:
    done, lines = staged(tmp_path, write_lines(tmp_path / "ror.jsonl", NEW, OLD))
    assert (done.inputs[0].rows, done.inputs[0].taken) == (2, 2)
    new, old = f"<{ID}actor/ror-012345a67>", f"<{ID}actor/ror-076543z21>"
    for line in (
        f'{new} <http://www.w3.org/2000/01/rdf-schema#label> "Øst \\"Fund\\""@en .',
        f'{new} <http://www.w3.org/2004/02/skos/core#altLabel> "Østfonden"@no .',
        f'{new} <https://w3id.org/missiongraph/ontology#acronym> "ØF" .',
        f"{new} <https://w3id.org/missiongraph/ontology#place> <{ID}place/greece> .",
        (
            f"{new} <http://www.w3.org/2004/02/skos/core#exactMatch> "
            "<http://www.wikidata.org/entity/Q42> ."
        ),
        f"{new} <http://purl.org/dc/terms/source> <{ID}source/ror> .",
        f'{old} <http://www.w3.org/2004/02/skos/core#altLabel> "Alte Werke"@de .',
        f"{old} <https://w3id.org/missiongraph/ontology#place> <{ID}place/united-kingdom> .",
        (
            f"{old} <https://w3id.org/missiongraph/ontology#actorType> "
            "<https://w3id.org/missiongraph/concept/actor-type/company> ."
        ),
    ):
        assert f"{line}\n" in lines


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (NEW | {"status": "withdrawn"}, "not an active organisation"),
        (NEW | {"id": "https://example.org/1"}, "no id or name"),
        (NEW | {"names": []}, "no id or name"),
        (NEW | {"names": [{"value": "x"}]}, "not in the registry's form"),
        ("no object", "not an object"),
    ],
)
def test_what_is_not_an_organisation_of_today_is_quarantined(
    tmp_path: Path, record: object, reason: str
) -> None:
    done, _ = staged(tmp_path, write_lines(tmp_path / "ror.jsonl", record, OLD))
    assert done.inputs[0].reasons == {reason: 1}
    assert (done.inputs[0].taken, done.inputs[0].quarantined) == (1, 1)


def test_an_unknown_country_costs_the_cell_and_not_the_row(tmp_path: Path) -> None:
    nowhere = NEW | {"locations": [{"geonames_details": {"country_code": "QQ"}}]}
    done, lines = staged(tmp_path, write_lines(tmp_path / "ror.jsonl", nowhere))
    assert (done.inputs[0].taken, done.inputs[0].unreadable_cells) == (1, 1)
    assert "actor/ror-012345a67" in lines


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"\xff\xfe{}", "not UTF-8"),
        (b'{"id": ', "not JSON"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"id": "' + b"x" * (10 << 20) + b'"}', "a line of more than 10 MB"),
    ],
    ids=["utf-8", "cut", "deep", "long"],
)
def test_a_hostile_line_is_quarantined_and_the_next_one_read(
    tmp_path: Path, line: bytes, reason: str
) -> None:
    file = tmp_path / "ror.jsonl"
    file.write_bytes(json.dumps(OLD).encode() + b"\n" + line + b"\n" + json.dumps(NEW).encode())
    done, _ = staged(tmp_path, file)
    assert done.inputs[0].reasons == {reason: 1}
    assert done.inputs[0].taken == 2


def test_an_array_in_an_archive_is_read_and_the_newer_schema_preferred(tmp_path: Path) -> None:
    archive = tmp_path / "dump.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("v1-ror-data.json", json.dumps([OLD]))
        written.writestr("v1-ror-data_schema_v2.json", json.dumps([NEW], indent=1))
    _, lines = staged(tmp_path, archive)
    assert "ror-012345a67" in lines
    assert "ror-076543z21" not in lines


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "[{}", "[{} {}]", "[{},]", "[", '[{"id": ' + '"x' * 1000, "[1e"],
    ids=["deep", "cut", "no comma", "nothing after comma", "empty", "quotes", "number"],
)
def test_an_array_that_breaks_off_is_an_error(tmp_path: Path, text: str) -> None:
    file = tmp_path / "ror.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableDump):
        staged(tmp_path, file)


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=9))))
def test_an_array_is_read_as_it_was_written(values: list[dict[str, object]]) -> None:
    for written in (json.dumps(values), json.dumps(values, indent=2, ensure_ascii=False)):
        stream = io.BytesIO(written.encode("utf-8", "surrogatepass"))
        assert [record.value for record in json_records(stream, "x")] == values


def test_a_folder_without_json_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("nothing", encoding="utf-8")
    with pytest.raises(UnreadableDump, match=r"There is no JSON file"):
        CONNECTOR.discover(tmp_path)


def test_the_connector_is_found_by_its_name() -> None:
    assert "ror" in connector_names()
    assert find_connector("ror") is CONNECTOR


@pytest.mark.skipif(not SHARED.exists(), reason="the folder of shared data is not here")
def test_the_real_records_are_all_taken(tmp_path: Path) -> None:
    done, lines = staged(tmp_path, SHARED / "records_v2.jsonl")
    assert (done.inputs[0].rows, done.inputs[0].taken) == (38, 38)
    assert f"<{ID}place/united-kingdom>" in lines
    for name in ("03qn8fb07", "03qn8fb07_schema_v1", "051777d98_schema_v1"):
        done, _ = staged(tmp_path / name, SHARED / "single" / f"{name}.json")
        assert done.inputs[0].taken == 1
