"""What a caller sees: health, keys, starts, payloads, results."""

import asyncio
import hashlib
import io
import json
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from hermes_worker import Job, Missing, Result, Worker, WorkerError

from .conftest import KEY, Client, Serving

FINGERPRINT = hashlib.sha256(KEY.encode()).hexdigest()


def counter(**declared: Any) -> Worker:
    worker = Worker("counter", version="1.2.0", outputs=("counted", "echoed"), **declared)

    @worker.run
    async def count(
        job: Job, site: str, max_urls: int = 10, tags: list[str] | None = None
    ) -> Result:
        told = {
            "mode": job.mode,
            "site_id": job.site_id,
            "run_id": job.run_id,
            "payload": job.payload,
        }
        return Result(
            outputs={"counted": max_urls, "echoed": {"site": site, "tags": tags, **told}},
            provenance={"counted": "measured"},
            metrics={"seconds": 1.5},
        )

    return worker


async def test_health_is_public_and_says_what_the_worker_offers(serving: Serving) -> None:
    async with serving(counter(resumable=True)) as client:
        reply = await client.ask("GET", "/health", headers={})
    assert reply.status == 200
    assert reply.body == {
        "status": "ok",
        "service": "counter",
        "contract": "v1",
        "level": "cancellable",
        "version": "1.2.0",
        "modes": ["smoke", "full"],
        "outputs": ["counted", "echoed"],
        "resumable": True,
        "not_ready": {},
        "expected_key_fingerprint": f"{FINGERPRINT[:6]}…{FINGERPRINT[-6:]}",
    }


async def test_health_says_what_is_not_ready_and_why(serving: Serving) -> None:
    async with serving(counter(ready=lambda: {"browser": "Chromium not found"})) as client:
        reply = await client.ask("GET", "/health")
    assert reply.status == 200
    assert (reply.body["status"], reply.body["not_ready"]) == (
        "not_ready",
        {"browser": "Chromium not found"},
    )


async def test_a_readiness_check_may_ask_others(serving: Serving) -> None:
    async def asking() -> dict[str, str]:
        await asyncio.sleep(0)
        return {"queue": "nobody answers"}

    async with serving(counter(ready=asking)) as client:
        reply = await client.ask("GET", "/health")
    assert (reply.body["status"], reply.body["not_ready"]) == (
        "not_ready",
        {"queue": "nobody answers"},
    )


async def test_a_broken_readiness_check_is_shown_as_not_ready(serving: Serving) -> None:
    def broken() -> dict[str, str]:
        raise RuntimeError("token=abc")

    async with serving(counter(ready=broken)) as client:
        reply = await client.ask("GET", "/health")
    assert reply.body["not_ready"] == {"ready": "The readiness check failed: RuntimeError"}


@pytest.mark.parametrize("shown", [{"Authorization": "Bearer wrong"}, {"x-api-key": "wrong"}])
async def test_health_refuses_a_wrong_key(serving: Serving, shown: dict[str, str]) -> None:
    async with serving(counter()) as client:
        reply = await client.ask("GET", "/health", headers=shown)
    assert (reply.status, reply.code) == (401, "unauthorized")
    assert FINGERPRINT[:6] in reply.body["error"]["message"]


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/start"), ("GET", "/status"), ("POST", "/cancel")]
)
@pytest.mark.parametrize(
    "shown",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {KEY}"},
        {"Authorization": "Bearer "},
        {"x-api-key": "wrong"},
        {"x-api-key": KEY[:-1]},
        {"x-api-key": "schlüssel"},
    ],
)
async def test_everything_but_health_needs_the_key(
    serving: Serving, method: str, path: str, shown: dict[str, str]
) -> None:
    async with serving(counter()) as client:
        reply = await client.ask(method, path, headers=shown)
    assert (reply.status, reply.code) == (401, "unauthorized")
    assert KEY not in json.dumps(reply.body)


@pytest.mark.parametrize(
    "shown",
    [
        {"Authorization": f"Bearer {KEY}"},
        {"Authorization": f"bearer {KEY}"},
        {"x-api-key": KEY},
        {"Authorization": "Bearer for-a-proxy", "x-api-key": KEY},
    ],
)
async def test_the_key_is_taken_from_either_header(serving: Serving, shown: dict[str, str]) -> None:
    async with serving(counter()) as client:
        assert (await client.ask("GET", "/health", headers=shown)).status == 200
        reply = await client.ask("GET", "/status", params={"jobId": "none"}, headers=shown)
    assert (reply.status, reply.code) == (404, "job_unknown")


