"""A deterministic dump in the native form of CORDIS, as large as one likes.

    python bench/cordis_dump.py 80000 /tmp/dump

Five participations a project, from a pool of organisations that grows with it; topics of missions
among others; amounts with decimal commas and points, quotes inside titles, repeated rows, countries
as CORDIS writes them. All names are made up.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

SEED: Final = 20260401
PARTICIPATIONS: Final = 5
HEADERS: Final = {
    "project": (
        *("id", "acronym", "status", "title", "startDate", "endDate", "totalCost"),
        *("ecMaxContribution", "legalBasis", "topics", "ecSignatureDate", "frameworkProgramme"),
        *("masterCall", "subCall", "fundingScheme", "objective", "contentUpdateDate", "rcn"),
        "grantDoi",
    ),
    "organization": (
        *("projectID", "projectAcronym", "organisationID", "vatNumber", "name", "shortName"),
        *("SME", "activityType", "street", "postCode", "city", "country", "nutsCode"),
        *("geolocation", "organizationURL", "contactForm", "contentUpdateDate", "rcn", "order"),
        *("role", "ecContribution", "netEcContribution", "totalCost", "endOfParticipation"),
    ),
    "topics": ("projectID", "topic", "title"),
    "legalBasis": ("projectID", "legalBasis", "title", "uniqueProgrammePart"),
    "euroSciVoc": ("projectID", "euroSciVocCode", "euroSciVocPath", "euroSciVocTitle"),
}
_AREAS: Final = ("CLIMA", "CANCER", "OCEAN", "SOIL", "CIT", "CLIMA-CITIES", "OCEAN-SOIL", "NEB")
_COUNTRIES: Final = [
    "DE",
    "ES",
    "IT",
    "FR",
    "BE",
    "NL",
    "UK",
    "AT",
    "PT",
    "SE",
    "NO",
    "FI",
    "DK",
    "PL",
    "CH",
    "IE",
    "CZ",
    "RO",
    "TR",
    "SI",
    "HU",
    "EL",
    "XK",
]
_BASES: Final = ("HORIZON.1.1", "HORIZON.1.2", "HORIZON.2.1", "HORIZON.2.5", "HORIZON.2.6")
_ACTIVITIES: Final = ("HES", "REC", "PRC", "PUB", "OTH")
_WORDS: Final = [
    "river",
    "soil",
    "city",
    "heat",
    "carbon",
    "water",
    "forest",
    "grid",
    "health",
    "robot",
    "sensor",
    "enzyme",
    "market",
    "policy",
    "ocean",
    "steel",
    "data",
    "model",
    "transition",
    "plastic",
    "battery",
    "hydrogen",
    "protein",
    "region",
    "climate",
]
_FIELDS: Final = ("/21", "/23", "/29/97/543", "/21/33", "/23/47")


def write_dump(projects: int, folder: Path) -> None:
    """Write the tables of a dump with so many projects, always the same ones."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "project": (_project(number) for number in range(projects)),
        "organization": _organisations(projects),
        "topics": (_topic(number) for number in range(projects)),
        "legalBasis": ((_id(n), _basis(n), f"Part {_basis(n)}", "true") for n in range(projects)),
        "euroSciVoc": (
            (_id(n), _FIELDS[n % 5], "/a/b", "b") for n in range(projects) if n % 10 < 7
        ),
    }
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(_lines(HEADERS[name], rows))


def _lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _line(header)
    yield from map(_line, rows)


def _line(row: Sequence[str]) -> str:
    return '"' + '";"'.join(cell.replace('"', '""') for cell in row) + '"\n'


def _id(number: int) -> str:
    return str(101_000_000 + number * 3)


def _chance(kind: str, number: int) -> random.Random:
    return random.Random(f"{SEED}-{kind}-{number}")


def _basis(number: int) -> str:
    return _BASES[number % len(_BASES)]


def _topic_code(number: int) -> str:
    if number % 60 == 0:
        return f"HORIZON-MISS-{2021 + number % 5}-{_AREAS[number // 60 % len(_AREAS)]}-01-0{number % 9}"
    return f"HORIZON-CL{1 + number % 6}-{2021 + number % 5}-D{1 + number % 4}-01-{number % 97:02}"


def _topic(number: int) -> tuple[str, ...]:
    return (_id(number), _topic_code(number), f'The topic "{_topic_code(number)}"')


def _project(number: int) -> tuple[str, ...]:
    chance = _chance("project", number)
    # Two words together are one of a title, or all titles would be similar.
    words = ["".join(chance.choices(_WORDS, k=2)) for _ in range(6)]
    title = " ".join(words).capitalize()
    if number % 50 == 0:
        title = f'The "{words[0]}" of {title}'
    start = f"{2021 + number % 5}-{1 + number % 12:02}-01"
    end = f"{2024 + number % 5}-{1 + number % 12:02}-28"
    cents = chance.randrange(10**8, 10**9)
    mark = "," if number % 3 else "."
    objective = " ".join(chance.choices(_WORDS, k=220))
    return (
        *(_id(number), f"{words[0][:4].upper()}{number}", ("SIGNED", "CLOSED")[number % 2], title),
        *(start, end, f"{cents // 100}{mark}{cents % 100:02}", f"{cents // 130}.{cents % 90 + 10}"),
        *(_basis(number), _topic_code(number), start, "HORIZON", "", "", "HORIZON-RIA", objective),
        *("2025-02-24 17:23:14", str(200_000 + number), f"10.3030/{_id(number)}"),
    )


def _organisations(projects: int) -> Iterator[tuple[str, ...]]:
    pool = max(20, projects * 3 // 4)
    for number in range(projects):
        chance = _chance("organisations", number)
        row: tuple[str, ...] = ()
        for order in range(1, PARTICIPATIONS + 1):
            row = _organisation(number, order, chance.randrange(pool), chance)
            yield row
        if number % 500 == 0:
            yield row  # as in real dumps, now and then


def _organisation(number: int, order: int, pic: int, chance: random.Random) -> tuple[str, ...]:
    first, second = _WORDS[pic % 24], _WORDS[pic // 24 % 24]
    role = "coordinator" if order == 1 else ("participant", "thirdParty")[order == 5]
    cents = chance.randrange(10**6, 10**8)
    address = f"https://www.{first}{pic}.example/"
    return (
        *(
            _id(number),
            "X",
            str(900_000_000 + pic),
            "",
            f"{first} {second} institute {pic}".upper(),
        ),
        *(f"{first[:3]}{pic}".upper(), "false", _ACTIVITIES[pic % 5], "STREET 1", "1000"),
        *("Town", _COUNTRIES[pic % len(_COUNTRIES)], "XX1", "50.1,4.2", address),
        *("https://ec.europa.eu/info/contact", "2024-01-01 00:00:00", str(pic), str(order), role),
        *(f"{cents // 100}.{cents % 100:02}", f"{cents // 100}", "", "false"),
    )


if __name__ == "__main__":
    write_dump(int(sys.argv[1]), Path(sys.argv[2]))
