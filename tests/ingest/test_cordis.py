"""The connector of CORDIS: what rows become, and the traps that real dumps have."""

from __future__ import annotations

import datetime
import http.server
import signal
import subprocess
import sys
import textwrap
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from cordis_dumps import ORGANISATION, PROJECT, StagedDump, native, write_table
from pyoxigraph import RdfFormat, parse

from missiongraph.errors import DownloadFailed, UnreadableDump
from missiongraph.ingest.batch_inference import what_follows
from missiongraph.ingest.connector import lines_of
from missiongraph.ingest.connectors.cordis import CONNECTOR, Cordis
from missiongraph.ingest.cordis.dump import TABLES
from missiongraph.ingest.persons import is_person
from missiongraph.ingest.pipeline import build
from missiongraph.ingest.staging import staged_sources
from missiongraph.names import CONCEPT, ID
from missiongraph.releases import Home
from missiongraph.settings import Settings

SHARED = Path(__file__).parents[3] / "shared" / "data" / "cordis"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="shared data are not here")
RIVERS = "project/cordis-101000001"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """A dump with every table."""
    folder = tmp_path / "dump"
    write_table(folder, "project", PROJECT)
    partner = {"organisationID": "999000002", "name": "Town", "activityType": "PUB"}
    rows = [ORGANISATION, ORGANISATION | partner | {"role": "thirdParty", "country": "UK"}]
    write_table(folder, "organization", *rows)
    write_table(folder, "topics", {"projectID": "101000001", "topic": PROJECT["topics"]})
    basis = {"projectID": "101000001", "legalBasis": "HORIZON.2.6", "title": "Food"}
    write_table(folder, "legalBasis", basis, basis | {"legalBasis": "EURATOM2027"})
    subject = {"projectID": "101000001", "euroSciVocCode": "/29/97/543"}
    write_table(folder, "euroSciVoc", subject, subject | {"euroSciVocCode": "/1/2/999999999"})
    link = {"projectID": "101000001", "physUrl": "https://rivers.example/", "represents": "project"}
    twitter = link | {"physUrl": "https://x.example/somebody", "represents": "twitter"}
    write_table(folder, "webLink", link, twitter)
    report = {"projectID": "101000001", "url": "https://docs.example/1", "description": "By Jane"}
    write_table(folder, "projectDeliverables", report)
    write_table(folder, "reportSummaries", {"projectID": "101000001", "id": "x_PS"})
    return folder


def test_every_table_becomes_triples_of_the_ontology(dump: Path, tmp_path: Path) -> None:
    staged = StagedDump(tmp_path, dump)
    assert staged.values(RIVERS, LABEL) == ['"Rivers for all"@en']
    assert staged.ours(RIVERS, "contributesTo") == [f"<{ID}mission/eu-ocean>"]
    assert staged.ours(RIVERS, "assignedBy") == [f"<{ID}evidence/eu-mission-topics/ocean>"]
    assert staged.ours(RIVERS, "status") == [f"<{CONCEPT}status/in-progress>"]
    assert staged.ours(RIVERS, "fundedUnder") == [
        f"<{ID}programme/cordis-euratom2027>",
        f"<{ID}programme/cordis-horizon-2-6>",
        f"<{ID}programme/horizon-europe>",
    ]
    assert staged.values("programme/cordis-horizon-2-6", LABEL) == ['"Food"@en']
    assert staged.ours("programme/cordis-horizon-2-6", "partOf") == [
        f"<{ID}programme/horizon-europe>"
    ]
    decimal = "^^<http://www.w3.org/2001/XMLSchema#decimal>"
    assert staged.ours("funding/cordis-101000001", "amount") == [f'"1500000.5"{decimal}']
    part = "participation/cordis-101000001-999000002"
    assert staged.ours(part, "role") == [f"<{CONCEPT}role/third-party>"]
    assert staged.ours(part, "contribution") == [f'"750000"{decimal}']
    assert staged.ours("actor/cordis-999000001", "place") == [f"<{ID}place/greece>"]
    assert staged.ours("actor/cordis-999000002", "place") == [f"<{ID}place/united-kingdom>"]
    assert staged.values("actor/cordis-999000001", "http://xmlns.com/foaf/0.1/homepage") == [
        "<http://www.rivers.example>"
    ]
    assert len(staged.values(RIVERS, "http://purl.org/dc/terms/subject")) == 1
    assert staged.values(RIVERS, "http://xmlns.com/foaf/0.1/homepage") == [
        "<https://rivers.example/>"
    ]
    assert "somebody" not in staged.stated
    assert "Jane" not in staged.stated
    assert staged.input("web-link").reasons == {"not the project's own page": 1}
    assert staged.input("euro-sci-voc").reasons == {
        "no field of science": 1,
        "not a code of EuroSciVoc": 1,
    }


