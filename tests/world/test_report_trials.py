"""Public bug reports that no test of the product's own holds, and no row of data can: each tried in a few lines.

A trial is named in `reports.toml`; what it sees is held to what is written there.
"""

import hashlib
import hmac
import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import aiohttp
import asyncpg
import pytest
from aiohttp import web

from hermes.core.alerts import AlertRule, Judged, turns
from hermes_base.http.answers import Answer
from hermes_base.http.client import Client
from hermes_base.postgres.database import open_pool
from hermes_base.problems import Problem
from hermes_base.settings import load
from tests.directory_bolt.processes.shop import checkout, signed
from tests.support.served import STRIPE_SECRET, Served
from tests.world.reports import trial
from tests.world.rows import hold

if TYPE_CHECKING:
    from tests.directory_bolt.processes.shop import Shop

SECRET_PIECE = "pa9w0rd"


@asynccontextmanager
async def answering(host: str) -> AsyncGenerator[int]:
    """A server of `{}` on one address of this machine; its port."""

    async def answer(_request: web.Request) -> web.Response:
        return web.json_response({})

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, host, 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def asked(url: str) -> str:
    async with Client() as client:
        answer = await client.ask("GET", url, {}, None, seconds=5)
    return str(answer.status) if isinstance(answer, Answer) else str(answer.reason)


async def test_a_name_of_two_families_is_reached_by_the_living_one() -> None:
    async with answering("127.0.0.1") as port:
        seen = await asked(f"http://localhost:{port}/")
    hold(
        trial("a_name_of_two_families_is_reached_by_the_living_one"),
        seen,
        *(["200"] if seen != "200" else []),
    )


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    async with answering("127.0.0.1") as port:
        seen = await asked(f"http://127.0.0.1:{port}/")
    hold(trial("a_proxy_of_the_environment_is_not_used"), seen, *(["200"] if seen != "200" else []))


def test_a_service_that_flaps_is_said_once() -> None:
    began, rule = datetime(2026, 11, 21, tzinfo=UTC), AlertRule()
    times = [began + timedelta(hours=n) for n in range(12)]
    runs = [
        Judged(UUID(int=n), "success" if n % 2 else "failed", at, at) for n, at in enumerate(times)
    ]
    alerts = [turn for turn in turns(runs, rule, is_open=False) if turn.to == "open"]
    seen = f"{len(runs)} runs in turn, {len(alerts)} alerts"
    hold(trial("a_service_that_flaps_is_said_once"), seen, *(["1"] if len(alerts) != 1 else []))


async def test_head_of_the_health_address_answers_like_get(served: Served) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.head(f"{served.url}/health", allow_redirects=False) as answer,
    ):
        seen = f"HEAD /health answers {answer.status}"
    faults = ["200"] if not seen.endswith("200") else []
    hold(trial("head_of_the_health_address_answers_like_get"), seen, *faults)


async def delivered(url: str, body: bytes, signature: str) -> int:
    headers = {"Stripe-Signature": signature}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.post(f"{url}/api/webhook", data=body) as answer,
    ):
        return answer.status


async def test_a_signature_of_the_future_is_refused(served: Served) -> None:
    ahead = int(time.time()) + 10 * 86_400
    status = await delivered(served.url, *signed(checkout(), STRIPE_SECRET, ahead))
    seen = f"a signature 10 days ahead answers {status}"
    hold(trial("a_signature_of_the_future_is_refused"), seen, *(["400"] if status != 400 else []))


