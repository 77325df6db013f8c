"""An order on Prefect: every directory exactly once, whoever is killed on the way."""

# pyright: reportMissingImports=false
from datetime import timedelta
from uuid import UUID

import psutil
import pytest

from directory_bolt.engines import prefect_flow
from directory_bolt.engines.flow import FlowAwayError
from directory_bolt.engines.prefect_api import POOL, prefect_api
from directory_bolt.engines.prefect_deploying import deploy
from directory_bolt.engines.prefect_flow import PrefectFlow
from directory_bolt.processes.giving_up import MOST_ATTEMPTS
from directory_bolt.storage import flows
from tests.directory_bolt.engines.site import ENTRYPOINT, Site
from tests.directory_bolt.engines.striking import survives_killing, waits_at_gate
from tests.support.waiting import until


async def pause(site: Site) -> None:
    """No worker takes a run from now on."""
    from prefect.client.schemas.actions import WorkPoolUpdate

    async with prefect_api(site.url) as client:
        await client.update_work_pool(POOL, WorkPoolUpdate(is_paused=True))


async def test_deploying_twice_changes_nothing_but_what_was_asked(site: Site) -> None:
    async with prefect_api(site.url) as client:
        before = await client.read_deployment_by_name("process_job/production")
    await deploy(site.url, 7, ENTRYPOINT)
    async with prefect_api(site.url) as client:
        after = await client.read_deployment_by_name("process_job/production")
        pool = await client.read_work_pool(POOL)
    assert after.id == before.id
    assert (pool.type, pool.concurrency_limit) == ("process", 7)
    await site.engine.check()


async def test_a_missing_deployment_and_an_absent_server_are_named(site: Site) -> None:
    async with prefect_api(site.url) as client:
        found = await client.read_deployment_by_name("process_job/production")
        await client.delete_deployment(found.id)
    job_id = await site.order(1)
    for ask in (site.engine.check(), site.engine.trigger(job_id)):
        with pytest.raises(FlowAwayError, match="is missing: run hermes prefect deploy"):
            await ask
    away = PrefectFlow(site.shop.pool, "http://ann:secret@127.0.0.1:1/api")
    with pytest.raises(FlowAwayError, match=r"127\.0\.0\.1:1/api cannot be reached") as said:
        await away.check()
    assert "secret" not in str(said.value)


async def test_an_order_handed_over_twice_is_one_run(site: Site) -> None:
    await pause(site)
    job_id = await site.order(1)
    first = await site.engine.trigger(job_id)
    assert await site.engine.trigger(job_id) == first
    await site.shop.pool.execute("update flow_runs set external_id = null")  # died before noting it
    assert await site.engine.trigger(job_id) == first
    assert await site.external(job_id) == first


async def test_an_order_goes_from_the_queue_to_completed(site: Site) -> None:
    site.worker()
    job_id = await site.order(5)
    run = await site.hand_over(job_id)
    assert await site.until_over(job_id) == "completed"
    found = await site.shop.results(job_id)
    assert [row.status for row in found.values()] == ["submitted"] * 5
    assert set(site.book("forms", job_id).values()) == {1}
    await until(lambda: in_state(site, run, "completed"), "the run is completed", 120)
    assert await tasks_of(site, run) == {f"submit_directory {name}" for name in found}
    assert (await site.shop.events(job_id))[-3:] == [
        "submission_complete", "job_finalized", "flow_completed",
    ]  # fmt: skip


async def in_state(site: Site, run: str, state: str) -> bool:
    return (await site.engine.state(run)).state == state


async def tasks_of(site: Site, run: str) -> set[str]:
    """The tasks of a run as Prefect knows them: kind and name."""
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    one = FlowRunFilter(id=FlowRunFilterId(any_=[UUID(run)]))

    async with prefect_api(site.url) as client:

        async def told() -> bool:
            return len(await client.read_task_runs(flow_run_filter=one)) == 5

        await until(
            told, "the task runs are written", 120
        )  # Prefect writes task runs a moment later
        found = await client.read_task_runs(flow_run_filter=one)
    return {f"{each.task_key.partition('-')[0]} {each.name}" for each in found}


