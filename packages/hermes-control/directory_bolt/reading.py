"""What staff and customers read of orders: one reader for pages, API, CLI and the system test."""

import copy
import secrets
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from directory_bolt.core.catalog.rehearsals import Rehearsal
from directory_bolt.core.orders import customer_links
from directory_bolt.core.orders.order_filter import PAGE, STATUSES
from directory_bolt.core.orders.processes import WATCHED_KINDS
from directory_bolt.core.orders.unfit_payments import UnfitPayment, unfit_payment
from directory_bolt.core.rows.orders import ListedOrder
from directory_bolt.core.views import order_work
from directory_bolt.core.views import pipeline as hops
from directory_bolt.core.views.customer_order import CustomerOrder, customer_order
from directory_bolt.core.views.order_work import (
    Alert,
    DeadLetterView,
    DirectoryView,
    ProcessView,
    QueueView,
    Summary,
)
from directory_bolt.core.views.orders import (
    HistoryEvent,
    ManualItem,
    OrderList,
    OrderView,
    history_event,
    manual_item,
    order_row,
    order_view,
)
from directory_bolt.core.views.pipeline import Pipeline
from directory_bolt.engines.flow import FlowAwayError
from directory_bolt.engines.queue import QueueAwayError
from directory_bolt.orders import Orders
from directory_bolt.storage import alerts, directories, heartbeats, inbox, reading
from directory_bolt.storage import customer_links as link_storage
from hermes_base.postgres import audit
from hermes_base.postgres.database import Pool, Reader, Snapshot, snapshot
from hermes_base.problems import not_found
from hermes_base.row_filter import RowFilter
from hermes_base.secret_files import read_key, write_secret


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits: orders under way, directories for a person, dead letters."""

    open_orders: int
    for_people: int
    dead_letters: int


class OrderQueries:
    """Reads orders; nothing here writes, but for the audit entry of a customer link.

    The key of customer links stands beside the evidence, in HERMES_HOME.
    """

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.pool = orders.pool
        self.reader: Pool | Snapshot = orders.pool  # reads go here: see `snapshot`
        self.clock = orders.clock
        self.key_file = orders.evidence.parent / "customer-links.key"

    @asynccontextmanager
    async def snapshot(self) -> AsyncGenerator["OrderQueries"]:
        """The same queries for reading several things that are shown together and have to agree."""
        async with snapshot(self.reader) as reader:
            then = copy.copy(self)
            then.reader = reader
            yield then

    async def summary(self) -> Summary:
        """Orders and directories by state, and the success rate, counted from rows."""
        async with snapshot(self.reader) as reader:
            return order_work.summary(
                await reading.count_orders(reader),
                await reading.count_results(reader),
                await reading.count_directories(reader),
                self.clock(),
            )

    async def waiting(self) -> Waiting:
        """What waits: for the processes, for people, in the queue's bin."""
        orders, people, letters = await reading.waiting(self.reader)
        return Waiting(open_orders=orders, for_people=people, dead_letters=letters)

    async def listed(self, choice: RowFilter, limit: int = PAGE) -> OrderList:
        """A page of the orders that were chosen; without an order of theirs the newest first."""
        rows = await reading.listed(
            self.reader, STATUSES[choice.status][1], choice.q, choice.sort or "newest", limit,
            (choice.page - 1) * limit,
        )  # fmt: skip
        found = rows[0].found if rows else 0
        return OrderList(found=found, orders=[order_row(row) for row in rows])

    async def order(self, job_id: UUID) -> OrderView:
        """One order with its directories and its past. Raises `unknown_order`."""
        async with snapshot(self.reader) as reader:
            row = await _row(reader, job_id)
            happened = await reading.happened(reader, 5000, job_id)
            return order_view(row, await reading.work_list(reader, job_id), happened[::-1])

    async def manual(self, limit: int = 50) -> list[ManualItem]:
        """Directories that need a person, the longest waiting first."""
        return [manual_item(row) for row in await reading.waiting_for_people(self.reader, limit)]

    async def history(
        self,
        limit: int = 50,
        job_id: UUID | None = None,
        before: int | None = None,
        without: Sequence[str] = (),
    ) -> list[HistoryEvent]:
        """Order events, newest first; older pages with `before`, the id of the last event."""
        rows = await reading.happened(self.reader, limit, job_id, before, without)
        return [history_event(row) for row in rows]

    async def unfit_payments(self, limit: int = 100) -> list[UnfitPayment]:
        """Payments of which no order could be made, the newest first."""
        return [unfit_payment(row) for row in await inbox.refused(self.reader, limit)]

    async def queue(self) -> QueueView:
        """How the queue stands; a queue that is away is said, not raised."""
        fault, depth = None, None
        try:
            depth = await self.orders.queue.depth()
        except QueueAwayError as error:
            fault = str(error)
        waiting = await reading.outbox(self.reader, 20)
        flows = await reading.flows_and_oldest(self.reader)
        return QueueView(
            provider=self.orders.queue.provider,
            fault=fault,
            visible=depth.visible if depth else None,
            in_flight=depth.in_flight if depth else None,
            dead=depth.dead if depth else None,
            oldest_since=flows.oldest,
            flows_scheduled=flows.scheduled,
            flows_running=flows.running,
            outbox_waiting=waiting[0].found if waiting else 0,
            outbox=[order_work.outbox_item(row) for row in waiting],
        )

    async def pipeline(self, *, is_signed: bool) -> Pipeline:
        """Every hop of an order's way; `is_signed`: Stripe's webhook has its signing secret."""
        queue = await self.queue()
        measured = [
            hops.webhook_hop(is_signed),
            hops.outbox_hop(queue),
            hops.queue_hop(queue, await _fault_of(self.orders.queue.check())),
            hops.engine_hop(self.orders.engine.name, await _fault_of(self.orders.engine.check())),
        ]
        return hops.pipeline(measured, await self.workers(), await self.directories())

    async def dead_letters(self, limit: int = 100) -> list[DeadLetterView]:
        """Dead letters that have not been replayed, newest first."""
        return [order_work.dead_letter(r) for r in await reading.dead_letters(self.reader, limit)]

    async def directories(self) -> list[DirectoryView]:
        """The directory list with measured results."""
        return [order_work.directory_view(row) for row in await reading.directories(self.reader)]

    async def rehearsal(self, directory_id: UUID) -> Rehearsal:
        """What the last rehearsal of a directory saw. Raises `unknown_rehearsal`."""
        found = await self.last_rehearsal(directory_id)
        if found is None:
            hint = "Make one with: hermes directories rehearse"
            raise not_found("unknown_rehearsal", f"of directory {directory_id}", hint)
        return found

    async def last_rehearsal(self, directory_id: UUID) -> Rehearsal | None:
        """The same; None where there was none."""
        return await directories.rehearsal(self.reader, directory_id)

    async def workers(self) -> list[ProcessView]:
        """The background processes by their heartbeats; one without any heartbeat is absent."""
        return order_work.processes(await heartbeats.heartbeats(self.reader), self.clock())

    async def alerts(self) -> list[Alert]:
        """Open alerts, the newest first."""
        return [order_work.alert(row, WATCHED_KINDS) for row in await alerts.alerts(self.reader)]

    # Customers -------------------------------------------------------------------------------------

    async def customer_link(self, job_id: UUID, actor: str) -> tuple[str, datetime]:
        """(token, end) with which a customer follows their order. Raises `unknown_order`."""
        row = await _row(self.reader, job_id)
        if row.erased_at is not None:
            raise not_found(
                "unknown_customer", "of this order", "The customer's data has been erased."
            )
        async with self.pool.acquire() as connection:
            revoked = await link_storage.revoked_until(connection, job_id)
            ends_at = customer_links.end_of(self.clock(), revoked)
            await audit.record(connection, actor, "customer_link_made", str(job_id))
        return customer_links.token_of(self._key(), job_id, ends_at), ends_at

    async def revoke_customer_links(self, job_id: UUID, actor: str) -> None:
        """Every link to this order that was given out is worth nothing from now on. Raises `unknown_order`."""
        await _row(self.reader, job_id)
        until = self.clock().replace(microsecond=0)  # links know the second they were made in
        async with self.pool.acquire() as connection, connection.transaction():
            await link_storage.revoke(connection, job_id, until)
            await audit.record(connection, actor, "customer_links_revoked", str(job_id))

    async def customer_job(self, token: str) -> tuple[UUID, datetime]:
        """(order, end) of a link. Raises `link_wrong`, `link_over`."""
        job_id, ends_at = customer_links.read(self._key(), token, self.clock())
        revoked = await link_storage.revoked_until(self.reader, job_id)
        customer_links.require_unrevoked(ends_at, revoked)
        return job_id, ends_at

    async def customer_order(self, token: str) -> CustomerOrder:
        """The order of a link, as its customer sees it. Raises `link_wrong`, `link_over`."""
        job_id, good_until = await self.customer_job(token)
        async with snapshot(self.reader) as reader:
            row = await _row(reader, job_id)
            if row.erased_at is not None:
                raise not_found(
                    "unknown_customer",
                    "of this order",
                    "The customer's data has been erased on request.",
                )
            return customer_order(row, await reading.work_list(reader, job_id), good_until)

    def _key(self) -> bytes:
        """The key, made at its first use; without the file every link is worthless."""
        write_secret(self.key_file, secrets.token_hex(32))
        return read_key(self.key_file)


async def _row(reader: Reader, job_id: UUID) -> ListedOrder:
    rows = await reading.listed(reader, STATUSES["all"][1], "", "newest", 1, 0, job_id)
    if not rows:
        raise not_found("unknown_order", job_id, "Take an id from the staff dashboard.")
    return rows[0]


async def _fault_of(check: Awaitable[None]) -> str:
    """Why a queue or a flow engine does not answer; "" when it does."""
    try:
        await check
    except (QueueAwayError, FlowAwayError) as error:
        return str(error)
    return ""
