"""Answers as data frames, of pandas or of polars, with a type for each column.

A column has the type that all its values share: whole numbers, exact decimals, days, truth
values. IRIs are categories, in full; so is a column ``…Label`` beside one. What is unbound is
missing, never zero and never an empty text. A column with values of several kinds, such as
deadlines that are years in one row and days in another, is text, each value as it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from pyoxigraph import NamedNode

from missiongraph.errors import PartMissing
from missiongraph.table_files import column_of
from missiongraph.tables import Table

if TYPE_CHECKING:
    import pandas
    import polars

FrameT = TypeVar("FrameT")
FrameT_co = TypeVar("FrameT_co", covariant=True)
ATTRIBUTE: Final = "missiongraph"
_LABEL: Final = "Label"


@dataclass(frozen=True)
class About:
    """What a data frame is the answer to.

    Attributes:
        question: the stored question's id; empty for a query of one's own.
        title: its title.
        words: the question as a person would ask it.
        parameters: what was given, as it was written.
        columns: the label of each column.
        units: for a column of figures the column that holds each row's unit, or the unit of all.
        sparql: the query as it was asked; it runs in any SPARQL tool.
        release: id of the release that answered; empty where the store does not tell.
    """

    question: str = ""
    title: str = ""
    words: str = ""
    parameters: Mapping[str, list[str]] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    sparql: str = ""
    release: str = ""


class Frames(Protocol[FrameT_co]):
    """Makes data frames of one kind."""

    def of(self, table: Table, about: About) -> FrameT_co:
        """Return a table as a data frame.

        Raises:
            PartMissing: the package that data frames of this kind need is not installed.
        """
        ...


class PolarsFrames:
    """Makes data frames of polars."""

    def of(self, table: Table, about: About) -> polars.DataFrame:  # noqa: ARG002
        """Return a table as a data frame; what it is about has no place there."""
        import polars as pl

        return pl.DataFrame([_column(table, place) for place in range(len(table.columns))])


class PandasFrames:
    """Makes data frames of pandas; ``attrs["missiongraph"]`` says what one is about."""

    def of(self, table: Table, about: About) -> pandas.DataFrame:
        """Return a table as a data frame; raises as ``Frames.of`` does."""
        try:
            import pandas as pd
            import pyarrow  # noqa: F401  # exact decimals need it
        except ImportError as cause:
            raise PartMissing(
                f"Data frames of pandas need the package {cause.name}.",
                remedy="Install it: pip install 'missiongraph[pandas]'. "
                'Or take data frames of polars: connect(frames="polars").',
            ) from cause
        columns = [_column(table, place) for place in range(len(table.columns))]
        frame = pd.DataFrame({column.name: _pandas_column(column) for column in columns})
        frame.attrs[ATTRIBUTE] = asdict(about)
        return frame


def _column(table: Table, place: int) -> polars.Series:
    """Return a column with its type."""
    import polars as pl

    name = table.columns[place]
    terms = [row[place] for row in table.rows]
    column = column_of(name, terms)
    things = {type(term) for term in terms if term is not None} == {NamedNode}
    labels = name.endswith(_LABEL) and name.removesuffix(_LABEL) in table.columns
    if column.dtype == pl.String and (things or labels):
        return column.cast(pl.Categorical)
    return column


def _pandas_column(column: polars.Series) -> pandas.Series:
    """Return a column of polars as the one of pandas that holds the same values."""
    import pandas as pd
    import polars as pl

    values = column.to_list()
    match column.dtype:
        case pl.Decimal():
            return pd.Series(values, dtype=_exact(column))
        case pl.Categorical():
            return pd.Series(pd.Categorical(values))
        case _:
            return pd.Series(values, dtype=_PANDAS_TYPES[str(column.dtype)])


_PANDAS_TYPES: Final = {
    "Boolean": "boolean",
    "Int64": "Int64",
    "Date": "datetime64[us]",
    "String": "string",
}


def _exact(column: polars.Series) -> pandas.ArrowDtype:
    """Return a type that holds a column's decimals, with no more digits than they need.

    With the most digits that Arrow has, a product of two columns would not fit.
    """
    import pandas as pd
    import pyarrow

    numbers = [number.as_tuple() for number in column.drop_nulls()]
    scale = max(-int(number.exponent) for number in numbers)
    whole = max(len(number.digits) + int(number.exponent) for number in numbers)
    return pd.ArrowDtype(pyarrow.decimal128(max(whole, 1) + scale, scale))
