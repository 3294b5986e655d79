"""Which organisations may be the same: measured on pairs that a person labelled."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from missiongraph.ingest.organisation_matching import (
    THRESHOLD,
    Organisation,
    candidates,
    score,
)

PAIRS = Path(__file__).parent / "organisation_pairs.tsv"


def labelled() -> list[tuple[Organisation, Organisation, bool]]:
    lines = [line for line in PAIRS.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    return [
        (
            Organisation("ours", tuple(row["names"].split("|")), row["country"]),
            Organisation("theirs", tuple(row["otherNames"].split("|")), row["otherCountry"]),
            row["same"] == "yes",
        )
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    ]


def test_there_are_pairs_enough_of_both_kinds() -> None:
    same = [pair[2] for pair in labelled()]
    assert len(same) >= 300
    assert min(sum(same), len(same) - sum(same)) >= 100


def test_precision_and_recall_are_those_of_the_documentation() -> None:
    """docs/mappings.md reports them; who changes the matcher measures again."""
    found = [(score(ours, theirs) >= THRESHOLD, same) for ours, theirs, same in labelled()]
    right = found.count((True, True))
    precision = right / sum(proposed for proposed, _ in found)
    recall = right / sum(same for _, same in found)
    assert (round(precision, 2), round(recall, 2)) == (PRECISION, RECALL)
    documentation = (Path(__file__).parents[2] / "docs" / "mappings.md").read_text(encoding="utf-8")
    assert f"precision {PRECISION:.2f}, recall {RECALL:.2f}" in documentation


PRECISION, RECALL = 0.90, 0.98


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("Universidad de Vigo",), ("University of Vigo",), 1.0),
        (("STICHTING DELTARES",), ("Deltares Foundation",), 1.0),
        (("C.N.R.S.",), ("CNRS",), 1.0),
        (("ANR",), ("ANT",), 0.0),
    ],
)
def test_names_are_compared_by_the_words_that_tell(
    one: tuple[str, ...], other: tuple[str, ...], expected: float
) -> None:
    assert score(Organisation("a", one, "x"), Organisation("b", other, "x")) == expected


def test_another_country_ends_a_match_and_an_unknown_one_lowers_it() -> None:
    one = Organisation("a", ("Ministry of Health",), "x")
    assert score(one, Organisation("b", ("Ministry of Health",), "y")) == 0.0
    assert score(one, Organisation("b", ("Ministry of Health",))) == 0.97
    assert score(Organisation("a", ("AU",)), Organisation("b", ("AU",))) == 0.0


def test_candidates_come_best_first_and_none_twice() -> None:
    ours = [Organisation("a", ("University of Oslo",), "no")]
    theirs = [
        Organisation("b", ("Universitetet i Oslo", "University of Oslo"), "no"),
        Organisation("c", ("University of Turku",), "fi"),
        Organisation("d", ("Oslo University",)),
    ]
    assert [found.theirs.iri for found in candidates(ours, theirs)] == ["b", "d"]


NAMES = st.tuples(st.text(max_size=30))


@settings(deadline=None)
@given(NAMES, NAMES)
def test_a_score_is_between_0_and_1_and_the_same_both_ways(
    one: tuple[str], other: tuple[str]
) -> None:
    a, b = Organisation("a", one), Organisation("b", other)
    assert 0 <= score(a, b) == score(b, a) <= 1
