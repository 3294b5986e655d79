"""Templates: what a row's cells give, and what is said of a cell that cannot be read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missiongraph.ingest.mistakes import IllWritten
from missiongraph.ingest.templates import CellIllWritten, Template, check_filter

VALUES = {"role": {"Lead": "coordinator", "Guest": ""}}


def filled(template: str, **cells: str) -> list[str]:
    return Template.read(template).fill(cells, VALUES)


@pytest.mark.parametrize(
    ("template", "cell", "texts"),
    [
        ("project/x-{a}", "7", ["project/x-7"]),
        ("project/x-{a}", " ", []),
        ("{a} ?? Project without a name", "", ["Project without a name"]),
        ("actor/{a|slug}", "Région Sud & Cie.", ["actor/region-sud-cie"]),
        ("mission/{a|split}", "one| two |one", ["mission/one", "mission/two"]),
        ("{a|split ;|role}", "Lead;Guest", ["coordinator"]),
        ("{a|number}", "1.234.567,5", ["1234567.5"]),
        ("{a|number}", "9845090,25", ["9845090.25"]),
        ("{a|number ,}", "1.234", ["1234"]),
        ("{a|number}", "1 250 000", ["1250000"]),
        ("{a|date DD.MM.YYYY}", "03.01.2023", ["2023-01-03"]),
        ("{a|date MM/YYYY}", "01/2023", ["2023-01"]),
    ],
)
def test_a_cell_gives(template: str, cell: str, texts: list[str]) -> None:
    assert filled(template, a=cell) == texts


@pytest.mark.parametrize(
    ("template", "cell"),
    [
        ("{a|role}", "Boss"),
        ("{a|number}", "1,234"),
        ("{a|date DD.MM.YYYY}", "31.02.2023"),
        ("{a|date DD.MM.YYYY}", "2023-02-01"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(template: str, cell: str) -> None:
    with pytest.raises(CellIllWritten) as caught:
        filled(template, a=cell)
    assert (caught.value.column, caught.value.cell) == ("a", cell)
    assert caught.value.remedy


@pytest.mark.parametrize("written", ["slugs", "split2", "number ;", "date", "date TT.MM", "role x"])
def test_a_filter_that_is_none_is_told(written: str) -> None:
    with pytest.raises(IllWritten):
        check_filter(written, VALUES)


def test_what_would_give_too_many_texts_is_refused() -> None:
    with pytest.raises(IllWritten, match="more than"):
        filled(
            "{a|split}{b|split}",
            a="|".join(map(str, range(50))),
            b="|".join("abcdefghijklmnopqrstuvwxyz"),
        )


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_whatever_a_cell_holds_is_taken_as_it_is(cell: str) -> None:
    assert filled("{a}", a=cell) == ([cell.strip()] if cell.strip() else [])


@settings(deadline=None)
@given(st.text(max_size=40), st.sampled_from(["", ",", "."]))
def test_no_cell_breaks_the_reading_of_numbers(cell: str, decimal: str) -> None:
    try:
        filled(f"{{a|number {decimal}}}", a=cell)
    except CellIllWritten as refused:
        assert refused.column == "a"