def test_what_is_mapped_passes_the_gate_and_follows_by_the_rules(
    dump: Path, tmp_path: Path
) -> None:
    staged = StagedDump(tmp_path, dump)
    release = build(Settings(home=staged.home.folder)).release
    assert f"{ID}evidence/eu-mission-topics/ocean" not in release.manifest.graphs
    assert f"{ID}source/cordis" in [source.iri for source in release.manifest.sources]


def test_mapping_infers_what_the_rules_infer_and_writes_as_the_engine_does(
    dump: Path, tmp_path: Path
) -> None:
    staged = StagedDump(tmp_path, dump)
    for mapped, inferred in zip(staged.staged.stated(), staged.staged.inferred(), strict=True):
        stated = [quad.triple for quad in parse(path=str(mapped), format=RdfFormat.N_TRIPLES)]
        assert lines_of(stated) == mapped.read_bytes()
        expected = lines_of(what_follows(stated)).splitlines(keepends=True)
        coordinates = b"ontology#involves>"
        assert sorted(expected) == inferred.read_bytes().splitlines(keepends=True), coordinates


def project_with(tmp_path: Path, **cells: str) -> StagedDump:
    write_table(tmp_path / "dump", "project", PROJECT | cells)
    return StagedDump(tmp_path, tmp_path / "dump")


def organisation_with(tmp_path: Path, *rows: dict[str, str]) -> StagedDump:
    write_table(tmp_path / "dump", "organization", *(ORGANISATION | row for row in rows))
    return StagedDump(tmp_path, tmp_path / "dump")


@pytest.mark.parametrize(
    ("written", "amount"),
    [("2073781,25", "2073781.25"), ("007.50", "7.5"), ("10.00", "10"), ("0", None), ("", None)],
)
def test_a_decimal_comma_is_read_and_amounts_have_one_form(
    tmp_path: Path, written: str, amount: str | None
) -> None:
    staged = project_with(tmp_path, totalCost=written)
    decimal = "http://www.w3.org/2001/XMLSchema#decimal"
    expected = [] if amount is None else [f'"{amount}"^^<{decimal}>']
    assert staged.ours(RIVERS, "totalCost") == expected
    assert staged.input("project").unreadable_cells == 0


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("totalCost", "1.234,56", "not an amount of 0 or more"),
        ("totalCost", "-5", "not an amount of 0 or more"),
        ("totalCost", "=1+1", "not an amount of 0 or more"),
        ("startDate", "2023-02-30", "not a date"),
        ("startDate", "01.02.2023", "not a date"),
        ("endDate", "2020-01-01", "before the start of the project"),
        ("status", "DREAMT", "an unknown status"),
        ("frameworkProgramme", "FP99", "an unknown framework programme"),
    ],
)
def test_an_unreadable_cell_is_listed_with_its_place_and_the_row_kept(
    tmp_path: Path, column: str, value: str, reason: str
) -> None:
    staged = project_with(tmp_path, **{column: value})
    assert staged.unreadable == [f"project.csv,2,{column},{_quoted(value)},{reason},True"]
    assert staged.values(RIVERS, LABEL) == ['"Rivers for all"@en']
    assert staged.input("project").taken == 1


