"""One runner visits the whole zoo: every animal is a service of one catalog, tested at once."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

from hermes.control import Hermes
from hermes.core.catalog import Budget, Catalog, ModeSpec, Output, Service
from hermes.core.sites.input import SiteInput
from hermes.core.views import RunView
from hermes.runner.loop import Runner
from hermes.vault import Environment, Vault
from hermes_base.clock import utc_now
from hermes_base.http.client import Client
from hermes_base.postgres.database import open_pool
from hermes_base.postgres.listening import Listener
from tests.hermes.zoo.anatomy import CONNECT, DEADLINE, KEY, OUTPUTS, RESPONSE, Animal
from tests.hermes.zoo.keeper import Cage, authority_file, certified, keep

TYPES = dict(zip(OUTPUTS, ("number", "list", "text"), strict=True))


@dataclass
class Zoo:
    """Hermes with a running runner, and the cages by name of the animal."""

    hermes: Hermes
    cages: dict[str, Cage]
    variables: dict[str, str]

    async def add_site(self, name: str) -> UUID:
        site = await self.hermes.sites.add(SiteInput(base_url=f"https://{name}.example"), "tests")
        return site.id

    async def over(self, site_ids: Collection[UUID], seconds: float) -> None:
        """Wait until no run of these sites is open."""
        async with asyncio.timeout(seconds):
            while await self.hermes.pool.fetchval(
                "select count(*) from service_runs"
                " where site_id = any($1::uuid[]) and status in ('queued', 'running')",
                list(site_ids),
            ):
                await asyncio.sleep(0.1)


def service(slug: str, animal: Animal | None = None) -> Service:
    """The catalog entry of an animal, or of a worker that behaves."""
    budget = Budget(items=animal.most_items) if animal else Budget()
    smoke = ModeSpec(response_seconds=RESPONSE, deadline_seconds=DEADLINE, budget=budget)
    return Service(
        slug=slug,
        name=slug.replace("_", " ").capitalize(),
        category="zoo",
        purpose="To be told apart from the others.",
        state="built",
        secret=secret_name(slug),
        expected_outputs=OUTPUTS,
        outputs=tuple(Output.model_validate({"slug": o, "label": o, "type": TYPES[o]}) for o in OUTPUTS),
        supports_async=True,
        honours_idempotency=animal.idempotent if animal else True,
        warm_up_seconds=animal.warm_up if animal else 0,
        smoke=smoke if animal is None or animal.is_smoke else None,
        max_concurrency=200,
    )  # fmt: skip


def secret_name(slug: str) -> str:
    """The variable that holds the secret of a service."""
    return f"HERMES_WORKER_{slug.upper()}"


def secret(url: str) -> str:
    """A secret that points there."""
    return json.dumps({"base_url": url, "api_key": KEY})


@asynccontextmanager
async def caged(animal: Animal) -> AsyncGenerator[tuple[Cage, str]]:
    """The animal's server, and the address at which Hermes believes it."""
    home = animal.home
    if home in ("closed", "silent_tls"):
        with socket.socket() as held:  # bound, so that nobody else takes the port
            held.bind(("127.0.0.1", 0))
            if home == "silent_tls":
                held.listen(8)
            scheme = "https" if home == "silent_tls" else "http"
            yield Cage({}), f"{scheme}://localhost:{held.getsockname()[1]}"
        return
    tls = certified(home) if home.startswith("tls") and home != "tls_to_plain" else None
    async with keep(animal.plays, tls) as cage:
        scheme = "https" if home.startswith("tls") else "http"
        host = "no-such-host.invalid" if home == "no_such_host" else "localhost"
        yield cage, f"{scheme}://{host}:{cage.port}"


@asynccontextmanager
async def open_zoo(
    database_url: str, animals: Collection[Animal], others: Mapping[str, str]
) -> AsyncGenerator[Zoo]:
    """The animals in their cages, `others` (slug -> address) beside them, and one runner for all."""
    variables = {secret_name(slug): secret(url) for slug, url in others.items()}
    cages: dict[str, Cage] = {}
    services = [*(service(a.name, a) for a in animals), *(service(slug) for slug in others)]
    catalog, vault = Catalog(version=1, services=tuple(services)), Vault([Environment(variables)])
    async with AsyncExitStack() as stack:
        for animal in animals:
            cages[animal.name], url = await stack.enter_async_context(caged(animal))
            variables[secret_name(animal.name)] = secret(url)
        pool = await open_pool(database_url, size=6)
        stack.push_async_callback(pool.close)
        trusted = stack.enter_context(authority_file())
        client = await stack.enter_async_context(
            Client(host_limit=200, ca_file=trusted, connect_seconds=CONNECT)
        )
        runner = Runner(pool, catalog, vault, client, jitter=lambda: 0.5)
        await stack.enter_async_context(running(runner, database_url))
        yield Zoo(Hermes(pool, catalog, vault, utc_now), cages, variables)


@asynccontextmanager
async def running(runner: Runner, database_url: str) -> AsyncGenerator[None]:
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


async def visit_all(zoo: Zoo, site_id: UUID, animals: Collection[Animal]) -> None:
    """Press the button of the whole zoo, and of each animal that is only asked how it is."""
    await zoo.hermes.jobs.start_smoke(site_id, "tests")
    for animal in animals:
        if not animal.is_smoke:
            await zoo.hermes.jobs.start_connections(site_id, "tests", animal.name)


async def runs_by_name(zoo: Zoo, site_id: UUID) -> dict[str, RunView]:
    """The runs of a site by service."""
    found = await zoo.hermes.runs.of(site_id, limit=1000)
    return {run.service_slug: run for run in found}
