"""``/report``: a brief that prints, of a mission or a place, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re

import httpx
import pytest


def test_a_mission_s_page_leads_to_its_brief(client: httpx.Client) -> None:
    page = client.get("/id/mission/drought", headers={"Accept": "text/html"}).text
    found = re.search(r'href="(/report\?mission=[^"]+)"', page)
    assert found
    brief = client.get(found[1])
    assert brief.status_code == 200
    assert "<h1>Drought Resilience Mission</h1>" in brief.text
    for heading in ("Whom to talk to", "Gaps", "Nearest missions", "Passages"):
        assert heading in brief.text
    assert 'href="#note-1"' in brief.text and 'id="note-1"' in brief.text


def test_the_policy_lets_in_the_style_of_the_page_and_no_other(client: httpx.Client) -> None:
    brief = client.get("/report?mission=drought")
    policy = brief.headers["content-security-policy"]
    (style,) = re.findall(r"<style>(.*?)</style>", brief.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy and "<script" not in brief.text


def test_a_brief_is_sent_once_and_then_known(client: httpx.Client) -> None:
    etag = client.get("/report?mission=drought").headers["etag"]
    again = client.get("/report?mission=drought", headers={"If-None-Match": etag})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/report", "of one mission or of one place"),
        ("/report?mission=drought&place=australia", "of one mission or of one place"),
        ("/report?mission=nowhere", "not known as Mission"),
        ("/report?mission=drought&release=none", "no release"),
    ],
)
def test_what_has_no_brief_is_refused_and_says_why(
    client: httpx.Client, address: str, said: str
) -> None:
    answer = client.get(address)
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert said in answer.text
