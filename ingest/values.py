"""Values: from the text an editor wrote to the lexical form of RDF, or why not.

Numbers and dates are never parsed into floats or times on the way, so what is
published is what was written. Equal numbers get one form (XSD 1.1's canonical
one), for two sources that write 30 and 30.0 do not contradict each other.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from missiongraph.ingest.mistakes import IllWritten
from missiongraph.names import PREFIXES

_XSD: Final = PREFIXES["xsd"]
DECIMAL: Final = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]+))?")
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_DATE_FORMS: Final = {
    "gYear": re.compile(r"([0-9]{4})"),
    "gYearMonth": re.compile(r"([0-9]{4})-([0-9]{2})"),
    "date": re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"),
}
DURATION: Final = re.compile(
    r"P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?"
    r"(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
)
_UNPUBLISHABLE: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters but the end of a line, and what XML 1.0 has not, in which results are written."""
_LANGUAGE: Final = re.compile(
    r"[a-z]{2,3}(?:-[a-z]{3}){0,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?",
    re.IGNORECASE,
)
_LONGEST_WHOLE: Final = (
    20  # digits; SPARQL engines compute with 128 bits, 18 digits after the point
)
_LONGEST_FRACTION: Final = 18
_LARGEST_INTEGER: Final = 2**63 - 1


def read_decimal(text: str) -> str:
    """Return the canonical form of a decimal.

    Raises:
        IllWritten: it is not digits, with a point at most.

    >>> read_decimal("30.0"), read_decimal("1.10"), read_decimal("-0.0")
    ('30', '1.1', '0')
    """
    match = DECIMAL.fullmatch(text)
    if match is None or _is_padded(match[2]):
        raise IllWritten("is not a number", _number_remedy(text))
    sign, whole, fraction = match[1], match[2], (match[3] or "").rstrip("0")
    if len(whole) > _LONGEST_WHOLE or len(fraction) > _LONGEST_FRACTION:
        raise IllWritten(
            "has more digits than can be computed with",
            f"Write at most {_LONGEST_WHOLE} digits before the point and {_LONGEST_FRACTION} after.",
        )
    number = f"{whole}.{fraction}" if fraction else whole
    return f"-{number}" if sign == "-" and number != "0" else number


def read_integer(text: str) -> str:
    """Return the canonical form of an integer.

    Raises:
        IllWritten: it is not digits alone.

    >>> read_integer("+12")
    '12'
    """
    if _INTEGER.fullmatch(text) is None or _is_padded(text.lstrip("+-")):
        meant = _meant_number(text.strip()) or ""
        remedy = (
            f"Write {meant}." if meant and "." not in meant else "Write digits only, such as 4."
        )
        raise IllWritten("is not a whole number", remedy)
    if len(text) > _LONGEST_WHOLE or abs(int(text)) > _LARGEST_INTEGER:
        raise IllWritten("is too large a number", f"Write at most {_LARGEST_INTEGER}.")
    return str(int(text))


def read_boolean(text: str) -> str:
    """Return ``true`` or ``false``.

    Raises:
        IllWritten: it is neither.
    """
    if text in ("true", "false"):
        return text
    meant = {"yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"}
    word = meant.get(text.lower(), text.lower())
    options = word if word in ("true", "false") else "true or false"
    raise IllWritten("is not true or false", f"Write {options}.")


def read_date(text: str) -> tuple[str, str]:
    """Return a date and the IRI of its datatype, which follows from its form.

    Raises:
        IllWritten: it is no year, month or day of the calendar.

    >>> read_date("2030-06")
    ('2030-06', 'http://www.w3.org/2001/XMLSchema#gYearMonth')
    """
    for datatype, form in _DATE_FORMS.items():
        if match := form.fullmatch(text):
            year, month, day = (*(int(part) for part in match.groups()), 1, 1)[:3]
            try:
                date(year, month, day)
            except ValueError as cause:
                remedy = "Write a year from 0001 to 9999, a month from 01 to 12, a day that the month has."
                raise IllWritten("is not in the calendar", remedy) from cause
            return text, _XSD + datatype
    raise IllWritten("is not a date", _date_remedy(text))


def read_duration(text: str) -> str:
    """Return an ``xsd:duration`` as written.

    Raises:
        IllWritten: it is not of the form P…Y…M…DT…H…M…S.
    """
    if DURATION.fullmatch(text):
        return text
    raise IllWritten("is not a duration", _duration_remedy(text))


