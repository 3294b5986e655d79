"""Questions: stored SPARQL queries with parameters, one file each.

A file ``queries/<id>.rq`` runs as it stands in any SPARQL tool. Its first lines,
``#+`` and YAML (the convention of grlc, https://github.com/CLARIAH/grlc), say what
it asks. A parameter is a variable with a line ``VALUES ?name { UNDEF }``; given
values take the place of ``UNDEF``, and with none the line is dropped.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from missiongraph import resources
from missiongraph.errors import BadParameter, BadQuestion, UnknownQuestion
from missiongraph.formats import JSON, FileFormat, TableFormat
from missiongraph.names import PREFIXES, is_slug
from missiongraph.parameters import READERS, Parameter, Value
from missiongraph.sparql import Form, form_of
from missiongraph.store import Store
from missiongraph.table_files import write_file
from missiongraph.tables import Table, read_table, select

_MARK: Final = "#+"
_HEADER_KEYS: Final = {
    "title", "question", "dimension", "parameters", "columns", "units", "about", "user", "hidden",
}  # fmt: skip
USERS: Final = {
    "researcher": "Researchers who compare national mission designs",
    "mission-owner": "Mission owners and those who coordinate missions",
    "european-data": "People who link to European mission data",
    "tool": "Other tools, and looking things up",
}
"""Kinds of people whom questions serve, as ``#+ user:`` names them, in words."""
_PARAMETER_KEYS: Final = {"type", "class", "scheme", "label", "several", "required"}


@dataclass(frozen=True)
class Question:
    """A stored query with its words.

    Attributes:
        id: the file's name without ending; it is the question's address.
        title: a few words.
        words: the question as a person would ask it.
        dimension: slug of the OECD dimension it belongs to; empty for none.
        about: what counts as an answer and what does not; may be empty.
        parameters: by name, in the order of the file.
        columns: label of each variable of the answer.
        users: keys of ``USERS`` whom it serves; may be empty.
        units: for a variable of figures, the variable that holds each row's unit, or the
            unit that all have.
        hidden: whether lists of questions leave it out (it serves a page).
        text: the query as it stands in the file.
    """

    id: str
    title: str
    words: str
    text: str
    dimension: str = ""
    about: str = ""
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    users: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    hidden: bool = False

    @classmethod
    def read(cls, file: Path) -> Question:
        """Read one file under queries/.

        Raises:
            BadQuestion: its front matter or its query cannot be used; says where and why.
        """
        text = file.read_text(encoding="utf-8")
        return cls._of(file.stem, text, _front_matter(file, text), str(file))

    @classmethod
    def _of(cls, name: str, text: str, header: Mapping[str, object], where: str) -> Question:
        _only(header, _HEADER_KEYS, where)
        parameters = {
            key: _parameter(key, value, where)
            for key, value in _mapping(header, "parameters", where).items()
        }
        question = cls(
            id=name,
            title=_text(header, "title", where),
            words=_text(header, "question", where),
            text=text,
            dimension=str(header.get("dimension", "")),
            about=str(header.get("about", "")),
            parameters=parameters,
            columns={k: str(v) for k, v in _mapping(header, "columns", where).items()},
            users=_users(header, where),
            units={k: str(v) for k, v in _mapping(header, "units", where).items()},
            hidden=bool(header.get("hidden", False)),
        )
        question._check(where)
        return question

    def _check(self, where: str) -> None:
        if not is_slug(self.id):
            raise BadQuestion(f"{self.id!r} is not lower-case words and hyphens.", where=where)
        if form_of(self.text) is not Form.SELECT:
            raise BadQuestion("A question is a SELECT query.", where=where)
        for parameter in self.parameters.values():
            if len(parameter.line.findall(self.text)) != 1:
                raise BadQuestion(
                    f"Parameter {parameter.name} has no line of its own in the query.",
                    where=where,
                    remedy=f"Write VALUES ?{parameter.name} {{ UNDEF }} on one line, once.",
                )
        for name in self.units:
            if name not in self.columns:
                raise BadQuestion(f"{name!r} has a unit and is not a column.", where=where)

    @cached_property
    def sparql(self) -> str:
        """The query without its front matter."""
        return "".join(
            line for line in self.text.splitlines(keepends=True) if not line.startswith(_MARK)
        )

    def values(self, given: Mapping[str, Sequence[str]]) -> dict[str, tuple[Value, ...]]:
        """Return the terms of written parameters.

        Args:
            given: for each parameter's name the values that were written.

        Raises:
            BadParameter: a name is not a parameter, a value is not of its type, one that
                takes a single value has several, or a required one is missing.
        """
        for name in given:
            if name not in self.parameters:
                raise BadParameter(
                    f"{name!r} is not a parameter of {self.id}.",
                    where=name,
                    remedy=f"It takes: {', '.join(self.parameters) or 'none'}.",
                )
        values = {
            name: tuple(parameter.read(text) for text in given.get(name, ()))
            for name, parameter in self.parameters.items()
        }
        for name, parameter in self.parameters.items():
            if len(values[name]) > 1 and not parameter.several:
                raise BadParameter(f"{name} takes one value.", where=name)
            if parameter.required and not values[name]:
                raise BadParameter(f"{name} is needed.", where=name, remedy=f"Add {name}=….")
        return values

    def bind(self, values: Mapping[str, Sequence[Value]]) -> str:
        """Return the query with values in the place of ``UNDEF``."""
        query = self.sparql
        for name, parameter in self.parameters.items():
            terms = " ".join(str(term) for term in values.get(name, ()))
            line = f"  VALUES ?{name} {{ {terms} }}\n" if terms else ""
            query = parameter.line.sub(lambda _, line=line: line, query)  # type: ignore[misc]
        return query


