"""The validator's address: the command line's checks, over HTTP, with nothing kept."""

import tempfile
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from missiongraph.api.validation import EXAMPLE

YAML = {"Content-Type": "application/yaml", "Accept": "application/json"}
TURTLE = {"Content-Type": "text/turtle", "Accept": "application/json"}
CSV = {"Content-Type": "text/csv", "Accept": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
GOOD = """\
source:
  id: source/example-report
  title: An example of a report
  page: https://example.org/report.pdf
  sourceKind: report
  issued: "2024-05"
claims:
  - id: evidence/example-report/clean-rivers
    pageNumber: 12
    summary: The Clean Rivers Mission wants half as much nitrogen in the rivers of Denmark by 2035.
    states:
      - id: mission/example-clean-rivers
        type: Mission
        label: Clean Rivers Mission
        startDate: "2024"
"""
BAD = GOOD.replace('"2024"', '"2o24"')
THING = "@prefix mg: <https://w3id.org/missiongraph/ontology#> .\n<https://w3id.org/missiongraph/id/mission/x> a mg:Mission .\n"


def test_a_right_file_has_no_finding(client: httpx.Client) -> None:
    response = client.post("/validate", content=GOOD, headers=YAML)
    assert response.json() == {"conforms": True, "findings": []}


def test_a_mistake_is_told_with_its_line_and_cure(client: httpx.Client) -> None:
    (found,) = client.post("/validate", content=BAD, headers=YAML).json()["findings"]
    assert (found["line"], found["column"]) == (15, 20)
    assert "2o24" in found["what"]
    assert "2030-06" in found["remedy"]


def test_the_form_shows_the_line_that_is_wrong(client: httpx.Client) -> None:
    body = urlencode({"kind": "yaml", "text": BAD.replace("\n", "\r\n")})
    page = client.post("/validate", content=body, headers=FORM).text
    assert "line 15, column 20" in page
    assert 'id="line-15" class="marked"' in page
    assert "2o24" in page


def test_a_table_is_checked_by_row_and_column(client: httpx.Client) -> None:
    wrong = EXAMPLE.replace(";2025", ";2o25").replace("Mission;Clean Rivers", "Misson;Clean Rivers")
    told = client.post("/validate", content=wrong, headers=CSV).json()["findings"]
    places = {(found["line"], found["column"]) for found in told}
    assert {(2, 8), (3, 11)} <= places
    assert any("2o25" in found["what"] for found in told)


def test_the_form_marks_the_cells_of_a_table_that_are_wrong(client: httpx.Client) -> None:
    wrong = EXAMPLE.replace(";2025", ";2o25").replace(";", "\t")
    body = urlencode({"kind": "csv", "text": wrong.replace("\n", "\r\n")})
    page = client.post("/validate", content=body, headers=FORM).text
    assert "row 3, column 11" in page
    assert '<tr id="line-3">' in page
    assert page.count('<td class="marked">') == 1
    assert '<td class="marked">2o25</td>' in page


def test_rdf_is_checked_against_the_shapes(client: httpx.Client) -> None:
    told = client.post("/validate", content=THING, headers=TURTLE).json()
    assert told["conforms"] is False
    assert {"violation", "warning"} == {found["severity"] for found in told["findings"]}
    assert any("no label" in found["what"] for found in told["findings"])
    assert {(found["line"], found["column"]) for found in told["findings"]} == {(2, 1)}


def test_rdf_is_checked_by_the_checks_of_a_build_too(client: httpx.Client) -> None:
    text = THING.removesuffix(" .\n") + ' ; mg:deadline "soon" .\n'
    wrong = client.post("/validate", content=text, headers=TURTLE).json()["findings"]
    told = [found["what"] for found in wrong if found["severity"] == "violation"]
    assert any("not of the kind date" in what for what in told)
    assert any("no class in that property's domain" in what for what in told)


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        ("<a> <b", TURTLE, 400),
        ("", YAML, 400),
        ("   ", TURTLE, 400),
        ("kind=exe&text=x", FORM | {"Accept": "application/json"}, 400),
        ("x", {"Content-Type": "text/plain"}, 415),
        ("a" * 200_000, YAML, 413),
    ],
    ids=["no-turtle", "empty", "blank", "no-such-kind", "no-such-type", "too-long"],
)
def test_what_cannot_be_checked_is_refused(
    client: httpx.Client, content: str, headers: dict[str, str], status: int
) -> None:
    response = client.post("/validate", content=content, headers=headers)
    assert response.status_code == status, response.text
    assert str(tempfile.gettempdir()) not in response.text


def test_nothing_is_kept(
    client: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # the service runs in this process
    client.post("/validate", content=BAD, headers=YAML)
    assert list(tmp_path.iterdir()) == []


def test_what_is_pasted_is_inert(client: httpx.Client) -> None:
    body = urlencode({"kind": "yaml", "text": "</textarea><script>alert(1)</script>"})
    page = client.post("/validate", content=body, headers=FORM).text
    assert "<script>alert" not in page
