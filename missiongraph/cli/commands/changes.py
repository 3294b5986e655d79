"""``missiongraph changes``."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table as RichTable
from rich.text import Text

from missiongraph.cli.terminal import AsJson, echo_json, print_rich
from missiongraph.comparison.changes import changes as changes_between
from missiongraph.comparison.matrix import Comparison
from missiongraph.comparison.reading import Wish, compare, subjects_of
from missiongraph.errors import BadParameter
from missiongraph.releases import Home, Release
from missiongraph.settings import Settings
from missiongraph.store import EmbeddedStore


def changes(
    missions: Annotated[list[str], typer.Argument(metavar="MISSION...", help="Slugs or IRIs.")],
    since: Annotated[str, typer.Option(help="Id of the release to compare with.")],
    until: Annotated[
        str, typer.Option(help="Id of the later one; the current when left out.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Tell what two releases say differently of missions: target, status, owner and the rest."""
    home = Home(Settings.load().home)
    later = home.release(until) if until else home.load_newest()[0]
    wish = Wish(missions=missions)
    after = compare(later.load(), wish, later.id)
    found = list(changes_between(_read(home.release(since), wish), after))
    if as_json:
        echo_json(
            [
                {
                    "mission": change.subject.iri,
                    "criterion": change.criterion.name,
                    "kind": change.kind,
                    "before": change.before.text,
                    "after": change.after.text,
                    "evidence": [passage.iri for passage in change.after.passages],
                }
                for change in found
            ]
        )
        return
    table = RichTable("Mission", "Criterion", "", f"In {since}", f"In {later.id}")
    for change in found:
        cells = (change.subject.label, change.criterion.heading, change.kind)
        table.add_row(*(Text(t) for t in (*cells, change.before.text, change.after.text)))
    print_rich(table)


def _read(release: Release, wish: Wish) -> Comparison:
    """Return a release's comparison; missions that it does not know are unknown in it."""
    store = release.load()
    known = [mission for mission in wish.missions if _knows(store, mission)]
    if not known:
        return Comparison((), (), {}, release.id)
    return compare(store, Wish(missions=known), release.id)


def _knows(store: EmbeddedStore, mission: str) -> bool:
    try:
        subjects_of(store, Wish(missions=[mission]))
    except BadParameter:
        return False
    return True
