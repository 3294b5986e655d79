"""The comparison: four states, disagreement, evidence, every form, and how alike missions are."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libreoffice import XLSX, convert, needs_libreoffice
from pyoxigraph import RdfFormat, Store, parse

from missiongraph import resources
from missiongraph.comparison import raster
from missiongraph.comparison.forms import NAMES, WRITERS
from missiongraph.comparison.matrix import Cell, Comparison, Criterion, Finding, State, Subject
from missiongraph.comparison.reading import Wish, compare
from missiongraph.comparison.similarity import Join, cell_distance, cluster, distances, nearest
from missiongraph.comparison.tabular import TIDY_HEAD, tidy_rows
from missiongraph.errors import BadParameter, PartMissing
from missiongraph.ingest.assembly import assemble
from missiongraph.names import ID
from missiongraph.store import EmbeddedStore

GRAPH = Path(__file__).parent / "comparison.trig"
ALL = Wish(missions=["a", "b", "c"])


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    quads = parse(path=str(GRAPH), format=RdfFormat.TRIG)
    return EmbeddedStore(assemble(quads, resources.root() / "ontology"))


@pytest.fixture(scope="module")
def comparison(store: EmbeddedStore) -> Comparison:
    return compare(store, ALL, "r1")


def cell(comparison: Comparison, mission: str, criterion: str) -> Cell:
    subject = next(s for s in comparison.subjects if s.slug == mission)
    return comparison.cell(subject, next(c for c in comparison.criteria if c.name == criterion))


@pytest.mark.parametrize(
    ("mission", "criterion", "state", "text", "disagreement"),
    [
        ("a", "status", State.KNOWN, "Launched", False),
        ("a", "targetValue", State.KNOWN, "50 percent", False),
        ("a", "deadline", State.KNOWN, "2025; 2030", True),
        ("a", "bold", State.KNOWN, "Yes (Coder one); No (Coder two)", True),
        ("a", "legal", State.NOT_APPLICABLE, "not applicable", False),
        ("b", "bold", State.NO, "no", False),
        ("b", "legal", State.UNKNOWN, "unknown", False),
        ("b", "deadline", State.UNKNOWN, "unknown", False),
        ("c", "bold", State.UNKNOWN, "unknown", False),
        ("c", "place", State.KNOWN, "Y", False),
    ],
)
def test_a_cell_tells_its_state_its_values_and_whether_they_disagree(
    comparison: Comparison,
    mission: str,
    criterion: str,
    state: State,
    text: str,
    disagreement: bool,
) -> None:
    found = cell(comparison, mission, criterion)
    assert (found.state, found.text, found.disagreement) == (state, text, disagreement)


def test_each_value_names_its_passages(comparison: Comparison) -> None:
    found = {p.iri.rpartition("/")[2]: p for p in cell(comparison, "a", "deadline").passages}
    assert set(found) == {"a", "b"}
    assert found["a"].link == "https://example.org/#t=12"
    assert found["a"].locator == "second 12"


def test_criteria_stand_under_the_three_dimensions_in_their_order(comparison: Comparison) -> None:
    assert list(comparison.by_dimension()) == [
        "Strategic orientation",
        "Policy coordination",
        "Policy implementation",
        "No dimension",
    ]
    names = {criterion.name for criterion in comparison.criteria}
    assert {"missionType.oecd-mission-type", "missionType.accelerator-transformer"} <= names


def test_the_share_of_known_cells_counts_no_and_not_applicable(comparison: Comparison) -> None:
    bold = next(c for c in comparison.criteria if c.name == "bold")
    assert comparison.known_share(comparison.row(bold)) == Decimal("0.67")


def test_only_differences_and_only_sames_look_at_what_is_known(store: EmbeddedStore) -> None:
    two = Wish(missions=["a", "b"])
    different = compare(store, Wish(missions=two.missions, only="differences"))
    same = compare(store, Wish(missions=two.missions, only="sames"))
    assert [c.name for c in different.criteria] == ["bold"]
    assert [c.name for c in same.criteria] == ["place", "status"]


def test_missions_come_as_given_by_name_or_by_how_much_is_known(store: EmbeddedStore) -> None:
    def order(sort: str) -> list[str]:
        wish = Wish(missions=["c", "b", "a"], sort=sort)
        return [subject.slug for subject in compare(store, wish).subjects]

    assert order("given") == ["c", "b", "a"]
    assert order("label") == ["a", "b", "c"]
    assert order("known") == ["a", "b", "c"]


def test_a_place_stands_for_all_its_missions(store: EmbeddedStore) -> None:
    assert [s.slug for s in compare(store, Wish(places=["x"])).subjects] == ["a", "b"]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish(), "Nothing was named"),
        (Wish(missions=["nowhere"]), "not known as Mission"),
        (Wish(missions=["a"], criteria=["colour"]), "'colour' is not a criterion"),
        (Wish(missions=["a"], only="some"), "'some' is not a value of only"),
        (Wish(missions=["a"], dimensions=["time"]), "'time' is not a value of dimension"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused(store: EmbeddedStore, wish: Wish, said: str) -> None:
    with pytest.raises(BadParameter, match=said):
        compare(store, wish)


def rows(comparison: Comparison, form: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(WRITERS[NAMES[form]](comparison).decode())))


def test_no_cell_of_the_wide_csv_is_empty(comparison: Comparison) -> None:
    written = rows(comparison, "csv")
    assert written
    assert all(value for row in written for value in row.values())


def test_in_the_tidy_csv_an_empty_value_has_a_reason_and_a_value_has_none(
    comparison: Comparison,
) -> None:
    written = rows(comparison, "tidy")
    assert {row["reason"] for row in written} == {"", "unknown", "no", "not applicable"}
    assert all(bool(row["value"]) != bool(row["reason"]) for row in written)


def test_a_reader_like_that_of_r_takes_figures_and_truth_values_for_what_they_are(
    comparison: Comparison,
) -> None:
    """Numbers, true and false, and empty for missing: what read.csv and pandas go by."""
    frame = pandas.read_csv(io.BytesIO(WRITERS[NAMES["tidy"]](comparison)))
    assert frame["number"].dtype == "float64"
    assert frame["disagreement"].dtype == "bool"
    assert frame.loc[frame["reason"].notna(), "value"].isna().all()
    assert set(frame.loc[frame["criterion"] == "deadline", "number"].dropna()) == {2025, 2030}
    wide = pandas.read_csv(io.BytesIO(WRITERS[NAMES["csv"]](comparison)))
    assert wide["knownShare"].dtype == "float64"


@pytest.mark.slow
@needs_libreoffice
@pytest.mark.parametrize("form", ["xlsx", "tidy.csv"])
def test_libreoffice_opens_it_and_finds_the_same_types(
    comparison: Comparison, form: str, tmp_path: Path
) -> None:
    source = tmp_path / f"given.{form.rpartition('.')[2]}"
    source.write_bytes(WRITERS[NAMES[form]](comparison))
    seen = convert(source, "ods", tmp_path)
    book = openpyxl.load_workbook(convert(seen, XLSX, tmp_path), data_only=True)
    sheet = book["findings"] if form == "xlsx" else book.worksheets[0]
    head, *found = list(sheet.values)
    columns = {name: [row[place] for row in found] for place, name in enumerate(head)}
    expected = tidy_rows(comparison)
    assert len(found) == len(expected)
    truth = bool if form == "xlsx" else str  # of a CSV it reads numbers as such, "true" as a word
    assert {type(value) for value in columns["disagreement"]} == {truth}
    figures = [value for value in columns["number"] if value is not None]
    assert figures and all(isinstance(value, int | float) for value in figures)
    pairs = zip(columns["value"], columns["reason"], strict=True)
    assert all((value is None) != (reason is None) for value, reason in pairs)
    labels = [row[TIDY_HEAD.index("missionLabel")] for row in expected]
    if form == "tidy.csv":  # a CSV is exact, and LibreOffice takes "=A|1" of it for a formula
        labels = ["#VALUE!" if str(label).startswith("=") else label for label in labels]
    assert columns["missionLabel"] == labels


def test_the_wide_csv_writes_the_four_states(comparison: Comparison) -> None:
    a, b, c = rows(comparison, "csv")
    assert (a["mission"], a["missionLabel"]) == (f"{ID}mission/a", "=A|1")  # a CSV is exact
    assert a["deadline"] == "2025; 2030 [disagreement]"
    assert (a["legal"], b["bold"], c["bold"]) == ("not applicable", "no", "unknown")


def test_the_tidy_csv_has_a_row_for_each_finding(comparison: Comparison) -> None:
    bold = [r for r in rows(comparison, "tidy") if r["criterion"] == "bold"]
    assert [(r["missionLabel"], r["state"], r["coder"]) for r in bold] == [
        ("=A|1", "known", "Coder one"),
        ("=A|1", "known", "Coder two"),
        ("B", "no", "Coder one"),
        ("C", "unknown", ""),
    ]


def test_the_workbook_has_matrix_findings_codebook_and_evidence(comparison: Comparison) -> None:
    book = openpyxl.load_workbook(io.BytesIO(WRITERS[NAMES["xlsx"]](comparison)))
    assert book.sheetnames == ["matrix", "findings", "codebook", "evidence", "release"]
    label = book["matrix"]["B2"]
    assert (label.data_type, label.value, label.quotePrefix) == ("s", "=A|1", True)
    findings = list(book["findings"].values)
    unknown = [row for row in findings if row[6] == "unknown"]
    assert unknown and all(row[9] is None and row[7] == "unknown" for row in unknown)
    columns = {row[0] for row in book["codebook"].values}
    assert {c.name for c in comparison.criteria} <= columns
    assert {row[0] for row in list(book["evidence"].values)[1:]} == {
        f"{ID}evidence/s/a",
        f"{ID}evidence/s/b",
    }


def test_markdown_and_latex_escape_what_would_be_markup(comparison: Comparison) -> None:
    assert r"=A\|1" in WRITERS[NAMES["md"]](comparison).decode()
    one = Comparison((Subject("x", "50 % & more_"),), (), {}, "")
    assert r"50 \% \& more\_" in WRITERS[NAMES["tex"]](one).decode()


def test_json_and_json_ld_hold_every_cell(comparison: Comparison) -> None:
    count = len(comparison.subjects) * len(comparison.criteria)
    document = json.loads(WRITERS[NAMES["json"]](comparison))
    assert (document["release"], len(document["cells"])) == ("r1", count)
    graph = Store()
    graph.load(WRITERS[NAMES["jsonld"]](comparison), format=RdfFormat.JSON_LD)
    asked = graph.query(
        "PREFIX qb: <http://purl.org/linked-data/cube#> SELECT ?o { ?o a qb:Observation }"
    )
    assert len(list(asked)) == count  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["svg", "dendrogram"])
def test_drawings_are_well_formed_and_name_the_missions(comparison: Comparison, form: str) -> None:
    drawn = WRITERS[NAMES[form]](comparison)
    words = "".join(ET.fromstring(drawn).itertext())
    assert all(subject.label in words for subject in comparison.subjects)


@pytest.mark.parametrize("form", ["png", "dendrogram.png"])
def test_a_png_is_the_drawing_at_twice_its_size(comparison: Comparison, form: str) -> None:
    drawn = ET.fromstring(WRITERS[NAMES[form.replace("png", "svg")]](comparison))
    png = WRITERS[NAMES[form]](comparison)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    size = [int.from_bytes(png[start : start + 4], "big") for start in (16, 20)]
    assert size == [2 * int(drawn.attrib[name]) for name in ("width", "height")]


def test_without_a_font_a_png_is_refused_and_says_what_to_do(
    comparison: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raster, "_FAMILIES", ("A family that nobody has",))
    raster._font.cache_clear()
    with pytest.raises(PartMissing, match="has none"):
        WRITERS[NAMES["png"]](comparison)
    raster._font.cache_clear()


def test_states_can_be_told_apart_without_colour() -> None:
    assert len({state.mark for state in State}) == len(State)


def known(value: str) -> Cell:
    return Cell((Finding(value, value),))


@pytest.mark.parametrize(
    ("one", "other", "span", "expected"),
    [
        (known("x"), known("x"), 0.0, 0.0),
        (known("x"), known("y"), 0.0, 1.0),
        (Cell((Finding("x", "x"), Finding("y", "y"))), known("y"), 0.0, 0.5),
        (known("x"), Cell(), 0.0, None),
        (known("x"), Cell((Finding("n", "n", State.NOT_APPLICABLE),)), 0.0, None),
        (known("x"), Cell((Finding("n", "n", State.NO),)), 0.0, 1.0),
        (
            Cell((Finding("2", "2", number=Decimal(2)),)),
            Cell((Finding("3", "3", number=Decimal(3)),)),
            4.0,
            0.25,
        ),
    ],
)
def test_unknown_and_not_applicable_have_no_distance(
    one: Cell, other: Cell, span: float, expected: float | None
) -> None:
    assert cell_distance(one, other, span) == expected
    assert cell_distance(other, one, span) == expected


def matrix(texts: list[list[str]]) -> Comparison:
    """Return a comparison of made-up cells; an empty text is unknown."""
    criteria = tuple(Criterion(f"c{i}", f"C{i}") for i in range(len(texts[0]) if texts else 0))
    subjects = tuple(Subject(f"m{i}", f"M{i}") for i in range(len(texts)))
    cells = {
        (f"m{i}", f"c{j}"): known(value)
        for i, row in enumerate(texts)
        for j, value in enumerate(row)
        if value
    }
    return Comparison(subjects, criteria, cells)


MATRICES = st.integers(2, 6).flatmap(
    lambda n: st.lists(
        st.lists(st.sampled_from(["", "x", "y", "z"]), min_size=4, max_size=4),
        min_size=n,
        max_size=n,
    )
)


@settings(max_examples=100, deadline=None)
@given(MATRICES)
def test_a_distance_lies_within_what_the_unknowns_allow(texts: list[list[str]]) -> None:
    for distance in distances(matrix(texts)).values():
        assert 0 <= distance.low <= distance.high <= 1
        assert distance.value is None or distance.low <= distance.value <= distance.high
        assert (distance.value is None) == (distance.known == 0)


@settings(max_examples=100, deadline=None)
@given(MATRICES, st.integers(0, 3))
def test_learning_a_cell_only_narrows_what_a_distance_can_be(
    texts: list[list[str]], column: int
) -> None:
    filled = [[value or "x" if j == column else value for j, value in enumerate(r)] for r in texts]
    before, after = distances(matrix(texts)), distances(matrix(filled))
    for pair, distance in before.items():
        assert distance.low - 1e-9 <= after[pair].low
        assert after[pair].high <= distance.high + 1e-9


@settings(max_examples=30, deadline=None)
@given(MATRICES)
def test_the_tree_holds_every_mission_once(texts: list[list[str]]) -> None:
    tree = cluster(matrix(texts))
    assert tree is not None
    assert tree.members == tuple(range(len(texts)))
    assert tree.support == 1.0  # all together: in every filling


def test_groups_that_do_not_hang_on_unknowns_have_full_support() -> None:
    sure = cluster(matrix([["x", "x", "x"], ["x", "x", "x"], ["y", "y", "y"]]))
    unsure = cluster(matrix([["x", "", ""], ["x", "", ""], ["y", "", ""]]))
    assert sure is not None and unsure is not None
    pairs = [next(p for p in tree.parts if isinstance(p, Join)) for tree in (sure, unsure)]
    assert [pair.members for pair in pairs] == [(0, 1), (0, 1)]
    assert pairs[0].support == 1.0
    assert 0.3 < pairs[1].support < 1.0


def test_the_nearest_mission_is_the_one_that_shares_most() -> None:
    compared = matrix([["x", "x", ""], ["x", "y", "z"], ["x", "x", "z"], ["", "", ""]])
    assert [place for place, _ in nearest(compared, 0)] == [2, 1]
