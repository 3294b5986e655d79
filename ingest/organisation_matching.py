"""Which organisations of two lists may be the same: candidates for an editor, by name and country.

A name is compared without accents, legal forms and words that say little; two names are as near
as rapidfuzz finds their words, whatever their order. An acronym that stands in the other's name
lifts the score, another country ends it. What comes out is proposed, never published.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from missiongraph.ingest.values import slugified

THRESHOLD: Final = 0.88
"""Score from which a pair is proposed: what the labelled pairs under tests/ made best."""
_NEAR: Final = 60
_MOST_FOR_ONE: Final = 5
_LEGAL_FORMS: Final = """
    ab ag aisbl as asbl bv co doo ev gmbh inc kft ltd limited llc nv oy oyj plc sa sas scrl se sl
    sp spa srl sro vzw zs zoo aps ou eood ood ad dd ead mbh ges gesellschaft
"""
_SMALL_WORDS: Final = """
    a al and d da das de degli dei del della der des di do dos du e en et for fur i in l la las le
    les lo los n of og och per pour the til und van vom von y zu zur
"""
_IGNORED: Final = frozenset((_LEGAL_FORMS + _SMALL_WORDS).split())
_SAME_WORDS: Final = {
    "universita": "university",
    "universitaet": "university",
    "universitat": "university",
    "universite": "university",
    "universiteit": "university",
    "universitet": "university",
    "universitetet": "university",
    "universidad": "university",
    "universidade": "university",
    "univerza": "university",
    "uniwersytet": "university",
    "univerzita": "university",
    "institut": "institute",
    "instituto": "institute",
    "istituto": "institute",
    "instituut": "institute",
    "instytut": "institute",
    "fondazione": "foundation",
    "fundacion": "foundation",
    "fundacio": "foundation",
    "stichting": "foundation",
    "stiftung": "foundation",
    "stiftelsen": "foundation",
    "technische": "technical",
    "tekniska": "technical",
    "ministerium": "ministry",
    "ministere": "ministry",
    "ministerio": "ministry",
    "ministero": "ministry",
    "centre": "center",
    "centro": "center",
    "zentrum": "center",
    "national": "national",
    "nazionale": "national",
    "nacional": "national",
    "recherche": "research",
    "ricerca": "research",
    "investigacion": "research",
    "forschung": "research",
}


_IN_BRACKETS: Final = re.compile(r"\(([^()]{3,})\)")  # two letters are a country's


@dataclass(frozen=True)
class Organisation:
    """An organisation as a list has it.

    Attributes:
        iri: its IRI.
        names: its name, then others it is known by.
        country: the IRI or code of its country, the same in both lists; empty when unknown.
    """

    iri: str
    names: tuple[str, ...]
    country: str = ""


@dataclass(frozen=True)
class Candidate:
    """Two organisations that may be the same.

    Attributes:
        ours: of the first list.
        theirs: of the second.
        score: how near their names are, between 0 and 1.
    """

    ours: Organisation
    theirs: Organisation
    score: float


def score(one: Organisation, other: Organisation) -> float:
    """Return how near two organisations are, between 0 (not at all) and 1 (the same words).

    >>> score(
    ...     Organisation("a", ("Universidad de Vigo",), "ES"),
    ...     Organisation("b", ("University of Vigo",), "ES"),
    ... )
    1.0
    """
    if one.country and other.country and one.country != other.country:
        return 0.0
    known = bool(one.country and other.country)
    pairs = ((a, b) for a in _forms(one) for b in _forms(other))
    best = max((_nearness(a, b, known) for a, b in pairs), default=0.0)
    return round(best if known else best * 0.97, 3)


def candidates(
    ours: Iterable[Organisation], theirs: Sequence[Organisation], threshold: float = THRESHOLD
) -> Iterator[Candidate]:
    """Yield the pairs of two lists whose score reaches the threshold, the best of each first.

    Args:
        ours: organisations of one list.
        theirs: those of the other; a comparison of all pairs is made quickly first.
        threshold: the least score.
    """
    forms = [(form, place) for place, one in enumerate(theirs) for form in sorted(_forms(one))]
    words = [form for form, _ in forms]
    for one in ours:
        near = {
            forms[index][1]
            for form in _forms(one)
            for _, _, index in process.extract(
                form, words, scorer=fuzz.token_set_ratio, score_cutoff=_NEAR, limit=50
            )
        }
        scored = ((score(one, theirs[place]), place) for place in near)
        best = sorted(
            (found for found in scored if found[0] >= threshold), key=lambda f: (-f[0], f[1])
        )
        for found, place in best[:_MOST_FOR_ONE]:
            yield Candidate(one, theirs[place], found)


def plain(name: str) -> str:
    """Return the words of a name that tell it from others.

    >>> plain("Fondazione Centro Euro-Mediterraneo S.r.l.")
    'foundation center euro mediterraneo'
    """
    joined = re.sub(r"\b(?:\w\.){2,}\w?", lambda match: match[0].replace(".", ""), name)
    words = [_SAME_WORDS.get(word, word) for word in slugified(joined).split("-")]
    kept = [word for word in words if word not in _IGNORED]
    return " ".join(kept or words)


def _forms(organisation: Organisation) -> set[str]:
    """Return the plain names; also without what stands in brackets, and that alone."""
    found = set()
    for name in organisation.names:
        outer = re.sub(r"\([^)]*\)", " ", name)
        found |= {plain(name), plain(outer), *map(plain, _IN_BRACKETS.findall(name))}
    return {form for form in found if form}


def _nearness(one: str, other: str, in_one_country: bool) -> float:
    """Return how near two names are; an acronym is that of many, and near to nothing but itself."""
    if min(len(one), len(other)) <= _ACRONYM:
        return float(one == other and in_one_country)
    if sorted(one.split()) == sorted(other.split()):
        return 1.0
    apart, joined = fuzz.token_sort_ratio(one, other), fuzz.ratio(_joined(one), _joined(other))
    return min(apart, joined + _LEEWAY) / 100


def _joined(words: str) -> str:
    """Return sorted words without blanks: one word more weighs by its length."""
    return "".join(sorted(words.split()))


_LEEWAY: Final = 10
_ACRONYM: Final = 6