def find_question(question_id: str) -> Question:
    """Return the question of that id.

    Raises:
        UnknownQuestion: there is none.
    """
    questions = all_questions()
    if question_id not in questions:
        raise UnknownQuestion(
            f"There is no question {question_id!r}.",
            remedy=f"Ask one of: {', '.join(q for q in questions if not questions[q].hidden)}.",
        )
    return questions[question_id]


def all_questions(folder: Path | None = None) -> dict[str, Question]:
    """Return every question by id, found by looking in ``folder`` (by default our own)."""
    folder = folder or resources.root() / "queries"
    return {file.stem: _read_once(file, file.stat()) for file in sorted(folder.glob("*.rq"))}


def answer(
    store: Store,
    question: Question,
    given: Mapping[str, Sequence[str]],
    wanted: TableFormat | FileFormat,
) -> bytes:
    """Ask a question and return the whole answer in the wanted form.

    Raises:
        BadParameter: see ``Question.values``; or a value is an IRI or concept that the
            graph does not know as one of its class or scheme.
        AnswerTooLarge: a value is longer than a cell of the wanted form may be.
    """
    values = known_values(store, question, given)
    if isinstance(wanted, TableFormat):
        return store.answer(question.bind(values), wanted)
    return write_file(read_table(store.answer(question.bind(values), JSON)), wanted)


def known_values(
    store: Store, question: Question, given: Mapping[str, Sequence[str]]
) -> dict[str, tuple[Value, ...]]:
    """Return the terms of written parameters, as the graph knows them.

    An IRI of another data set stands for the thing that is an exact match of it, and a country's
    code for the place that has it.

    Raises:
        BadParameter: see ``answer``.
    """
    return {
        name: _known(store, question.parameters[name], terms)
        for name, terms in question.values(given).items()
    }


def answer_table(
    store: Store, question: Question, given: Mapping[str, Sequence[str]] | None = None
) -> Table:
    """Ask a question and return its table; raises as ``answer`` does."""
    return read_table(answer(store, question, given or {}, JSON))


def choices(store: Store, parameter: Parameter) -> Table:
    """Return the things that a parameter may be given: ``value`` and ``label``, by label."""
    if not parameter.membership:
        return Table(("value", "label"), ())
    return select(
        store,
        f"SELECT ?value (MIN(?name) AS ?label) WHERE {{ ?value {parameter.membership} ; "
        f"<{PREFIXES['rdfs']}label> ?name }} GROUP BY ?value ORDER BY ?label ?value",
    )


def _read_once(file: Path, state: os.stat_result) -> Question:
    return _read_unchanged(file, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=1024)
