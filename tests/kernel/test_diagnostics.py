"""Reports on data: every form tells the same, where, what, why and what to do."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from missiongraph import cli
from missiongraph.diagnostics import WRITERS, Diagnostic, as_html, as_markdown, grouped, summary
from missiongraph.names import MG

LACKING = Diagnostic(
    "warning", "The target has no deadline.", "Add deadline.", f"{MG}deadline", "id:target/a"
)
WRONG = Diagnostic(
    "violation", 'Unknown key "dedline".', "Write deadline.", "curated file", "", "a.yaml", 3, 7
)
SOURCE = """\
source:
  id: source/report
  title: A report
  page: https://example.org/report
  sourceKind: report
  issued: "2024"
claims:
  - id: evidence/report/one
    pageNumber: 3
    summary: The mission is there.
    states:
      - {id: mission/drought, type: Mission, labell: Drought}
"""


class Text(HTMLParser):
    """The text of a page, and its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.elements: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_those_of_a_rule_are_one_group_with_its_lesson() -> None:
    more = [Diagnostic(**(vars(LACKING) | {"subject": f"id:target/{n}"})) for n in "bc"]
    first, second = grouped([LACKING, *more, WRONG])
    assert (first.severity, first.found) == ("violation", (WRONG,))
    assert len(second.found) == 3
    assert "deadline" in second.example
    assert "line" in second.example
    assert second.why


def test_the_example_stands_where_it_says() -> None:
    (group,) = grouped([LACKING])
    written, _, place = group.example.partition("\n")
    name, _, line = place.removeprefix("# ").partition(", line ")
    data = Path(__file__).parents[2] / "data" / name
    assert data.read_text(encoding="utf-8").splitlines()[int(line) - 1].strip() == written


@pytest.mark.parametrize("ending", WRITERS)
def test_every_form_tells_all_of_it(ending: str) -> None:
    text = WRITERS[ending]([LACKING, WRONG])
    words = Text(text).text if ending == ".html" else text.replace("\\", "")
    for told in ("The target has no deadline.", "Add deadline.", "id:target/a", "a.yaml"):
        assert told in words
    assert "dedline" in words


def test_nothing_found_is_told_too() -> None:
    assert summary([]) == "0 violations, 0 warnings"
    for write in WRITERS.values():
        assert write([])


def test_a_code_host_gets_line_and_column() -> None:
    log = json.loads(WRITERS[".sarif"]([LACKING, WRONG]))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} == rules
    wrong, lacking = run["results"]
    assert (wrong["level"], lacking["level"]) == ("error", "warning")
    place = wrong["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "a.yaml"},
        "region": {"startLine": 3, "startColumn": 7},
    }
    assert "locations" not in lacking


@pytest.mark.parametrize(
    ("file", "address"),
    [("data/a b.yaml", "data/a%20b.yaml"), ("{here}/data/a.yaml", "data/a.yaml"), ("/x/a.yaml", "file:///x/a.yaml")],
)  # fmt: skip
def test_a_code_host_finds_the_file_from_where_the_command_ran(file: str, address: str) -> None:
    named = Diagnostic("violation", "No.", file=file.format(here=Path.cwd()), line=1)
    (result,) = json.loads(WRITERS[".sarif"]([named]))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == address


@given(st.text(max_size=60))
def test_no_text_becomes_markup(text: str) -> None:
    found = [Diagnostic("warning", text, rule="x", subject="id:a")]
    plain = [Diagnostic("warning", "plain", rule="x", subject="id:a")]
    assert Text(as_html(found)).elements == Text(as_html(plain)).elements
    tags = [
        [token.type for token in MarkdownIt().parse(as_markdown(each)) if token.nesting == 1]
        for each in (found, plain)
    ]
    if text.strip():
        assert tags[0] == tags[1]


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


@pytest.mark.parametrize("ending", WRITERS)
def test_check_writes_the_form_that_the_file_s_name_asks_for(tmp_path: Path, ending: str) -> None:
    (tmp_path / "report.yaml").write_text(SOURCE)
    report = tmp_path / f"found{ending}"
    assert run("check", tmp_path / "report.yaml", "--report", report) == 1
    assert "labell" in report.read_text(encoding="utf-8")


def test_a_form_that_there_is_not_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "report.yaml").write_text(SOURCE)
    assert run("check", tmp_path / "report.yaml", "--report", tmp_path / "found.doc") == 2
    assert ".sarif" in capsys.readouterr().err


def test_validate_writes_them_too(tmp_path: Path) -> None:
    data, report = tmp_path / "a.ttl", tmp_path / "found.json"
    data.write_text(f"<https://example.org/m> a <{MG}Mission> .")
    assert run("validate", data, "--report", report) == 1
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["summary"]["violation"] > 0
    assert sum(group["count"] for group in told["groups"]) == sum(told["summary"].values())


def test_a_watched_file_is_checked_again_when_it_changes(tmp_path: Path) -> None:
    file, report = tmp_path / "report.yaml", tmp_path / "found.txt"
    file.write_text(SOURCE)
    command = [sys.executable, "-c", "from missiongraph.cli import main; main()"]
    watching = subprocess.Popen(
        [*command, "check", str(file), "--watch", "--report", str(report)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: report.is_file() and "labell" in report.read_text(encoding="utf-8"))
        file.write_text(SOURCE.replace("labell", "label"))
        until(lambda: report.read_text(encoding="utf-8").startswith("0 violations"))
        assert watching.poll() is None
    finally:
        watching.kill()
        watching.wait()


def until(holds: object) -> None:
    end = time.monotonic() + 60
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.1)
