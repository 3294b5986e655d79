"""The connector of the STIP Compass, on rows written for these tests and on the survey of 2021."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from missiongraph.errors import BadDocument, UnreadableDump
from missiongraph.ingest.connectors.stip import CONNECTOR
from missiongraph.ingest.pipeline import build
from missiongraph.ingest.staging import UNREADABLE, StagedSource, stage, staged_sources
from missiongraph.names import CONCEPT, ID, MG
from missiongraph.releases import Home
from missiongraph.settings import Settings

SHARED = Path(__file__).parents[3] / "shared" / "data" / "stip"
HEADER = (
    "Policy initiative ID,English name,Acronym,Start date,End date,Country,Theme(s),"
    "Policy instrument ID,Policy instrument type\n"
)
INITIATIVE = "http://stip.oecd.org/2021/data/policyInitiatives/7"
INSTRUMENT = "http://stip.oecd.org/2021/data/policyInstruments/70"
ROW = f"{INITIATIVE},Open rivers,OR,2019,2023,Korea,Open science|Water Â¬ Soil,{INSTRUMENT},Grants for research\n"


TYPE = "concept:stip-policy-instrument/grants-for-research"


def staged(folder: Path, path: Path) -> tuple[StagedSource, str, list[list[str]]]:
    home = Home(folder / "home")
    done = stage(home, CONNECTOR, path)
    (found,) = staged_sources(home)
    with (found.folder / UNREADABLE).open(encoding="utf-8", newline="") as stream:
        listed = list(csv.reader(stream))[1:]
    text = "".join(file.read_text(encoding="utf-8") for file in found.stated())
    for iri, short in ((ID, "id:"), (CONCEPT, "concept:"), (MG, "mg:")):
        text = text.replace(iri, short)
    return done, text, listed


def written(folder: Path, text: str, name: str = "rows.csv", encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_text(text, encoding=encoding)
    return file


def test_an_initiative_becomes_a_programme_with_its_instruments(tmp_path: Path) -> None:
    _, triples, listed = staged(tmp_path, written(tmp_path, HEADER + ROW, encoding="utf-8-sig"))
    assert listed == []
    for line in (
        "<id:programme/stip-2021-7> <mg:hasInstrument> <id:instrument/stip-2021-7-70> .",
        "<id:programme/stip-2021-7> <mg:place> <id:place/south-korea> .",
        "<id:programme/stip-2021-7> <mg:policyField> <concept:stip-theme/open-science> .",
        "<id:programme/stip-2021-7> <mg:policyField> <concept:stip-theme/water> .",
        "<id:programme/stip-2021-7> <mg:policyField> <concept:stip-theme/soil> .",
        f"<id:instrument/stip-2021-7-70> <mg:instrumentType> <{TYPE}> .",
        '<id:programme/stip-2021-7> <mg:startDate> "2019"^^<http://www.w3.org/2001/XMLSchema#gYear> .',
    ):
        assert line in triples.splitlines(), line


def test_the_survey_s_own_column_names_and_a_second_header_row_are_read(tmp_path: Path) -> None:
    text = (
        "v1,v2,v3,v4,v6,v7,v8,v9\nID,Year,Name,Country,Original,Acronym,Start,End\n"
        f"{INITIATIVE},2021,Open rivers,Austria,FlÃ¼sse,,2019,soon\n"
    )
    done, triples, listed = staged(tmp_path, written(tmp_path, text))
    assert (done.inputs[0].rows, done.inputs[0].taken) == (1, 1)
    assert "<id:programme/stip-2021-7> <mg:place> <id:place/austria> ." in triples
    assert [line[2:4] for line in listed] == [["End date", "soon"]]


def test_codes_of_the_codebook_become_concepts_below_what_they_belong_to(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book["Sheet"]
    sheet.append(["LimeSurvey Id", "ParentLabel +\nLabel", "Definition"])
    sheet.append(["PI1", "Direct support|Grants for research", "Words that are not taken over."])
    sheet.append([None, "Only guidance", None])
    book.save(tmp_path / "codebook.xlsx")
    done, triples, _ = staged(tmp_path, tmp_path / "codebook.xlsx")
    assert (done.inputs[0].taken, done.inputs[0].quarantined) == (1, 1)
    concept = "<concept:stip-policy-instrument/grants-for-research>"
    broader = "<http://www.w3.org/2004/02/skos/core#broader>"
    assert f"{concept} {broader} <concept:stip-policy-instrument/direct-support> ." in triples
    assert f'{concept} <http://www.w3.org/2004/02/skos/core#notation> "PI1" .' in triples
    assert "not taken over" not in triples


def test_bad_rows_are_quarantined_and_none_is_lost(tmp_path: Path) -> None:
    bad = (
        ROW.replace(INITIATIVE, "javascript:x") + ROW.replace("Open rivers", "") + ROW + "a,b," * 9
    )
    done, _, _ = staged(tmp_path, written(tmp_path, HEADER + bad))
    found = done.inputs[0]
    assert (found.rows, found.taken, found.quarantined) == (4, 1, 3)


def test_what_is_staged_passes_the_gate(tmp_path: Path) -> None:
    staged(tmp_path, written(tmp_path, HEADER + ROW))
    release = build(Settings(home=tmp_path / "home"), ["eu-country-authority"]).release
    assert "programme/stip-2021-7" in release.dump.read_text(encoding="utf-8")


def test_a_folder_without_tables_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDump, match="no codebook"):
        CONNECTOR.discover(tmp_path)


needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data/stip")


@needs_shared
@pytest.mark.parametrize(
    ("name", "rows", "initiatives"),
    [
        ("stip_2021_open_access_rows.csv", 475, 327),
        ("stip_thc4_covid_policy_initiatives.csv", 136, 108),
    ],
)
def test_the_rows_of_the_survey(tmp_path: Path, name: str, rows: int, initiatives: int) -> None:
    done, triples, _ = staged(tmp_path, SHARED / name)
    found = done.inputs[0]
    assert (found.rows, found.quarantined) == (rows, 0)
    programmes = {line for line in triples.splitlines() if line.endswith("<mg:Programme> .")}
    assert len(programmes) == initiatives
    assert "Â¬" not in triples


@needs_shared
def test_a_workbook_without_a_workbook_in_it_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadDocument, match="cannot be read"):
        staged(tmp_path, SHARED / "stip_thc4_covid_policy_initiatives.xlsx")


@needs_shared
@pytest.mark.parametrize("name", ["codebook_2021", "stip_survey_codebook_2021.xlsx"])
def test_the_codebook_of_the_survey(tmp_path: Path, name: str) -> None:
    done, triples, _ = staged(tmp_path, SHARED / name)
    assert sum(given.taken for given in done.inputs) == 28 + 59
    notations = [line for line in triples.splitlines() if "core#notation>" in line]
    assert len(notations) == 28 + 59
