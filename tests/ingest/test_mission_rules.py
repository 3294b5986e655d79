"""Which mission a project serves: every form of code, and files of rules that are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from missiongraph.errors import BadDocument
from missiongraph.ingest.mission_rules import our_mission_rules, read_mission_rules

RULES = our_mission_rules()


@pytest.mark.parametrize(
    ("topic", "missions"),
    [
        ("HORIZON-MISS-2021-CLIMA-02-01", "adaptation"),
        ("HORIZON-MISS-2021-CANCER-02-01", "cancer"),
        ("HORIZON-MISS-2021-UNCAN-01-01", "cancer"),
        ("HORIZON-MISS-2021-CIT-01-01", "cities"),
        ("HORIZON-MISS-2022-CIT-SGA", "cities"),
        ("HORIZON-MISS-2023-CIT-SGA-01", "cities"),
        ("HORIZON-MISS-2022-CIT-IBA", "cities"),
        ("HORIZON-MISS-2021-OCEAN-IBA-01", "ocean"),
        ("HORIZON-MISS-2025-OCEAN-IBA", "ocean"),
        ("HORIZON-MISS-2021-SOIL-02-08", "soil"),
        ("HORIZON-MISS-2025-05-SOIL-SGA-02", "soil"),
        ("HORIZON-MISS-2027-05-SOIL-01-two-stage", "soil"),
        ("HORIZON-MISS-2023-CLIMA-CITIES-01-01", "adaptation cities"),
        ("HORIZON-MISS-2023-OCEAN-SOIL-01-01", "ocean soil"),
        ("HORIZON-MISS-2023-CLIMA-OCEAN-SOIL-01-01", "adaptation ocean soil"),
        ("HORIZON-MISS-2026-06-CLIMA-SOIL", "adaptation soil"),
        ("HORIZON-MISS-2027-06-SOIL-CANCER", "cancer soil"),
        ("HORIZON-MISS-2027-07-CLIMA-CIT-NEB-01", "adaptation cities"),
        ("HORIZON-MISS-2027-07-CLIMA-CIT-CCRI-02", "adaptation cities"),
        ("HORIZON-MISS-2026-04-CIT-NEB-B4P-CCRI-03", "cities"),
        ("HORIZON-MISS-2021-COOR-01-01", "adaptation cancer cities ocean soil"),
        ("HORIZON-MISS-2022-NCP-01-01", "adaptation cancer cities ocean soil"),
        ("HORIZON-MISS-2021-NEB-01-01", ""),
        ("HORIZON-MISS-2024-NEB-IBA", ""),
        ("HORIZON-MISS-2024-NEB-01-02", ""),
        ("HORIZON-MISS-2024-CROSS-01-01", "adaptation cancer cities ocean soil"),
        ("HORIZON-MISS-2024-CROSS-02-01", ""),
        ("HORIZON-MISS-2026-07-CROSS-01", ""),
        ("HORIZON-HLTH-2027-01-ENVHLTH-MISSCLIMA-03", "adaptation"),
    ],
)
def test_a_topic_of_a_mission_call_tells_its_missions(topic: str, missions: str) -> None:
    applying = RULES.applying("1", topic)
    assert applying
    found = sorted({mission for rule in applying for mission in rule.missions})
    assert found == [f"mission/eu-{name}" for name in missions.split()]


@pytest.mark.parametrize(
    "topic",
    [
        "HORIZON-CL5-2021-D2-01-01",
        "HORIZON-CL6-2022-CLIMATE-01-01",
        "HORIZON-MISS-2021-CLIMATE-01",
        "HORIZON-EIC-2023-SOILS",
        "XHORIZON-MISS-2021-CIT-01-01",
        "LC-GD-1-3-2020",
        "",
    ],
)
def test_other_topics_tell_none(topic: str) -> None:
    assert RULES.applying("1", topic) == []


def test_the_four_projects_of_the_green_deal_call_serve_the_mission_on_adaptation() -> None:
    for number in ("101036560", "101036683", "101037084", "101037424"):
        (rule,) = RULES.applying(number, "LC-GD-1-3-2020")
        assert rule.missions == ("mission/eu-adaptation",)
        assert RULES.applying(number, "LC-GD-7-1-2020") == []


@pytest.mark.parametrize("area", ["NEB-01-01", "NEB-IBA", "CROSS-01-01", "CROSS-02-01", "CROSS-03"])
@pytest.mark.parametrize("year", ["2021", "2024", "2026-07"])
def test_a_topic_of_no_area_has_one_rule_that_says_what_its_call_serves(
    area: str, year: str
) -> None:
    assert len(RULES.applying("1", f"HORIZON-MISS-{year}-{area}")) == 1


def test_every_rule_has_a_summary_and_a_page() -> None:
    assert len({rule.id for rule in RULES.rules}) == len(RULES.rules)
    for rule in RULES.rules:
        assert rule.summary.endswith(".")
        assert rule.page.startswith("https://")


FILE = """\
source: {{id: source/x, title: X, page: "https://x.example", sourceKind: data-set, issued: "2026"}}
missions: {{mission/a: A}}
rules:
  - {{id: r, {condition}, missions: [{mission}], summary: S., page: "https://x.example", section: S}}
"""


def rules_file(folder: Path, condition: str, mission: str = "mission/a") -> Path:
    file = folder / "rules.yaml"
    file.write_text(FILE.format(condition=condition, mission=mission), encoding="utf-8")
    return file


def test_a_legal_basis_can_be_a_condition_and_all_conditions_have_to_hold(tmp_path: Path) -> None:
    rules = read_mission_rules(
        rules_file(tmp_path, r"topic: 'T-.+', legalBasis: 'HORIZON\.9(\..+)?'")
    )
    assert rules.applying("1", "T-1", "HORIZON.9.1")
    assert not rules.applying("1", "T-1", "HORIZON.91")
    assert not rules.applying("1", "U-1", "HORIZON.9")
    assert not rules.applying("1", "T-1")


@pytest.mark.parametrize(
    ("condition", "mission"),
    [
        ("topic: '('", "mission/a"),
        ("topics: T", "mission/a"),
        ("title: T", "mission/a"),
        ("topic: T", "mission/b"),
        ("topic: [", "mission/a"),
    ],
)
def test_a_file_of_rules_with_a_mistake_is_refused(
    tmp_path: Path, condition: str, mission: str
) -> None:
    with pytest.raises(BadDocument):
        read_mission_rules(rules_file(tmp_path, condition, mission))
