"""Bodies of requests: read within a limit, and decoded once, where they came in."""

from __future__ import annotations

import re
import zlib
from typing import Final, TypeAlias
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.requests import ClientDisconnect

from missiongraph.errors import BadRequest, MediaTypeNotSupported, TooLarge

_MAX_FIELDS: Final = 1000
_MAX_DRAINED_BYTES: Final = 16 << 20
_WINDOW_BITS: Final = {"gzip": 31, "x-gzip": 31, "deflate": 15}  # as zlib tells them apart
_CHARSET: Final = re.compile(r';\s*charset\s*=\s*"?([^";\s]+)', re.IGNORECASE)

Parameters: TypeAlias = list[tuple[str, str]]


def media_type_of(request: Request) -> str:
    """Return the media type of the body, after checking that it is plain UTF-8."""
    header = request.headers.get("Content-Type", "")
    if (encoding := _encoding_of(request)) not in ("", "identity", *_WINDOW_BITS):
        raise MediaTypeNotSupported(
            f"A body encoded with {encoding!r} is not read here.",
            where="Content-Encoding",
            remedy="Send it as it is, or packed with gzip.",
        )
    charset = _CHARSET.search(header)
    if charset and charset.group(1).lower() not in ("utf-8", "utf8", "us-ascii"):
        raise MediaTypeNotSupported(
            f"The charset {charset.group(1)!r} is not read here.",
            where="Content-Type",
            remedy="Send UTF-8.",
        )
    return header.partition(";")[0].strip().lower()


async def read_body(request: Request, limit: int) -> bytes:
    """Return a request's body, unpacked if it is packed, and counted as it arrives.

    Raises:
        TooLarge: it has more bytes than the limit, as it comes or once unpacked.
        BadRequest: it ends before it is whole, or is not packed as it says.
    """
    body = bytearray()
    received = 0
    try:
        async for chunk in request.stream():
            received += len(chunk)
            if received <= limit:
                body += chunk
            elif received > limit + _MAX_DRAINED_BYTES:
                break
            # What comes beyond the limit is thrown away rather than left unread: a client
            # that is cut off while it writes may never see the answer.
    except ClientDisconnect as cause:
        raise BadRequest("The body ended before it was whole.", where="body") from cause
    if received > limit:
        raise _too_large(limit)
    return _unpacked(bytes(body), _encoding_of(request), limit)


def _encoding_of(request: Request) -> str:
    return request.headers.get("Content-Encoding", "identity").strip().lower()


def _unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """Return a body as it was before it was packed; no more than the limit is ever unpacked."""
    if encoding not in _WINDOW_BITS:
        return body
    unpacker = zlib.decompressobj(_WINDOW_BITS[encoding])
    try:
        unpacked = unpacker.decompress(body, limit + 1)
    except zlib.error as cause:
        raise _not_packed(encoding) from cause
    if len(unpacked) > limit:
        raise _too_large(limit)
    if not unpacker.eof or unpacker.unused_data:
        raise _not_packed(encoding)
    return unpacked


def decode_form(data: bytes) -> Parameters:
    """Return the fields of a form or of an address, decoded once.

    Raises:
        BadRequest: it is not UTF-8, or has too many fields.
    """
    try:
        return parse_qsl(
            decode(data), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS
        )
    except UnicodeDecodeError as cause:
        raise _not_utf8() from cause
    except ValueError as cause:
        raise BadRequest(f"It has more than {_MAX_FIELDS} parameters.") from cause


def decode(data: bytes) -> str:
    """Return a body as text.

    Raises:
        BadRequest: it is not UTF-8.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as cause:
        raise _not_utf8() from cause


def _too_large(limit: int) -> TooLarge:
    return TooLarge(
        f"The body has more than {limit:,} bytes.", where="body", remedy="Send less at once."
    )


def _not_packed(encoding: str) -> BadRequest:
    return BadRequest(
        f"The body is not one whole piece packed with {encoding}.",
        where="Content-Encoding",
        remedy="Send it as it is.",
    )


def _not_utf8() -> BadRequest:
    return BadRequest("The request is not UTF-8.", where="query", remedy="Encode it as UTF-8.")
