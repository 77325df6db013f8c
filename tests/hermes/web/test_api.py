"""The JSON API over real HTTP: both documents' names, camelCase, and clear errors."""

import json
from uuid import uuid4

import aiohttp
import pytest

from tests.support.catalog import outputs_of
from tests.support.served import Served
from tests.support.waiting import patience

STARTS = [
    ("/api/tests/connections/start", "connection_all"),
    ("/api/tests/smoke/start", "smoke_all"),
]
ALIASES = [
    ("/api/integrations/test-connections", "connection_all"),
    ("/api/integrations/run-smoke-tests", "smoke_all"),
]


@pytest.mark.parametrize(("path", "job_type"), STARTS)
async def test_a11_the_first_documents_endpoints_answer_202_with_a_job_id(
    served: Served, path: str, job_type: str
) -> None:
    served.room.all_succeed()
    async with served.http.post(path, json={"siteId": str(served.room.site.id)}) as answer:
        started = await answer.json()
    assert answer.status == 202
    assert started["jobType"] == job_type
    async with served.http.get(f"/api/tests/{started['jobId']}") as answer:
        job = await answer.json()
    assert job["progress"]["total"] == 13
    assert set(job["progress"]) >= {"total", "started", "completed", "failed", "per_service"}


@pytest.mark.parametrize(("path", "job_type"), ALIASES)
async def test_a11_the_second_documents_endpoints_do_the_same(
    served: Served, path: str, job_type: str
) -> None:
    served.room.all_succeed()
    async with served.http.post(path, params={"site_id": str(served.room.site.id)}) as answer:
        started = await answer.json()
    assert (answer.status, started["jobType"], len(started["services"])) == (202, job_type, 13)


async def test_a11_one_row_can_be_tested_alone_by_alias(served: Served) -> None:
    served.room.all_succeed()
    body = {"siteId": str(served.room.site.id), "service": "technical-crawler"}
    async with served.http.post("/api/tests/smoke/start", json=body) as answer:
        started = await answer.json()
    assert [s["slug"] for s in started["services"]] == ["crawl_render"]
    assert set(started["services"][0]) == {
        "slug", "displayName", "integrationType", "supportsAsync", "testEndpoints",
    }  # fmt: skip


BAD = [
    ({"siteId": str(uuid4())}, 404, "unknown_site", None),
    ({}, 422, "site_id_missing", "siteId"),
    ({"siteId": None}, 422, "invalid_request", "siteId"),
    ({"siteId": "nonsense"}, 422, "invalid_request", "siteId"),
    ({"siteId": str(uuid4()), "mode": "x"}, 422, "invalid_request", "mode"),
    ([], 422, "invalid_request", "body"),
]


@pytest.mark.parametrize(("body", "status", "code", "field"), BAD)
async def test_bad_input_is_a_problem_with_code_message_and_hint(
    served: Served, body: object, status: int, code: str, field: str | None
) -> None:
    async with served.http.post("/api/tests/smoke/start", json=body) as answer:
        problem = await answer.json(content_type="application/problem+json")
    assert (answer.status, problem["code"], problem.get("field")) == (status, code, field)
    assert problem["message"]
    assert problem["hint"]
    assert problem["requestId"] == answer.headers["X-Request-Id"]
    assert await served.room.hermes.pool.fetchval("select count(*) from test_jobs") == 0


async def test_broken_json_is_said_to_be_broken_json(served: Served) -> None:
    headers = {"Content-Type": "application/json"}
    async with served.http.post(
        "/api/tests/smoke/start", data=b'{"siteId": ', headers=headers
    ) as answer:
        problem = await answer.json(content_type="application/problem+json")
    assert (answer.status, problem["code"]) == (400, "malformed_json")


async def test_an_unknown_service_names_the_known_ones(served: Served) -> None:
    body = {"siteId": str(served.room.site.id), "service": "crawler9"}
    async with served.http.post("/api/tests/smoke/start", json=body) as answer:
        problem = await answer.json(content_type="application/problem+json")
    assert (answer.status, problem["code"]) == (404, "unknown_service")
    assert "crawl_render" in problem["hint"]


async def test_a5_an_empty_selection_is_an_error_with_the_reason_for_each_service(
    served: Served,
) -> None:
    body = {"siteId": str(served.room.site.id)}
    async with served.http.post("/api/tests/smoke/start", json=body) as answer:
        problem = await answer.json(content_type="application/problem+json")
    assert (answer.status, problem["code"]) == (422, "nothing_selected")
    assert problem["message"].startswith("0 services found because: ")
    reasons = {entry["slug"]: entry["reason"] for entry in problem["details"]}
    assert len(reasons) == 16
    assert "HERMES_WORKER_CRAWL_RENDER" in reasons["crawl_render"]
    assert "Not built yet" in reasons["site_executor"]
    assert await served.room.hermes.pool.fetchval("select count(*) from service_runs") == 0


