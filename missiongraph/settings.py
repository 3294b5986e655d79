"""Settings: flags, then ``MISSIONGRAPH_*`` variables, then ``missiongraph.toml``.

A flag is passed to ``Settings.load`` by the command line; the file is looked for in
the working directory.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from missiongraph.answers import Limits
from missiongraph.errors import BadSetting
from missiongraph.resources import checkout

FILE_NAME: Final = "missiongraph.toml"
_PREFIX: Final = "MISSIONGRAPH_"


@dataclass(frozen=True)
class Settings:
    """What a process of missiongraph was told.

    Attributes:
        home: folder in which releases live.
        store: query address of a remote store; None for the embedded one.
        keep: how many releases are kept.
        query_timeout: seconds that one query may take.
        max_rows: rows that one answer may have.
        max_bytes: bytes that one answer may have.
        query_memory: bytes that a worker may use over the store.
        client_concurrency: queries that one client may have running or waiting.
        workers: queries that run at once.
        waiting: queries that may wait for a worker.
        service_allow: addresses that SERVICE may name; none by default. Separated by spaces.
        query_length: bytes that one query may have.
        body_bytes: bytes that a request's body may have.
        answer_memory: bytes of answers to queries that are remembered and given again.
        memory_triples: triples up to which a release is served from memory; a larger one is
            served read-only from disk.
    """

    home: Path
    store: str | None = None
    keep: int = 5
    query_timeout: float = 30.0
    max_rows: int = 100_000
    max_bytes: int = 50_000_000
    query_memory: int = 2_000_000_000
    client_concurrency: int = 4
    workers: int = 10
    waiting: int = 64
    service_allow: tuple[str, ...] = ()
    query_length: int = 65_536
    body_bytes: int = 1_048_576
    answer_memory: int = 67_108_864
    memory_triples: int = 2_000_000

    @property
    def limits(self) -> Limits:
        """How large one answer may be."""
        return Limits(self.max_bytes, self.max_rows)

    @classmethod
    def load(
        cls,
        flags: Mapping[str, object] | None = None,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> Settings:
        """Return the settings in force.

        Args:
            flags: what the command line was given; None values are as if not given.
            environment: variables to read; ``os.environ`` when None.
            folder: where ``missiongraph.toml`` is looked for; the working directory when None.

        Raises:
            BadSetting: a value cannot be read, or the file names a setting that is not one.
        """
        environment = os.environ if environment is None else environment
        file = (folder or Path.cwd()) / FILE_NAME
        given: dict[str, tuple[object, str]] = {
            name: (value, f"{file}: {name}") for name, value in _read_file(file).items()
        }
        for field in fields(cls):
            variable = _PREFIX + field.name.upper()
            if environment.get(variable):
                given[field.name] = (environment[variable], variable)
        for name, value in (flags or {}).items():
            if value is not None:
                given[name] = (value, f"--{name.replace('_', '-')}")
        home, home_from = given.pop("home", (_default_home(environment), "home"))
        values = {name: _read(name, value, where) for name, (value, where) in given.items()}
        return cls(home=_path(home, home_from), **values)  # type: ignore[arg-type]


def _read_file(file: Path) -> dict[str, object]:
    if not file.is_file():
        return {}
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
        raise BadSetting(f"It is not TOML: {cause}.", where=str(file)) from cause
    known = {field.name for field in fields(Settings)}
    for name in table:
        if name not in known:
            raise BadSetting(
                f"{name!r} is not a setting.",
                where=str(file),
                remedy=f"Write one of: {', '.join(sorted(known))}.",
            )
    return table


def _read(name: str, value: object, where: str) -> object:
    if name == "store":
        return _address(value, where)
    if name == "service_allow":
        listed = value if isinstance(value, list) else str(value).split()
        return tuple(_address(address, where) for address in listed)
    convert = float if name == "query_timeout" else int
    try:
        number = convert(str(value))
    except ValueError as cause:
        raise BadSetting(f"{value!r} is not a number.", where=where) from cause
    if not 0 < number < float("inf"):
        raise BadSetting(f"{value!r} is not above zero.", where=where)
    return number


def _address(value: object, where: str) -> str:
    text = str(value)
    if not text.startswith(("http://", "https://")):
        raise BadSetting(
            f"{text!r} is not an address of a SPARQL server.",
            where=where,
            remedy="Write its query address, such as http://127.0.0.1:3030/ds/query.",
        )
    return text


def _path(value: object, where: str) -> Path:
    path = Path(str(value)).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise BadSetting(f"{path} is not a folder.", where=where)
    return path


def _default_home(environment: Mapping[str, str]) -> Path:
    """Return ``.missiongraph`` of a checkout, else the platform's data directory."""
    if (root := checkout()) is not None:
        return root / ".missiongraph"
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA", "~/AppData/Local")) / "missiongraph"
    if sys.platform == "darwin":
        return Path("~/Library/Application Support/missiongraph")
    return Path(environment.get("XDG_DATA_HOME") or "~/.local/share") / "missiongraph"
