"""The errors missiongraph raises: one tree, each leaf a noun of the field.

    MissiongraphError
    ├── InputError                  what somebody wrote cannot be taken (exit 2)
    │   ├── BadDocument             a curated file with mistakes, all of them listed
    │   ├── BadParameter            a question's parameter is unknown or ill-formed
    │   ├── BadQuery                a query that is not SPARQL 1.1
    │   ├── BadQuestion             a file under queries/ that is not a question
    │   ├── BadRequest              a request the address does not understand
    │   ├── BadRule                 a file under ontology/rules/ that is not a rule
    │   ├── BadSetting              a setting with a value that makes no sense
    │   ├── BadShapes               shapes that cannot be used
    │   ├── FormatNotOffered        no format that the asker accepts
    │   ├── MediaTypeNotSupported   a body in a form that is not read here
    │   ├── NameTaken               what would be made is there already
    │   ├── QueryForbidden          an update or SERVICE, which are never run
    │   ├── TooLarge                a query or body over its limit
    │   ├── UnreadableDump          bulk data that no connector reads, or that break off
    │   └── UnreadableRdf           an RDF file that is not in the form its name tells
    ├── NotFound                    nothing has that name
    │   ├── UnknownFact
    │   ├── UnknownQuestion
    │   ├── UnknownRelease
    │   └── UnknownThing
    ├── GateClosed                  shapes or checks found violations (exit 1)
    ├── BuildInProgress             another build holds the lock
    ├── DownloadFailed              a server does not give the data that were asked of it
    ├── NoRelease                   nothing has been published here yet
    ├── ReleaseDamaged              a release's files differ from its manifest
    ├── PartMissing                 an optional part (Java, a package) is absent
    ├── PublishingFailed            a disk or a server does not take a release
    ├── StagingDamaged              what was staged is not there as it was
    └── StoreError                  the store could not answer
        ├── AnswerTooLarge          over the limit of rows or bytes
        ├── ClientBusy              one client has too many queries at once
        ├── EngineFailed            the engine broke down at a query
        ├── QueryMemoryExceeded     over the limit of memory
        ├── QueryTimeout            over the limit of time
        ├── StoreBusy               too many queries are waiting
        └── StoreUnreachable        a remote store is down or speaks no SPARQL

``HTTP_STATUS`` and ``EXIT_CODE`` say what each means to a client and to a shell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from missiongraph.diagnostics import Diagnostic


class MissiongraphError(Exception):
    """What went wrong, where, and what to do about it.

    Args:
        what: one sentence that names the problem and the offending value.
        where: the file, line, address or parameter it was found at; empty when
            there is no place to name.
        remedy: one sentence that says what to do; empty when nothing can be done.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        cure = f" {self.remedy}" if self.remedy else ""
        return f"{place}{self.what}{cure}"


class InputError(MissiongraphError):
    """What somebody wrote cannot be taken as it is."""


class BadDocument(InputError):
    """A curated file has mistakes; the message lists every one of them."""


class BadParameter(InputError):
    """A question was given a parameter that it does not have or cannot read."""


class BadQuery(InputError):
    """A query is not SPARQL 1.1, or is nested or worded beyond the limits."""


class BadQuestion(InputError):
    """A file under queries/ has no readable front matter or is inconsistent."""


class BadRequest(InputError):
    """A request does not say what the address needs, or says it twice."""


class BadRule(InputError):
    """A file under ontology/rules/ is not written as rules are, or is not there."""


class BadSetting(InputError):
    """A flag, variable or configuration file holds a value that makes no sense."""


class BadShapes(InputError):
    """SHACL shapes are not well formed, or refer to themselves."""


class FormatNotOffered(InputError):
    """None of the formats that the asker accepts is offered for this answer."""


class MediaTypeNotSupported(InputError):
    """A request's body is in a form that this address does not read."""


class NameTaken(InputError):
    """What was to be made would take the place of something that is there."""


class QueryForbidden(InputError):
    """A query asks for an update or for another server (SERVICE, LOAD)."""


class TooLarge(InputError):
    """A query or a request's body is over its limit."""


class UnreadableDump(InputError):
    """Bulk data are not what their connector reads, are cut short, or are a trap."""


class UnreadableRdf(InputError):
    """A file is not RDF in the form that its ending tells."""


class NotFound(MissiongraphError):
    """Nothing has the name that was asked for."""


class UnknownFact(NotFound):
    """The graph does not hold that triple."""


