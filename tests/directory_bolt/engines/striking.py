"""kill -9 of the subscriber and of the Prefect worker while an order is under way."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from directory_bolt.processes.reconciling import Reconciling
from hermes_base.clock import utc_now
from tests.directory_bolt.engines.site import Site, end_whole
from tests.support.waiting import until


async def survives_killing(site: Site, redelivered: Callable[[], Awaitable[None]]) -> None:
    """An order of five directories comes to its end, each once; `redelivered`: the queue hands out
    again what the killed subscriber had taken."""
    job_id = await site.order(5, gate=True)
    await site.shop.enqueue(job_id)
    subscriber = site.subscriber()

    async def handed_over() -> bool:
        return bool(await site.shop.pool.fetchval("select count(*) from flow_runs"))

    await until(handed_over, "the order is handed over", 120)
    end_whole(subscriber)
    await redelivered()
    site.subscriber()
    worker = site.worker()
    await until(lambda: waits_at_gate(site, job_id), "a form waits at the gate", 120)
    end_whole(worker)  # and the process of the run: Prefect itself will never notice
    assert (await site.engine.state(await site.external(job_id))).state == "running"
    soon = Reconciling(site.shop.pool, site.engine, lambda: utc_now() + timedelta(minutes=5))
    await soon.look()
    site.worker()
    await until(lambda: waits_at_gate(site, job_id, 2), "the form waits there again", 120)
    site.open()
    assert await site.until_over(job_id) == "completed"
    forms = site.book("forms", job_id)
    assert len(forms) == 5
    assert set(forms.values()) == {1}
    assert await site.shop.pool.fetchval("select count(*) from flow_runs") == 1
    assert (await site.shop.events(job_id)).count("requeued_stale") == 1


async def waits_at_gate(site: Site, job_id: UUID, times: int = 1) -> bool:
    """Whether four directories are done and the last one is being visited so many times."""
    visits = site.book("visits", job_id)
    done = (await site.shop.job(job_id)).directories_done
    return done == 4 and any(
        name.startswith("gate") and number == times for name, number in visits.items()
    )
