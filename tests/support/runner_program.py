"""A runner as a process of its own, so that a test can kill it."""

import asyncio
import os
import signal
from datetime import timedelta

from hermes.runner.loop import Runner
from hermes.vault import Environment, Vault
from hermes_base.http.client import Client
from hermes_base.postgres.database import open_pool
from hermes_base.postgres.listening import Listener
from tests.support.catalog import many_at_once


async def main() -> None:
    url = os.environ["RUNNER_DATABASE"]
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    pool = await open_pool(url)
    listener = Listener(url)
    listening = asyncio.create_task(listener.run())
    async with Client(host_limit=100) as client:
        runner = Runner(
            pool, many_at_once(), Vault([Environment()]), client, lease=timedelta(seconds=2)
        )
        await runner.run(stop, listener)
    listening.cancel()
    await pool.close()


if __name__ == "__main__":
    asyncio.run(main())
