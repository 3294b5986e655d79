"""The graph as tools for an assistant (Model Context Protocol): search, ask, thing, sparql.

An answer is whole or says how many rows it leaves out; an error says what to do, as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Final, ParamSpec, TypedDict

from missiongraph import __version__
from missiongraph.errors import AnswerTooLarge, MissiongraphError, PartMissing
from missiongraph.formats import JSON, TURTLE
from missiongraph.questions import Question, all_questions, answer_table, find_question
from missiongraph.sparql import Form, form_of
from missiongraph.store import Store
from missiongraph.tables import Table, ask, read_table, text_of

if TYPE_CHECKING:
    from mcp.server import MCPServer

ROWS: Final = 200
"""Rows of an answer that an assistant is given; it can ask again for less."""
_BYTES: Final = 200_000
_INSTRUCTIONS: Final = (
    "missiongraph is an open knowledge graph of mission-oriented innovation policy. Each curated "
    "fact names the passage of a public source that it rests on: cite its link. Unknown is not no: "
    "a fact that is not there is not known. Find things by search, read them by thing, and prefer a "
    "stored question (ask) to a query of your own (sparql)."
)
Given = ParamSpec("Given")


class Rows(TypedDict):
    """A table as an assistant reads it: CURIEs and texts, nothing for what is not known."""

    columns: list[str]
    rows: list[list[str]]
    rows_in_all: int
    rows_left_out: int


class Tools:
    """What an assistant can do with a graph.

    Args:
        graph: the graph to ask; it is only read.
    """

    def __init__(self, graph: Store) -> None:
        self._graph = graph

    def search(self, text: str) -> Rows:
        """Find things by words of their names: missions, actors, challenges, places, concepts."""
        words = {"text": text.split()}
        return _rows(answer_table(self._graph, find_question("search"), words))

    def ask(self, question: str, parameters: dict[str, list[str]] | None = None) -> Rows:
        """Ask a stored question by its id."""
        return _rows(answer_table(self._graph, find_question(question), parameters or {}))

    def thing(self, thing: str) -> Rows:
        """Give what is known of a thing, such as mission/csiro-drought-resilience or an IRI.

        Each fact stands beside the passages that state it, with a link and the place in the source.
        """
        return _rows(answer_table(self._graph, find_question("facts"), {"thing": [thing]}))

    def sparql(self, query: str) -> str | Rows:
        """Ask a SPARQL 1.1 query; it is read-only, and prefixes are to be declared.

        SELECT gives rows, ASK true or false, CONSTRUCT and DESCRIBE give Turtle.
        """
        form = form_of(query)
        if form is Form.ASK:
            return str(ask(self._graph, query)).lower()
        if not form.gives_graph:
            return _rows(read_table(self._graph.answer(query, JSON)))
        turtle = self._graph.answer(query, TURTLE).decode()
        if len(turtle) > _BYTES:
            raise AnswerTooLarge(
                f"The answer has {len(turtle):,} characters; the limit is {_BYTES:,}.",
                remedy="Ask for less, with LIMIT or narrower patterns.",
            )
        return turtle


def server(graph: Store) -> MCPServer[object]:
    """Return a server that offers the tools.

    Raises:
        PartMissing: the package ``mcp`` is not installed.
    """
    try:
        from mcp.server import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
    except ImportError as cause:
        raise PartMissing(
            "Serving an assistant needs the package mcp.",
            remedy="Install it: pip install 'missiongraph[mcp]'.",
        ) from cause
    made: MCPServer[object] = MCPServer(
        "missiongraph", version=__version__, instructions=_INSTRUCTIONS, log_level="WARNING"
    )
    tools = Tools(graph)

    def telling(tool: Callable[Given, str | Rows]) -> Callable[Given, str | Rows]:
        @wraps(tool)
        def told(*arguments: Given.args, **named: Given.kwargs) -> str | Rows:
            try:
                return tool(*arguments, **named)
            except MissiongraphError as error:
                raise ToolError(str(error)) from error

        return told

    for tool in (tools.search, tools.thing, tools.sparql):
        made.add_tool(telling(tool), structured_output=False)
    made.add_tool(telling(tools.ask), description=_ask_description(), structured_output=False)
    return made


def _ask_description() -> str:
    """Return what ``ask`` can be asked, found by looking into queries/."""
    asked = [question for question in all_questions().values() if not question.hidden]
    head = (
        "Ask a stored question by its id. Values of parameters are lists: slugs, ids or IRIs "
        "for things and concepts; without one, all are taken; ! marks what is needed. "
        "The questions:"
    )
    lines = [f"- {question.id}{_parameters(question)}: {question.words}" for question in asked]
    return "\n".join((head, *lines))


def _parameters(question: Question) -> str:
    named = (f"{name}{'!' if p.required else ''}" for name, p in question.parameters.items())
    return f" ({', '.join(named)})" if question.parameters else ""


def _rows(table: Table) -> Rows:
    shown = [[text_of(term) for term in row] for row in table.rows[:ROWS]]
    return Rows(
        columns=list(table.columns),
        rows=shown,
        rows_in_all=len(table.rows),
        rows_left_out=len(table.rows) - len(shown),
    )