async def test_without_the_token_the_api_answers_401(served: Served) -> None:
    async with aiohttp.ClientSession(served.url) as stranger:
        async with stranger.get("/api/sites") as answer:
            problem = await answer.json(content_type="application/problem+json")
            assert (answer.status, problem["code"]) == (401, "token_missing")
        wrong = {"Authorization": "Bearer nonsense"}
        async with stranger.get("/api/sites", headers=wrong) as answer:
            problem = await answer.json(content_type="application/problem+json")
            assert (answer.status, problem["code"]) == (401, "token_wrong")


async def test_another_sites_page_and_another_host_name_are_refused(served: Served) -> None:
    async with aiohttp.ClientSession(served.url) as stranger:
        evil = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        body = {"siteId": str(served.room.site.id)}
        async with stranger.post("/api/tests/smoke/start", json=body, headers=evil) as answer:
            assert answer.status == 401
        async with stranger.post("/sites", data={"base_url": "x"}, headers=evil) as answer:
            assert answer.status == 403
        async with stranger.get("/health", headers={"Host": "evil.example"}) as answer:
            assert answer.status == 421


async def test_openapi_describes_every_route_with_examples(served: Served) -> None:
    async with served.http.get("/openapi.json") as answer:
        document = await answer.json()
    assert {"/api/events", "/health", "/api/runs/{run_id}", "/api/runs/{run_id}/cancel"} <= set(
        document["paths"]
    )
    start = document["paths"]["/api/tests/smoke/start"]["post"]
    assert "siteId" in json.dumps(start["requestBody"])
    assert "404" in start["responses"]


async def test_health_is_healthy_and_needs_no_token(served: Served) -> None:
    async with aiohttp.ClientSession(served.url) as stranger, stranger.get("/health") as answer:
        health = await answer.json()
    assert answer.status == 200
    assert (health["status"], health["service"]) == ("healthy", "hermes")


async def test_events_tell_that_a_job_moved(served: Served) -> None:
    served.room.all_succeed()
    async with served.http.get("/api/events") as stream:
        started = await served.room.hermes.jobs.start_smoke(
            served.room.site.id, "tests", "content_qa"
        )
        seen = b""
        async with patience():
            while str(started.job_id).encode() not in seen:
                seen += await stream.content.readany()
    assert b"event: hello" in seen
    assert b"event: job" in seen


async def test_a8_the_outputs_of_a_run_have_the_five_fields(served: Served) -> None:
    room = served.room
    room.register("content_qa", "serp_intel")
    service = room.catalog.service("content_qa")
    room.worker.script("content_qa").final = {
        "result": {"outputs": outputs_of(service, "fix_list")}
    }
    job = await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
    await room.finish()
    async with served.http.get(f"/api/tests/{job.job_id}/runs") as answer:
        (run,) = await answer.json()
    outputs = run["outputs"]
    assert list(outputs) == [
        "expectedOutputs",
        "actualOutputs",
        "missingOutputs",
        "metrics",
        "debug",
    ]
    assert outputs["expectedOutputs"] == list(service.expected_outputs)
    assert outputs["missingOutputs"] == ["fix_list"]
    assert outputs["metrics"]["qa_score"] == 7
    assert outputs["debug"]["status"] == 200
    assert outputs["debug"]["requested"].endswith("/content_qa/start")
    stored = await room.hermes.pool.fetchval(
        "select outputs_json from service_runs where id = $1", run["id"]
    )
    assert stored == outputs


async def test_a_site_in_a_private_network_is_refused_unless_an_admin_opened_it(
    served: Served,
) -> None:
    """S4: an operator registered any private address, and read it through the fleet."""
    for address in ("http://10.0.0.5", "http://169.254.169.254/latest", "http://192.168.1.1:8080"):
        async with served.http.post("/api/sites", json={"baseUrl": address}) as answer:
            told = await answer.json()
        assert (answer.status, told["code"], told["field"]) == (422, "private_address", "baseUrl")
    async with served.http.post("/api/sites", json={"baseUrl": "http://127.0.0.1:9"}) as answer:
        site = await answer.json()
        assert answer.status == 201, "which this room has opened"
    change = {"updatedAt": site["updatedAt"], "baseUrl": "http://10.0.0.5"}
    async with served.http.patch(f"/api/sites/{site['id']}", json=change) as answer:
        assert (answer.status, (await answer.json())["code"]) == (422, "private_address")
