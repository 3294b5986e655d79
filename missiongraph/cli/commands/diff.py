"""``missiongraph diff``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.table import Table as RichTable
from rich.text import Text

from missiongraph.cli.terminal import (
    TABLE,
    AsJson,
    Output,
    counted,
    echo_json,
    errors,
    print_rich,
)
from missiongraph.errors import FormatNotOffered
from missiongraph.names import compact
from missiongraph.releases import Home
from missiongraph.settings import Settings
from missiongraph.tables import Term, text_of

if TYPE_CHECKING:
    from missiongraph.differences import Differences, FactChange

_PATCH: Final = "patch"
_FORMS: Final = (TABLE, _PATCH)
_OTHERS: Final = "Other things"


def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="Id of the earlier release.")],
    after: Annotated[str, typer.Argument(metavar="B", help="Id of the later release.")],
    as_json: AsJson = False,
    wanted: Annotated[str, typer.Option("--format", help=f"One of: {', '.join(_FORMS)}.")] = TABLE,
    inferred: Annotated[
        bool, typer.Option("--inferred", help="Also facts that follow from others.")
    ] = False,
    output: Output = None,
) -> None:
    """Show which facts two kept releases differ in, mission by mission; or write an RDF patch."""
    from missiongraph.differences import differences, patch

    if wanted not in _FORMS:
        raise FormatNotOffered(
            f"{wanted!r} is not a form of a difference.",
            where="--format",
            remedy=f"Write one of: {', '.join(_FORMS)}.",
        )
    home = Home(Settings.load().home)
    earlier, later = home.release(before), home.release(after)
    if wanted == _PATCH:
        stream = output.open("wb") if output else sys.stdout.buffer
        try:
            stream.writelines(patch(earlier.dump, later.dump, (earlier.id, later.id)))
            stream.flush()
        finally:
            if output:
                stream.close()
        return
    found = differences(earlier, later, inferred=inferred)
    if as_json:
        echo_json(found.document(), output)
        return
    if output is None:
        print_rich(_drawn(found))
    else:
        with output.open("w", encoding="utf-8") as text:
            print_rich(_drawn(found), text)
    hidden = sum(found.totals.values()) - len({*_all(found)})
    told = [f"{counted(count, 'fact')} {kind}" for kind, count in found.totals.items()]
    missions = f"{counted(len(found.added), 'mission')} new, {len(found.removed)} gone"
    more = f" {counted(hidden, 'change')} of other things not shown: --format patch." * (hidden > 0)
    errors.print(f"{', '.join(told)}; {missions}.{more}")


def _all(found: Differences) -> Iterator[FactChange]:
    for changes in found.missions.values():
        yield from changes
    yield from found.others


def _drawn(found: Differences) -> RichTable:
    table = RichTable("Of", "Change", "Thing", "Property", "Before", "After", header_style="bold")
    for iri, changes in found.missions.items():
        mark = " (new)" * (iri in found.added) + " (gone)" * (iri in found.removed)
        _draw(table, found, f"{_named(found, iri)}{mark}", changes)
    _draw(table, found, _OTHERS, found.others)
    return table


def _draw(table: RichTable, found: Differences, of: str, changes: Iterable[FactChange]) -> None:
    for change in changes:
        cells = (
            of,
            change.kind,
            _named(found, change.thing),
            _named(found, change.property_iri),
            _values(found, change.before),
            _values(found, change.after),
        )
        table.add_row(*map(Text, cells))
    if table.row_count:
        table.add_section()


def _named(found: Differences, iri: str) -> str:
    return found.labels.get(iri) or compact(iri)


def _values(found: Differences, terms: Iterable[Term]) -> str:
    return "; ".join(found.labels.get(str(getattr(t, "value", t))) or text_of(t) for t in terms)
