"""Repeats: rows of a table that say the same again, or something else of the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

REPEATS: Final = "_repeats"
TURN: Final = "_turn"


class Repeats:
    """Remembers the rows of a table, 16 bytes each."""

    def __init__(self) -> None:
        schema = {"_key": pl.UInt64, "_content": pl.UInt64}
        self._seen = pl.DataFrame(schema=schema)

    def marked(
        self, frame: pl.DataFrame, key: Sequence[str], content: Sequence[str]
    ) -> pl.DataFrame:
        """Return a batch with two columns more.

        ``_repeats`` says whether a row says what one before it said; ``_turn`` is a row's number
        among those of its key that say different things, beginning with 1.

        Args:
            frame: the next rows.
            key: columns that tell of which thing a row speaks.
            content: columns that it says something in.
        """
        hashed = frame.select(
            pl.struct(key).hash().alias("_key"),
            pl.struct([*key, *content]).hash().alias("_content"),
        ).with_row_index("_position")
        first = hashed.unique(["_key", "_content"], keep="first", maintain_order=True)
        # What was seen grows with the table: it is gone through once, for the keys of this batch.
        known = self._seen.filter(pl.col("_key").is_in(first.get_column("_key").implode()))
        fresh = first.join(known, on=["_key", "_content"], how="anti", maintain_order="left")
        before = known.group_by("_key").len("_before")
        turned = fresh.join(before, on="_key", how="left", maintain_order="left").with_columns(
            (pl.col("_before").fill_null(0) + pl.int_range(1, pl.len() + 1).over("_key")).alias(
                TURN
            )
        )
        self._seen = pl.concat([self._seen, fresh.select("_key", "_content")])
        marks = hashed.select("_position").join(
            turned.select("_position", TURN), on="_position", how="left", maintain_order="left"
        )
        turn = marks.get_column(TURN)
        return frame.with_columns(turn, turn.is_null().alias(REPEATS))
