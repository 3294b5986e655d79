"""What a query is, told from its tokens before any engine sees it.

The tokens are those of SPARQL 1.1 Query, section 19.8. Nothing here evaluates or
fully parses a query: it says whether it is a query at all, which form its answer
has, and refuses what is never run. The engine's parser has the last word on syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from missiongraph.errors import BadQuery, QueryForbidden, TooLarge


class Form(Enum):
    """The four forms of a query (SPARQL 1.1 Query, section 16)."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"

    @property
    def gives_graph(self) -> bool:
        """Whether the answer is triples rather than solutions or a truth value."""
        return self in (Form.CONSTRUCT, Form.DESCRIBE)


MAX_LENGTH: Final = 65_536
MAX_TOKENS: Final = 10_000
MAX_DEPTH: Final = 100
_REMEMBERED: Final = 256

_TOKEN: Final = re.compile(
    r"""
      (?P<skip>[\x20\t\r\n]+|\#[^\r\n]*)
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<text>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3}|'{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
        |"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    | (?P<variable>[?$]\w+)
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<name>(?:[^\W\d_][\w.\-]*)?:(?:[\w:%]|\\.)(?:[\w.:%\-]|\\.)*|(?:[^\W\d_][\w.\-]*)?:)
    | (?P<word>\w+)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_FORMS: Final = {form.value for form in Form}
_UPDATES: Final = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
)
_OPENING: Final = frozenset("({[")
_CLOSING: Final = frozenset(")}]")


class Token(NamedTuple):
    """A token: its kind, its text, and where it begins in the query."""

    kind: str
    text: str
    start: int

    def is_word(self, *words: str) -> bool:
        """Say whether it is one of some keywords, given in capitals."""
        return self.kind == "word" and self.text.upper() in words


@lru_cache(maxsize=_REMEMBERED)
def form_of(query: str, *, max_length: int | None = MAX_LENGTH) -> Form:
    """Return the form of a query that may be run here.

    Args:
        query: the query.
        max_length: bytes it may have; None for any number.

    Raises:
        TooLarge: it is longer than ``max_length`` bytes.
        BadQuery: it is no query, or has more tokens or deeper nesting than the limits.
        QueryForbidden: it is an update, or calls another server with SERVICE.

    >>> form_of("PREFIX select: <http://ask/> SELECT ?service WHERE {}").value
    'SELECT'
    """
    try:
        length = len(query.encode())
    except UnicodeEncodeError as cause:
        raise BadQuery(
            "The query has a lone surrogate, which is not a character.", where="query"
        ) from cause
    found = list(islice(tokens(query), MAX_TOKENS + 1))
    check_limits(found)  # before the length: they tell more of what is wrong
    if max_length is not None and length > max_length:
        raise TooLarge(
            f"The query has {length:,} bytes; the limit is {max_length:,}.",
            where="query",
            remedy="Ask for less in one query.",
        )
    if (plain := _without_escapes(query)) != query:
        # Escapes stand for characters before parsing (section 19.2): both readings must pass.
        _form_of_tokens(tokens(plain))
    return _form_of_tokens(found)


def tokens(query: str) -> Iterator[Token]:
    """Yield the tokens of a query, without white space and comments."""
    for match in _TOKEN.finditer(query):
        if match.lastgroup and match.lastgroup != "skip":
            yield Token(match.lastgroup, match.group(), match.start())


def check_limits(stream: Iterable[Token]) -> None:
    """Refuse tokens of which there are too many, or that are nested too deeply.

    Raises:
        BadQuery: it says which.
    """
    depth = 0
    for count, token in enumerate(stream, start=1):
        if token.kind == "mark":
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if depth > MAX_DEPTH:
            raise BadQuery(f"The query is nested deeper than {MAX_DEPTH} brackets.", where="query")
        if count > MAX_TOKENS:
            raise BadQuery(f"The query has more than {MAX_TOKENS:,} tokens.", where="query")


def _form_of_tokens(stream: Iterable[Token]) -> Form:
    form: Form | None = None
    before = last = Token("", "", 0)
    for token in stream:
        kind, text, _ = token
        word = text.upper() if kind == "word" else ""
        if form is None and word in _FORMS:
            form = Form(word)
        elif form is None and word in _UPDATES:
            raise QueryForbidden(
                f"{word} is an update; this graph is read-only.",
                where="query",
                remedy="Send a SELECT, ASK, CONSTRUCT or DESCRIBE query.",
            )
        if "SERVICE" in word or (text == "{" and _names_service(before, last)):
            raise QueryForbidden(
                "SERVICE would send part of the query to another server.",
                where="query",
                remedy="Ask the other server yourself and join the answers.",
            )
        before, last = last, token
    if form is None:
        raise BadQuery(
            "There is no SELECT, ASK, CONSTRUCT or DESCRIBE in it.",
            where="query",
            remedy="Send one SPARQL 1.1 query.",
        )
    return form


def _names_service(before: Token, last: Token) -> bool:
    """Say whether the token before a bracket is ``SERVICE:x``, read as a keyword and an IRI.

    Some parsers want no white space after a keyword (tried: Oxigraph takes
    ``SERVICE:x{…}`` and ``SERVICESILENT<…>{…}``). ``GRAPH service:x {`` stays usable.
    """
    prefix = last.text.partition(":")[0].upper()
    return last.kind == "name" and "SERVICE" in prefix and before.text.upper() != "GRAPH"


def _without_escapes(query: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = int(match.group(1) or match.group(2), 16)
        return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else match.group()

    return _ESCAPE.sub(character, query)
