"""Migrations 8 and 40: alerts of services and of orders, which had a table each, stand in one; what fails for an
alert stands below it, and what was said of it in the outbox."""

from collections.abc import AsyncGenerator
from uuid import uuid4

import asyncpg
import pytest

from hermes_base.alerts.storage import AlertStore
from hermes_base.postgres import schema
from hermes_base.postgres.database import Pool, open_pool
from tests.support.database import Server

SITE, JOB, RUN, CUSTOMER, ORDER = (uuid4() for _ in range(5))
SQL = [sql for _, _, sql in schema.migrations()]
FILLED = f"""
insert into sites (id, name, base_url) values ('{SITE}', 'Shop', 'https://shop.example');
insert into test_jobs (id, site_id, job_type, status, requested_by, created_at, summary, progress_json)
    values ('{JOB}', '{SITE}', 'smoke_all', 'done', 'tests', now(), '', '{{}}');
insert into service_runs (id, job_id, site_id, service_slug, run_type, status, reason, outputs_json,
    created_at, finished_at, deadline_seconds)
    values ('{RUN}', '{JOB}', '{SITE}', 'serp_intel', 'smoke', 'failed', 'dns', '{{}}', now(), now(), 1);
insert into customers (id, email, business_name, package_type, identity)
    values ('{CUSTOMER}', 'a@b.example', 'Bakery', 'starter', 'bakery');
insert into jobs (id, customer_id, package_type, priority, directories_promised, directories_total, source)
    values ('{ORDER}', '{CUSTOMER}', 'starter', 4, 1, 1, 'test');
insert into alerts (site_id, service_slug, opened_at, opened_run, fail_after, turned_at, turned_run,
    closed_at, closed_run, delivered_at) values
    ('{SITE}', 'serp_intel', '2026-01-02', '{RUN}', 2, '2026-01-02', '{RUN}', null, null, '2026-01-03'),
    ('{SITE}', 'serp_intel', '2026-01-01', '{RUN}', 2, '2026-01-01', '{RUN}', '2026-01-01', '{RUN}', null);
insert into order_alerts (key, kind, text, job_id, opened_at, seen_at, closed_at) values
    ('stuck:1', 'stuck', 'It stands.', '{ORDER}', '2026-01-04', '2026-01-05', null),
    ('silent:brain', 'silent', 'No brain.', null, '2026-01-04', '2026-01-05', '2026-01-06');
"""


@pytest.fixture
async def moved(server: Server) -> AsyncGenerator[Pool]:
    """An open and a closed alert of each product in their own tables, and then all migrations since."""
    url = await server.database()
    pool = await open_pool(url, size=2)
    await pool.execute("drop schema public cascade; create schema public")
    for sql in [*SQL[:7], FILLED, *SQL[7:]]:
        await pool.execute(sql)
    yield pool
    await pool.close()
    await server.drop(url)


async def test_alerts_of_both_products_move_with_their_lives(moved: Pool) -> None:
    rows = await moved.fetch("select * from alerts order by product, opened_at")
    assert [(row["product"], row["key"], row["closed_at"] is None) for row in rows] == [
        ("control_room", f"{SITE}:serp_intel", False),
        ("control_room", f"{SITE}:serp_intel", True),
        ("orders", "stuck:1", True),
        ("orders", "silent:brain", False),
    ]
    assert [row["told_at"] is None for row in rows] == [False, False, True, False]
    services = await moved.fetch("select * from alert_services order by opened_at")
    assert [(row["site_id"], row["opened_run"]) for row in services] == [(SITE, RUN), (SITE, RUN)]
    assert [row["closed_run"] for row in services] == [RUN, None]
    said = await moved.fetch("select alert_id, confirmed_at from alert_deliveries")
    assert [f"{row['confirmed_at']:%m-%d}" for row in said] == ["01-03"]
    (stuck,) = await AlertStore("orders").alerts(moved)
    assert (stuck.kind, stuck.text, stuck.job_id) == ("stuck", "It stands.", ORDER)
    assert [f"{at:%m-%d}" for at in (stuck.opened_at, stuck.seen_at)] == ["01-04", "01-05"]
    assert await moved.fetchval("select to_regclass('order_alerts')") is None


async def test_a_service_below_an_alert_closes_by_a_run_and_is_below_one_open_alert_at_most(
    moved: Pool,
) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await moved.execute("update alert_services set closed_at = now() where closed_at is null")
    with pytest.raises(asyncpg.UniqueViolationError):
        await moved.execute("update alert_services set closed_at = null, closed_run = null")


async def test_the_same_problem_is_open_once_comes_back_as_the_same_and_anew_after_a_calm(
    moved: Pool,
) -> None:
    store = AlertStore("orders")
    assert not await store.raise_alert(moved, "stuck:1", "stuck", "It still stands.")
    (stuck,) = await store.alerts(moved)
    assert stuck.text == "It still stands."
    assert stuck.seen_at > stuck.opened_at
    async with moved.acquire() as connection:
        assert await store.close_alert(connection, "stuck:1", ["stuck"]) is None
        assert (await store.close_alert(connection, "stuck:1", [])) is not None
    assert await store.open_count(moved) == 0
    assert not await store.raise_alert(moved, "stuck:1", "stuck", "Again."), "it only came back"
    assert [alert.text for alert in await store.alerts(moved)] == ["Again."]
    assert await moved.fetchval("select flaps from alerts where key = 'stuck:1'") == 1
    await moved.execute(
        "update alerts set closed_at = now() - interval '31 min' where key = 'stuck:1'"
    )
    assert await store.raise_alert(moved, "stuck:1", "stuck", "Anew."), "it was over for good"


async def test_one_product_neither_sees_nor_closes_what_the_other_opened(moved: Pool) -> None:
    services, orders = AlertStore("control_room"), AlertStore("orders")
    assert [alert.key for alert in await services.alerts(moved)] == [f"{SITE}:serp_intel"]
    async with moved.acquire() as connection:
        assert await services.close_alert(connection, "stuck:1", []) is None
    assert await orders.open_count(moved) == 1
