"""The JSON Schema of curated files: as fresh as the ontology, passed by our data, and no rubber stamp."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from missiongraph.ingest.claims_schema import our_claims_schema
from missiongraph.ontology import our_ontology
from missiongraph.resources import root

FILE = root() / "ontology" / "claims.schema.json"
SCHEMA = Draft7Validator(json.loads(FILE.read_text(encoding="utf-8")))
GOOD = {
    "source": {
        "id": "source/example-report",
        "title": "An example",
        "page": "https://example.org/report.pdf",
        "sourceKind": "report",
        "issued": "2024-05",
    },
    "claims": [
        {
            "id": "evidence/example-report/clean-rivers",
            "pageNumber": 12,
            "summary": {"en": "Half as much nitrogen by 2035.", "da": "Halvt så meget kvælstof."},
            "states": [
                {
                    "id": "mission/example-clean-rivers",
                    "type": "Mission",
                    "label": "Clean Rivers Mission",
                    "place": [
                        "place/denmark",
                        {"id": "place/fyn", "type": "Place", "label": "Fyn"},
                    ],
                    "governanceLevel": "national",
                    "maxDuration": "P10Y",
                    "hasTarget": {
                        "id": "target/example-nitrogen-2035",
                        "targetValue": 50,
                        "unit": "percent",
                        "deadline": 2035,
                        "approximate": True,
                    },
                    "hasFunding": {"id": "funding/example", "share": 0.25, "currency": "EUR"},
                },
                {"id": "concept:dimension/policy-coordination", "label": "Coordination"},
            ],
        }
    ],
}
CLAIM = ("claims", 0)
MISSION = (*CLAIM, "states", 0)
TARGET = (*MISSION, "hasTarget")
BROKEN: dict[str, tuple[tuple[str | int, ...], Any]] = {
    "a source without a title": (("source", "title"), None),
    "a source without a page": (("source", "page"), None),
    "a source without a kind": (("source", "sourceKind"), None),
    "a source with a script for a page": (("source", "page"), "javascript:alert(1)"),
    "a source with a mission's id": (("source", "id"), "mission/x"),
    "a date that is a word": (("source", "issued"), "May 2024"),
    "a thirteenth month": (("source", "issued"), "2024-13"),
    "a key at the top": (("sources",), {}),
    "no claims": (("claims",), []),
    "a passage without a summary": ((*CLAIM, "summary"), None),
    "a summary of 501 characters": ((*CLAIM, "summary"), "x" * 501),
    "a summary in no language": ((*CLAIM, "summary"), {"english": "Half."}),
    "page zero": ((*CLAIM, "pageNumber"), 0),
    "a passage that states nothing": ((*CLAIM, "states"), []),
    "an evidence's id of one part": ((*CLAIM, "id"), "evidence/clean-rivers"),
    "a thing without an id": ((*MISSION, "id"), None),
    "an id with capitals": ((*MISSION, "id"), "mission/Clean"),
    "an id of no class": ((*MISSION, "id"), "misson/clean"),
    "a type of another class": ((*MISSION, "type"), "Actor"),
    "an unknown key": ((*MISSION, "owner"), "actor/csiro"),
    "a key of another class": ((*MISSION, "targetValue"), 3),
    "a key that the build works out": ((*TARGET, "deadlineYear"), 2035),
    "an unknown concept": ((*MISSION, "governanceLevel"), "federal"),
    "a duration in words": ((*MISSION, "maxDuration"), "10 years"),
    "a reference to another class": ((*MISSION, "place"), "actor/csiro"),
    "a number with a comma": ((*TARGET, "targetValue"), "1,5"),
    "two deadlines in one passage": ((*TARGET, "deadline"), ["2035", "2036"]),
    "a share of two": ((*MISSION, "hasFunding", "share"), 2),
    "a source among the things": ((*MISSION, "id"), "source/example-report"),
    "a concept of no vocabulary": (
        (*CLAIM, "states", 1, "id"),
        "concept:dimension/coordination",
    ),
}


def plain(value: Any) -> Any:
    """Return a YAML value as editors' language servers see it: they know no dates."""
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def broken(place: tuple[str | int, ...], value: Any) -> Any:
    """Return the good file with one value put in, or taken away where it is None."""
    document = copy.deepcopy(GOOD)
    node: Any = document
    for key in place[:-1]:
        node = node[key]
    if value is None:
        del node[place[-1]]
    else:
        node[place[-1]] = value
    return document


def problems(document: Any) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in SCHEMA.iter_errors(document)]


def test_the_schema_is_the_one_of_ontology_and_shapes() -> None:
    assert FILE.read_text(encoding="utf-8") == our_claims_schema(), "run make context"


def test_it_is_a_json_schema() -> None:
    Draft7Validator.check_schema(SCHEMA.schema)


def test_a_good_file_passes() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize(("place", "value"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_does_not(place: tuple[str | int, ...], value: Any) -> None:
    assert problems(broken(place, value))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_every_file_of_data_passes(part: int) -> None:
    reader = YAML(typ="safe")
    files = sorted((root() / "data").glob("*.yaml"))
    assert len(files) > 100
    found = {file.name: problems(plain(reader.load(file))) for file in files[part::4]}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


UNQUOTED_YEAR_ONE = "date-year-zero.right.yaml"  # 0001, which YAML 1.2 reads as the number 1
RIGHT = [
    file
    for file in sorted((Path(__file__).parent / "mistakes").glob("*.right.yaml"))
    if file.name != UNQUOTED_YEAR_ONE
]


@pytest.mark.parametrize("file", RIGHT, ids=lambda file: file.name)
def test_what_check_passes_the_schema_passes(file: Path) -> None:
    document = plain(YAML(typ="safe").load(file.read_text(encoding="utf-8-sig")))
    document["source"].setdefault("sourceKind", "report")  # only the gate asks for it
    assert problems(document) == []


def test_every_key_that_an_editor_may_write_is_offered_with_what_it_means() -> None:
    definitions = SCHEMA.schema["definitions"]
    for prop in our_ontology().properties.values():
        offered = definitions.get(f"values of {prop.key}")
        assert (offered is None) == prop.derived
        if offered and prop.definition:
            assert offered["description"] == prop.definition
