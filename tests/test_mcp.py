"""Tools for an assistant, used through the protocol's own client over stdio and HTTP."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters
from running import publish, small_graph

from missiongraph.questions import all_questions

DROUGHT = "mission/drought"  # of tests/api/graph.trig
Use = Callable[[Callable[[Client], Awaitable[Any]]], Any]


@pytest.fixture(scope="module")
def use(tmp_path_factory: pytest.TempPathFactory) -> Use:
    """Starts the command over the small release and uses it as a client."""
    home = tmp_path_factory.mktemp("home")
    publish(home, "small", small_graph())
    command = StdioServerParameters(
        command=sys.executable,
        args=["-c", "from missiongraph.cli import main; main()", "mcp"],
        env={**os.environ, "MISSIONGRAPH_HOME": str(home)},
        cwd=Path(__file__).parent,
    )

    def run(what: Callable[[Client], Awaitable[Any]]) -> Any:
        async def session() -> Any:
            async with Client(command) as client:
                return await what(client)

        # Of its own thread, for the browser's tests leave a loop running in this one.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(anyio.run, session).result()

    return run


def call(use: Use, tool: str, **arguments: Any) -> tuple[bool, str]:
    """Return whether a tool failed, and what it said."""
    answer = use(lambda client: client.call_tool(tool, arguments))
    return bool(answer.is_error), "".join(part.text for part in answer.content)


def rows(use: Use, tool: str, **arguments: Any) -> list[dict[str, str]]:
    failed, text = call(use, tool, **arguments)
    assert not failed, text
    table = json.loads(text)
    assert table["rows_in_all"] == len(table["rows"]) + table["rows_left_out"]
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def test_each_question_is_a_tool_with_its_parameters(use: Use) -> None:
    tools = {tool.name: tool for tool in use(lambda client: client.list_tools()).tools}
    asked = {q.id: q for q in all_questions().values() if not q.hidden}
    assert set(tools) == {"search", "thing", "compare", "sparql"} | set(asked)
    for question in asked.values():
        if question.id == "search":
            continue
        schema = tools[question.id].input_schema
        assert set(schema["properties"]) == set(question.parameters)
        needed = {name for name, p in question.parameters.items() if p.required}
        assert set(schema.get("required", ())) == needed
        assert question.words in tools[question.id].description


def test_the_ontology_and_the_schema_can_be_read(use: Use) -> None:
    found = {str(r.uri) for r in use(lambda client: client.list_resources()).resources}
    assert found == {
        f"missiongraph://{name}" for name in ("ontology", "context", "schema", "shapes")
    }
    for name, word in (
        ("ontology", "owl:Ontology"),
        ("schema", "$schema"),
        ("shapes", "sh:NodeShape"),
    ):
        read = use(functools.partial(Client.read_resource, uri=f"missiongraph://{name}"))
        assert word in read.contents[0].text


def test_an_answer_names_its_sources(use: Use) -> None:
    for tool, arguments in (
        ("missions", {}),
        ("thing", {"thing": DROUGHT}),
        ("compare", {"missions": [DROUGHT]}),
        ("mission-targets", {}),
    ):
        failed, text = call(use, tool, **arguments)
        assert not failed, text
        sources = {source["source"] for source in json.loads(text)["sources"]}
        assert "id:source/webinar" in sources, tool


def test_missions_are_compared_with_evidence(use: Use) -> None:
    found = rows(use, "compare", missions=[DROUGHT])
    states = {row["state"] for row in found}
    assert {"known", "unknown"} <= states
    assert all(row["evidence"] for row in found if row["state"] == "known")


def test_the_same_tools_are_at_the_service_s_address(small_service: str, use: Use) -> None:
    async def session() -> tuple[Any, Any]:
        async with Client(f"{small_service}/mcp") as client:
            tools = await client.list_tools()
            return tools, await client.call_tool("missions", {"mission": [DROUGHT]})

    with ThreadPoolExecutor(1) as thread:
        tools, answer = thread.submit(anyio.run, session).result()
    here = use(lambda client: client.list_tools()).tools
    assert [tool.name for tool in tools.tools] == [tool.name for tool in here]
    table = json.loads(answer.content[0].text)
    assert table["rows_in_all"] == len(table["rows"]) > 0


def test_a_thing_is_found_by_a_word_and_read_with_its_evidence(use: Use) -> None:
    found = rows(use, "search", text="drought")
    assert f"id:{DROUGHT}" in {row["thing"] for row in found}
    facts = rows(use, "thing", thing=DROUGHT)
    assert any(row["evidence"] and row["link"].startswith("https://") for row in facts)


def test_a_stored_question_is_asked_with_parameters(use: Use) -> None:
    every = rows(use, "missions")
    one = rows(use, "missions", mission=[DROUGHT])
    assert {row["mission"] for row in one} == {f"id:{DROUGHT}"}
    assert len(every) > len(one)


def test_any_query_is_asked_and_an_update_is_refused(use: Use) -> None:
    assert rows(use, "sparql", query="SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[0]["n"].isdigit()
    assert call(use, "sparql", query="ASK { ?s ?p ?o }") == (False, "true")
    failed, turtle = call(use, "sparql", query="CONSTRUCT { ?s a ?c } { ?s a ?c } LIMIT 1")
    assert (failed, turtle.rstrip().endswith(".")) == (False, True)
    failed, why = call(use, "sparql", query="DELETE WHERE { ?s ?p ?o }")
    assert failed
    assert why


def test_a_long_answer_says_how_many_rows_it_leaves_out(use: Use) -> None:
    _, text = call(use, "sparql", query="SELECT ?s { ?s ?p ?o } LIMIT 301")
    table = json.loads(text)
    assert (table["rows_in_all"], table["rows_left_out"], len(table["rows"])) == (301, 101, 200)


def test_an_error_says_what_to_do(use: Use) -> None:
    failed, why = call(use, "missions", mission=["mission/none"])
    assert failed
    assert "is not known as Mission" in why
    failed, why = call(use, "facts")
    assert failed
    assert "thing" in why
