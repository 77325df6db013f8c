"""A process that delivers alerts, so that a test can kill it."""

import asyncio
import os

from hermes.channels.carrier import Carrier
from hermes.channels.posting import posting
from hermes.control import Hermes
from hermes.upkeep.alerting import Alerting
from hermes.vault import Environment, Vault
from hermes_base.postgres.database import open_pool
from hermes_egress.opened import Opened
from tests.support.catalog import all_built


async def main() -> None:
    pool = await open_pool(os.environ["ALERT_DATABASE"])
    opened = Opened("127.0.0.0/8")
    hermes = Hermes(pool, all_built(), Vault([Environment()]), opened=opened)
    async with posting(opened) as posts:
        carrier = Carrier(posts, hermes.vault, opened, hermes.clock)
        await Alerting(hermes.scope, hermes.jobs, "", carrier).deliver()
    await pool.close()


if __name__ == "__main__":
    asyncio.run(main())