def _quoted(value: str) -> str:
    return f'"{value}"' if "," in value else value


def test_a_row_without_a_grant_number_is_quarantined(tmp_path: Path) -> None:
    staged = project_with(tmp_path, id="12x")
    assert (staged.input("project").taken, staged.input("project").quarantined) == (0, 1)
    assert staged.input("project").reasons == {"no grant number": 1, "not a number": 1}


def test_semicolons_and_bad_quotes_shift_no_columns(tmp_path: Path) -> None:
    cells = [PROJECT.get(name, "") for name in PROJECT]
    header = list(PROJECT)
    bad = native(cells).replace('"Rivers for all"', '""Rivers; ""for"" all"""')
    file = tmp_path / "project.csv"
    file.write_text(f"{native(header)}\n{bad}\n", encoding="utf-8")
    staged = StagedDump(tmp_path, file)
    assert staged.values(RIVERS, LABEL) == [r'"\"Rivers; \"for\" all\""@en']
    assert staged.ours(RIVERS, "topic") == [f'"{PROJECT["topics"]}"']


@pytest.mark.parametrize(
    ("code", "place"),
    [("EL", "greece"), ("UK", "united-kingdom"), ("XK", "kosovo"), ("de", "germany")],
)
def test_codes_of_countries_that_others_write_otherwise_are_known(
    tmp_path: Path, code: str, place: str
) -> None:
    staged = organisation_with(tmp_path, {"country": code})
    assert staged.ours("actor/cordis-999000001", "place") == [f"<{ID}place/{place}>"]


def test_an_unknown_country_is_listed(tmp_path: Path) -> None:
    staged = organisation_with(tmp_path, {"country": "QQ"})
    assert staged.input("organization").reasons == {"not the code of a country": 1}
    assert staged.ours("actor/cordis-999000001", "place") == []


def test_a_natural_person_loses_name_and_id_and_keeps_the_part_in_the_project(
    tmp_path: Path,
) -> None:
    person = {"name": "MUSTERMANN MARIA", "activityType": "PRC", "shortName": "MARIA M"}
    staged = organisation_with(tmp_path, person | {"organisationID": "888000001", "order": "7"})
    for trace in ("MUSTERMANN", "MARIA", "888000001", "rivers.example"):
        assert trace not in staged.stated + staged.inferred + "".join(staged.unreadable)
    withheld = "actor/cordis-101000001-p7"
    assert staged.values(withheld, LABEL) == ['"Participant whose name is withheld"@en']
    assert staged.ours("participation/cordis-101000001-p7", "contribution")
    assert staged.input("organization").reasons == {"a natural person, whose name is withheld": 1}


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("MUSTERMANN MARIA", True),
        ("Dr. Erika Mustermann", True),
        ("JEAN-PIERRE DUPONT", True),
        ("Erika Mustermann e.K.", True),
        ("ŁUKASZ KOWALSKI", True),
        ("MARIA MUSTERMANN GMBH", False),
        ("MARIA S.R.L.", False),
        ("ANNA RESEARCH", False),
        ("YELLOW WINDOW", False),
        ("MARIA", False),
        ("MARIA AND ANNA 2000", False),
    ],
)
def test_names_of_persons_are_told_from_those_of_organisations(name: str, person: bool) -> None:
    assert is_person(name) == person


def test_a_university_named_after_a_person_is_no_person(tmp_path: Path) -> None:
    staged = organisation_with(tmp_path, {"name": "UNIVERSIDAD REY JUAN", "activityType": "HES"})
    assert staged.values("actor/cordis-999000001", LABEL) == ['"UNIVERSIDAD REY JUAN"@en']