async def test_a_start_is_answered_at_once_and_the_result_is_polled(serving: Serving) -> None:
    async with serving(counter()) as client:
        started = await client.start(site="a.test", max_urls=7)
        assert (started.status, set(started.body)) == (202, {"jobId", "status"})
        assert started.body["status"] in ("queued", "running")
        assert started.headers["Retry-After"] == "1"
        body = await client.until(started.body["jobId"])
    assert body["jobId"] == started.body["jobId"]
    assert (body["status"], body["progress"], body["phase"]) == ("completed", None, None)
    assert body["result"]["outputs"]["counted"] == 7
    assert body["result"]["provenance"] == {"counted": "measured"}
    assert body["result"]["metrics"] == {"seconds": 1.5}
    assert body["createdAt"].endswith("Z")
    assert body["createdAt"] <= body["updatedAt"]


async def test_a_quick_function_is_answered_with_its_result(serving: Serving) -> None:
    async with serving(counter(answer_within=10)) as client:
        reply = await client.start(site="a.test")
    assert (reply.status, reply.body["status"]) == (200, "completed")
    assert reply.body["result"]["outputs"]["counted"] == 10
    assert "Retry-After" not in reply.headers


async def test_a_quick_failure_is_answered_as_failed(serving: Serving) -> None:
    worker = Worker("w", version="1", outputs=("x",), answer_within=10)

    @worker.run
    async def fail(job: Job) -> Result:
        raise WorkerError("no_browser", "No Chromium found.")

    async with serving(worker) as client:
        reply = await client.start()
    assert (reply.status, reply.body["status"]) == (200, "failed")
    assert reply.body["error"] == {"code": "no_browser", "message": "No Chromium found."}


async def test_a_slow_function_is_answered_202_after_the_wait(serving: Serving) -> None:
    worker = Worker("w", version="1", outputs=("x",), answer_within=0.05)
    gate = asyncio.Event()

    @worker.run
    async def wait(job: Job) -> Result:
        await gate.wait()
        return Result(outputs={"x": 1})

    async with serving(worker) as client:
        reply = await client.start()
        assert (reply.status, reply.body["status"]) == (202, "running")
        gate.set()
        assert (await client.until(reply.body["jobId"]))["status"] == "completed"


async def test_the_function_gets_its_fields_and_the_job_the_envelope(serving: Serving) -> None:
    sent = {
        "site": "a.test",
        "site_id": 12,
        "run_id": "r-1",
        "mode": "full",
        "tags": ["a"],
        "novel": [1],
    }
    async with serving(counter()) as client:
        body = await client.outcome(**sent)
    assert body["result"]["outputs"]["echoed"] == {
        "site": "a.test",
        "tags": ["a"],
        "mode": "full",
        "site_id": "12",
        "run_id": "r-1",
        "payload": sent,
    }


@pytest.mark.parametrize(
    ("payload", "field", "words"),
    [
        ({}, "site", "required"),
        ({"site": "a", "max_urls": "ten"}, "max_urls", "valid integer"),
        ({"site": "a", "max_urls": None}, "max_urls", "valid integer"),
        ({"site": 5}, "site", "valid string"),
        ({"site": "a", "tags": ["a", 1]}, "tags.1", "valid string"),
        ({"site": "a", "site_id": []}, "site_id", "valid string"),
    ],
)
async def test_a_bad_payload_is_refused_naming_the_field(
    serving: Serving, payload: dict[str, Any], field: str, words: str
) -> None:
    async with serving(counter()) as client:
        reply = await client.start(**payload)
    assert (reply.status, reply.code, reply.body["error"]["field"]) == (
        422,
        "invalid_payload",
        field,
    )
    assert reply.body["error"]["message"].startswith(f"{field}: ")
    assert words in reply.body["error"]["message"]


@pytest.mark.parametrize("mode", ["connection", "", "SMOKE", "full"])
async def test_a_mode_not_offered_is_refused(serving: Serving, mode: str) -> None:
    async with serving(counter(modes=("smoke",))) as client:
        reply = await client.start(site="a.test", mode=mode)
    assert (reply.status, reply.code, reply.body["error"]["field"]) == (
        422,
        "unsupported_mode",
        "mode",
    )


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1]", b'"text"', b"null", b'{"site": NaN}', b"\xff\xfe{}", b"[" * 200_000]
)
async def test_a_body_that_is_no_json_object_is_refused(serving: Serving, body: bytes) -> None:
    async with serving(counter()) as client:
        reply = await client.ask("POST", "/start", data=body)
    assert (reply.status, reply.code) == (400, "invalid_json")


async def test_a_body_over_a_mebibyte_is_refused_and_one_below_is_not(serving: Serving) -> None:
    def body(size: int) -> io.BytesIO:
        frame = '{"mode": "smoke", "site": "%s"}'
        return io.BytesIO((frame % ("a" * (size - len(frame) + 2))).encode())

    async with serving(counter()) as client:
        large = await client.ask("POST", "/start", data=body(1024 * 1024 + 1))
        fitting = await client.ask("POST", "/start", data=body(1024 * 1024))
    assert (large.status, large.code) == (413, "payload_too_large")
    assert fitting.status == 202


