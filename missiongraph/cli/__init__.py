"""The command line: ``missiongraph``.

A command is one module under ``commands/`` that holds a function of its own name, with
``_`` for a hyphen; nothing else has to know of it.

Exit codes: 0 done, 1 problems found, 2 bad input or usage, 130 interrupted. An error
is written to standard error as what, where and what to do; never a traceback. The
other rooms are imported only by the commands that need them.
"""

from __future__ import annotations

import logging
import os
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, NoReturn

import typer

from missiongraph import __version__
from missiongraph.cli import commands
from missiongraph.cli.terminal import INTERRUPTED, PROBLEMS, USAGE, errors
from missiongraph.errors import EXIT_CODE, MissiongraphError

app = typer.Typer(
    help="The open knowledge graph of mission-oriented innovation policy.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    try:
        app(args=None if arguments is None else list(arguments), standalone_mode=True)
    except MissiongraphError as error:
        errors.print(str(error))
        sys.exit(EXIT_CODE[type(error)])
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read has seen enough; nothing more can be written, not even by the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(PROBLEMS)
    except OSError as error:  # a file that was named on the command line, or the disk
        place = f"{error.filename}: " if error.filename else ""
        errors.print(f"{place}{error.strerror or error}.")
        sys.exit(USAGE)
    sys.exit(0)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"missiongraph {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """The open knowledge graph of mission-oriented innovation policy."""


def _register_commands() -> None:
    for found in pkgutil.iter_modules(commands.__path__):
        module = import_module(f"{commands.__name__}.{found.name}")
        name = found.name.rstrip("_")
        settings = getattr(module, "CONTEXT_SETTINGS", None)
        app.command(name.replace("_", "-"), context_settings=settings)(getattr(module, name))


_register_commands()
