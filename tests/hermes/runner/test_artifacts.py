"""What a worker wants kept beside its run comes back over the API, newest first, and not for ever."""

from hermes.storage.runs import artifacts
from tests.support.catalog import outputs_of
from tests.support.room import Room


async def smoke_with(room: Room, links: list[str]) -> None:
    room.register("content_qa")
    outputs = outputs_of(room.catalog.service("content_qa"))
    result = {"outputs": outputs, "artifacts": {"links": links}}
    room.worker.script("content_qa").final = {"result": result}
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
    await room.finish()
    room.clock.forward(60)


async def test_artifacts_come_back_with_the_run_that_made_them_newest_first(room: Room) -> None:
    await smoke_with(room, ["a"])
    await smoke_with(room, ["a", "b"])
    newest, oldest = await room.hermes.runs.delivered(room.site.id, "content_qa")
    assert (newest.artifacts, oldest.artifacts) == ({"links": ["a", "b"]}, {"links": ["a"]})
    assert newest.finished_at > oldest.finished_at
    assert set(newest.outputs) == set(outputs_of(room.catalog.service("content_qa")))


async def test_the_key_of_a_worker_is_taken_out_of_its_artifacts(room: Room) -> None:
    from tests.support.worker import KEY

    await smoke_with(room, [f"https://x.example/?key={KEY}"])
    (run,) = await room.hermes.runs.delivered(room.site.id, "content_qa")
    assert KEY not in str(run.artifacts)
    assert "https://x.example/" in str(run.artifacts)


async def test_only_the_newest_artifacts_are_kept(room: Room) -> None:
    for name in "abc":
        await smoke_with(room, [name])
    assert await artifacts.prune(room.hermes.pool, kept=2) == 1
    kept = [run.artifacts for run in await room.hermes.runs.delivered(room.site.id, "content_qa")]
    assert kept == [{"links": ["c"]}, {"links": ["b"]}, {}]


async def test_a_failed_run_delivered_nothing(room: Room) -> None:
    await smoke_with(room, ["before"])
    room.worker.script("content_qa").final = {"status": "failed", "error": "broken"}
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
    await room.finish()
    (run,) = await room.hermes.runs.delivered(room.site.id, "content_qa")
    assert (run.status, run.artifacts) == ("success", {"links": ["before"]})