def test_a_repeated_row_counts_once_and_is_listed(tmp_path: Path) -> None:
    staged = organisation_with(tmp_path, {}, {}, {"ecContribution": "1"})
    one = staged.input("organization")
    assert (one.rows, one.taken, one.quarantined) == (3, 2, 1)
    assert one.reasons == {"a row that says what one before it said": 1}
    base = "participation/cordis-101000001-999000001"
    amounts = [staged.ours(part, "contribution") for part in (base, f"{base}-2")]
    assert [len(amount) for amount in amounts] == [1, 1]
    assert amounts[0] != amounts[1]


def test_an_organisation_with_two_names_has_one_label(tmp_path: Path) -> None:
    staged = organisation_with(tmp_path, {}, {"projectID": "101000002", "name": "Rivers Inst."})
    actor = "actor/cordis-999000001"
    assert staged.values(actor, LABEL) == ['"Institute of Rivers"@en']
    assert staged.values(actor, "http://www.w3.org/2004/02/skos/core#altLabel") == [
        '"Rivers Inst."@en'
    ]


def test_a_second_row_of_a_project_that_says_otherwise_is_quarantined(tmp_path: Path) -> None:
    write_table(tmp_path / "dump", "project", PROJECT, PROJECT | {"title": "Other"}, PROJECT)
    one = StagedDump(tmp_path, tmp_path / "dump").input("project")
    assert (one.rows, one.taken, one.quarantined) == (3, 1, 2)


@pytest.mark.parametrize(
    ("garbled", "right"),
    [
        ("GjÃ\u00b8vik", "Gjøvik"),
        ("Europeâ€\u2122s rivers", "Europe's rivers"),
        ("Gj√∏vik", "Gjøvik"),
    ],
    ids=["latin-1", "cp1252", "mac-roman"],
)
def test_mojibake_is_undone_and_listed(tmp_path: Path, garbled: str, right: str) -> None:
    staged = project_with(tmp_path, title=garbled)
    (label,) = staged.values(RIVERS, LABEL)
    assert label.replace("\u2019", "'") == f'"{right}"@en'
    assert staged.input("project").reasons == {"mojibake, undone": 1}


@pytest.mark.parametrize("name", ["Ålesund", "Évora, São João", "Đakovo", "Ångström Â"])
def test_names_with_marks_on_their_letters_are_no_mojibake(tmp_path: Path, name: str) -> None:
    staged = project_with(tmp_path, title=name)
    assert staged.values(RIVERS, LABEL) == [f'"{name}"@en']


def test_an_organisation_without_id_is_known_within_its_project(tmp_path: Path) -> None:
    staged = organisation_with(tmp_path, {"organisationID": ""})
    actor = "actor/cordis-101000001-ninstituteofrivers"
    assert staged.values(actor, LABEL) == ['"Institute of Rivers"@en']
    assert staged.input("organization").reasons == {"no id of the organisation": 1}


def test_a_workbook_with_wrong_dimensions_empty_rows_and_formulas_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(PROJECT))
    day = datetime.datetime(2023, 1, 1)
    sheet.append(list((PROJECT | {"startDate": day, "totalCost": 5.5}).values()))
    second = PROJECT | {"id": 101000002, "title": '=HYPERLINK("https://x.example","Lakes")'}
    sheet.append(list((second | {"totalCost": "=1+1"}).values()))
    sheet["A900"].number_format = "0"
    file = tmp_path / "project.xlsx"
    book.save(file)
    _declare_dimensions(file, "A1:B2")
    staged = StagedDump(tmp_path, file)
    assert staged.input("project").taken == 2
    assert staged.values("project/cordis-101000002", LABEL) == ['"Lakes"@en']
    assert staged.unreadable == ["project.xlsx,3,totalCost,=1+1,a formula,True"]
    assert staged.ours(RIVERS, "startYear") == [
        '"2023"^^<http://www.w3.org/2001/XMLSchema#integer>'
    ]


