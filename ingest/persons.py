"""Persons: which participants are natural persons, whose names are not taken.

Sole traders stand among the organisations of bulk sources, under their own names. A name is taken
for a person's when it says so (a title, a form of business that only one person can have), or when
it has a given name and nothing that only organisations have. It is better to withhold a small
firm's name than to publish a person's: what is withheld is counted.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from missiongraph.resources import root

WITHHELD: Final = "Participant whose name is withheld"
"""The label of a participant that is a natural person, in all connectors."""
_TITLES: Final = frozenset(
    ("dr", "dra", "dipl", "ing", "mag", "mgr", "mr", "mrs", "ms", "msc", "prof", "rndr", "mudr")
)
_SOLE: Final = re.compile(
    r"\b(e\. ?k\.|e\. ?u\.|einzelunternehmen|einzelfirma|inh(aber|\.)|autonomo|ditta individuale"
    r"|impresa individuale|entrepreneur individuel|eenmanszaak|enkeltmandsvirksomhed|osvc"
    r"|fizicka osoba|persona fizica|persoana fizica autorizata|p\.f\.a\.|egyeni vallalkozo)(?=\s|$)",
    re.IGNORECASE,
)
_MOST_WORDS: Final = 4
_INITIAL: Final = re.compile(r"(?<=\b\w)\.(?=\w\b)")  # the points within s.r.o.
_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")


@lru_cache(maxsize=200_000)
def is_person(name: str) -> bool:
    """Say whether a participant's name is that of a natural person.

    >>> is_person("DR MUSTERMANN ERIKA"), is_person("ERIKA MUSTERMANN GMBH"), is_person("IBM")
    (True, False, False)
    """
    plain = _plain(name)
    if _SOLE.search(plain):
        return True
    words = _INITIAL.sub("", plain).replace(",", " ").replace(".", " ").split()
    titled = [word for word in words if word in _TITLES]
    rest = [word for word in words if word not in _TITLES and len(word) > 1]
    if not 2 <= len(rest) <= _MOST_WORDS or not all(map(_WORD.fullmatch, rest)):
        return False
    if any(word in _organisational() for word in rest):
        return False
    return bool(titled) or any(part in _given_names() for w in rest for part in w.split("-"))


_ORGANISATIONAL_WORDS: Final = (
    "ab ad ag agency and aps as asa asbl associates associati association associazione band "
    "bank business bv bvba care cc center centre centro cic city club co comercial commission "
    "company comune comunidad concept conseil consult consultancy consultants consulting corp "
    "corporation design digital doo ead eco eeig ehf energy engineering enterprises "
    "environment eood et europe european ev events federation film firm fondation fondazione "
    "for forum foundation fund fundacion fundacja games gbr gie gmbh green group grupo gruppe "
    "hospital hotel house hub inc industries initiative innovation innovations institut "
    "institute international invest kft kg kommune lab labs legal limited llc llp lp ltd ltda "
    "management media mobility muzeum network networks nv oe of og ohg oo ood oy oyj park "
    "partner partners plc press productions project projects publishing renewables research "
    "sa sarl sas sau scarl school sci science services sia sl slp slu sme snc soc society "
    "software solar solutions sp spa sprl spzoo srl sro stichting studio systems tech "
    "technologies technology the trust uab ug und university ventures verein vzw water werke "
    "works y zrt "
)
"""Words, and forms of business, that stand in the names of organisations."""


@cache
def _organisational() -> frozenset[str]:
    return frozenset(_ORGANISATIONAL_WORDS.split())


@cache
def _given_names() -> frozenset[str]:
    text = (root() / "data" / "eu" / "given-names.txt").read_text(encoding="utf-8")
    return frozenset(" ".join(line for line in text.splitlines() if line[:1] != "#").split())


def _plain(name: str) -> str:
    """Return a name in lower case without marks on its letters."""
    special = name.lower()
    if special.isascii():
        return special
    for letter, plain in (("ø", "o"), ("ł", "l"), ("đ", "d"), ("ß", "ss")):
        special = special.replace(letter, plain)
    return "".join(c for c in unicodedata.normalize("NFD", special) if not unicodedata.combining(c))
