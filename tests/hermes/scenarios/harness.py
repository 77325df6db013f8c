"""One Hermes with all scenarios: each is a service of one catalog, and all are tested at once."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from hermes.control import Hermes
from hermes.core.catalog import Budget, Catalog, ModeSpec, Output, Service
from hermes.core.sites.input import SiteInput
from hermes.core.views import RunView
from hermes.runner.loop import GRACE, Runner
from hermes.vault import Environment, Vault
from hermes_base.clock import utc_now
from hermes_base.http.client import Client
from hermes_base.postgres.database import open_pool
from hermes_base.postgres.listening import Listener
from tests.hermes.scenarios.scenario import CONNECT, KEY, LONG, OUTPUTS, Scenario
from tests.hermes.scenarios.scripted_worker import ScriptedWorker, authority_file, certified, serve
from tests.support.waiting import until_fetched

TYPES = dict(zip(OUTPUTS, ("number", "list", "text"), strict=True))


@dataclass
class RunningHermes:
    """Hermes with a running runner, and the scripted workers by name of their scenario."""

    hermes: Hermes
    workers: dict[str, ScriptedWorker]
    variables: dict[str, str]

    async def add_site(self, name: str) -> UUID:
        site = await self.hermes.sites.add(SiteInput(base_url=f"https://{name}.example"), "tests")
        return site.id

    async def over(self, site_ids: Collection[UUID], seconds: float) -> None:
        """Wait until no run of these sites is open."""
        statement = (
            "select not exists (select from service_runs"
            " where site_id = any($1::uuid[]) and status in ('queued', 'running'))"
        )
        pool, ids = self.hermes.pool, list(site_ids)
        await until_fetched(pool, statement, "all runs end", ids, seconds=seconds, every=0.1)


def service(slug: str, scenario: Scenario | None = None) -> Service:
    """The catalog entry of a scenario, or of a worker that behaves."""
    budget = Budget(items=scenario.most_items) if scenario else Budget()
    smoke = ModeSpec(
        response_seconds=scenario.response_seconds if scenario else LONG,
        deadline_seconds=scenario.deadline_seconds if scenario else LONG,
        budget=budget,
    )
    return Service(
        slug=slug,
        name=slug.replace("_", " ").capitalize(),
        category="scenarios",
        purpose="To be told apart from the others.",
        state="built",
        secret=secret_name(slug),
        expected_outputs=OUTPUTS,
        outputs=tuple(Output.model_validate({"slug": o, "label": o, "type": TYPES[o]}) for o in OUTPUTS),
        supports_async=True,
        honours_idempotency=scenario.idempotent if scenario else True,
        warm_up_seconds=scenario.warm_up if scenario else 0,
        smoke=smoke if scenario is None or scenario.is_smoke else None,
        max_concurrency=200,
    )  # fmt: skip


def secret_name(slug: str) -> str:
    """The variable that holds the secret of a service."""
    return f"HERMES_WORKER_{slug.upper()}"


def secret(url: str) -> str:
    """A secret that points there."""
    return json.dumps({"base_url": url, "api_key": KEY})


@asynccontextmanager
async def started(scenario: Scenario) -> AsyncGenerator[tuple[ScriptedWorker, str]]:
    """The scenario's server, and the address at which Hermes believes it."""
    home = scenario.home
    if home in ("closed", "silent_tls"):
        with socket.socket() as held:  # bound, so that nobody else takes the port
            held.bind(("127.0.0.1", 0))
            if home == "silent_tls":
                held.listen(8)
            scheme = "https" if home == "silent_tls" else "http"
            yield ScriptedWorker({}), f"{scheme}://localhost:{held.getsockname()[1]}"
        return
    tls = certified(home) if home.startswith("tls") and home != "tls_to_plain" else None
    async with serve(scenario.plays, tls) as worker:
        scheme = "https" if home.startswith("tls") else "http"
        host = "no-such-host.invalid" if home == "no_such_host" else "localhost"
        yield worker, f"{scheme}://{host}:{worker.port}"


@asynccontextmanager
async def running_hermes(
    database_url: str,
    scenarios: Collection[Scenario],
    others: Mapping[str, str],
    connect_seconds: float = CONNECT,
    grace: float = GRACE,
    lease: float = 30.0,
) -> AsyncGenerator[RunningHermes]:
    """A scripted worker for each scenario, `others` (slug -> address) beside them, and one runner for all.

    `grace`: seconds that the runner gives at the end to starts that have no answer yet. `lease`: seconds
    after which a claim lapses that was not renewed.
    """
    variables = {secret_name(slug): secret(url) for slug, url in others.items()}
    workers: dict[str, ScriptedWorker] = {}
    services = [
        *(service(each.name, each) for each in scenarios),
        *(service(slug) for slug in others),
    ]
    catalog, vault = Catalog(version=1, services=tuple(services)), Vault([Environment(variables)])
    async with AsyncExitStack() as stack:
        for scenario in scenarios:
            workers[scenario.name], url = await stack.enter_async_context(started(scenario))
            variables[secret_name(scenario.name)] = secret(url)
        pool = await open_pool(database_url, size=6)
        stack.push_async_callback(pool.close)
        trusted = stack.enter_context(authority_file())
        client = await stack.enter_async_context(
            Client(host_limit=200, ca_file=trusted, connect_seconds=connect_seconds)
        )
        kept = timedelta(seconds=lease)
        runner = Runner(pool, catalog, vault, client, jitter=lambda: 0.5, grace=grace, lease=kept)
        await stack.enter_async_context(working(runner, database_url))
        yield RunningHermes(Hermes(pool, catalog, vault, utc_now), workers, variables)


@asynccontextmanager
async def working(runner: Runner, database_url: str) -> AsyncGenerator[None]:
    """A runner at work until the end."""
    stop, listener = asyncio.Event(), Listener(database_url)
    listening = asyncio.create_task(listener.run())
    working = asyncio.create_task(runner.run(stop, listener))
    try:
        yield
    finally:
        stop.set()
        await working
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


async def start_all(running: RunningHermes, site_id: UUID, scenarios: Collection[Scenario]) -> None:
    """Start the smoke test of all scenarios, and the connection test of those that need only that."""
    await running.hermes.jobs.start_smoke(site_id, "tests")
    for scenario in scenarios:
        if not scenario.is_smoke:
            await running.hermes.jobs.start_connections(site_id, "tests", scenario.name)


async def runs_by_name(running: RunningHermes, site_id: UUID) -> dict[str, RunView]:
    """The runs of a site by service."""
    found = await running.hermes.runs.of(site_id, limit=1000)
    return {run.service_slug: run for run in found}
