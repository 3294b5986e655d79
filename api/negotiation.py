"""Content negotiation: from an Accept header or a name to one of the offered formats.

Pure functions, by RFC 9110, section 12.5.1: the most specific range that fits a media
type gives its quality, zero refuses it, and of equal ones the first offered wins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from missiongraph.errors import FormatNotOffered
from missiongraph.formats import Format

FormatT_co = TypeVar("FormatT_co", bound=Format, covariant=True)

_MEMBER: Final = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')
_PARAMETER: Final = re.compile(
    r';\s*([!#$%&\'*+.^_`|~0-9A-Za-z-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;\s]*)'
)
_RANGE: Final = re.compile(r"\s*([^\s/;,]+)/([^\s/;,]+)\s*(?=;|$)")
_QUALITY: Final = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")


PLAIN_JSON: Final = Format("json", "application/json")
"""JSON that is no SPARQL result."""


@dataclass(frozen=True)
class MediaRange:
    """One member of an Accept header: a type, a subtype (``*`` for any) and its quality, 0-1."""

    type: str
    subtype: str
    quality: float

    def fits(self, media_type: str) -> bool:
        """Say whether a media type lies in the range."""
        main, _, sub = media_type.partition("/")
        return self.type in ("*", main) and self.subtype in ("*", sub)

    @property
    def precision(self) -> int:
        """How narrow the range is: 2 one media type, 1 all of a type, 0 everything."""
        return (self.type != "*") + (self.subtype != "*")


@dataclass(frozen=True)
class Choice(Generic[FormatT_co]):
    """The format of an answer, and the media type by which the client asked for it."""

    format: FormatT_co
    media_type: str

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header; text is always UTF-8."""
        charset = "; charset=utf-8" if self.media_type.startswith("text/") else ""
        return self.media_type + charset


def parse_accept(header: str) -> tuple[MediaRange, ...]:
    """Return the members of an Accept header that can be read; others are passed over.

    Parameters other than ``q`` are not looked at: every answer here is UTF-8 in one profile.

    >>> parse_accept("text/turtle;charset=utf-8;q=0.5, nonsense, */*;q=x")
    (MediaRange(type='text', subtype='turtle', quality=0.5),)
    """
    read = (_media_range(member) for member in _MEMBER.findall(header))
    return tuple(found for found in read if found is not None)


def choose(accept: str | None, offered: Sequence[FormatT_co]) -> Choice[FormatT_co]:
    """Return the offered format that an Accept header likes best.

    Args:
        accept: the header's value; None or empty when the client has no wish.
        offered: the formats of the answer, the one given by default first.

    Raises:
        FormatNotOffered: the header accepts none of them; the remedy lists what is offered.

    >>> from missiongraph.formats import CSV, JSON
    >>> choose("application/sparql-results+json;q=0.4, text/*;q=0.5", (JSON, CSV)).format.name
    'csv'
    """
    if accept is None or not accept.strip():
        return Choice(offered[0], offered[0].media_type)
    ranges = parse_accept(accept)
    best, quality = Choice(offered[0], offered[0].media_type), 0.0
    for format_ in offered:
        for media_type in (format_.media_type, *format_.aliases):
            if (liked := quality_of(media_type, ranges)) > quality:
                best, quality = Choice(format_, media_type), liked
    if quality == 0:
        raise _not_offered(accept, offered, where="Accept")
    return best


def choose_named(name: str, offered: Sequence[FormatT_co]) -> Choice[FormatT_co]:
    """Return the offered format of a name (``csv``), a usual alias or a media type.

    Raises:
        FormatNotOffered: none has it; the remedy lists what is offered.
    """
    wanted = name.strip().lower()
    for format_ in offered:
        media_types = (format_.media_type, *format_.aliases)
        if wanted in media_types:
            return Choice(format_, wanted)
        if wanted == format_.name or wanted in _ALIASES.get(format_.name, ()):
            return Choice(format_, format_.media_type)
    raise _not_offered(name, offered, where="format")


def quality_of(media_type: str, ranges: Sequence[MediaRange]) -> float:
    """Return the quality that the most specific fitting range gives a media type; 0 for none."""
    fitting = [found for found in ranges if found.fits(media_type)]
    return max(fitting, key=lambda found: found.precision).quality if fitting else 0.0


_ALIASES: Final = {
    "json": ("sparql-results+json", "srj"),
    "xml": ("sparql-results+xml", "srx"),
    "ttl": ("turtle",),
    "nt": ("ntriples", "n-triples", "n3"),
    "jsonld": ("json-ld", "json"),
    "rdf": ("rdf+xml", "rdfxml", "xml"),
    "nq": ("nquads", "n-quads"),
}
"""Names by which clients ask beside ``Format.name``; SPARQLWrapper's ``format=`` among them."""


def _media_range(member: str) -> MediaRange | None:
    matched = _RANGE.match(member)
    if matched is None:
        return None
    quality = "1"
    for name, value in _PARAMETER.findall(member, matched.end()):
        if name.lower() == "q":
            quality = value
            break
    if not _QUALITY.fullmatch(quality):
        return None
    main, sub = matched.group(1).lower(), matched.group(2).lower()
    return None if main == "*" != sub else MediaRange(main, sub, float(quality))


def _not_offered(wish: str, offered: Sequence[Format], *, where: str) -> FormatNotOffered:
    return FormatNotOffered(
        f"{wish[:200]!r} is not offered here.",
        where=where,
        remedy=f"Ask for one of: {', '.join(format_.media_type for format_ in offered)}.",
    )
