"""The tree of errors: each leaf means something to a client, to a shell and to a reader."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import missiongraph.errors
from missiongraph.errors import EXIT_CODE, HTTP_STATUS, InputError, MissiongraphError


def leaves(kind: type[MissiongraphError] = MissiongraphError) -> Iterator[type[MissiongraphError]]:
    """Yield the errors of the module that have no kinds of their own."""
    kinds = [one for one in kind.__subclasses__() if one.__module__ == missiongraph.errors.__name__]
    if not kinds:
        yield kind
    for one in kinds:
        yield from leaves(one)


LEAVES = sorted(leaves(), key=lambda leaf: leaf.__name__)
BY_LEAF = pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.__name__)


@BY_LEAF
def test_every_leaf_has_a_status_and_an_exit_code(leaf: type[MissiongraphError]) -> None:
    assert 400 <= HTTP_STATUS[leaf] <= 599
    assert EXIT_CODE[leaf] in (1, 2)
    assert (EXIT_CODE[leaf] == 2) >= issubclass(leaf, InputError)


@pytest.mark.parametrize("table", [HTTP_STATUS, EXIT_CODE], ids=["HTTP_STATUS", "EXIT_CODE"])
def test_no_table_has_a_row_that_is_no_leaf(table: dict[type[MissiongraphError], int]) -> None:
    assert set(table) == set(LEAVES)


@BY_LEAF
def test_every_leaf_is_drawn_in_the_tree_and_says_what_it_means(
    leaf: type[MissiongraphError],
) -> None:
    drawn = [line for line in (missiongraph.errors.__doc__ or "").splitlines() if "── " in line]
    assert sum(line.partition("── ")[2].split()[0] == leaf.__name__ for line in drawn) == 1
    assert (leaf.__doc__ or "").strip().endswith(".")


@BY_LEAF
def test_an_error_tells_where_what_and_what_to_do(leaf: type[MissiongraphError]) -> None:
    error = leaf("It is wrong.", where="data/x.yaml:3:9", remedy="Write it so.")
    assert str(error) == "data/x.yaml:3:9: It is wrong. Write it so."
    assert str(leaf("It is wrong.")) == "It is wrong."
