"""The OpenAPI document, and requests made up from it."""

from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

PROMISED = {
    "/",
    "/missions",
    "/questions",
    "/questions/{question_id}",
    "/questions/{question_id}.{ending}",
    "/sources",
    "/search",
    "/suggest",
    "/network",
    "/timeline",
    "/report",
    "/editor",
    "/sparql",
    "/ontology",
    "/shapes",
    "/concept/{name}",
    "/id/{name}",
    "/docs",
    "/health",
    "/ready",
}


def test_the_document_and_its_page_name_every_address(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert set(paths) >= PROMISED
    page = client.get("/docs").text
    assert all(path in page for path in paths)


def test_every_operation_says_what_it_does(client: httpx.Client) -> None:
    for methods in client.get("/openapi.json").json()["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["description"]
            assert {"200", "4XX", "5XX"} <= set(operation["responses"])


@pytest.mark.slow
def test_requests_made_up_from_the_document_are_answered_as_it_says(small_service: str) -> None:
    schema = schemathesis.openapi.from_url(f"{small_service}/openapi.json")
    for result in schema.get_all_operations():
        operation = result.ok()  # type: ignore[union-attr]
        assert operation is not None
        if (operation.method, operation.path) == ("post", "/validate"):
            continue  # it starts a process each time; test_validation.py asks it

        @settings(
            max_examples=25,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @given(case=operation.as_strategy())
        def ask(case: "schemathesis.Case[Any]") -> None:
            case.call_and_validate(
                checks=[
                    not_a_server_error,
                    status_code_conformance,
                    content_type_conformance,
                    response_schema_conformance,
                ]
            )

        ask()
