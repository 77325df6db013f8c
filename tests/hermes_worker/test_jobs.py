"""The life of a job inside one process: idempotency, cancelling, progress, limits, failures."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from hermes_worker import Job, Result, Worker, WorkerError

from .conftest import Serving


class Gated:
    """A worker whose function waits for a gate, and tells when it has started or was cancelled."""

    def __init__(self, **declared: Any) -> None:
        self.worker = Worker("gated", version="1", outputs=("x",), **declared)
        self.gate = asyncio.Event()
        self.started = asyncio.Queue[Job]()
        self.cancelled = asyncio.Event()
        self.worker.run(self.wait)

    async def wait(self, job: Job, x: int = 0) -> Result:
        self.started.put_nowait(job)
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        return Result(outputs={"x": x})


async def test_a_repeated_key_returns_the_same_job(serving: Serving) -> None:
    gated = Gated()
    async with serving(gated.worker) as client:
        first = await client.start(key="k", x=1)
        again = await client.start(key="k", x=1)
        gated.gate.set()
        done = await client.until(first.body["jobId"])
        at_last = await client.start(key="k", x=1)
    assert "Idempotent-Replay" not in first.headers
    assert (again.status, again.headers["Idempotent-Replay"]) == (202, "true")
    assert (at_last.status, at_last.headers["Idempotent-Replay"]) == (200, "true")
    assert {reply.body["jobId"] for reply in (first, again, at_last)} == {done["jobId"]}
    assert at_last.body["result"] == done["result"]
    assert gated.started.qsize() == 1


async def test_the_order_of_fields_does_not_make_another_payload(serving: Serving) -> None:
    gated = Gated()
    async with serving(gated.worker) as client:
        first = await client.start(key="k", x=1, note="n")
        again = await client.start(key="k", note="n", x=1)
    assert again.body["jobId"] == first.body["jobId"]


async def test_a_repeated_key_with_another_payload_is_refused(serving: Serving) -> None:
    gated = Gated()
    async with serving(gated.worker) as client:
        await client.start(key="k", x=1)
        other = await client.start(key="k", x=2)
    assert (other.status, other.code) == (422, "idempotency_mismatch")


async def test_a_refused_payload_does_not_use_up_its_key(serving: Serving) -> None:
    gated = Gated()
    async with serving(gated.worker) as client:
        assert (await client.start(key="k", x="one")).status == 422
        assert (await client.start(key="k", x=1)).status == 202


async def test_without_a_key_every_start_makes_a_job(serving: Serving) -> None:
    gated = Gated()
    async with serving(gated.worker) as client:
        ids = {(await client.start(x=1)).body["jobId"] for _ in range(3)}
    assert len(ids) == 3


async def test_a_hundred_concurrent_starts_with_one_key_make_one_job(serving: Serving) -> None:
    gated = Gated(max_concurrency=100)
    async with serving(gated.worker) as client:
        replies = await asyncio.gather(*(client.start(key="k", x=1) for _ in range(100)))
        gated.gate.set()
        await client.until(replies[0].body["jobId"])
    assert {reply.status for reply in replies} <= {200, 202}
    assert len({reply.body["jobId"] for reply in replies}) == 1
    assert sum("Idempotent-Replay" not in reply.headers for reply in replies) == 1
    assert gated.started.qsize() == 1


async def test_jobs_beyond_the_places_stay_queued_and_run_in_order(serving: Serving) -> None:
    gated = Gated(max_concurrency=2)
    async with serving(gated.worker) as client:
        ids = [(await client.start(x=n)).body["jobId"] for n in range(4)]
        await client.until(ids[1], "running")
        statuses = [(await client.status(job_id)).body["status"] for job_id in ids]
        gated.gate.set()
        for job_id in ids:
            await client.until(job_id, "completed")
    assert statuses == ["running", "running", "queued", "queued"]
    assert [gated.started.get_nowait().id for _ in ids] == ids


async def test_cancelling_stops_a_running_function(serving: Serving) -> None:
    gated = Gated()
    async with serving(gated.worker) as client:
        job = await start_running(client, gated)
        reply = await client.cancel(job.id)
        assert gated.cancelled.is_set()
        body = (await client.status(job.id)).body
    assert (reply.status, reply.body) == (200, {"jobId": job.id, "status": "cancelled"})
    assert body["status"] == "cancelled"
    assert not {"result", "error"} & body.keys()


async def start_running(client: Any, gated: Gated) -> Job:
    await client.start()
    return await asyncio.wait_for(gated.started.get(), 10)


async def test_a_cancelled_queued_job_ends_at_once_and_never_runs(serving: Serving) -> None:
    gated = Gated(max_concurrency=1)
    async with serving(gated.worker) as client:
        running = await start_running(client, gated)
        queued = (await client.start()).body["jobId"]
        reply = await client.cancel(queued)
        gated.gate.set()
        await client.until(running.id, "completed")
        last = (await client.start()).body["jobId"]
        await client.until(last, "completed")
        assert (await client.status(queued)).body["status"] == "cancelled"
    assert (reply.status, reply.body["status"]) == (200, "cancelled")
    assert gated.started.get_nowait().id == last


async def test_a_function_that_takes_its_time_to_stop_is_shown_as_cancelling(
    serving: Serving,
) -> None:
    worker = Worker("tidy", version="1", outputs=("x",))
    started, swept, interruptions = asyncio.Event(), asyncio.Event(), 0

    @worker.run
    async def tidy(job: Job) -> Result:
        nonlocal interruptions
        started.set()
        while not swept.is_set():
            try:
                await swept.wait()
            except asyncio.CancelledError:
                interruptions += 1
        return Result(outputs={"x": 1})

    async with serving(worker) as client:
        job_id = (await client.start()).body["jobId"]
        await asyncio.wait_for(started.wait(), 10)
        first = await client.cancel(job_id)
        second = await client.cancel(job_id)
        meanwhile = (await client.status(job_id)).body
        swept.set()
        body = await client.until(job_id)
    for reply in (first, second):
        assert (reply.status, reply.body) == (202, {"jobId": job_id, "status": "cancelling"})
        assert reply.headers["Retry-After"] == "1"
    assert interruptions == 1
    assert (meanwhile["status"], meanwhile["phase"]) == ("running", "cancelling")
    assert body["status"] == "cancelled"


async def test_a_finished_job_cannot_be_cancelled(serving: Serving) -> None:
    gated = Gated()
    gated.gate.set()
    async with serving(gated.worker) as client:
        done = await client.outcome()
        reply = await client.cancel(done["jobId"])
        after = (await client.status(done["jobId"])).body
    assert (reply.status, reply.code, reply.body["status"]) == (
        409,
        "already_finished",
        "completed",
    )
    assert after == done


async def test_progress_is_visible_at_once_and_keeps_its_details(serving: Serving) -> None:
    worker = Worker("steps", version="1", outputs=("x",))
    told, gate = asyncio.Event(), asyncio.Event()

    @worker.run
    async def steps(job: Job) -> Result:
        for done in range(1, 4):
            await job.progress(done, 10, unit="pages", phase="crawling", rate=4.2, eta_s=None)
        await job.progress(4, 10, unit="pages")
        told.set()
        await gate.wait()
        return Result(outputs={"x": 1})

    async with serving(worker) as client:
        job_id = (await client.start()).body["jobId"]
        await asyncio.wait_for(told.wait(), 10)
        reply = await client.status(job_id)
        gate.set()
        done = await client.until(job_id)
    assert reply.headers["Retry-After"] == "1"
    assert reply.body["progress"] == {"done": 4, "total": 10, "unit": "pages"}
    assert reply.body["phase"] == "crawling"
    assert done["progress"] == {"done": 4, "total": 10, "unit": "pages"}
    assert done["updatedAt"] >= reply.body["updatedAt"]


async def test_progress_is_written_at_most_four_times_a_second(
    serving: Serving, tmp_path: Path
) -> None:
    worker = Worker("eager", version="1", outputs=("writes",))

    @worker.run
    async def report(job: Job) -> Result:
        writes: list[str] = []
        assert worker.shift is not None
        worker.shift.ledger._db.set_trace_callback(writes.append)
        for done in range(500):
            await job.progress(done, 500, page=done)
        worker.shift.ledger._db.set_trace_callback(None)
        return Result(outputs={"writes": sum("progress" in write for write in writes)})

    async with serving(worker) as client:
        began = asyncio.get_running_loop().time()
        body = await client.outcome()
        seconds = asyncio.get_running_loop().time() - began
    assert 1 <= body["result"]["outputs"]["writes"] <= 1 + 4 * seconds
    assert body["progress"]["page"] == 499


@pytest.mark.parametrize("value", [float("nan"), {1}, object()])
async def test_progress_and_checkpoints_that_are_not_json_fail_the_job(
    serving: Serving, value: Any
) -> None:
    worker = Worker("w", version="1", outputs=("x",))

    @worker.run
    async def give(job: Job, what: str) -> Result:
        await (job.progress(1, extra=value) if what == "progress" else job.save(value))
        return Result(outputs={"x": 1})

    async with serving(worker) as client:
        progress = await client.outcome(what="progress")
        checkpoint = await client.outcome(what="checkpoint")
    assert progress["error"]["code"] == "invalid_progress"
    assert checkpoint["error"]["code"] == "invalid_checkpoint"


async def test_a_saved_checkpoint_is_a_copy(serving: Serving) -> None:
    worker = Worker("w", version="1", outputs=("x", "y"))

    @worker.run
    async def give(job: Job) -> Result:
        frontier, before = ["a"], job.checkpoint
        await job.save({"frontier": frontier})
        frontier.append("b")
        return Result(outputs={"x": job.checkpoint, "y": before})

    async with serving(worker) as client:
        body = await client.outcome()
    assert body["result"]["outputs"] == {"x": {"frontier": ["a"]}, "y": None}


async def test_each_job_has_a_folder_of_its_own(serving: Serving, tmp_path: Path) -> None:
    worker = Worker("w", version="1", outputs=("x",))

    @worker.run
    async def give(job: Job) -> Result:
        (job.folder / "note").write_text(job.id)
        return Result(outputs={"x": str(job.folder)})

    async with serving(worker) as client:
        folders = [(await client.outcome())["result"]["outputs"]["x"] for _ in range(2)]
    assert folders[0] != folders[1]
    assert all(Path(folder).is_relative_to(tmp_path / "w") for folder in folders)


async def test_a_time_limit_ends_a_job_of_its_mode_only(serving: Serving) -> None:
    gated = Gated(time_limit={"smoke": 0.05})
    async with serving(gated.worker) as client:
        smoke = await client.outcome()
        full = (await client.start(mode="full")).body["jobId"]
        gated.gate.set()
        assert (await client.until(full))["status"] == "completed"
    assert smoke["error"]["code"] == "time_limit_exceeded"
    assert "0.05 s" in smoke["error"]["message"]


class HTTPQuotaError(Exception):
    pass


FAILURES: list[tuple[BaseException, str, str]] = [
    (ValueError("not a number\nsecond line"), "value_error", "not a number"),
    (HTTPQuotaError("used up"), "http_quota_error", "used up"),
    (WorkerError("no_browser", "No Chromium found."), "no_browser", "No Chromium found."),
    (TimeoutError("upstream"), "timeout_error", "upstream"),
    (SystemExit("enough"), "system_exit", "enough"),
    (asyncio.CancelledError(), "cancelled_error", "The function cancelled itself."),
    (KeyError(), "key_error", "The worker's function raised KeyError without a message."),
    (OSError("GET https://ann:pw@a.test/?api_key=abc123&n=1"), "os_error",
     "GET https://[hidden]@a.test/?api_key=[hidden]&n=1"),
    (RuntimeError("sent Authorization: Bearer abc.def-123"), "runtime_error",
     "sent Authorization: Bearer [hidden]"),
    (RuntimeError('{"client_secret": "hush", "n": 1}'), "runtime_error", '{"client_secret": [hidden], "n": 1}'),
    (ValueError("x" * 1000), "value_error", "x" * 300),
]  # fmt: skip


@pytest.mark.parametrize(("error", "code", "message"), FAILURES)
async def test_an_exception_fails_the_job_with_a_code_and_no_secret(
    serving: Serving, error: BaseException, code: str, message: str
) -> None:
    worker = Worker("w", version="1", outputs=("x",))

    @worker.run
    async def fail(job: Job) -> Result:
        raise error

    async with serving(worker) as client:
        body = await client.outcome()
    assert (body["status"], body["error"]) == ("failed", {"code": code, "message": message})


async def test_the_traceback_goes_to_the_log(
    serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    worker = Worker("w", version="1", outputs=("x",))

    @worker.run
    async def fail(job: Job) -> Result:
        raise ValueError("deep trouble")

    async with serving(worker) as client:
        body = await client.outcome()
    assert "Traceback" in caplog.text
    assert body["jobId"] in caplog.text
    assert "Traceback" not in json.dumps(body)


async def test_an_outcome_that_cannot_be_written_is_not_shown_as_running(serving: Serving) -> None:
    worker = Worker("w", version="1", outputs=("x",))

    def writable(yes: bool) -> None:
        assert worker.shift is not None
        worker.shift.ledger._db.execute(f"PRAGMA query_only = {0 if yes else 1}")

    @worker.run
    async def break_the_disk(job: Job) -> Result:
        writable(False)
        return Result(outputs={"x": 1})

    async with serving(worker) as client:
        job_id = (await client.start()).body["jobId"]
        assert (await client.status(job_id)).status == 503
        assert (await client.start()).code == "state_unavailable"
        writable(True)
        body = (await client.status(job_id)).body
    assert (body["status"], body["error"]["code"]) == ("failed", "outcome_not_recorded")