class UnknownQuestion(NotFound):
    """No file under queries/ has that id."""


class UnknownRelease(NotFound):
    """No kept release has that id."""


class UnknownThing(NotFound):
    """The graph says nothing about that IRI."""


class GateClosed(MissiongraphError):
    """Shapes or checks found violations; nothing is published.

    Args:
        what, where, remedy: see ``MissiongraphError``.
        diagnostics: what was found, for a report.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        remedy: str = "",
        diagnostics: Sequence[Diagnostic] = (),
    ) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.diagnostics = diagnostics


class BuildInProgress(MissiongraphError):
    """Another build is writing to the same home."""


class DownloadFailed(MissiongraphError):
    """A server of bulk data cannot be reached, or gives something else."""


class NoRelease(MissiongraphError):
    """Nothing has been published in this home yet."""


class ReleaseDamaged(MissiongraphError):
    """A release's files are not those that its manifest describes."""


class PartMissing(MissiongraphError):
    """An optional part of the system that this needs is not installed."""


class PublishingFailed(MissiongraphError):
    """A release cannot be written, here or to a remote store: no room, or no permission."""


class StagingDamaged(MissiongraphError):
    """Staged data are not those that their manifest describes."""


class StoreError(MissiongraphError):
    """The store could not answer."""


class AnswerTooLarge(StoreError):
    """An answer has more rows or bytes than the limit; none of it is given."""


class ClientBusy(StoreError):
    """One client has as many queries running as it may have."""


class EngineFailed(StoreError):
    """The engine broke down at a query, which is its own mistake."""


class QueryMemoryExceeded(StoreError):
    """A query needed more memory than the limit and was ended."""


class QueryTimeout(StoreError):
    """A query took longer than the limit and was ended."""


class StoreBusy(StoreError):
    """As many queries are waiting as may wait."""


class StoreUnreachable(StoreError):
    """A remote store is down, refuses, or does not speak SPARQL."""


HTTP_STATUS: Final[dict[type[MissiongraphError], int]] = {
    BadDocument: 422,
    BadParameter: 422,
    BadQuery: 400,
    BadQuestion: 500,
    BadRequest: 400,
    BadRule: 500,
    BadSetting: 500,
    BadShapes: 422,
    FormatNotOffered: 406,
    MediaTypeNotSupported: 415,
    NameTaken: 409,
    QueryForbidden: 403,
    TooLarge: 413,
    UnreadableDump: 422,
    UnreadableRdf: 422,
    UnknownFact: 404,
    UnknownQuestion: 404,
    UnknownRelease: 404,
    UnknownThing: 404,
    GateClosed: 409,
    BuildInProgress: 409,
    DownloadFailed: 502,
    NoRelease: 503,
    ReleaseDamaged: 503,
    PartMissing: 501,
    PublishingFailed: 507,
    StagingDamaged: 503,
    AnswerTooLarge: 413,
    ClientBusy: 429,
    EngineFailed: 500,
    QueryMemoryExceeded: 503,
    QueryTimeout: 504,
    StoreBusy: 503,
    StoreUnreachable: 502,
}
"""The HTTP status of each leaf of the tree."""

EXIT_CODE: Final[dict[type[MissiongraphError], int]] = {
    BadDocument: 2,
    BadParameter: 2,
    BadQuery: 2,
    BadQuestion: 2,
    BadRequest: 2,
    BadRule: 2,
    BadSetting: 2,
    BadShapes: 2,
    FormatNotOffered: 2,
    MediaTypeNotSupported: 2,
    NameTaken: 2,
    QueryForbidden: 2,
    TooLarge: 2,
    UnreadableDump: 2,
    UnreadableRdf: 2,
    UnknownFact: 2,
    UnknownQuestion: 2,
    UnknownRelease: 2,
    UnknownThing: 2,
    GateClosed: 1,
    BuildInProgress: 1,
    DownloadFailed: 1,
    NoRelease: 1,
    ReleaseDamaged: 1,
    PartMissing: 1,
    PublishingFailed: 1,
    StagingDamaged: 1,
    AnswerTooLarge: 1,
    ClientBusy: 1,
    EngineFailed: 1,
    QueryMemoryExceeded: 1,
    QueryTimeout: 1,
    StoreBusy: 1,
    StoreUnreachable: 1,
}
"""The exit code of each leaf: 1 problems found, 2 bad input or usage."""
