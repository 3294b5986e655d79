"""Downloads: files fetched over HTTP when somebody asked for it, whole or not at all."""

from __future__ import annotations

import http.client
import os
import socket
import urllib.request
from email.utils import formatdate, mktime_tz, parsedate_tz
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlsplit

from missiongraph import __version__
from missiongraph.errors import DownloadFailed
from missiongraph.ingest.connector import Progress

LARGEST_BYTES: Final = 8 << 30
_SECONDS: Final = 60.0
_BLOCK: Final = 1 << 20
_AGAIN: Final = "Try again later, or download the file by hand and name it as PATH."


def download(address: str, folder: Path, progress: Progress) -> Path:
    """Fetch a file into a folder; return it.

    One that broke off is taken up where it stood, if the server can; one that is there is fetched
    again only if the server has a newer one.

    Raises:
        DownloadFailed: the server cannot be reached, or what it gives breaks off or is too large.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / PurePosixPath(urlsplit(address).path).name
    part = file.with_name(f".{file.name}.part")
    start = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(address, headers={"User-Agent": f"missiongraph/{__version__}"})
    if start:
        request.add_header("Range", f"bytes={start}-")
    elif file.exists():
        request.add_header("If-Modified-Since", formatdate(file.stat().st_mtime, usegmt=True))
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            modified = parsedate_tz(answer.headers.get("Last-Modified"))
            resumed = answer.status == http.client.PARTIAL_CONTENT
            start = start if resumed else 0
            size = start + int(answer.headers.get("Content-Length") or 0)
            with part.open("ab" if resumed else "wb") as stream:
                while block := answer.read(_BLOCK):
                    stream.write(block)
                    progress(f"downloading {file.name}", stream.tell(), size)
                    if stream.tell() > LARGEST_BYTES:
                        raise DownloadFailed("It is larger than 8 GiB.", where=address)
                stream.flush()
                os.fsync(stream.fileno())
    except (OSError, http.client.HTTPException, ValueError) as cause:
        if isinstance(cause, HTTPError) and cause.code == http.HTTPStatus.NOT_MODIFIED:
            cause.close()
            return file
        raise DownloadFailed(
            f"It cannot be fetched: {_reason(cause)}.", where=address, remedy=_AGAIN
        ) from cause
    if size > start and part.stat().st_size != size:
        raise DownloadFailed(
            f"It broke off at {part.stat().st_size:,} of {size:,} bytes.",
            where=address,
            remedy=_AGAIN,
        )
    part.replace(file)
    if modified is not None:
        seconds = mktime_tz(modified)
        os.utime(file, (seconds, seconds))
    return file


def _reason(cause: Exception) -> str:
    """Return what went wrong in the system's own words, not in those of a library."""
    reason = getattr(cause, "reason", cause)
    if isinstance(reason, socket.gaierror):
        return "there is no network, or no server of that name"
    if isinstance(cause, HTTPError):
        return f"the server answers {cause.code} {cause.reason}"
    return str(getattr(reason, "strerror", None) or reason)
