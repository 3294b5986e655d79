"""Starts: the files an editor begins a source or a question with, commented.

In a checkout they are written where the next build looks for them, elsewhere to the
current directory. Nothing that is there is written over.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from string import Template
from typing import Final

from missiongraph import resources
from missiongraph.errors import BadParameter, NameTaken
from missiongraph.names import is_slug
from missiongraph.ontology import Ontology

SCHEMA: Final = "claims.schema.json"
_TEMPLATES: Final = Path(__file__).parent


def start_source(slug: str, ontology: Ontology, today: date) -> Path:
    """Write the start of a curated file, ``<slug>.yaml``; return where it is.

    ``missiongraph check`` lists what is to be filled in; until then no build takes it.

    Args:
        slug: the source's slug, which is the file's name.
        ontology: gives the concepts that the comments offer.
        today: the day on which the source is read.

    Raises:
        BadParameter: it is no slug.
        NameTaken: there is such a file.
    """
    file = _folder("data") / f"{_checked(slug)}.yaml"
    words = {
        "slug": slug,
        "today": today.isoformat(),
        "file": _from_here(file),
        "schema": _schema_address(file, ontology.folder / SCHEMA),
        "source_kinds": _concepts(ontology, "source-kind"),
        "governance_levels": _concepts(ontology, "governance-level"),
        "statuses": _concepts(ontology, "status"),
        "directions": _concepts(ontology, "direction"),
    }
    _write({file: _filled("source.yaml", words)})
    return file


def start_question(question_id: str) -> tuple[Path, Path]:
    """Write the start of a question, ``<id>.rq``, and of its checked answer, ``<id>.csv``.

    The query answers as it is. The answer has no rows, so that its test fails until somebody
    has written down the ones that they checked.

    Raises:
        BadParameter: it is no slug.
        NameTaken: there is such a file.
    """
    query = _folder("queries") / f"{_checked(question_id)}.rq"
    golden = _folder("tests/questions/goldens") / f"{question_id}.csv"
    title = question_id.replace("-", " ").capitalize()
    words = {"title": title, "file": _from_here(query)}
    _write({query: _filled("question.rq", words), golden: _filled("golden.csv", {})})
    return query, golden


def new_workbook(slug: str) -> Path:
    """Return where a workbook of a source begins, ``<slug>.xlsx``; it is not written here.

    Raises:
        BadParameter: it is no slug.
        NameTaken: there is such a file.
    """
    file = _folder("data") / f"{_checked(slug)}.xlsx"
    _refuse_taken(file)
    return file


def _folder(room: str) -> Path:
    checkout = resources.checkout()
    return checkout / room if checkout else Path.cwd()


def _checked(slug: str) -> str:
    if not is_slug(slug):
        raise BadParameter(
            f"{slug!r} is not lower-case words with hyphens.",
            remedy="Write a name such as example-report.",
        )
    return slug


def _write(texts: Mapping[Path, str]) -> None:
    """Write new files, all or none."""
    for file in texts:
        _refuse_taken(file)
    for file, text in texts.items():
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)


def _refuse_taken(file: Path) -> None:
    if os.path.lexists(file):  # a broken link too
        raise NameTaken(
            "The file is there already.",
            where=_from_here(file),
            remedy="Edit it, or choose another name.",
        )


def _filled(template: str, words: Mapping[str, str]) -> str:
    return Template((_TEMPLATES / template).read_text(encoding="utf-8")).substitute(words)


def _schema_address(file: Path, schema: Path) -> str:
    """Return how a file names its schema: relative in a checkout, so that others can use it."""
    if resources.checkout():
        return Path(os.path.relpath(schema, file.parent)).as_posix()
    return schema.as_uri()


def _from_here(file: Path) -> str:
    here = Path.cwd()
    return file.relative_to(here).as_posix() if file.is_relative_to(here) else str(file)


def _concepts(ontology: Ontology, scheme: str) -> str:
    return ", ".join(sorted(ontology.schemes[scheme]))
