"""Federation: SERVICE patterns for servers that the operator has named, fetched by us.

No engine and no worker ever connects anywhere. A SERVICE pattern with an allowed IRI is
asked of that server as a query of its own, within our limits, and its solutions take the
pattern's place as VALUES: a SERVICE pattern is evaluated independently and joined (SPARQL
1.1 Federated Query, section 2.4). Without an allow-list every SERVICE is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import BlankNode

from missiongraph.errors import AnswerTooLarge, BadQuery, MissiongraphError, QueryForbidden
from missiongraph.remote_store import RemoteStore
from missiongraph.settings import Settings
from missiongraph.sparql import Form, Token, check_limits, tokens
from missiongraph.store import Store
from missiongraph.tables import Table, select

MAX_VALUES: Final = 1_000
"""Terms that the servers of one query may give together."""
_FORMS: Final = {form.value for form in Form}


@dataclass(frozen=True)
class ServicePattern:
    """One ``SERVICE`` pattern of a query.

    Attributes:
        endpoint: the server's IRI.
        silent: whether its failure is one empty solution rather than an error.
        pattern: the text within its braces.
        start: offset of its first character in the query.
        end: offset behind its closing brace.
    """

    endpoint: str
    silent: bool
    pattern: str
    start: int
    end: int


def resolve(query: str, settings: Settings) -> str:
    """Return a query whose allowed SERVICE patterns are replaced by what their servers answer.

    Raises:
        BadQuery: a SERVICE pattern cannot be read, is nested, or gave blank nodes.
        QueryForbidden: a server is not on the allow-list, or is a variable.
        AnswerTooLarge: the servers gave more than ``MAX_VALUES`` terms.
        StoreUnreachable: a server gave no answer, and the pattern is not SILENT.
    """
    if not settings.service_allow:
        return query
    found = list(tokens(query))
    check_limits(found)
    prologue = _prologue(query, found)
    room = MAX_VALUES
    parts, position = [], 0
    for pattern in service_patterns(query, found):
        if pattern.endpoint not in settings.service_allow:
            raise _not_allowed(pattern.endpoint)
        table = _ask(pattern, prologue, settings)
        room -= len(table.rows) * max(1, len(table.columns))
        if room < 0:
            raise AnswerTooLarge(
                f"The other servers give more than {MAX_VALUES:,} values.",
                where="SERVICE",
                remedy="Ask them for less: add LIMIT in a subquery, or a FILTER.",
            )
        parts += [query[position : pattern.start], _values(table)]
        position = pattern.end
    return "".join([*parts, query[position:]])


def service_patterns(query: str, found: Sequence[Token]) -> list[ServicePattern]:
    """Return the SERVICE patterns of a query, in its order.

    Raises:
        BadQuery: one has no group, or stands in another.
        QueryForbidden: the server is a variable.
    """
    prefixes = _prefixes(found)
    patterns: list[ServicePattern] = []
    for index, token in enumerate(found):
        if token.is_word("SERVICE"):
            if patterns and token.start < patterns[-1].end:
                raise BadQuery("A SERVICE pattern stands in another.", where="SERVICE")
            patterns.append(_pattern(query, found, index, prefixes))
    return patterns


def _pattern(
    query: str, found: Sequence[Token], index: int, prefixes: dict[str, str]
) -> ServicePattern:
    rest = found[index + 1 : index + 4]
    silent = bool(rest) and rest[0].is_word("SILENT")
    endpoint, opening = (*rest[silent:], _NOTHING, _NOTHING)[:2]
    if endpoint.kind == "variable":
        raise _not_allowed(endpoint.text)
    if endpoint.kind not in ("iri", "name") or opening.text != "{":
        raise BadQuery("SERVICE wants a server's IRI and a group.", where="SERVICE")
    first = index + 2 + silent
    last = _closing(found, first)
    return ServicePattern(
        endpoint=_iri(endpoint, prefixes),
        silent=silent,
        pattern=query[found[first].start + 1 : found[last].start],
        start=found[index].start,
        end=found[last].start + 1,
    )


_NOTHING: Final = Token("", "", 0)


def _closing(found: Sequence[Token], opening: int) -> int:
    depth = 0
    for index in range(opening, len(found)):
        depth += (found[index].text == "{") - (found[index].text == "}")
        if depth == 0:
            return index
    raise BadQuery("A SERVICE pattern is not closed.", where="SERVICE")


def _prologue(query: str, found: Sequence[Token]) -> str:
    """Return what stands before the query's form: BASE and PREFIX declarations."""
    starts = (t.start for t in found if t.is_word(*_FORMS))
    return query[: next(starts, 0)]


def _prefixes(found: Sequence[Token]) -> dict[str, str]:
    return {
        name.text: iri.text[1:-1]
        for keyword, name, iri in zip(found, found[1:], found[2:], strict=False)
        if keyword.is_word("PREFIX") and name.kind == "name" and iri.kind == "iri"
    }


def _iri(token: Token, prefixes: dict[str, str]) -> str:
    if token.kind == "iri":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    return prefixes.get(f"{prefix}:", f"{prefix}:") + local


def _ask(pattern: ServicePattern, prologue: str, settings: Settings) -> Table:
    limits = replace(settings.limits, max_rows=min(settings.max_rows, MAX_VALUES))
    store: Store = RemoteStore(pattern.endpoint, timeout=settings.query_timeout / 2, limits=limits)
    try:
        return select(store, f"{prologue} SELECT * WHERE {{ {pattern.pattern} }}")
    except MissiongraphError:
        if pattern.silent:
            return Table((), ((),))
        raise


def _values(table: Table) -> str:
    """Return a group that has a table's solutions."""
    if not table.columns:
        return "{ }" if table.rows else "{ FILTER(false) }"
    variables = " ".join(f"?{name}" for name in table.columns)
    rows = []
    for row in table.rows:
        if any(isinstance(term, BlankNode) for term in row):
            raise BadQuery(
                "Another server's blank nodes mean nothing here.",
                where="SERVICE",
                remedy="Select only variables that are IRIs or literals there, in a subquery.",
            )
        rows.append(f"({' '.join('UNDEF' if term is None else str(term) for term in row)})")
    return f"{{ VALUES ({variables}) {{ {' '.join(rows)} }} }}"


def _not_allowed(endpoint: str) -> QueryForbidden:
    return QueryForbidden(
        f"SERVICE to {endpoint} is not allowed here.",
        where="SERVICE",
        remedy="Ask the other server yourself and join the answers.",
    )