async def test_a_payment_is_verified_by_its_bytes(served: Served) -> None:
    event = checkout(metadata={"package_type": "starter", "business_name": "Bäckerei 🥐"})
    body, at = json.dumps(event, indent=2, ensure_ascii=False).encode(), int(time.time())
    proof = hmac.new(STRIPE_SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    found = [
        await delivered(served.url, body, f"t={at},v1={'0' * 64},v1={proof}"),
        await delivered(served.url, json.dumps(event).encode(), f"t={at},v1={proof}"),
        await delivered(served.url, body, f"t={at},v0={proof}"),
    ]
    faults = ["200, 400, 400"] if found != [200, 400, 400] else []
    hold(trial("a_payment_is_verified_by_its_bytes"), str(found), *faults)


async def test_a_refund_stops_its_order_or_is_shown(shop: "Shop") -> None:
    await shop.directories("a")
    paid = await shop.orders.intake.receive_event(checkout(1, payment_intent="pi_1"))
    assert paid.job_id is not None
    await shop.enqueue(paid.job_id)
    charge = {"id": "ch_1", "object": "charge", "payment_intent": "pi_1", "refunded": True}
    refund = {"id": "evt_9", "object": "event", "type": "charge.refunded", "livemode": False}
    found = await shop.orders.intake.receive_event(refund | {"data": {"object": charge}})
    status = (await shop.job(paid.job_id)).status
    alerts = await shop.pool.fetchval("select count(*) from alerts where kind <> 'shortage'")
    seen = f"charge.refunded is {found.outcome}, the order is {status}, {alerts} alerts"
    stopped = status == "cancelled" or alerts
    hold(trial("a_refund_stops_its_order_or_is_shown"), seen, *([] if stopped else ["stopped"]))


async def test_a_converted_payment_makes_its_order(shop: "Shop") -> None:
    await shop.directories("a")
    converted: dict[str, Any] = {
        "currency": "eur", "amount_subtotal": 13_800, "amount_total": 13_800,
        "currency_conversion": {"amount_subtotal": 14_900, "amount_total": 14_900,
                                "fx_rate": "0.926", "source_currency": "usd"},
    }  # fmt: skip
    found = await shop.orders.intake.receive_event(checkout(1, **converted))
    seen = f"a session in EUR converted from USD is {found.outcome}"
    faults = ["job_created"] if found.outcome != "job_created" else []
    hold(trial("a_converted_payment_makes_its_order"), seen, *faults)


def refusal(environment: dict[str, str]) -> str | None:
    """Why settings are refused; None where they are taken."""
    try:
        load(environment)
    except Problem as problem:
        return problem.message
    return None


def test_a_password_that_breaks_its_address_is_refused_unseen() -> None:
    urls = [f"postgresql://app:{SECRET_PIECE}{letter}x@127.0.0.1/h" for letter in "/#?["]
    refusals = [refusal({"HERMES_DATABASE_URL": url}) for url in urls]
    taken = sum(said is None for said in refusals)
    shown = [said for said in refusals if said and SECRET_PIECE in said]
    seen = f"{taken} of {len(urls)} taken by the settings, and broken only when it is opened"
    faults = (["refused"] if taken else []) + (["unseen"] if shown else [])
    hold(trial("a_password_that_breaks_its_address_is_refused_unseen"), seen, *faults)


async def test_an_address_as_a_provider_hands_it_out_opens(database_url: str) -> None:
    refused: list[str] = []
    for parameter in ("channel_binding=prefer", "pgbouncer=true"):
        mark = "&" if "?" in database_url else "?"
        try:
            pool = await open_pool(f"{database_url}{mark}{parameter}", size=1)
        except asyncpg.PostgresError:
            refused.append(f"{parameter.partition('=')[0]} is refused")
        else:
            await pool.close()
    hold(
        trial("an_address_as_a_provider_hands_it_out_opens"),
        ", ".join(refused),
        *(["opens"] if refused else []),
    )


def test_an_odd_home_is_taken(tmp_path: Path) -> None:
    homes = [tmp_path / name for name in ("with a blank", "Überhaus", "it's $HOME", "x" * 190)]
    taken = [home for home in homes if load({"HERMES_HOME": str(home)}).home == home]
    seen = f"{len(taken)} of {len(homes)}"
    hold(trial("an_odd_home_is_taken"), seen, *(["all"] if taken != homes else []))


@pytest.mark.browser
async def test_an_outcome_survives_a_disk_that_refuses(tmp_path: Path) -> None:
    """A folder where the text of the last page is to be written refuses it as a full disk does: OSError."""
    from directory_bolt.browser import BrowserSubmitter
    from tests.directory_bolt.browser.pages import Site, served
    from tests.world.test_forms_in_a_browser import BRISK, ROWS, TAKEN, yes

    page = next(row.page for row in ROWS if row.id == "optional_file")
    async with (
        served(Site({"/add": page, "/thanks": TAKEN})) as site,
        BrowserSubmitter(tmp_path, timeouts=BRISK) as submitter,
    ):
        task = site.task()
        (tmp_path / f"{task.result_id}.txt").mkdir()
        try:
            seen = (await submitter.submit(task, yes)).status
        except OSError as error:
            seen = f"{type(error).__name__} after {len(site.posts)} sent"
    faults = ["submitted"] if seen != "submitted" else []
    hold(trial("an_outcome_survives_a_disk_that_refuses"), str(seen), *faults)
