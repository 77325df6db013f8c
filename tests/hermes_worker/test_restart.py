"""What becomes of jobs when their process stops, gracefully or by SIGKILL, and starts again."""

import asyncio
import signal
import sqlite3
from pathlib import Path

import pytest

from hermes_worker import Job, Result, Worker, WorkerError
from tests.support.waiting import until

from .conftest import Client, Fleet, RunFleet, Serving


async def hold_a_step(client: Client, gate: Path) -> str:
    """A stepper job that has made two steps and waits for the gate."""
    job_id = (await client.start(key="held", gate=str(gate))).body["jobId"]

    async def two_steps() -> bool:
        progress = (await client.status(job_id)).body["progress"]
        return bool(progress) and progress["done"] == 2

    await until(two_steps, "the job makes two steps", every=0.01)
    return job_id


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
async def test_a_resumable_job_goes_on_from_its_checkpoint(
    run_fleet: RunFleet, tmp_path: Path, how: signal.Signals
) -> None:
    gate = tmp_path / "gate"
    async with run_fleet() as fleet:
        job_id = await hold_a_step(fleet.client("stepper"), gate)
        await fleet.end(how)
    gate.touch()
    async with run_fleet() as fleet:
        client = fleet.client("stepper")
        body = await client.until(job_id)
        again = await client.start(key="held", gate=str(gate))
    assert (body["status"], body["result"]["outputs"]) == ("completed", {"steps": 4, "began_at": 2})
    assert (again.body["jobId"], again.headers["Idempotent-Replay"]) == (job_id, "true")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
async def test_a_job_that_cannot_resume_fails_as_worker_restarted(
    run_fleet: RunFleet, tmp_path: Path, how: signal.Signals
) -> None:
    async with run_fleet() as fleet:
        client = fleet.client("single")
        job_id = (await client.start(gate=str(tmp_path / "gate"))).body["jobId"]
        await client.until(job_id, "running")
        await fleet.end(how)
    async with run_fleet() as fleet:
        body = (await fleet.client("single").status(job_id)).body
    assert (body["status"], body["error"]["code"]) == ("failed", "worker_restarted")
    assert "restarted while this job ran" in body["error"]["message"]


