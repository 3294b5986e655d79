"""Archives: the files of a dump, whether they lie in a folder or in a ZIP archive.

Members are read in place and never unpacked to disk. Names that point outside, members that
unpack to absurd sizes, and archives that are cut short are errors that name the member.
"""

from __future__ import annotations

import contextlib
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from missiongraph.errors import UnreadableDump

LARGEST_MEMBER_BYTES: Final = 16 << 30
_SMALLEST_SUSPECT_BYTES: Final = 64 << 20
_HIGHEST_RATIO: Final = 200
_DOWNLOAD_AGAIN: Final = "Download it again."


@dataclass(frozen=True)
class DumpFile:
    """One file of a dump.

    Attributes:
        path: the file, or the archive that it is a member of.
        member: its name in the archive; empty for a file of its own.
        size_bytes: its size, unpacked.
    """

    path: Path
    member: str
    size_bytes: int

    @property
    def name(self) -> str:
        """The file's own name, without folders."""
        return PurePosixPath(self.member).name if self.member else self.path.name

    @property
    def place(self) -> str:
        """The name by which problems are told: that of the archive, and the member's."""
        return f"{self.path.name}/{self.member}" if self.member else self.path.name

    @contextlib.contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open it for reading.

        Raises:
            UnreadableDump: the archive breaks off, or the member is encrypted or damaged.
        """
        with reading(self.place):
            if not self.member:
                with self.path.open("rb") as stream:
                    yield stream
                return
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as stream:
                yield stream


@contextlib.contextmanager
def reading(place: str) -> Iterator[None]:
    """Turn what ZIP archives fail with into an error that names the file."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError) as cause:
        raise UnreadableDump(
            f"It is damaged or cut short: {cause or type(cause).__name__}.",
            where=place,
            remedy=_DOWNLOAD_AGAIN,
        ) from cause
    except (NotImplementedError, RuntimeError) as cause:  # an odd compression, or a password
        raise UnreadableDump(f"It cannot be unpacked: {cause}.", where=place) from cause


def dump_files(path: Path) -> list[DumpFile]:
    """Return the files of a folder (not of its subfolders), an archive, or the one file.

    Archives in a folder are looked into.

    Raises:
        UnreadableDump: an archive is damaged, or a trap.
    """
    if path.is_dir():
        return [found for file in sorted(path.iterdir()) for found in _files_of(file)]
    return _files_of(path)


def _files_of(file: Path) -> list[DumpFile]:
    if not file.is_file() or file.name.startswith("."):
        return []
    if file.suffix.lower() != ".zip":
        return [DumpFile(file, "", file.stat().st_size)]
    with reading(file.name), zipfile.ZipFile(file) as archive:
        members = [info for info in archive.infolist() if not info.is_dir()]
        for info in members:
            refuse_traps(file, info)
        return [DumpFile(file, info.filename, info.file_size) for info in members]


def refuse_traps(file: Path, info: zipfile.ZipInfo) -> None:
    """Refuse a member of an archive that would do harm.

    Raises:
        UnreadableDump: its name leads out of the archive, or it unpacks to an absurd size.
    """
    parts = PurePosixPath(info.filename.replace("\\", "/")).parts
    if not parts or parts[0] == "/" or ".." in parts or ":" in parts[0] or "\0" in info.filename:
        raise UnreadableDump(
            f"The archive has a member whose name leads out of it: {info.filename!r}.",
            where=file.name,
            remedy="Do not trust this file.",
        )
    ratio = info.file_size / max(info.compress_size, 1)
    suspect = info.file_size > _SMALLEST_SUSPECT_BYTES and ratio > _HIGHEST_RATIO
    if suspect or info.file_size > LARGEST_MEMBER_BYTES:
        raise UnreadableDump(
            f"{info.filename} unpacks to {info.file_size:,} bytes, {ratio:,.0f} times its size.",
            where=file.name,
            remedy="Do not trust this file.",
        )
