"""One shape of errors, on every route and for every kind."""

from collections.abc import Iterator

import httpx
import pytest
from running import listening
from starlette.exceptions import HTTPException

from missiongraph.api.app import create_app
from missiongraph.errors import HTTP_STATUS, MissiongraphError
from missiongraph.settings import Settings

MEMBERS = {"type", "title", "status", "detail", "what", "where", "remedy"}


def check(response: httpx.Response, status: int) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert "Accept" in response.headers["vary"]
    assert "content-security-policy" in response.headers
    problem = response.json()
    assert set(problem) == MEMBERS
    assert problem["status"] == status
    assert problem["type"].startswith(("https://w3id.org/missiongraph/docs#", "about:blank"))
    assert "Traceback" not in response.text


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
def test_a_method_that_a_route_does_not_know_names_those_it_does(
    client: httpx.Client, method: str
) -> None:
    for path in client.get("/openapi.json").json()["paths"]:
        if path in ("/sparql", "/validate") and method == "POST":
            continue
        response = client.request(method, path.replace("{", "").replace("}", ""))
        check(response, 405)
        assert "GET" in response.headers["allow"]


@pytest.mark.parametrize(
    "path", ["/nowhere", "/id/", "/static/nothing.css", "/static/../app.py", "/concept/x/"]
)
def test_an_address_that_is_not_there_is_a_problem_too(client: httpx.Client, path: str) -> None:
    check(client.get(path), 404)


def test_a_search_that_is_too_long_is_a_problem_too(client: httpx.Client) -> None:
    check(client.get("/search", params={"q": "a" * 201}), 422)


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service with addresses that fail in every way, and no release."""
    app = create_app(Settings(home=tmp_path_factory.mktemp("home")))

    @app.get("/fail/{name}")
    def fail(name: str) -> None:
        kinds = {kind.__name__: kind for kind in HTTP_STATUS}
        if name in kinds:
            raise kinds[name]("It is wrong.", where="here", remedy="Do right.")
        raise HTTPException(418) if name == "teapot" else ZeroDivisionError("secret")

    with listening(app) as address:
        yield f"{address}/fail"


@pytest.mark.parametrize("kind", HTTP_STATUS, ids=lambda kind: kind.__name__)
def test_each_leaf_of_the_tree_is_answered_with_its_status(
    failing: str, kind: type[MissiongraphError]
) -> None:
    check(httpx.get(f"{failing}/{kind.__name__}"), HTTP_STATUS[kind])


def test_an_unforeseen_error_says_nothing_of_its_inside(failing: str) -> None:
    response = httpx.get(f"{failing}/otherwise")
    check(response, 500)
    assert "secret" not in response.text


def test_an_error_of_the_framework_has_the_shape(failing: str) -> None:
    check(httpx.get(f"{failing}/teapot"), 418)


def test_a_browser_gets_the_same_words_as_a_page(client: httpx.Client) -> None:
    response = client.get("/id/mission/<b>", headers={"Accept": "text/html,*/*;q=0.8"})
    assert response.status_code == 404
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "&lt;b&gt;" in response.text


def test_the_type_of_a_problem_leads_to_what_it_means(client: httpx.Client) -> None:
    kind = client.get("/questions/nowhere").json()["type"].partition("#")[2]
    assert f'<div id="{kind}">' in client.get("/docs").text


def test_the_shape_is_in_the_openapi_document(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    assert set(document["components"]["schemas"]["Problem"]["required"]) == MEMBERS