async def test_queued_jobs_survive_a_kill_and_run(run_fleet: RunFleet, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    async with run_fleet() as fleet:
        client = fleet.client("stepper")
        held = await hold_a_step(client, gate)
        queued = (await client.start(gate=str(gate), steps=1)).body
        await fleet.end(signal.SIGKILL)
    gate.touch()
    async with run_fleet() as fleet:
        client = fleet.client("stepper")
        bodies = [await client.until(job_id) for job_id in (held, queued["jobId"])]
    assert queued["status"] == "queued"
    assert [body["result"]["outputs"]["steps"] for body in bodies] == [4, 1]
    assert bodies[0]["updatedAt"] <= bodies[1]["updatedAt"]


async def test_every_accepted_start_is_known_after_a_kill(
    run_fleet: RunFleet, tmp_path: Path
) -> None:
    accepted: list[str] = []

    async def start_until_gone(fleet: Fleet) -> None:
        client = fleet.client("stepper")
        while True:
            accepted.append((await client.start(gate=str(tmp_path / "gate"))).body["jobId"])
            if len(accepted) == 50:
                await fleet.end(signal.SIGKILL)
                return

    async with run_fleet() as fleet:
        await asyncio.gather(*(start_until_gone(fleet) for _ in range(4)), return_exceptions=True)
    assert len(accepted) >= 50
    async with run_fleet() as fleet:
        client = fleet.client("stepper")
        replies = [await client.status(job_id) for job_id in accepted]
    assert {reply.status for reply in replies} == {200}


async def test_a_job_that_was_being_cancelled_is_not_run_again(run_fleet: RunFleet) -> None:
    async with run_fleet() as fleet:
        client = fleet.client("stubborn")
        job_id = (await client.start()).body["jobId"]
        await client.until(job_id, "running")
        assert (await client.cancel(job_id)).body["status"] == "cancelling"
        await fleet.end(signal.SIGKILL)
    async with run_fleet() as fleet:
        body = (await fleet.client("stubborn").status(job_id)).body
    assert body["status"] == "cancelled"


async def test_a_job_that_never_saves_is_not_restarted_forever(serving: Serving) -> None:
    worker = Worker("w", version="1", outputs=("x",), resumable=True)
    begun = asyncio.Queue[bool]()

    @worker.run
    async def wait(job: Job, saving: bool) -> Result:
        if saving:
            await job.save(1)
        begun.put_nowait(saving)
        await asyncio.Event().wait()
        return Result(outputs={"x": 1})

    async with serving(worker) as client:
        ids = [(await client.start(saving=saving)).body["jobId"] for saving in (False, True)]
        await asyncio.wait_for(begun.get(), 10)
        await asyncio.wait_for(begun.get(), 10)
    for _ in range(5):
        async with serving(worker) as client:
            bodies = [(await client.until(job_id, "running")) for job_id in ids]
            await asyncio.wait_for(begun.get(), 10)
            await asyncio.wait_for(begun.get(), 10)
    async with serving(worker) as client:
        bodies = [(await client.until(job_id, "running", "failed")) for job_id in ids]
    assert [body["status"] for body in bodies] == ["failed", "running"]
    assert bodies[0]["error"]["code"] == "worker_restarted"
    assert "6 times" in bodies[0]["error"]["message"]


async def test_finished_jobs_are_forgotten_after_seven_days(
    serving: Serving, tmp_path: Path
) -> None:
    worker = Worker("w", version="1", outputs=("x",))

    @worker.run
    async def give(job: Job) -> Result:
        return Result(outputs={"x": str(job.folder)})

    async with serving(worker) as client:
        old, young = [await client.outcome() for _ in range(2)]
    shift_back(tmp_path / "w.sqlite3", old["jobId"], days=7.01)
    shift_back(tmp_path / "w.sqlite3", young["jobId"], days=6.99)
    async with serving(worker) as client:
        statuses = [(await client.status(body["jobId"])).status for body in (old, young)]
    folders = [folder.name for folder in (tmp_path / "w").iterdir()]
    assert (statuses, folders) == ([404, 200], [young["jobId"]])


def shift_back(file: Path, job_id: str, days: float) -> None:
    db = sqlite3.connect(file)
    with db:
        db.execute(
            "UPDATE jobs SET updated_at = updated_at - ? WHERE id = ?", (days * 86400, job_id)
        )
    db.close()


async def test_progress_told_before_a_stop_is_shown_after_it(serving: Serving) -> None:
    worker = Worker("w", version="1", outputs=("x",), resumable=True, max_concurrency=1)
    told = asyncio.Event()

    @worker.run
    async def give(job: Job) -> Result:
        if job.checkpoint is None:
            await job.save({"pages": 2})
            for done in range(1, 3):
                await job.progress(done, 5, unit="pages", phase="crawling")
            told.set()
        await asyncio.Event().wait()
        return Result(outputs={"x": 1})

    async with serving(worker) as client:
        job_id = (await client.start()).body["jobId"]
        await asyncio.wait_for(told.wait(), 10)
    async with serving(worker) as client:
        body = await client.until(job_id, "running")
    assert (body["progress"]["done"], body["phase"]) == (2, "crawling")


async def test_a_function_can_save_while_it_is_stopped(serving: Serving) -> None:
    worker = Worker("w", version="1", outputs=("x",), resumable=True)
    began = asyncio.Event()

    @worker.run
    async def give(job: Job) -> Result:
        if job.checkpoint:
            return Result(outputs={"x": job.checkpoint})
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            await job.save("saved at the last moment")
        return Result(outputs={"x": "not reached"})

    async with serving(worker) as client:
        job_id = (await client.start()).body["jobId"]
        await asyncio.wait_for(began.wait(), 10)
    async with serving(worker) as client:
        body = await client.until(job_id)
    assert body["result"]["outputs"] == {"x": "saved at the last moment"}


async def test_a_caller_who_waits_during_a_stop_changes_nothing(tmp_path: Path) -> None:
    worker = Worker("w", version="1", outputs=("x",), resumable=True)
    began = asyncio.Event()

    @worker.run
    async def wait(job: Job) -> Result:
        began.set()
        await asyncio.Event().wait()
        return Result(outputs={"x": 1})

    async with worker.running(tmp_path):
        assert worker.shift is not None
        job_id, _ = worker.shift.start({"mode": "smoke"}, None)
        waiting = asyncio.create_task(worker.shift.settle(job_id, 30))
        await began.wait()
    assert (await waiting).status == "running"
    async with worker.running(tmp_path):
        assert worker.shift.record(job_id).status == "running"


async def test_two_processes_cannot_share_the_jobs(run_fleet: RunFleet, tmp_path: Path) -> None:
    worker = Worker("single", version="1", outputs=("x",))

    @worker.run
    async def give(job: Job) -> Result:
        return Result(outputs={"x": 1})

    async with run_fleet() as fleet:
        with pytest.raises(WorkerError, match="another process") as caught:
            async with worker.running(fleet.state):
                pass
    assert caught.value.code == "state_unavailable"
    async with worker.running(tmp_path / "state"):
        assert worker.shift is not None
