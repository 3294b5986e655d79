"""Start a server on loopback, say when it answers, and end it with this process."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

LOOPBACK = "127.0.0.1"
_PATIENCE_SECONDS = 120.0


def free_port() -> int:
    """Return a port of loopback that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        port: int = listener.getsockname()[1]
        return port


def serve(
    command: Sequence[str],
    folder: Path,
    port: int,
    prepare: Callable[[], None],
    lines: Sequence[str],
) -> int:
    """Run a server until it ends or this process is told to end; return its exit code.

    Args:
        command: the server's command line; it stays in the foreground.
        folder: its working directory; what it prints goes to ``server.log`` there.
        port: its HTTP port; it is ready when the port takes connections.
        prepare: called once the port is open, before readiness is announced.
        lines: printed once it is ready, with a last line ``ready``.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    log = folder / "server.log"
    with log.open("ab") as output:
        server = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
    try:
        wait_until_open(port, lambda: server.poll() is None)
        prepare()
        print(*lines, f"pid: {server.pid}", "ready", sep="\n", flush=True)
        return server.wait()
    except TimeoutError:
        print(f"It does not start:\n{log.read_text(errors='replace')[-2000:]}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        _end(server)


def wait_until_open(port: int, alive: Callable[[], bool] = lambda: True) -> None:
    """Wait until a port of loopback takes connections.

    Raises:
        TimeoutError: it does not in two minutes, or what should open it is not alive.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while alive() and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
            return
        time.sleep(0.1)
    raise TimeoutError(port)


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
