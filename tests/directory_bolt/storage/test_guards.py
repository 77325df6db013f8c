"""Every UPDATE of results and flows does nothing once its condition no longer holds."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from directory_bolt.core.rows.submissions import OpenSubmission, Submission, SubmissionEnd
from directory_bolt.processes.hold import Hold
from directory_bolt.storage import flows, orders, results
from hermes_base.postgres.database import Connection
from tests.directory_bolt.processes.shop import Shop
from tests.directory_bolt.storage.test_submissions import FIRST, begin, open_row, under_way

ANOTHER_WORKER = "update job_results set worker_id = 'second'"
ENDED = "update job_results set status = 'submitted', finished_at = now()"
REJECTED = "update job_results set status = 'failed', reason = 'rejected', finished_at = now()"
FOR_PEOPLE = (
    "update job_results set status = 'needs_manual', reason = 'captcha', finished_at = now()"
)
CLICKED = "update job_results set clicked_at = now()"
CANCELLED = "update jobs set status = 'cancelled'"
FLOW_LOST = "update flow_runs set leased_by = 'second'"
FLOW_OVER = "update flow_runs set finished_at = now(), due_at = null, state = 'completed'"
END = SubmissionEnd("failed", "rejected", "No.")
LATER = datetime(2030, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Begun:
    """An attempt of FIRST that was written and not clicked yet."""

    connection: Connection
    job_id: UUID
    hold: Hold
    listed: OpenSubmission
    row: Submission

    async def click(self) -> bool:
        return await results.click(self.connection, self.row.id, FIRST, self.hold.flow_id, {})

    async def end(self) -> bool:
        return await results.end(self.connection, self.row.id, FIRST, END) is not None

    async def try_later(self) -> bool:
        return await results.try_later(self.connection, self.row.id, FIRST, LATER, "Slow.")

    async def adopt(self) -> bool:
        return await results.adopt(self.connection, self.row.id, FIRST)

    async def resolve(self) -> bool:
        found = await results.resolve(
            self.connection, self.row.id, "submitted", None, "", None, None
        )
        return found is not None

    async def hold_on(self) -> bool:
        return await flows.holds(self.connection, self.hold.flow_id, FIRST)

    async def finish(self) -> bool:
        return await flows.finish(self.connection, self.hold.flow_id, FIRST, "completed")


Step = Callable[[Begun], Awaitable[bool]]


async def attempt(shop: Shop, step: Step, before: str = "") -> bool:
    """What a step says of an attempt under way, after a statement that changed the world."""
    job_id, hold = await under_way(shop)
    listed = await open_row(shop, job_id)
    async with shop.pool.acquire() as connection:
        row = await begin(connection, job_id, listed, FIRST)
        if before:
            await connection.execute(before)
        return await step(Begun(connection, job_id, hold, listed, row))


@pytest.mark.parametrize(
    ("step", "before"),
    [
        (Begun.click, ""),
        (Begun.end, ""),
        (Begun.end, CLICKED),
        (Begun.try_later, ""),
        (Begun.adopt, CLICKED),
        (Begun.resolve, FOR_PEOPLE),
        (Begun.hold_on, ""),
        (Begun.finish, ""),
    ],
)
async def test_a_step_is_taken_while_its_condition_holds(
    shop: Shop, step: Step, before: str
) -> None:
    assert await attempt(shop, step, before) is True


@pytest.mark.parametrize(
    ("step", "before"),
    [
        (Begun.click, ANOTHER_WORKER),
        (Begun.click, CLICKED),
        (Begun.click, ENDED),
        (Begun.click, CANCELLED),
        (Begun.click, FLOW_LOST),
        (Begun.click, FLOW_OVER),
        (Begun.end, ANOTHER_WORKER),
        (Begun.end, ENDED),
        (Begun.try_later, ANOTHER_WORKER),
        (Begun.try_later, CLICKED),
        (Begun.try_later, ENDED),
        (Begun.adopt, ""),
        (Begun.adopt, f"{CLICKED}; {ENDED}"),
        (Begun.resolve, ""),
        (Begun.resolve, ENDED),
        (Begun.hold_on, FLOW_LOST),
        (Begun.hold_on, FLOW_OVER),
        (Begun.finish, FLOW_LOST),
        (Begun.finish, FLOW_OVER),
    ],
)
async def test_a_step_is_not_taken_any_more_once_its_condition_is_gone(
    shop: Shop, step: Step, before: str
) -> None:
    assert await attempt(shop, step, before) is False


async def test_what_the_monitor_ends_is_ended_whoever_worked_on_it(shop: Shop) -> None:
    async def end(begun: Begun) -> bool:
        return await results.end(begun.connection, begun.row.id, None, END) is not None

    assert await attempt(shop, end, ANOTHER_WORKER) is True


@pytest.mark.parametrize(
    ("revision", "clicked", "left"),
    [
        (0, "null", None),
        (0, "now()", ("needs_manual", "interrupted")),
        (1, "null", ("skipped", "cancelled")),
        (1, "now()", ("needs_manual", "interrupted")),
    ],
)
async def test_what_is_open_in_a_stopped_order_ends_by_whether_it_may_have_been_sent(
    shop: Shop, revision: int, clicked: str, left: tuple[str, str] | None
) -> None:
    async def stop(begun: Begun) -> bool:
        await results.drop_unsent(begun.connection, begun.job_id)
        await results.skip_unsent(begun.connection, begun.job_id, "Stopped.")
        await results.interrupt_sent(begun.connection, begun.job_id, "It may have arrived.")
        found = await results.of_job(begun.connection, begun.job_id)
        assert [(row.status, row.reason) for row in found] == ([left] if left else [])
        return True

    before = f"update job_results set revision = {revision}, clicked_at = {clicked}"
    assert await attempt(shop, stop, before)


@pytest.mark.parametrize(
    ("before", "there"),
    [
        ("", False),
        (CLICKED, True),
        (ENDED, True),
        (REJECTED, False),
    ],
)
async def test_a_business_is_listed_elsewhere_where_it_was_or_may_have_been_sent(
    shop: Shop, before: str, there: bool
) -> None:
    async def asked(begun: Begun) -> bool:
        order = await orders.claimed(begun.connection, begun.job_id)
        assert order is not None
        facts = (order.identity, begun.listed.directory_id)
        own = await results.is_listed_elsewhere(begun.connection, *facts, begun.job_id)
        assert not own, "its own order is not another one"
        return await results.is_listed_elsewhere(begun.connection, *facts, UUID(int=1))

    assert await attempt(shop, asked, before) is there


async def test_a_submission_that_is_begun_anew_may_be_sent_again(shop: Shop) -> None:
    async def anew(begun: Begun) -> bool:
        assert await begun.click()
        assert await begun.end()
        row = await results.begin_anew(begun.connection, begun.row.id, "new", ["failed"])
        assert row is not None
        assert (row.status, row.revision, row.idempotency_key) == ("submitting", 1, "new")
        assert (row.clicked_at, row.worker_id, row.reason, row.finished_at) == (None,) * 4
        assert await results.begin_anew(begun.connection, row.id, "x", ["failed"]) is None
        again = await begin(begun.connection, begun.job_id, begun.listed, FIRST)
        return await replace(begun, row=again).click()

    assert await attempt(shop, anew) is True
