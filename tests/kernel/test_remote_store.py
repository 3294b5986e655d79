"""A remote store that is slow, partial, broken or down is said to be so, and never believed."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pytest

from missiongraph.errors import AnswerTooLarge, MissiongraphError, QueryTimeout, StoreUnreachable
from missiongraph.formats import JSON, N_TRIPLES
from missiongraph.names import MERGED_GRAPH
from missiongraph.remote_store import RemoteStore

FALSE = b'{"head":{},"boolean":false}'
TABLE = b'{"head":{"vars":["o"]},"results":{"bindings":[{"o":{"type":"literal","value":"x"}}]}}'
TRIPLE = b'<urn:s> <urn:p> "x" .\n'
DOCUMENT = b'{"@id": "urn:s", "urn:p": "x"}'
SELECT = "SELECT ?o { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextlib.contextmanager
def answering(*answers: Answer) -> Iterator[tuple[str, list[str]]]:
    """A server that says it has no merged graph, then gives the answers; the last for ever."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if MERGED_GRAPH in unquote(body):
                return reply(FALSE)(self)
            asked.append(body)
            return answers[min(len(asked), len(answers)) - 1](self)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/query", asked
        finally:
            server.shutdown()
            thread.join()


def reply(body: bytes, status: int = 200, *, length: int | None = None, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def trickle(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    with contextlib.suppress(OSError):
        for _ in range(40):
            handler.wfile.write(b" ")
            time.sleep(0.1)


@pytest.mark.parametrize("first", [hang_up, reply(b"", 502), reply(b"busy", 503)])
def test_a_broken_try_is_made_once_more(first: Answer) -> None:
    with answering(first, reply(TABLE)) as (address, asked):
        assert b'"x"' in RemoteStore(address).answer(SELECT, JSON)
        assert len(asked) == 2


@pytest.mark.parametrize("always", [hang_up, reply(b"", 502), reply(b"busy", 503)])
def test_a_store_that_stays_broken_is_unreachable(always: Answer) -> None:
    with answering(always) as (address, asked):
        with pytest.raises(StoreUnreachable, match=r"127\.0\.0\.1"):
            RemoteStore(address).answer(SELECT, JSON)
        assert len(asked) == 2


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (reply(TABLE, X_SQL_State="S1TAT"), QueryTimeout),
        (reply(TABLE, X_SPARQL_MaxRows="1"), AnswerTooLarge),
        (reply(TABLE, length=len(TABLE) + 1), StoreUnreachable),
        (reply(TABLE[:-5]), StoreUnreachable),
        (reply(b"", 504), QueryTimeout),
        (reply(b"Query timed out", 503), QueryTimeout),
        (reply(b"Virtuoso S1T00 Error", 500), QueryTimeout),
        (reply(b"what?", 418), StoreUnreachable),
    ],
)
def test_a_partial_or_failed_answer_is_none(answer: Answer, error: type[MissiongraphError]) -> None:
    with answering(answer) as (address, _), pytest.raises(error):
        RemoteStore(address).answer(SELECT, JSON)


def test_triples_are_taken_only_with_their_end() -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(TRIPLE)

    for whole in (reply(TRIPLE), reply(DOCUMENT, Content_Type="application/ld+json")):
        with answering(whole) as (address, _):
            assert RemoteStore(address).answer(CONSTRUCT, N_TRIPLES) == TRIPLE
    for cut in (
        endless,
        reply(TRIPLE, length=2 * len(TRIPLE)),
        reply(DOCUMENT[:-1], Content_Type="application/ld+json"),
    ):
        with answering(cut) as (address, _), pytest.raises(StoreUnreachable, match="not whole"):
            RemoteStore(address).answer(CONSTRUCT, N_TRIPLES)


@pytest.mark.parametrize("slow", [trickle, lambda _: time.sleep(4)], ids=["trickle", "silence"])
def test_an_answer_that_takes_too_long_is_given_up(slow: Answer) -> None:
    begun = time.monotonic()
    with answering(slow) as (address, asked):
        with pytest.raises(QueryTimeout):
            RemoteStore(address, timeout=1).answer(SELECT, JSON)
        assert time.monotonic() - begun < 2.5
        assert len(asked) == 1


def test_words_of_updates_in_comments_make_no_update() -> None:
    query = f"# one\n# load and clear\n# two\n{SELECT}"
    with answering(reply(TABLE)) as (address, asked):
        RemoteStore(address).answer(query, JSON)
    assert asked[0].startswith("query=")


def test_the_user_is_sent_and_never_told() -> None:
    seen = []

    def look(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.headers["Authorization"])
        reply(b"", 403)(handler)

    with answering(look) as (address, _), pytest.raises(StoreUnreachable) as error:
        RemoteStore(address.replace("//", "//ada:secret@")).answer(SELECT, JSON)
    assert seen == ["Basic YWRhOnNlY3JldA=="]
    assert "secret" not in str(error.value)
