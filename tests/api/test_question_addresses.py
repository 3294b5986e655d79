"""Questions at their addresses: pages, formats, parameters, what is refused."""

import csv
import io
import re

import httpx
import pandas
import polars
import pytest

from missiongraph.questions import all_questions

THING = "https://w3id.org/missiongraph/id/mission/drought"


@pytest.mark.parametrize(
    ("ending", "media_type"),
    [
        ("json", "application/sparql-results+json"),
        ("csv", "text/csv; charset=utf-8"),
        ("tsv", "text/tab-separated-values; charset=utf-8"),
        ("html", "text/html; charset=utf-8"),
    ],
)
def test_an_answer_has_a_stable_address_in_each_form(
    client: httpx.Client, ending: str, media_type: str
) -> None:
    response = client.get(f"/questions/facts.{ending}", params={"thing": THING})
    assert (response.status_code, response.headers["content-type"]) == (200, media_type)
    assert "Drought Resilience Mission" in response.text


@pytest.mark.parametrize(
    ("ending", "media_type", "magic"),
    [
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        ("parquet", "application/vnd.apache.parquet", b"PAR1"),
    ],
)
def test_an_answer_is_a_file_for_programs_of_tables(
    client: httpx.Client, ending: str, media_type: str, magic: bytes
) -> None:
    response = client.get(f"/questions/sources.{ending}")
    assert (response.status_code, response.headers["content-type"]) == (200, media_type)
    assert response.content.startswith(magic)
    negotiated = client.get("/questions/sources", headers={"Accept": media_type})
    assert negotiated.headers["content-type"] == media_type
    body = io.BytesIO(response.content)
    table = pandas.read_excel(body) if ending == "xlsx" else polars.read_parquet(body).to_dict()
    assert set(table["passages"]) == {1, 2}


def test_the_columns_of_the_csv_are_the_variables(client: httpx.Client) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/questions/sources.csv").text)))
    assert list(rows[0]) == list(all_questions()["sources"].columns)
    assert {row["sourceLabel"]: (row["passages"], row["claims"]) for row in rows} == {
        "A webinar": ("2", "17"),
        "A <i>report</i>": ("1", "10"),
    }


def test_accept_chooses_the_form_at_the_questions_own_address(client: httpx.Client) -> None:
    page = client.get("/questions/sources")
    table = client.get("/questions/sources", headers={"Accept": "text/csv"})
    assert page.headers["content-type"].startswith("text/html")
    assert table.headers["content-type"].startswith("text/csv")
    assert page.headers["vary"].startswith("Accept")
    assert table.headers["vary"].startswith("Accept")


def test_a_parameter_is_repeated_for_several_values(client: httpx.Client) -> None:
    things = [THING, "id:actor/csiro"]
    rows = client.get("/questions/facts.json", params={"thing": things}).json()
    found = {row["thing"]["value"] for row in rows["results"]["bindings"]}
    assert found == {THING, "https://w3id.org/missiongraph/id/actor/csiro"}


@pytest.mark.parametrize(
    ("address", "what", "remedy"),
    [
        ("facts.json?thng=x", "'thng' is not a parameter", "thing"),
        ("facts.json?thing=a b", "is not a full IRI", "such as"),
        ("facts.json?thing=id:mission/nowhere", "is not known", ""),
        ("facts.json", "thing is needed", "Add thing="),
        ("facts.json?thing=", "thing is needed", "Add thing="),
        ("passages.csv?source=drought", "is not known as Source", "source/webinar"),
    ],
)
def test_a_wrong_parameter_is_refused_with_what_is_allowed(
    client: httpx.Client, address: str, what: str, remedy: str
) -> None:
    response = client.get(f"/questions/{address}")
    assert response.status_code == 422
    assert what in response.json()["what"]
    assert remedy in response.json()["remedy"]


@pytest.mark.parametrize(
    ("address", "remedy"), [("no-such.csv", "facts"), ("no-such", "facts"), ("facts.xls", ".csv")]
)
def test_an_unknown_question_or_form_is_not_found(
    client: httpx.Client, address: str, remedy: str
) -> None:
    response = client.get(f"/questions/{address}")
    assert response.status_code == 404
    assert remedy in response.json()["remedy"]


def test_an_etag_saves_an_answer_again(client: httpx.Client) -> None:
    first = client.get("/questions/sources.csv")
    known = {"If-None-Match": first.headers["etag"]}
    assert client.get("/questions/sources.csv", headers=known).status_code == 304
    assert client.get("/questions/sources.tsv", headers=known).status_code == 200
    page = client.get("/questions/sources")
    known = {"If-None-Match": page.headers["etag"]}
    assert client.get("/questions/sources", headers=known).status_code == 304


@pytest.mark.parametrize("question_id", sorted(all_questions()))
def test_each_question_has_a_page_with_its_words_and_its_sparql(
    client: httpx.Client, question_id: str
) -> None:
    question = all_questions()[question_id]
    page = client.get(f"/questions/{question_id}")
    assert page.status_code == 200
    assert question.title in page.text or "&" in page.text
    assert "SELECT" in page.text


def test_the_list_says_what_each_question_takes_and_where_its_answers_are(
    client: httpx.Client,
) -> None:
    listed = {
        question["id"]: question for question in client.get("/questions.json").json()["questions"]
    }
    assert set(listed) == {q.id for q in all_questions().values() if not q.hidden}
    assert listed["facts"]["parameters"][0]["required"] is True
    for address in listed["sources"]["answers"].values():
        assert client.get(address).status_code == 200
    page = client.get("/questions").text
    assert all(f'href="/questions/{name}"' in page for name in listed)


def test_a_required_parameter_gives_a_form_before_it_gives_an_error(client: httpx.Client) -> None:
    page = client.get("/questions/search")
    assert page.status_code == 200
    assert 'name="text"' in page.text
    assert "<table" not in page.text


def test_only_a_passage_is_given_as_evidence(client: httpx.Client) -> None:
    # The graph of a vocabulary has a dcterms:source of its own, but it is no passage.
    things = ["concept:unit/percent", "concept:unit", "mg:Mission", THING]
    answer = client.get("/questions/facts.json", params={"thing": things}).json()
    rows = answer["results"]["bindings"]
    assert {row["thing"]["value"] for row in rows if "evidence" in row} == {THING}
    assert {row["thing"]["value"] for row in rows if "source" in row} == {THING}
    stated = [row for row in rows if row["thing"]["value"] == THING and "inferred" not in row]
    assert all(row["link"]["value"].startswith("https://www.youtube.com/") for row in stated)


def test_the_gallery_shows_what_serves_a_kind_of_user(client: httpx.Client) -> None:
    listed = client.get("/questions.json").json()["questions"]
    european = {each["id"] for each in listed if "european-data" in each["users"]}
    page = client.get("/questions?user=european-data", headers={"Accept": "text/html"}).text
    assert european
    assert set(re.findall(r'href="/questions/([a-z-]+)"', page)) == european
    refused = client.get("/questions?user=nobody", headers={"Accept": "text/html"})
    assert refused.status_code == 422


def test_every_listed_question_serves_somebody(client: httpx.Client) -> None:
    listed = client.get("/questions.json").json()["questions"]
    assert [each["id"] for each in listed if not each["users"]] == []


def test_a_question_says_how_it_is_put_into_another_page(client: httpx.Client) -> None:
    page = client.get("/questions/passages?source=webinar", headers={"Accept": "text/html"}).text
    address = "/embed/questions/passages?source=webinar"
    assert f'&lt;iframe src="{str(client.base_url).rstrip("/")}{address}"' in page
    assert client.get(address).status_code == 200