def read_link(text: str) -> str:
    """Return an IRI of the web as written.

    Raises:
        IllWritten: it is not http or https, has no host, or is not an IRI (RFC 3987).
    """
    remedy = "Write the whole address, such as https://example.org/page."
    try:
        parts = urlsplit(text)
        host = parts.hostname
        NamedNode(text)
    except ValueError as cause:
        remedy = "Write spaces and other special characters of the address as %20 and the like."
        raise IllWritten("is not a web address", remedy) from cause
    if parts.scheme not in ("http", "https"):
        raise IllWritten("is not an address of http or https", remedy)
    if not host or text != text.strip() or any(unicodedata.category(c) == "Cc" for c in text):
        raise IllWritten("is not a web address", remedy)
    return text


def read_text(text: str) -> str:
    """Return a text as written.

    Raises:
        IllWritten: it is empty, or holds characters that cannot be seen or published.
    """
    if not text.strip():
        raise IllWritten("is empty", "Write a text, or leave the key out.")
    if unseen := _UNPUBLISHABLE.search(text):
        raise IllWritten(
            f"holds the character U+{ord(unseen[0]):04X}", "Leave it out, or write a space."
        )
    return text


def read_language(tag: str) -> str:
    """Return a language tag (BCP 47) in lower case, as JSON-LD processors give it.

    Raises:
        IllWritten: it is not well-formed, or its language has not two or three letters.
    """
    if _LANGUAGE.fullmatch(tag) is None:
        raise IllWritten(
            "is not a language tag", "Write a tag of BCP 47, such as en, da, no or pt-BR."
        )
    return tag.lower()


def slugified(text: str) -> str:
    """Return the text as a slug would write it: lower case, hyphens, no accents.

    >>> slugified("Trusted Agri_Foods: Orléans")
    'trusted-agri-foods-orleans'
    """
    decomposed = unicodedata.normalize("NFKD", text)
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", kept.lower()).strip("-")


def _is_padded(digits: str) -> bool:
    return len(digits) > 1 and digits.startswith("0")


def _number_remedy(text: str) -> str:
    meant = _meant_number(text.strip())
    return (
        f"Write {meant}." if meant else "Write digits, with a point before decimals, such as 1.5."
    )


def _meant_number(text: str) -> str | None:
    """Return the number that a usual way of writing it means, where that is beyond doubt."""
    if match := re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])(?::([0-5][0-9]))?", text):
        first, second, third = (int(part) for part in match.groups("0"))
        seconds = first * 3600 + second * 60 + third if match[3] else first * 60 + second
        return f"{seconds} (seconds)"
    if re.fullmatch(r"0x[0-9a-f]{1,8}", text, re.IGNORECASE):
        return str(int(text, 16))
    if match := re.fullmatch(r"([0-9]{1,3})e\+?([0-9])", text, re.IGNORECASE):
        return match[1] + "0" * int(match[2])
    if re.fullmatch(r"[0-9]{1,3}(?:[,_  .'][0-9]{3}){2,5}|[0-9]{1,3}(?:[_  '][0-9]{3})+", text):
        return re.sub(r"[^0-9]", "", text)
    if re.fullmatch(r"[0-9]+,[0-9]{1,2}", text):
        return text.replace(",", ".")
    if re.fullmatch(r"[0-9]+\s*%", text):
        return text.rstrip("% ") + ", and unit: percent"
    if re.fullmatch(r"[+-]?(?:0[0-9]{1,20}|\.[0-9]{1,18}|[0-9]{1,20}\.)", text):
        whole, _, fraction = text.lstrip("+-").partition(".")
        number = (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")
        return ("-" if text.startswith("-") else "") + number
    return None


def _date_remedy(text: str) -> str:
    if match := re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?", text.strip()):
        return "Write " + "-".join([match[1], *(p.zfill(2) for p in match.groups()[1:] if p)]) + "."
    return "Write a year (2030), a month (2030-06) or a day (2030-06-30)."


def _duration_remedy(text: str) -> str:
    if match := re.fullmatch(r"([0-9]{1,6})\s*(year|month|day|week)s?", text.strip().lower()):
        number, unit = int(match[1]), match[2]
        return f"Write P{number * 7}D." if unit == "week" else f"Write P{number}{unit[0].upper()}."
    return "Write P, then years, months and days: P5Y, P18M, P1Y6M."
