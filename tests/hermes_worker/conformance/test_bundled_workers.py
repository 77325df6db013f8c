"""The bundled workers keep the contract, every level of it, over real HTTP."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from hermes_fleet.host import BUNDLED, bundled, fleet_app
from hermes_sandbox.providers import GA4_PROPERTY, StandIns
from hermes_sandbox.providers.google.ads import CUSTOMER
from hermes_worker.conformance import Report, verify
from tests.directory_bolt.verify.chain import FLEET, Plan, chain
from tests.support import asgi
from tests.support.catalog import shipped_catalog
from tests.support.served import Served
from tests.support.stand_ins import keys

KEY = "a-key-for-bundled-workers"


@asynccontextmanager
async def fleet(slug: str, state: Path) -> AsyncGenerator[str]:
    """The base address of one bundled worker, mounted as the fleet mounts it."""
    workers = bundled((slug,))
    app = fleet_app(workers, KEY, state)
    async with AsyncExitStack() as stack:
        for worker in workers:
            await stack.enter_async_context(worker.running(state))
        url = await stack.enter_async_context(asgi.serving(app, "off", log_level="error"))
        yield f"{url}/{slug}"


@asynccontextmanager
async def small_site() -> AsyncGenerator[str]:
    """Six pages, each a little slow, so that a crawl lasts long enough to be cancelled."""

    async def page(request: web.Request) -> web.Response:
        await asyncio.sleep(0.1)
        if request.path == "/robots.txt":
            return web.Response(status=404)
        links = "".join(f'<a href="/{number}">{number}</a>' for number in range(1, 6))
        text = f"<!doctype html><title>{request.path}</title><h1>Page</h1>{links}"
        return web.Response(text=text, content_type="text/html")

    app = web.Application()
    app.router.add_get("/{path:.*}", page)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def skipped(report: Report) -> dict[str, str]:
    """Everything that is not passed, and why; a failure is told in full."""
    assert report.failed == [], report.text()
    return {found.requirement.id: found.reason for found in report.results if not found.passed}


def test_the_catalog_knows_every_bundled_worker_as_built() -> None:
    known = {each.slug for each in shipped_catalog().workers if each.bundled}
    assert known == set(BUNDLED)
    assert {shipped_catalog().service(slug).state for slug in BUNDLED} == {"built"}


@pytest.mark.parametrize("slug", BUNDLED)
def test_a_bundled_worker_declares_what_the_catalog_promises(slug: str) -> None:
    (worker,) = bundled((slug,))
    assert set(worker.declaration.outputs) == set(shipped_catalog().service(slug).expected_outputs)


@pytest.mark.parametrize("slug", BUNDLED)
def test_every_bundled_worker_is_verified_below(slug: str) -> None:
    assert f'"{slug}"' in Path(__file__).read_text("utf-8"), "verify it in a test of this file"


async def test_the_crawler_keeps_every_level(tmp_path: Path) -> None:
    async with small_site() as site, fleet("crawl_render", tmp_path) as url:
        payload = {"site": site, "max_urls": 10, "render": "off"}
        report = await verify(url, KEY, level="cancellable", payload=payload)
    assert skipped(report) == {"ASY-7": "no --restart-command was given"}
    assert report.jobs == 3
    assert set(report.levels().values()) == {"passed"}


async def test_the_backlink_worker_keeps_every_level(tmp_path: Path) -> None:
    async with (
        small_site() as site,
        small_site() as other,
        fleet("backlink_authority", tmp_path) as url,
    ):
        payload = {"site": site, "settings": {"competitors": [other]}, "limit": 5}
        report = await verify(url, KEY, level="cancellable", payload=payload)
    assert skipped(report) == {
        "ASY-4": "no answer about the smoke run held progress",
        "ASY-7": "no --restart-command was given",
        "CAN-3": "the job had ended when /start answered",
        "CAN-4": "needs CAN-3, which is not passed",
    }
    assert set(report.levels().values()) == {"passed"}


@pytest.mark.browser
async def test_the_vitals_monitor_keeps_every_level(tmp_path: Path) -> None:
    async with small_site() as site, fleet("core_web_vitals", tmp_path) as url:
        payload = {"site": site, "max_urls": 1, "runs": 1}
        report = await verify(url, KEY, level="cancellable", payload=payload)
    assert skipped(report) == {"ASY-7": "no --restart-command was given"}
    assert set(report.levels().values()) == {"passed"}


@pytest.mark.parametrize("slug", ["content_qa", "content_generator"])
async def test_the_workers_on_content_keep_every_level(slug: str, tmp_path: Path) -> None:
    async with small_site() as site, fleet(slug, tmp_path) as url:
        payload = {"site": site, "max_urls": 3}
        report = await verify(url, KEY, level="cancellable", payload=payload)
    assert skipped(report) == {
        "ASY-4": "no answer about the smoke run held progress",
        "ASY-7": "no --restart-command was given",
        "CAN-3": "the job had ended when /start answered",
        "CAN-4": "needs CAN-3, which is not passed",
    }
    assert set(report.levels().values()) == {"passed"}


@pytest.mark.parametrize("slug", ["serp_intel", "competitive_snapshot"])
async def test_the_workers_that_compare_sites_keep_every_level(slug: str, tmp_path: Path) -> None:
    async with small_site() as site, small_site() as rival, fleet(slug, tmp_path) as url:
        settings = {"keywords": ["page"], "competitors": [rival]}
        payload = {"site": site, "settings": settings}
        report = await verify(url, KEY, level="cancellable", payload=payload)
    assert skipped(report) == {"ASY-7": "no --restart-command was given"}
    assert set(report.levels().values()) == {"passed"}


@pytest.mark.parametrize("slug", ["orchestrator", "audit_log", "seo_kbase"])
async def test_the_workers_that_read_hermes_keep_every_level(
    slug: str, served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = tmp_path / "token"
    token.write_text(served.token)
    monkeypatch.setenv("HERMES_URL", served.url)
    monkeypatch.setenv("HERMES_TOKEN_FILE", str(token))
    served.room.clock.now = datetime.now(UTC)
    payload = {"site": served.room.site.base_url, "site_id": str(served.room.site.id)}
    async with fleet(slug, tmp_path / "state") as url:
        report = await verify(url, KEY, level="cancellable", payload=payload)
    assert skipped(report) == {
        "ASY-4": "no answer about the smoke run held progress",
        "ASY-7": "no --restart-command was given",
        "CAN-3": "the job had ended when /start answered",
        "CAN-4": "needs CAN-3, which is not passed",
    }
    assert set(report.levels().values()) == {"passed"}


async def test_the_worker_that_proves_orders_keeps_every_level(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token").write_text(FLEET)
    monkeypatch.setenv("HERMES_TOKEN_FILE", str(tmp_path / "token"))
    slug = "directory_submission"
    async with chain(database_url, tmp_path, Plan()) as orders, fleet(slug, tmp_path / "s") as url:
        monkeypatch.setenv("HERMES_URL", orders.url)
        clean = await orders.traces()
        report = await verify(url, KEY, level="cancellable", payload={"directories": 1})
        assert await orders.traces() == clean, "also the order of the cancelled job is gone"
    assert skipped(report) == {"ASY-7": "no --restart-command was given"}
    assert set(report.levels().values()) == {"passed"}


@pytest.mark.parametrize(
    "slug", ["google_data_connector", "content_decay", "google_ads_connector", "site_executor"]
)
async def test_the_workers_that_ask_providers_keep_every_level(
    slug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = "http://127.0.0.1:8420"
    settings = {
        "gsc_site": f"{site}/",
        "ga4_property": GA4_PROPERTY,
        "ads_customer": CUSTOMER,
        "repository": "https://github.com/juniper-dental/website",
        "competitors": [],
    }
    async with stand_ins(site) as providers, fleet(slug, tmp_path / "state") as url:
        (tmp_path / "sandbox.json").write_text(json.dumps({"site": site, "providers": providers}))
        monkeypatch.setenv("HERMES_SANDBOX_FILE", str(tmp_path / "sandbox.json"))
        for name in ("HERMES_PROVIDER_GOOGLE", "HERMES_PROVIDER_GOOGLE_ADS"):
            monkeypatch.delenv(name, raising=False)
        payload = {"site": site, "settings": settings}
        report = await verify(url, KEY, level="cancellable", payload=payload)
    assert skipped(report) == {
        "ASY-4": "no answer about the smoke run held progress",
        "ASY-7": "no --restart-command was given",
        "CAN-3": "the job had ended when /start answered",
        "CAN-4": "needs CAN-3, which is not passed",
    }
    assert set(report.levels().values()) == {"passed"}


async def test_the_notifier_keeps_every_level(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = "http://127.0.0.1:8420"
    async with stand_ins(site) as providers, fleet("notifications", tmp_path / "state") as url:
        (tmp_path / "sandbox.json").write_text(json.dumps({"site": site, "providers": providers}))
        monkeypatch.setenv("HERMES_SANDBOX_FILE", str(tmp_path / "sandbox.json"))
        payload = {"site": site, "settings": {"notify_to": "staff@demo.example"}}
        report = await verify(url, KEY, level="cancellable", payload=payload)
    assert skipped(report) == {
        "ASY-4": "no answer about the smoke run held progress",
        "ASY-7": "no --restart-command was given",
        "CAN-3": "the job had ended when /start answered",
        "CAN-4": "needs CAN-3, which is not passed",
    }
    assert set(report.levels().values()) == {"passed"}


@asynccontextmanager
async def stand_ins(site: str) -> AsyncGenerator[dict[str, Any]]:
    """The providers' secrets of the demo site at this address."""
    made = StandIns(site, keys=keys())
    runner = web.AppRunner(made.app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield made.announced(f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await runner.cleanup()
