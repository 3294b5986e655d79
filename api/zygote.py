"""The zygote: a process that has loaded a release and forks workers that answer from it.

It is single-threaded and listens on one Unix socket that it inherits (its number is the
first argument). The service sends it one end of a new socket pair and a file; it forks a
worker that answers queries on that end, writes what it dies of to that file, and tells the
worker's process id. Workers share the loaded graph's memory with it, so a fork takes
milliseconds and a killed worker costs nothing but its query.

A worker cannot open a socket or a file (no file descriptor is left to it), cannot grow
beyond its memory limit, and ends when the service does.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import socket
import struct
import sys
import threading
from pathlib import Path
from typing import Any, Final

from missiongraph import formats
from missiongraph.answers import Limits
from missiongraph.errors import MissiongraphError
from missiongraph.releases import Release
from missiongraph.store import Dataset, EmbeddedStore

_HEADER: Final = struct.Struct("!BQ")
OK: Final = 0
FAILED: Final = 1
_PR_SET_PDEATHSIG: Final = 1
_STACK_BYTES: Final = 256 << 20
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
        store = Release(folder).load(Limits(limits["max_bytes"], limits["max_rows"]))
    except MissiongraphError as error:
        send(control, FAILED, failure(error))
        return
    send(control, OK, b"")
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            _fork_worker(control, store, limits["memory"])


def _fork_worker(control: socket.socket, store: EmbeddedStore, memory: int) -> None:
    message, descriptors, _, _ = socket.recv_fds(control, 1, 2)
    if not message:
        raise EOFError
    channel_fd, last_words_fd = descriptors
    channel = socket.socket(fileno=channel_fd)
    pid = os.fork()
    if pid == 0:
        control.close()
        os.dup2(last_words_fd, sys.stderr.fileno())
        _work_alone(channel, store, memory)
    channel.close()
    os.close(last_words_fd)
    send(control, OK, str(pid).encode())


def _work_alone(channel: socket.socket, store: EmbeddedStore, memory: int) -> None:
    """Answer queries until the service hangs up, and never return to the zygote's code."""
    code = 1
    try:
        _give_up_privileges(memory)
        # A thread of its own, since only a new thread's stack can be made larger.
        threading.stack_size(_STACK_BYTES)
        thread = threading.Thread(target=_answer_all, args=(channel, store))
        thread.start()
        thread.join()
        code = 0
    finally:
        os._exit(code)


def _give_up_privileges(memory: int) -> None:
    statm = Path("/proc/self/statm")
    if statm.exists():  # its first figure: pages of address space in use
        used = int(statm.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        limit = used + memory + _STACK_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere a query outlives a killed service, to its own end
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # No new descriptor can be opened, so no connection can be made and no file read.
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _answer_all(channel: socket.socket, store: EmbeddedStore) -> None:
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            _, body = receive(channel)
            send(channel, *_answer(json.loads(body), store))


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