def _declare_dimensions(file: Path, dimensions: str) -> None:
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    start = members[sheet].index(b"<dimension ref=")
    end = members[sheet].index(b"/>", start)
    declared = f'<dimension ref="{dimensions}"'.encode()
    members[sheet] = members[sheet][:start] + declared + members[sheet][end:]
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_archives_give_what_their_files_give_and_tables_are_known_by_columns(
    dump: Path, tmp_path: Path
) -> None:
    plain = StagedDump(tmp_path / "plain", dump)
    archive = tmp_path / "both" / "cordis.zip"
    archive.parent.mkdir()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        for number, file in enumerate(sorted(dump.iterdir())):
            written.write(file, f"csv/table-{number}.csv")
        written.writestr("csv/readme.txt", "nothing\n")
    zipped = StagedDump(tmp_path / "zipped", archive)
    assert zipped.stated == plain.stated
    assert zipped.inferred == plain.inferred
    assert zipped.unreadable[-1].startswith("cordis.zip/csv/readme.txt,0,")


def test_rows_of_a_project_without_a_row_of_its_own_describe_it(tmp_path: Path) -> None:
    topic = {"projectID": "101000009", "topic": "HORIZON-MISS-2023-CLIMA-OCEAN-SOIL-01-01"}
    file = write_table(tmp_path, "topics", topic)
    staged = StagedDump(tmp_path, file)
    assert staged.values("project/cordis-101000009", LABEL) == [
        '"Project 101000009 (title unknown)"@en'
    ]
    assert len(staged.ours("project/cordis-101000009", "contributesTo")) == 3


def test_a_newer_dump_is_told_from_the_older_by_its_records(dump: Path, tmp_path: Path) -> None:
    StagedDump(tmp_path, dump)
    assert StagedDump(tmp_path, dump).manifest.changes.unchanged
    newer = [PROJECT | {"title": "Rivers, once more"}, PROJECT | {"id": "101000003"}]
    write_table(dump, "project", *newer)
    changes = StagedDump(tmp_path, dump).manifest.changes
    assert changes.added == {"funding": 1, "project": 1}
    assert (changes.removed, changes.changed) == ({}, {"project": 1})


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from missiongraph.ingest.connectors.cordis import CONNECTOR
    from missiongraph.ingest.staging import stage
    from missiongraph.releases import Home

    def progress(step, done, of):
        if step == sys.argv[3]:
            os.kill(os.getpid(), signal.SIGKILL)
        print(step)

    stage(Home(Path(sys.argv[1])), CONNECTOR, Path(sys.argv[2]), progress)