def _read_unchanged(file: Path, _modified_ns: int, _size: int) -> Question:
    """Read a file again only when it was written anew: an edited one takes part at once."""
    return Question.read(file)


def _known(store: Store, parameter: Parameter, terms: tuple[Value, ...]) -> tuple[Value, ...]:
    """Return the terms, each one that the graph does not know exchanged for its exact match."""
    if parameter.type not in ("iri", "concept") or not terms:
        return terms
    membership = parameter.membership or "?property ?value"
    found = _found(store, f"?term {membership} BIND (?term AS ?thing)", terms)
    if len(found) < len(set(terms)):
        found = _found(store, f"?thing {_EXACT_MATCH} ?term . ?thing {membership}", terms) | found
    for term in terms:
        if term not in found:
            allowed = [
                str(row["value"].value)  # type: ignore[union-attr]
                for row in choices(store, parameter).records()[:20]
            ]
            raise BadParameter(
                f"{term.value} is not known as {parameter.class_name or 'a thing'}.",
                where=parameter.name,
                remedy=f"Known are: {', '.join(allowed)}." if allowed else "",
            )
    return tuple(found[term] for term in terms)


_EXACT_MATCH: Final = f"<{PREFIXES['skos']}exactMatch>"


def _found(store: Store, pattern: str, terms: Sequence[Value]) -> dict[Value, Value]:
    listed = " ".join(str(term) for term in terms)
    table = select(
        store,
        f"SELECT DISTINCT ?term ?thing WHERE {{ VALUES ?term {{ {listed} }} {pattern} }} "
        "ORDER BY DESC(?thing)",
    )
    return {row["term"]: row["thing"] for row in table.records()}  # type: ignore[misc]


def _front_matter(file: Path, text: str) -> Mapping[str, object]:
    lines = [
        line.removeprefix(_MARK).removeprefix(" ")
        for line in text.splitlines()
        if line.startswith(_MARK)
    ]
    try:
        header = YAML(typ="safe", pure=True).load("\n".join(lines))
    except YAMLError as cause:
        raise BadQuestion(f"Its #+ lines are not YAML: {cause}.", where=str(file)) from cause
    if not isinstance(header, dict):
        raise BadQuestion(
            "It has no #+ lines that say what it asks.",
            where=str(file),
            remedy="Begin with #+ title: and #+ question:.",
        )
    return header


def _parameter(name: str, value: object, where: str) -> Parameter:
    where = f"{where}: parameters.{name}"
    if not isinstance(value, dict):
        raise BadQuestion("A parameter is a mapping.", where=where)
    _only(value, _PARAMETER_KEYS, where)
    if value.get("type") not in READERS:
        raise BadQuestion(
            f"{value.get('type')!r} is not a type.",
            where=where,
            remedy=f"Write one of: {', '.join(READERS)}.",
        )
    return Parameter(
        name=name,
        type=value["type"],
        label=_text(value, "label", where),
        class_name=str(value.get("class", "")),
        scheme=str(value.get("scheme", "")),
        several=bool(value.get("several", False)),
        required=bool(value.get("required", False)),
    )


def _text(header: Mapping[str, object], key: str, where: str) -> str:
    value = header.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadQuestion(f"It has no {key}.", where=where, remedy=f"Add #+ {key}: ….")
    return value.strip()


def _users(header: Mapping[str, object], where: str) -> tuple[str, ...]:
    given = header.get("user", [])
    users = tuple(str(user) for user in (given if isinstance(given, list) else [given]))
    for user in users:
        if user not in USERS:
            raise BadQuestion(
                f"{user!r} is not a kind of user.",
                where=where,
                remedy=f"Write one or more of: {', '.join(USERS)}.",
            )
    return users


def _mapping(header: Mapping[str, object], key: str, where: str) -> Mapping[str, object]:
    value = header.get(key) or {}
    if not isinstance(value, dict):
        raise BadQuestion(f"{key} is not a mapping.", where=where)
    return value


def _only(header: Mapping[str, object], known: set[str], where: str) -> None:
    for key in header:
        if key not in known:
            raise BadQuestion(
                f"{key!r} is not a key here.",
                where=where,
                remedy=f"Write one of: {', '.join(sorted(known))}.",
            )
