"""The month of `hermes_sandbox.history`, played through Hermes: started, run, judged and kept by its own code
on a held clock, against a scripted worker that answers as the month says.

    .venv/bin/python -m tests.support.month --home DIR   # before `hermes up --demo` in that home
"""

import argparse
import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from copy import deepcopy
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import structlog

from hermes.bootstrap import load_catalog
from hermes.control import Hermes
from hermes.core.catalog import Catalog, Output
from hermes.runner.loop import Runner
from hermes.upkeep.alerting import Alerting
from hermes.vault import Environment, Vault
from hermes.wiring.up import DEMO_NAME
from hermes_base.http.client import Client
from hermes_base.postgres import schema
from hermes_base.postgres.database import Pool, open_pool
from hermes_base.postgres.embedded import embedded
from hermes_base.settings import Settings, load
from hermes_sandbox.history import Answer, Promise, month
from tests.support.catalog import HONEST, SAMPLES
from tests.support.room import HeldClock
from tests.support.worker import ScriptedWorker, done


class MovingClock(HeldClock):
    """Goes on by a little whenever it is read, so that runs take the time of what Hermes does for them."""

    def __call__(self) -> datetime:
        self.forward(0.02)
        return self.now


BEFORE_THE_SANDBOX = "http://127.0.0.1:9"
"""Of the demo site until the sandbox stands and says its own address."""
SETTINGS: dict[str, Any] = {
    "keywords": ["prices"],
    "competitors": ["https://rival.example"],
    "gsc_site": "sc-domain:demo.example",
    "ga4_property": "310042142",
    "notify_to": "staff@demo.example",
}


USUAL: dict[str, Any] = {
    **HONEST,
    "cls": 0.05,
    "serp_tracked_keywords": 1,
    "indexable_pages": 5,
    "submissions_submitted": 1,
    "submissions_needs_human": 0,
    "submissions_failed": 0,
    "ads_spend": 630.0,  # the cost per click times the clicks
    "ads_clicks": 420,
    "ads_cpc": 1.5,
}
"""Values that keep the contracts, where a made-up one might not; of the others the month makes up its own."""
VARIES = frozenset({"lcp", "inp"})
"""Of those, figures that bear to be made up all the same."""


def promises_of(catalog: Catalog) -> dict[str, dict[str, Promise]]:
    """What the built services promise, as the month is told of it."""
    return {
        s.slug: {o.slug: Promise(o.type, o.unit, _usual(o)) for o in s.outputs}
        for s in catalog.workers
        if s.state == "built"
    }


def _usual(output: Output) -> Any:
    if output.slug in VARIES or (output.type == "number" and output.slug not in USUAL):
        return None
    return deepcopy(USUAL.get(output.slug, SAMPLES[output.type]))


def reply_of(answer: Answer) -> Mapping[str, Any]:
    """An answer of the month in the words of the worker contract."""
    if answer.error:
        return {"status": "failed", "error": answer.error}
    gaps = {
        slug: {"reason": "missing_config", "message": why} for slug, why in answer.missing.items()
    }
    return done(answer.outputs, missing=gaps)


async def play(pool: Pool, catalog: Catalog, until: datetime, days: int) -> int:
    """Write the month into a migrated database, for its demo site. Returns the number of runs."""
    clock, worker, runs = MovingClock(), ScriptedWorker(), 0
    async with worker.serving(), Client(host_limit=64) as client:
        promised = promises_of(catalog)
        secrets = {catalog.service(slug).secret: worker.secret(slug) for slug in promised}
        hermes = Hermes(pool, catalog, Vault([Environment(secrets)]), clock)
        site = await hermes.sites.put_demo(DEMO_NAME, BEFORE_THE_SANDBOX, SETTINGS)
        review = Alerting(hermes.scope, hermes.jobs)
        answers = month(promised, until, days)
        for at, of_day in groupby(answers, key=lambda answer: answer.at):
            clock.now = at
            for answer in of_day:
                worker.script(answer.service).final = dict(reply_of(answer))
                runs += 1
            for start in (hermes.jobs.start_connections, hermes.jobs.start_smoke):
                await start(site.id, "schedule 0 6 * * *")
                await Runner(
                    pool, catalog, hermes.vault, client, clock=clock, jitter=lambda: 0.5
                ).drain()
                clock.forward(40)
            await review.review()
    return runs


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[Pool]:
    """The embedded database of a home that nothing else uses now, migrated."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    server = embedded(settings.home, settings.digest)
    await asyncio.to_thread(server.start)
    try:
        pool = await open_pool(server.url, size=6)
        await schema.migrate(pool)
        yield pool
        await pool.close()
    finally:
        server.stop()


async def into_home(home: Path, days: int = 30) -> int:
    """Play the month into the home of a Hermes that does not run; it ends today."""
    settings = load({"HERMES_HOME": str(home)})
    until = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    async with opened(settings) as pool:
        return await play(pool, load_catalog(settings), until, days)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--days", type=int, default=30)
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    began = time.monotonic()
    written = asyncio.run(into_home(asked.home, asked.days))
    print(f"{written} smoke runs over {asked.days} days in {time.monotonic() - began:.1f} s")