@pytest.mark.parametrize(("method", "path"), [("GET", "/status"), ("POST", "/cancel")])
async def test_an_unknown_job_and_a_missing_id_are_told_apart(
    serving: Serving, method: str, path: str
) -> None:
    async with serving(counter()) as client:
        unknown = await client.ask(method, path, params={"jobId": "nobody"})
        unnamed = await client.ask(method, path)
    assert (unknown.status, unknown.code) == (404, "job_unknown")
    assert (unnamed.status, unnamed.code) == (400, "missing_job_id")


async def test_the_job_id_may_be_written_with_an_underscore(serving: Serving) -> None:
    async with serving(counter()) as client:
        started = await client.start(site="a.test")
        reply = await client.ask("GET", "/status", params={"job_id": started.body["jobId"]})
    assert (reply.status, reply.body["jobId"]) == (200, started.body["jobId"])


async def test_wrong_addresses_and_methods_are_refused_in_json(serving: Serving) -> None:
    async with serving(counter()) as client:
        nowhere = await client.ask("GET", "/api/start")
        wrong_way = await client.ask("GET", "/start")
    assert (nowhere.status, nowhere.code) == (404, "not_found")
    assert (wrong_way.status, wrong_way.code) == (405, "method_not_allowed")


RESULTS: list[tuple[str, Any, str]] = [
    ("an output it did not declare", Result(outputs={"other": 1}), "'other'"),
    (
        "a missing output it did not declare",
        Result(missing={"other": Missing("r", "m")}),
        "'other'",
    ),
    ("a provenance it did not declare", Result(provenance={"other": "measured"}), "'other'"),
    ("NaN", Result(outputs={"x": [float("nan")]}), "'x'"),
    ("infinity in a metric", Result(outputs={"x": 1}, metrics={"speed": float("inf")}), "'speed'"),
    ("a value that is not JSON", Result(outputs={"x": {1, 2}}), "'x'"),
    ("an unknown provenance", Result(outputs={"x": 1}, provenance={"x": "guessed"}), "guessed"),  # pyright: ignore[reportArgumentType]
    ("both given and missing", Result(outputs={"x": 1}, missing={"x": Missing("r", "m")}), "'x'"),
    ("a bare reason", Result(missing={"x": "no_browser"}), "'x'"),  # pyright: ignore[reportArgumentType]
    ("nothing", None, "NoneType"),
    ("a plain dict", {"outputs": {"x": 1}}, "dict"),
]


@pytest.mark.parametrize(
    ("result", "named"), [row[1:] for row in RESULTS], ids=[row[0] for row in RESULTS]
)
async def test_a_result_that_cannot_be_trusted_fails_the_job(
    serving: Serving, result: Any, named: str
) -> None:
    worker = Worker("w", version="1", outputs=("x",))

    @worker.run
    async def give(job: Job) -> Result:
        return result

    async with serving(worker) as client:
        body = await client.outcome()
    assert (body["status"], body["error"]["code"]) == ("failed", "invalid_result")
    assert named in body["error"]["message"]
    assert "result" not in body


async def test_missing_outputs_travel_with_their_reason_and_any_text_survives(
    serving: Serving,
) -> None:
    worker = Worker("w", version="1", outputs=("x", "y"))

    @worker.run
    async def give(job: Job) -> Result:
        return Result(
            outputs={"x": "half a pair: \ud83d"},
            missing={"y": Missing("no_browser", "No browser.")},
        )

    async with serving(worker) as client:
        body = await client.outcome()
    assert body["result"]["outputs"] == {"x": "half a pair: \ud83d"}
    assert body["result"]["missing"] == {"y": {"reason": "no_browser", "message": "No browser."}}


async def test_a_worker_answers_below_any_base_path(serving: Serving, tmp_path: Any) -> None:
    worker = counter(answer_within=10)
    outer = Starlette(routes=[Mount("/deep/down", worker.app(KEY, tmp_path))])

    class Mounted(Worker):
        def app(self, key: str, state: Any) -> Starlette:
            return outer

    mounted = Mounted("mounted", version="1", outputs=("x",))
    async with worker.running(tmp_path), serving(mounted) as client:
        assert (await client.ask("GET", "/deep/down/health")).body["service"] == "counter"
        below = Client(client.session, f"{client.base}/deep/down")
        reply = await below.start(site="a.test")
    assert (reply.status, reply.body["status"]) == (200, "completed")


async def test_a_worker_that_is_not_running_says_so(serving: Serving, tmp_path: Any) -> None:
    worker = counter()
    outer = Starlette(routes=[Mount("/w", worker.app(KEY, tmp_path))])

    class Mounted(Worker):
        def app(self, key: str, state: Any) -> Starlette:
            return outer

    async with serving(Mounted("mounted", version="1", outputs=("x",))) as client:
        reply = await Client(client.session, f"{client.base}/w").start(site="a")
    assert (reply.status, reply.code) == (503, "stopping")
