"""The connector of tables over real lists of others, each read by a mapping of a few lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from missiongraph.ingest.connectors.table import CONNECTOR
from missiongraph.ingest.staging import stage
from missiongraph.releases import Home

SHARED = Path(__file__).parents[3] / "shared" / "data"
SOURCE = 'source: {id: source/x, title: X, page: "https://example.org/", sourceKind: data-set}'
PROJECTS = """
things:
  - id: project/table-{ACRONYM|slug}
    type: Project
    label: "{TITLE}"
    startDate: "{Project Start Date}"
    endDate: "{Project End Date}"
    totalCost: "{Total budget (euro)|number .}"
"""
PARTICIPANTS = """
things:
  - id: actor/table-{Participations}
    type: Actor
    label: "{Legal Name}"
"""
GRANTS = """
things:
  - id: project/table-{Prosjektnr}
    type: Project
    label: "{Prosjektnavn}"
    topic: "{Topic kode}"
    startDate: "{Kontrakt startdato|date DD.MM.YYYY 00:00}"
"""
TOPICS = """
things:
  - id: instrument/table-{topicId|slug}
    type: Instrument
    label: "{topicTitle}"
    startDate: "{openDate}"
    page: "{topicUrl}"
"""
OFFICES = """
things:
  - id: actor/table-{ror_id}
    type: Actor
    label: "{name}"
    exactMatch: https://ror.org/{ror_id}
"""


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data")
@pytest.mark.parametrize(
    ("file", "layout", "things", "rows", "unreadable"),
    [
        ("adaptation/projects.csv", "", PROJECTS, 46, 0),
        ("adaptation/participants.csv", "", PARTICIPANTS, 908, 0),
        ("adaptation/adaptation_mission_participants.xlsx", "", PARTICIPANTS, 908, 0),
        ("rcn/h2020_grants_norway.csv", ', delimiter: ";"', GRANTS, 2931, 1),  # a tab in a title
        ("calls/he_topics_2024-07-11.csv", "", TOPICS, 1907, 0),
        ("ror/europe_funders_government.csv", "", OFFICES, 3529, 0),
    ],
    ids=["projects", "participants", "workbook", "grants", "topics", "offices"],
)
def test_every_row_of_a_real_list_is_taken_or_listed(
    tmp_path: Path, file: str, layout: str, things: str, rows: int, unreadable: int
) -> None:
    table = SHARED / file
    (tmp_path / table.name).symlink_to(table)
    mapping = tmp_path / "list.table.yaml"
    head = f"table: {{file: {table.name}{layout}}}"
    mapping.write_text(f"{head}\n{SOURCE}\n{things}", encoding="utf-8")
    (done,) = stage(Home(tmp_path / "home"), CONNECTOR, mapping).inputs
    assert done.rows == rows
    assert done.taken == rows
    assert done.unreadable_cells == unreadable, done.reasons
