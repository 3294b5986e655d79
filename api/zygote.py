"""The zygote: a process that has loaded a release and forks workers that answer from it.

It is single-threaded and listens on one Unix socket that it inherits (its number is the
first argument). The service sends it one end of a new socket pair and a file; it forks a
worker that answers queries on that end, writes what it dies of to that file, and tells the
worker's process id. Workers share the loaded graph's memory with it, so a fork takes
milliseconds and a killed worker costs nothing but its query.

A release too large for memory is not loaded: each worker opens its store on disk, read-only, after
the fork, since the engine's own threads do not survive one. What a worker may do then is said in
``missiongraph.api.confinement``.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from missiongraph import formats
from missiongraph.answers import Limits
from missiongraph.api.confinement import STACK_BYTES, confine
from missiongraph.errors import MissiongraphError
from missiongraph.releases import Release
from missiongraph.store import Dataset, EmbeddedStore

_HEADER: Final = struct.Struct("!BQ")
OK: Final = 0
FAILED: Final = 1
_FORMATS: Final = {f.media_type: f for f in (*formats.TABLE_FORMATS, *formats.GRAPH_FORMATS)}


def send(channel: socket.socket, status: int, body: bytes) -> None:
    """Send one message: a status byte, the body's length, the body."""
    channel.sendall(_HEADER.pack(status, len(body)))
    channel.sendall(body)


def receive(channel: socket.socket) -> tuple[int, bytes]:
    """Receive one message.

    Raises:
        EOFError: the other side is gone before the message is whole.
    """
    status, length = _HEADER.unpack(_exactly(channel, _HEADER.size))
    return status, _exactly(channel, length)


def failure(error: MissiongraphError) -> bytes:
    """Return an error as the body of a ``FAILED`` message."""
    words = {"what": error.what, "where": error.where, "remedy": error.remedy}
    return json.dumps({"leaf": type(error).__name__} | words).encode()


@dataclass(frozen=True)
class _Graph:
    """The graph of a release: loaded before workers are forked, or opened by each.

    Attributes:
        release: which.
        limits: the largest answer given.
        loaded: the graph in memory; None for one on disk.
        files: how many files a store on disk has.
    """

    release: Release
    limits: Limits
    loaded: EmbeddedStore | None
    files: int = 0

    @classmethod
    def of(cls, release: Release, limits: Limits) -> _Graph:
        if not release.manifest.on_disk:
            return cls(release, limits, release.load(limits))
        release.verify()
        return cls(release, limits, None, sum(1 for _ in release.store.iterdir()))

    def opened(self) -> EmbeddedStore:
        return self.loaded or self.release.open(self.limits)


def main(control_fd: int, folder: Path, limits: dict[str, int]) -> None:
    """Load the release, say so, and fork workers until the service hangs up.

    Args:
        control_fd: number of the inherited socket.
        folder: the release's directory.
        limits: ``max_bytes`` and ``max_rows`` of an answer, ``memory`` in bytes.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the service's to act on
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps workers
    control = socket.socket(fileno=control_fd)
    try:
        graph = _Graph.of(Release(folder), Limits(limits["max_bytes"], limits["max_rows"]))
    except MissiongraphError as error:
        send(control, FAILED, failure(error))
        return
    send(control, OK, b"")
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            _fork_worker(control, graph, limits["memory"])


def _fork_worker(control: socket.socket, graph: _Graph, memory: int) -> None:
    message, descriptors, _, _ = socket.recv_fds(control, 1, 2)
    if not message:
        raise EOFError
    channel_fd, last_words_fd = descriptors
    channel = socket.socket(fileno=channel_fd)
    pid = os.fork()
    if pid == 0:
        control.close()
        os.dup2(last_words_fd, sys.stderr.fileno())
        _work_alone(channel, graph, memory)
    channel.close()
    os.close(last_words_fd)
    send(control, OK, str(pid).encode())


def _work_alone(channel: socket.socket, graph: _Graph, memory: int) -> None:
    """Answer queries until the service hangs up, and never return to the zygote's code."""
    code = 1
    try:
        answer = _answerer(graph)
        confine(memory, graph.files)
        # A thread of its own, since only a new thread's stack can be made larger.
        threading.stack_size(STACK_BYTES)
        thread = threading.Thread(target=_answer_all, args=(channel, answer))
        thread.start()
        thread.join()
        code = 0
    finally:
        os._exit(code)


_Answer = tuple[int, bytes]


def _answerer(graph: _Graph) -> Callable[[dict[str, Any]], _Answer]:
    """Return what answers a request; if the graph cannot be opened, by saying so."""
    try:
        store = graph.opened()
    except MissiongraphError as error:
        refusal = FAILED, failure(error)
        return lambda _: refusal
    return lambda request: _answer(request, store)


def _answer_all(channel: socket.socket, answer: Callable[[dict[str, Any]], _Answer]) -> None:
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            _, body = receive(channel)
            send(channel, *answer(json.loads(body)))


def _answer(request: dict[str, Any], store: EmbeddedStore) -> tuple[int, bytes]:
    dataset = Dataset(tuple(request["default"]), tuple(request["named"]))
    try:
        return OK, store.answer(request["query"], _FORMATS[request["format"]], dataset)
    except MissiongraphError as error:
        return FAILED, failure(error)
    except MemoryError:
        os._exit(1)  # as the engine ends when it cannot allocate


def _exactly(channel: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        chunk = channel.recv(min(length - len(parts), 1 << 20))
        if not chunk:
            raise EOFError("the other side is gone")
        parts += chunk
    return bytes(parts)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3]))
