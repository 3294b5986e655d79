"""``/explain``: why a fact is in the graph, to people and to programs."""

import re
from html import unescape

import httpx
import pytest
from jsonschema import validate

SUBJECT, ACTOR = "mission/drought", "actor/csiro"
INVOLVES = {"subject": SUBJECT, "predicate": "mg:involves", "object": ACTOR}
PROOF = {
    "type": "object",
    "required": ["subject", "predicate", "object", "status", "evidence", "explanations"],
}


def test_an_inferred_fact_is_explained_by_its_rule_and_the_passage_behind_it(
    client: httpx.Client,
) -> None:
    document = client.get("/explain.json", params=INVOLVES).json()
    validate(document, PROOF)
    assert document["status"] == "inferred" and document["evidence"] == []
    (step,) = document["explanations"]
    assert step["rule"] == "sub-property" and step["intent"].endswith(".")
    assert [axiom["text"] for axiom in step["axioms"]] == [
        "mg:ownedBy rdfs:subPropertyOf mg:involves"
    ]
    (premise,) = step["premises"]
    validate(premise, PROOF)
    assert premise["predicate"]["value"].endswith("#ownedBy")
    assert [e["evidence"].rpartition("/id/")[2] for e in premise["evidence"]] == [
        "evidence/webinar/owner"
    ]
    assert premise["evidence"][0]["summary"] and premise["evidence"][0]["link"]


def test_a_stated_fact_is_explained_by_the_passages_that_state_it(client: httpx.Client) -> None:
    given = {"subject": SUBJECT, "predicate": "mg:hasTarget", "object": "target/drought-2030"}
    document = client.get("/explain.json", params=given).json()
    assert document["status"] == "stated" and document["explanations"] == []
    assert document["evidence"][0]["evidence"].endswith("evidence/webinar/drought-target")


def test_a_literal_is_written_as_n_triples_writes_it(client: httpx.Client) -> None:
    given = {
        "subject": "target/drought-2030",
        "predicate": "mg:deadline",
        "object": '"2030"^^<http://www.w3.org/2001/XMLSchema#gYear>',
    }
    document = client.get("/explain.json", params=given).json()
    assert document["object"]["datatype"].endswith("#gYear")


def test_one_address_gives_a_page_or_json_as_the_client_likes(client: httpx.Client) -> None:
    page = client.get("/explain", params=INVOLVES, headers={"Accept": "text/html"})
    json = client.get("/explain", params=INVOLVES, headers={"Accept": "application/json"})
    assert page.headers["Content-Type"].startswith("text/html")
    assert json.json() == client.get("/explain.json", params=INVOLVES).json()
    refused = client.get("/explain", params=INVOLVES, headers={"Accept": "image/png"})
    assert refused.status_code == 406


def test_the_page_of_a_thing_leads_to_why_its_inferred_facts_hold(client: httpx.Client) -> None:
    page = client.get("/id/mission/drought", headers={"Accept": "text/html"}).text
    links = [unescape(link) for link in re.findall(r'href="(/explain\?[^"]*)"', page)]
    assert links
    for link in links:
        answer = client.get(link, headers={"Accept": "text/html"})
        assert answer.status_code == 200
    assert any("sub-property" in client.get(link).text for link in links)


def test_hostile_text_stays_text_on_the_page(client: httpx.Client) -> None:
    given = {"subject": "mission/hostile", "predicate": "mg:ownedBy", "object": "actor/old"}
    page = client.get("/explain", params=given, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


@pytest.mark.parametrize(
    ("changed", "status", "kind"),
    [
        ({"object": "actor/nobody"}, 404, "unknown-fact"),
        ({"subject": "mission/nowhere"}, 404, "unknown-fact"),
        ({"predicate": "involves"}, 422, "bad-parameter"),
        ({"object": '"open'}, 422, "bad-parameter"),
        ({"subject": "a b"}, 422, "bad-parameter"),
        ({"subject": None}, 422, "bad-parameter"),
    ],
)
def test_what_cannot_be_explained_is_a_problem(
    client: httpx.Client, changed: dict[str, str | None], status: int, kind: str
) -> None:
    given = {key: value for key, value in (INVOLVES | changed).items() if value is not None}
    answer = client.get("/explain.json", params=given)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"].endswith(f"#{kind}") and problem["what"]
