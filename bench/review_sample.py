"""Which claims of the curated files are read again? A sample, the same for the same seed and files.

    python bench/review_sample.py [--seed 20261125] [--files 8] [--claims 6]

From each region so many files are drawn, from each file so many claims: a claim is one triple
below an evidence, but not a type or a label. Prints a table with tabs: region, address, title, evidence, claim.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML

DATA = Path(__file__).parents[1] / "data"
NAMES = {"id", "type", "label", "altLabel"}
OF_A_RATING = {
    "coder",
    "assesses",
    "criterion",
}  # written by a rule: the rating is what can be wrong
REGIONS = {
    "EU and world": "eu mission mi find ipps oecd",
    "Netherlands, Germany": "nl de",
    "North": "dk no se fi",
    "Middle and Baltic": "at ch cz ie lt lv be",
    "United Kingdom": "ade camden camdenrenewal csw dwf fullfact gasworld gov governmentbusiness hydrogeneast lords"
    " lowcarbonbusiness pacac parliament publicsectorexecutive thecarer thenational ukri wales247 wemakecamden"
    " wired carbonbrief valservis",
    "France, Spain": "aset asteryos cadenaser catedra cdti construction21 deloitte infogouv innovaspain lalettrem"
    " lanacion levante medef nosdeputes que tedae valenciaplaza viepublique zabala",
    "Australia, New Zealand": "au csiro nz",
    "Asia, Africa": "african in jp kr my sg th za",
}
AMERICAS = "Americas"
LEFT_OUT = {
    "eu-country-authority",
    "missiongraph-editors",
    "opsi-webinar-2021",
}  # a table, ours, reviewed before


def main() -> None:
    """Draw the sample and print it."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seed", type=int, default=20261125)
    arguments.add_argument("--files", type=int, default=8)
    arguments.add_argument("--claims", type=int, default=6)
    options = arguments.parse_args()
    draw = random.Random(options.seed)
    by_region: dict[str, list[Path]] = {}
    for path in (path for path in sorted(DATA.glob("*.yaml")) if path.stem not in LEFT_OUT):
        by_region.setdefault(region(path), []).append(path)
    for name, paths in sorted(by_region.items()):
        for path in draw.sample(paths, min(options.files, len(paths))):
            document = YAML(typ="safe").load(path)
            found = list(claims(document))
            source = document["source"]
            for evidence, claim in draw.sample(found, min(options.claims, len(found))):
                print(
                    name, path.name, source.get("page"), source["title"], evidence, claim, sep="\t"
                )


def region(path: Path) -> str:
    """The region of a file, by the first word of its name."""
    first = path.stem.split("-")[0]
    return next((name for name, words in REGIONS.items() if first in words.split()), AMERICAS)


def claims(document: dict) -> Iterator[tuple[str, str]]:  # type: ignore[type-arg]
    """Every claim of a file, with its evidence."""
    for evidence in document.get("claims", ()):
        for thing in evidence.get("states", ()):
            for claim in triples(thing):
                yield evidence["id"], claim


def triples(thing: dict) -> Iterator[str]:  # type: ignore[type-arg]
    """The triples of a thing and of those written below it."""
    for name, values in thing.items():
        if name in NAMES | (OF_A_RATING if "rating" in thing else set()):
            continue
        for value in values if isinstance(values, list) else [values]:
            below = isinstance(value, dict) and "id" in value
            yield f"{thing['id']} {name} {value['id'] if below else value}"
            if below:
                yield from triples(value)


if __name__ == "__main__":
    main()