async def test_killed_workers_and_subscribers_change_nothing_but_the_hour(site: Site) -> None:
    async def a_minute_later() -> None:
        await site.shop.pool.execute("update queue_messages set visible_at = now()")

    await survives_killing(site, a_minute_later)


async def test_a_killed_run_is_followed_by_another(site: Site) -> None:
    worker = site.worker()
    job_id = await site.order(5, gate=True)
    run = await site.hand_over(job_id)
    await until(lambda: waits_at_gate(site, job_id), "a form waits at the gate", 120)
    for child in psutil.Process(worker.pid).children(recursive=True):
        child.kill()
    await until(lambda: in_state(site, run, "crashed"), "the run is crashed", 120)
    site.open()
    assert await site.until_over(job_id) == "completed"
    assert await site.external(job_id) != run
    assert set(site.book("forms", job_id).values()) == {1}


async def test_an_order_whose_runs_crash_is_given_up_with_an_alert(site: Site) -> None:
    await pause(site)
    job_id = await site.order(1)
    runs = {await site.hand_over(job_id)}
    for _ in range(MOST_ATTEMPTS):
        await site.engine.declare_crashed(await site.external(job_id), "killed by the test")
        await site.reconciling().look()
        runs.add(await site.external(job_id))
    assert len(runs) == MOST_ATTEMPTS
    job = await site.shop.job(job_id)
    assert job.status == "failed"
    assert "workers in a row" in (job.error_message or "")
    for table in ("dead_letters", "alerts"):
        found = await site.shop.pool.fetchval(
            f"select count(*) from {table} where job_id = $1", job_id
        )
        assert found == 1
    assert (await site.shop.events(job_id))[-1] == "dead_lettered"


async def test_one_lost_run_has_one_follower_whoever_dies_in_between(site: Site) -> None:
    await pause(site)
    job_id = await site.order(1)
    run = await site.hand_over(job_id)
    row = await flows.open_flow(site.shop.pool, job_id)
    assert row is not None
    first = await site.engine.start(row, f"{row.id}:{run}")  # and dies before it is noted
    await site.engine.declare_crashed(run, "killed by the test")
    await site.reconciling().look()
    await site.reconciling().look()
    assert await site.external(job_id) == first


async def test_a_run_cancelled_in_prefect_cancels_its_order(site: Site) -> None:
    await pause(site)
    job_id = await site.order(2)
    run = await site.hand_over(job_id)
    async with prefect_api(site.url) as client:
        from prefect.states import Cancelling

        await client.set_flow_run_state(run, Cancelling())
    await site.reconciling().look()
    assert (await site.shop.job(job_id)).status == "cancelled"
    assert (await site.shop.events(job_id))[-1] == "cancelled"
    assert await site.shop.pool.fetchval("select state from flow_runs") == "cancelled"


async def test_a_cancelled_order_is_never_begun_by_prefect(site: Site) -> None:
    await pause(site)
    job_id = await site.order(2)
    run = await site.hand_over(job_id)
    await site.shop.orders.staff.cancel(job_id, "ann")
    assert (await site.engine.state(run)).state == "cancelled"


async def test_a_cancelled_order_under_way_sends_nothing_more(site: Site) -> None:
    site.worker()
    job_id = await site.order(5, gate=True)
    run = await site.hand_over(job_id)
    await until(lambda: waits_at_gate(site, job_id), "a form waits at the gate", 120)
    await site.shop.orders.staff.cancel(job_id, "ann")
    site.open()
    await until(lambda: in_state(site, run, "cancelled"), "the run is cancelled", 120)
    assert len(site.book("forms", job_id)) == 4
    assert await site.shop.pool.fetchval("select state from flow_runs") == "cancelled"


async def test_an_order_that_no_worker_takes_is_an_alert(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    await pause(site)
    job_id = await site.order(1)
    await site.hand_over(job_id)
    await site.reconciling().look()
    asked = "select kind from alerts where job_id = $1"
    assert await site.shop.pool.fetchval(asked, job_id) is None
    monkeypatch.setattr(prefect_flow, "LATE", timedelta(0))
    await site.reconciling().look()
    assert await site.shop.pool.fetchval(asked, job_id) == "lapsed"
