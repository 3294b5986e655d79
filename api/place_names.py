"""Names of places as they are compared: without case, accents and punctuation."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "ð": "d", "þ": "th", "đ": "d"}
)
_WORD: Final = re.compile(r"[a-z0-9]+")


def plain(name: str) -> str:
    """Return a name's words in plain letters.

    >>> plain("Reșița"), plain("Frankfurt/Main"), plain("Sønderborg")
    ('resita', 'frankfurt main', 'sonderborg')
    """
    parts = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    return " ".join(_WORD.findall("".join(c for c in parts if not unicodedata.combining(c))))
