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
        hashed = frame.with_columns(
            pl.struct(key).hash().alias("_key"),
            pl.struct([*key, *content]).hash().alias("_content"),
        ).with_row_index("_position")
        first = hashed.unique(["_key", "_content"], keep="first", maintain_order=True)
        fresh = first.join(self._seen, on=["_key", "_content"], how="anti", maintain_order="left")
        before = self._seen.group_by("_key").len("_before")
        turned = fresh.join(before, on="_key", how="left", maintain_order="left").with_columns(
            (pl.col("_before").fill_null(0) + pl.int_range(1, pl.len() + 1).over("_key")).alias(
                TURN
            )
        )
        self._seen = pl.concat([self._seen, fresh.select("_key", "_content")])
        marks = turned.select("_position", TURN)
        return (
            hashed.join(marks, on="_position", how="left", maintain_order="left")
            .with_columns(pl.col(TURN).is_null().alias(REPEATS))
            .drop("_key", "_content", "_position")
        )
