"""Migration 8: the alerts of services and of orders, which had a table each, stand in one."""

from collections.abc import AsyncGenerator
from uuid import UUID, uuid4

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
    """An open and a closed alert of each product in their own tables, and then migration 8."""
    url = await server.database()
    pool = await open_pool(url, size=2)
    await pool.execute("drop schema public cascade; create schema public")
    for sql in [*SQL[:7], FILLED, SQL[7]]:
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
    assert [row["delivered_at"] is None for row in rows] == [True, False, True, True]
    (stuck,) = await AlertStore("orders").alerts(moved)
    assert (stuck.kind, stuck.text, stuck.job_id) == ("stuck", "It stands.", ORDER)
    assert [f"{at:%m-%d}" for at in (stuck.opened_at, stuck.seen_at)] == ["01-04", "01-05"]
    assert await moved.fetchval("select to_regclass('order_alerts')") is None


async def test_an_alert_of_a_service_needs_the_run_that_opened_it(moved: Pool) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await AlertStore("control_room").raise_alert(moved, "a", "smoke_tests", "")


async def test_the_same_problem_is_open_once_and_opens_anew_after_it_was_closed(
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
    assert await store.raise_alert(moved, "stuck:1", "stuck", "Again.")
    assert [alert.text for alert in await store.alerts(moved)] == ["Again."]


async def test_one_product_neither_sees_nor_closes_what_the_other_opened(moved: Pool) -> None:
    services, orders = AlertStore("control_room"), AlertStore("orders")
    assert [alert.key for alert in await services.alerts(moved)] == [f"{SITE}:serp_intel"]
    async with moved.acquire() as connection:
        assert await services.close_alert(connection, "stuck:1", []) is None
    ids: list[UUID] = [
        row["id"] for row in await moved.fetch("select id from alerts where product = 'orders'")
    ]
    await services.note_delivery(moved, ids, "Not delivered.")
    notes = await moved.fetchval("select count(*) from alerts where delivery_note <> ''")
    assert (notes, await orders.open_count(moved)) == (0, 1)
