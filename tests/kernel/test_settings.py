from pathlib import Path

import pytest

from missiongraph.errors import BadSetting
from missiongraph.settings import Settings


def test_flags_come_before_variables_and_variables_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "missiongraph.toml").write_text('keep = 1\nmax_bytes = 10\nhome = "from-file"\n')
    settings = Settings.load(
        {"keep": 3, "store": None},
        {"MISSIONGRAPH_KEEP": "2", "MISSIONGRAPH_MAX_BYTES": "20"},
        tmp_path,
    )
    assert (settings.keep, settings.max_bytes, settings.home.name) == (3, 20, "from-file")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MISSIONGRAPH_MAX_BYTES", "many"),
        ("MISSIONGRAPH_KEEP", "0"),
        ("MISSIONGRAPH_KEEP", "-1"),
        ("MISSIONGRAPH_STORE", "localhost:3030"),
        ("MISSIONGRAPH_HOME", __file__),
    ],
)
def test_a_value_that_makes_no_sense_is_named_with_its_place(
    variable: str, value: str, tmp_path: Path
) -> None:
    with pytest.raises(BadSetting) as caught:
        Settings.load({}, {variable: value}, tmp_path)
    assert caught.value.where == variable


@pytest.mark.parametrize("text", ["keeps = 2", "keep =", "\xff"])
def test_a_file_with_a_mistake_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "missiongraph.toml").write_text(text, encoding="latin-1")
    with pytest.raises(BadSetting, match=r"missiongraph\.toml"):
        Settings.load({}, {}, tmp_path)
