"""A program that is measured in a process of its own, with a limit of time and memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


class DidNotEnd(Exception):
    """The program took too long or broke down; the message says which."""


def said_by(
    python: Path, script: str, arguments: Sequence[object], *, seconds: float, most_bytes: int
) -> dict[str, Any]:
    """Return what a script says of itself: the JSON of its last line.

    Args:
        python: what runs it.
        script: its path below this folder.
        arguments: what it is given.
        seconds: how long it may take, by the clock.
        most_bytes: address space that it may have.

    Raises:
        DidNotEnd: it was stopped, or failed.
    """
    try:
        done = subprocess.run(
            [str(python), str(HERE / script), *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=seconds,
            env=os.environ | {"PYTHONPATH": str(HERE.parent)},
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes)),
        )
    except subprocess.TimeoutExpired as cause:
        raise DidNotEnd(f"not done in {seconds:.0f} s") from cause
    if done.returncode:
        raise DidNotEnd(f"ended with {(done.stderr.splitlines() or ['?'])[-1][:80]}")
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def environment_with(folder: Path, *packages: str) -> Path:
    """Return a Python of a new environment that has packages."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", *packages], check=True)
    return python
