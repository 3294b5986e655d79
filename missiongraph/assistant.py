"""The graph as tools for an assistant (Model Context Protocol).

    search, thing, compare, sparql  find, read, compare, and ask anything
    one tool for each question      found by looking into queries/

and the ontology, the shapes and the schema of curated files as resources. An answer is whole or says
how many rows it leaves out, and names the sources of what it speaks of; an error says what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from inspect import Parameter as Argument
from inspect import Signature
from typing import TYPE_CHECKING, Annotated, Final, ParamSpec, TypedDict

from missiongraph import __version__, resources
from missiongraph.comparison.reading import Wish, compare
from missiongraph.comparison.tabular import TIDY_HEAD, tidy_rows
from missiongraph.errors import AnswerTooLarge, MissiongraphError
from missiongraph.formats import JSON, TURTLE
from missiongraph.names import ID
from missiongraph.parameters import Parameter
from missiongraph.questions import Question, all_questions, answer_table, find_question
from missiongraph.sparql import Form, form_of
from missiongraph.store import Store
from missiongraph.tables import Table, ask, read_table, text_of, text_of_iri

if TYPE_CHECKING:
    from mcp.server import MCPServer

ROWS: Final = 200
"""Rows of an answer that an assistant is given; it can ask again for less."""
_BYTES: Final = 200_000
_INSTRUCTIONS: Final = (
    "missiongraph is an open knowledge graph of mission-oriented innovation policy. Each curated "
    "fact names the passage of a public source that it rests on: cite its link. Unknown is not no: "
    "a fact that is not there is not known. Find things by search, read them by thing, and prefer a "
    "stored question, each of which is a tool, to a query of your own (sparql)."
)
_EVIDENCE: Final = f"{ID}evidence/"
_SOURCED: Final = 50
"""Things of an answer whose sources are named with it."""
_RESOURCES: Final = {
    "missiongraph://ontology": ("ontology/missiongraph.ttl", "The ontology", "text/turtle"),
    "missiongraph://context": (
        "ontology/context.jsonld",
        "The JSON-LD context of curated files",
        "application/ld+json",
    ),
    "missiongraph://schema": (
        "ontology/claims.schema.json",
        "The JSON Schema of curated files",
        "application/schema+json",
    ),
}
"""Files of ours that an assistant may read, by their URI."""
Given = ParamSpec("Given")


class SourceOf(TypedDict):
    """A source that states something about a thing of an answer."""

    thing: str
    source: str
    title: str
    page: str


class Rows(TypedDict):
    """A table as an assistant reads it: CURIEs and texts, nothing for what is not known.

    ``sources`` are those of the passages and of the things that the first rows speak of.
    """

    columns: list[str]
    rows: list[list[str]]
    rows_in_all: int
    rows_left_out: int
    sources: list[SourceOf]


class Tools:
    """What an assistant can do with a graph.

    Args:
        graph: the graph to ask; it is only read.
    """

    def __init__(self, graph: Store) -> None:
        self._graph = graph

    def search(self, text: str) -> Rows:
        """Find things by words of their names: missions, actors, challenges, places, concepts."""
        return self.ask(find_question("search"), {"text": text.split()})

    def thing(self, thing: str) -> Rows:
        """Give what is known of a thing, such as mission/csiro-drought-resilience or an IRI.

        Each fact stands beside the passages that state it, with a link and the place in the source.
        """
        return self.ask(find_question("facts"), {"thing": [thing]})

    def compare(
        self,
        missions: list[str],
        criteria: list[str] | None = None,
        only: str = "",
    ) -> Rows:
        """Compare missions criterion by criterion, with the passage behind each finding.

        Missions are slugs or IRIs. With only="differences" or "sames" the other criteria are left
        out. A cell whose state is unknown is not known, which is not no.
        """
        wish = Wish(missions=missions, criteria=criteria or [], only=only)
        found = [[_plain(value) for value in row] for row in tidy_rows(compare(self._graph, wish))]
        place = TIDY_HEAD.index("evidence")
        passages = (row[place] for row in found[:ROWS] if row[place].startswith(ID))
        return self._rows(TIDY_HEAD, found, passages)

    def ask(self, question: Question, given: dict[str, list[str]]) -> Rows:
        """Ask a stored question."""
        return self._told(answer_table(self._graph, question, given))

    def sparql(self, query: str) -> str | Rows:
        """Ask a SPARQL 1.1 query; it is read-only, and prefixes are to be declared.

        SELECT gives rows, ASK true or false, CONSTRUCT and DESCRIBE give Turtle.
        """
        form = form_of(query)
        if form is Form.ASK:
            return str(ask(self._graph, query)).lower()
        if not form.gives_graph:
            return self._told(read_table(self._graph.answer(query, JSON)))
        turtle = self._graph.answer(query, TURTLE).decode()
        if len(turtle) > _BYTES:
            raise AnswerTooLarge(
                f"The answer has {len(turtle):,} characters; the limit is {_BYTES:,}.",
                remedy="Ask for less, with LIMIT or narrower patterns.",
            )
        return turtle

    def _told(self, table: Table) -> Rows:
        shown = table.rows[:ROWS]
        # A row speaks of the thing in its first column, and of the passages that it names.
        about = [text_of_iri(row[0]) for row in shown if row]
        about += [text_of_iri(term) for row in shown for term in row[1:]]
        things = [iri for n, iri in enumerate(about) if n < len(shown) or iri.startswith(_EVIDENCE)]
        rows = [[text_of(term) for term in row] for row in table.rows]
        return self._rows(table.columns, rows, (iri for iri in things if iri.startswith(ID)))

    def _rows(self, columns: Sequence[str], rows: list[list[str]], things: Iterable[str]) -> Rows:
        shown = rows[:ROWS]
        return Rows(
            columns=list(columns),
            rows=shown,
            rows_in_all=len(rows),
            rows_left_out=len(rows) - len(shown),
            sources=self._sources(list(dict.fromkeys(things))[:_SOURCED]),
        )

    def _sources(self, things: list[str]) -> list[SourceOf]:
        if not things:
            return []
        table = answer_table(self._graph, find_question("sources-of"), {"thing": things})
        return [
            SourceOf(
                thing=text_of(record["thing"]),
                source=text_of(record["source"]),
                title=text_of(record.get("sourceTitle")),
                page=text_of(record.get("page")),
            )
            for record in table.records()
        ]


def server(graph: Store) -> MCPServer[object]:
    """Return a server that offers the tools and the resources."""
    from mcp.server import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError

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

    for tool in (tools.search, tools.thing, tools.compare, tools.sparql):
        made.add_tool(telling(tool), structured_output=False)
    for question in all_questions().values():
        if not question.hidden and question.id != tools.search.__name__:
            asked = telling(_tool_of(question, tools))
            made.add_tool(asked, question.id, question.title, structured_output=False)
    for uri, (file, name, media_type) in _RESOURCES.items():
        offer = made.resource(uri, name=name, mime_type=media_type)
        offer(_reader(file))
    made.resource("missiongraph://shapes", name="The shapes", mime_type="text/turtle")(_shapes)
    return made


def _tool_of(question: Question, tools: Tools) -> Callable[..., Rows]:
    """Return a function whose arguments are a question's parameters."""

    def asked(**given: list[str] | None) -> Rows:
        return tools.ask(question, {name: values for name, values in given.items() if values})

    arguments = [_argument(p) for p in question.parameters.values()]
    # What is needed comes first: Python has it so.
    arguments.sort(key=lambda argument: argument.default is not Argument.empty)
    asked.__signature__ = Signature(arguments)  # type: ignore[attr-defined]
    asked.__doc__ = f"{question.words} {question.about}".strip()
    return asked


def _argument(parameter: Parameter) -> Argument:
    from pydantic import Field

    kind = {"concept": f" (of {parameter.scheme})", "iri": f" ({parameter.class_name or 'any'})"}
    words = f"{parameter.label}{kind.get(parameter.type, f' ({parameter.type})')}: slugs or IRIs"
    if parameter.type not in kind:
        words = words.removesuffix(": slugs or IRIs")
    values: object = list[str] if parameter.required else list[str] | None
    annotation = Annotated[values, Field(description=words)]  # type: ignore[valid-type]
    default = Argument.empty if parameter.required else None
    return Argument(
        parameter.name, Argument.POSITIONAL_OR_KEYWORD, default=default, annotation=annotation
    )


def _reader(file: str) -> Callable[[], str]:
    return lambda: (resources.root() / file).read_text(encoding="utf-8")


def _shapes() -> str:
    files = sorted((resources.root() / "shapes").glob("*.ttl"))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def _plain(value: object) -> str:
    return "" if value is None else str(value)
