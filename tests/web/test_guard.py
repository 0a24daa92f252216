"""What every request passes."""

from __future__ import annotations

from starlette.testclient import TestClient


def test_a_page_is_answered_with_a_policy_that_allows_nothing_from_elsewhere(client: TestClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe-inline" not in answer.headers["content-security-policy"]


def test_a_host_that_is_not_ours_is_refused(client: TestClient) -> None:
    assert client.get("/", headers={"host": "rebound.example"}).status_code == 421
    assert client.get("/", headers={"host": "127.0.0.1:8001"}).status_code == 200
    assert client.get("/", headers={"host": "[::1]:8001"}).status_code == 200


def test_what_writes_without_a_token_is_refused(client: TestClient) -> None:
    client.get("/")
    assert client.post("/nowhere", data={}).status_code == 403


def test_what_another_sites_page_sends_is_refused(client: TestClient) -> None:
    client.get("/")
    answer = client.post("/nowhere", data={}, headers={"origin": "http://elsewhere.example"})
    assert answer.status_code == 403
    assert "another site" in answer.text


def test_an_address_that_leads_nowhere_says_so(client: TestClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "leads nowhere" in answer.text