"""


def test_ingesting_goes_on_after_each_kill_and_gives_what_one_without_gives(
    dump: Path, tmp_path: Path
) -> None:
    def steps_until(killed: str) -> set[str]:
        program, home = textwrap.dedent(KILLED), str(tmp_path / "home")
        command = [sys.executable, "-c", program, home, str(dump), killed]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
        assert done.returncode == (-signal.SIGKILL if killed else 0), done.stderr
        return {step for step in done.stdout.splitlines() if step.startswith("sorting")}

    for step in ("reading organization", "sorting topics"):
        steps_until(step)
        assert staged_sources(Home(tmp_path / "home")) == []
    last = steps_until("")
    assert "sorting topics" in last
    assert not {"sorting project", "sorting organization"} & last
    (staged,) = staged_sources(Home(tmp_path / "home"))
    undisturbed = StagedDump(tmp_path / "undisturbed", dump).manifest
    assert staged.verify().sha256 == undisturbed.sha256
    assert staged.manifest.inputs == undisturbed.inputs


MODIFIED = "Wed, 04 Nov 2026 10:00:00 GMT"


@pytest.fixture
def server(dump: Path, tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """A server of one archive that breaks off the first time, and what it was asked."""
    archive = tmp_path / "served.zip"
    with zipfile.ZipFile(archive, "w") as written:
        for file in dump.iterdir():
            written.write(file, file.name)
    content = archive.read_bytes()
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.headers.get("Range", ""))
            if self.headers.get("If-Modified-Since") == MODIFIED:
                self.send_response(304)
                self.end_headers()
                return
            start = int((self.headers.get("Range") or "bytes=0-")[6:-1])
            if self.path != "/cordis.zip":
                self.send_error(404)
                return
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(content) - start))
            self.send_header("Last-Modified", MODIFIED)
            self.end_headers()
            end = len(content) if len(asked) > 1 else len(content) // 2
            self.wfile.write(content[start:end])

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}", asked
        running.shutdown()
        thread.join()


def test_a_download_that_broke_off_is_taken_up(
    server: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, asked = server
    connector = Cordis([f"{address}/cordis.zip"])
    folder = tmp_path / "fetched"
    with pytest.raises(DownloadFailed, match="broke off"):
        connector.download(folder, lambda *_: None)
    assert not (folder / "cordis.zip").exists()
    assert connector.download(folder, lambda *_: None) == folder
    assert asked[0] == ""
    assert asked[1].startswith("bytes=")
    assert StagedDump(tmp_path, folder).input("project").taken == 1
    before = (folder / "cordis.zip").stat()
    connector.download(folder, lambda *_: None)
    assert (folder / "cordis.zip").stat() == before  # the server said that it is the newest
    with pytest.raises(DownloadFailed, match="404"):
        Cordis([f"{address}/other.zip"]).download(folder, lambda *_: None)


def test_a_folder_without_tables_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(UnreadableDump, match="no table of CORDIS"):
        CONNECTOR.discover(tmp_path)


@needs_shared
@pytest.mark.parametrize(
    ("snapshot", "projects", "missions"),
    [
        ("topics-2023", 71, (10, 14, 12, 21, 12)),
        ("topics-2024-05", 179, (31, 48, 27, 47, 31)),
        ("topics-2025-03", 236, (44, 50, 32, 69, 52)),
        ("topics-2026-04", 322, (64, 63, 45, 85, 67)),
    ],
)
def test_the_real_snapshots_have_so_many_projects_of_each_mission(
    tmp_path: Path, snapshot: str, projects: int, missions: tuple[int, ...]
) -> None:
    staged = StagedDump(tmp_path, SHARED / "snapshots" / f"{snapshot}.csv")
    lines = staged.stated.splitlines()
    assert len({line.split()[0] for line in lines if "#assignedBy>" in line}) == projects
    names = ("adaptation", "cancer", "cities", "ocean", "soil")
    found = tuple(
        sum(f"#contributesTo> <{ID}mission/eu-{name}>" in line for line in lines) for name in names
    )
    assert found == missions


@needs_shared
@pytest.mark.parametrize(
    ("folder", "rows"),
    [
        ("heads", dict.fromkeys(TABLES, 100)),
        ("heads-as-found", dict.fromkeys(TABLES, 100)),
        ("mission-projects", {"project": 326, "organization": 834}),
        ("consortia-2025-02", {"project": 1022, "organization": 11734}),
        (
            "2025",
            {
                "topics": 3236,
                "legal-basis": 6329,
                "euro-sci-voc": 6758,
                "web-link": 9691,
                "deliverables": 9346,
                "report-summaries": 1241,
            },
        ),
        ("2026", {"topics": 3322, "euro-sci-voc": 7773}),
    ],
)
def test_the_real_tables_are_read_to_their_last_row(
    tmp_path: Path, folder: str, rows: dict[str, int]
) -> None:
    staged = StagedDump(tmp_path, SHARED / folder)
    found = {one.name: one.rows for one in staged.manifest.inputs}
    assert {name: found[name] for name in found if name in TABLES} == rows
    assert all(one.rows == one.taken + one.quarantined for one in staged.manifest.inputs)
