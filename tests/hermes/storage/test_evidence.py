"""Evidence is kept for the last 20 runs of a service, and for its last failure beyond them."""

from hermes.storage.runs import evidence
from tests.support.catalog import outputs_of
from tests.support.room import Room


async def test_the_newest_runs_and_the_last_failure_keep_their_evidence(room: Room) -> None:
    room.register("content_qa")
    script = room.worker.script("content_qa")
    good = {"result": {"outputs": outputs_of(room.catalog.service("content_qa"))}}
    failures: list[str] = []
    for number in range(28):
        failing = number in (1, 3)
        script.final = {"status": "failed", "error": "no"} if failing else good
        started = await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
        await room.finish()
        room.clock.forward(60)
        if failing:
            (run,) = await room.hermes.runs.of_job(started.job_id)
            failures.append(str(run.id))
    assert await evidence.prune(room.hermes.pool) == 28 - 21
    kept = await room.hermes.pool.fetch("select run_id::text as id from run_evidence")
    ids = {row["id"] for row in kept}
    assert len(ids) == 21
    assert failures[1] in ids, "the last failure"
    assert failures[0] not in ids
    assert await evidence.prune(room.hermes.pool) == 0
