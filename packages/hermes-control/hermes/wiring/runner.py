"""A runner as a process: it asks workers, keeps schedules, and watches for alerts."""

import asyncio
from datetime import timedelta

import structlog

from hermes.bootstrap import open_hermes
from hermes.channels.carrier import Carrier
from hermes.channels.posting import posting
from hermes.runner.alerts import AlertWatch
from hermes.runner.loop import Runner, steady_memory
from hermes.runner.schedules import keep_schedules
from hermes.upkeep.alerting import Alerting
from hermes_base.http.client import Client
from hermes_base.postgres.listening import Listener
from hermes_base.postgres.opening import listening_address
from hermes_base.processes import address_of, ending, stopping
from hermes_base.settings import Settings

log = structlog.get_logger()


async def run_runner(settings: Settings, parent: int | None = None) -> None:
    """A runner: any number of them may share a database."""
    heard = await listening_address(settings)
    stop = stopping(parent)
    async with (
        open_hermes(settings) as (hermes, pool),
        Client(settings.host_concurrency) as client,
        posting(hermes.scope.opened) as posts,
    ):
        listener = Listener(heard)
        carrier = Carrier(posts, hermes.vault, hermes.scope.opened, hermes.clock)
        alerting = Alerting(hermes.scope, hermes.jobs, address_of(settings), carrier, settings.home)
        ping, catalogs = settings.ping_url.get_secret_value(), hermes.scope.catalogs
        watch = AlertWatch(alerting, catalogs, listener, ping)
        chores = (listener.run(), keep_schedules(hermes.schedules, hermes.clock), watch.run())
        helpers = [asyncio.create_task(chore) for chore in chores]
        runner = Runner(
            pool,
            hermes.scope.catalogs,
            hermes.vault,
            client,
            clock=hermes.clock,
            capacity=settings.runner_capacity,
            lease=timedelta(seconds=settings.lease_seconds),
            callback_url=settings.callback_url,
        )
        steady_memory()
        log.info("runner started", runner=runner.name)
        await runner.run(stop, listener)
        await ending(*helpers)
