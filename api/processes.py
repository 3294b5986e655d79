"""The zygote and its workers as the service sees them: processes to ask, wait for and kill."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, Final

from missiongraph import errors
from missiongraph.api import zygote
from missiongraph.errors import MissiongraphError, ReleaseDamaged
from missiongraph.releases import Release
from missiongraph.settings import Settings

_LONGEST_LAST_WORDS: Final = 10_000


class Worker:
    """One forked process.

    Args:
        pid: its process id.
        channel: the socket on which it answers.
        last_words: the file to which it writes what it dies of.
    """

    def __init__(self, pid: int, channel: socket.socket, last_words: IO[bytes]) -> None:
        self.pid = pid
        self.channel = channel
        self.alive = True
        self.stepped_back = False
        self._last_words = last_words

    def ask(self, request: bytes) -> None:
        """Send a query."""
        self.channel.settimeout(None)
        zygote.send(self.channel, zygote.OK, request)

    def wait(self, until: float) -> bool:
        """Wait for the answer to begin, until a moment of ``time.monotonic``; say if it did.

        Raises:
            EOFError, ConnectionError: the worker has ended.
        """
        self.channel.settimeout(max(until - time.monotonic(), 0.001))
        try:
            if self.channel.recv(1, socket.MSG_PEEK) == b"":
                raise EOFError("the worker has ended")
        except TimeoutError:
            return False
        return True

    def answer(self) -> tuple[int, bytes]:
        """Receive the answer, which is whole in the worker once it begins.

        Raises:
            EOFError, ConnectionError: the worker ended before the answer was whole.
        """
        self.channel.settimeout(None)
        return zygote.receive(self.channel)

    def kill(self) -> None:
        """End the process at once."""
        self.alive = False
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def panic(self) -> str:
        """Return what the engine says of its own failure; empty when memory ran out or for none."""
        self._last_words.seek(0)
        said = self._last_words.read(_LONGEST_LAST_WORDS).decode("utf-8", "replace")
        if "panicked at" not in said or "memory allocation" in said:
            return ""
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        place = next(i for i, line in enumerate(lines) if "panicked at" in line)
        return lines[place + 1] if place + 1 < len(lines) else lines[place]

    def close(self) -> None:
        """Hang up, at which a worker ends."""
        self.channel.close()
        self._last_words.close()

    def step_back(self) -> None:
        """Let other processes go first on a busy machine, for good: only root could undo it."""
        self.stepped_back = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.setpriority(os.PRIO_PROCESS, self.pid, 10)


class Zygote:
    """The process that forks workers, seen from the service.

    Raises:
        ReleaseDamaged: it could not load the release.
    """

    def __init__(self, release: Release, settings: Settings) -> None:
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        limits = {
            "max_bytes": settings.max_bytes,
            "max_rows": settings.max_rows,
            "memory": settings.query_memory,
        }
        arguments = [str(theirs.fileno()), str(release.folder), json.dumps(limits)]
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", zygote.__name__, *arguments],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env={**os.environ, "RUST_BACKTRACE": "0"},
            )
        status, body = self._receive()
        if status != zygote.OK:
            self.close()
            raise error_of(body)

    def fork(self) -> Worker:
        """Return a new worker.

        Raises:
            ReleaseDamaged: the zygote is gone.
        """
        ours, theirs = socket.socketpair()
        last_words = tempfile.TemporaryFile()  # noqa: SIM115  (the worker closes it)
        try:
            with theirs, self._lock:
                socket.send_fds(self._control, [b"f"], [theirs.fileno(), last_words.fileno()])
                _, pid = self._receive()
        except (OSError, ReleaseDamaged) as cause:
            ours.close()
            last_words.close()
            raise self._gone() from cause
        return Worker(int(pid), ours, last_words)

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def close(self) -> None:
        """End the zygote; its workers end with it."""
        self._control.close()
        self._process.kill()
        self._process.wait()

    def _receive(self) -> tuple[int, bytes]:
        try:
            return zygote.receive(self._control)
        except EOFError as cause:
            raise self._gone() from cause

    def _gone(self) -> ReleaseDamaged:
        return ReleaseDamaged("The process that holds the release has ended.")


def resident_bytes(pid: int) -> int:
    """Return the memory that is a process's own share, pages shared by forks divided among them."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    kilobytes = [line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:")]
    return int(kilobytes[0]) * 1024 if kilobytes else 0


def error_of(body: bytes) -> MissiongraphError:
    """Return the error that a ``FAILED`` message tells of; see ``zygote.failure``."""
    words = json.loads(body)
    leaf: type[MissiongraphError] = getattr(errors, words.pop("leaf"))
    return leaf(words.pop("what"), **words)
