"""What staff and customers read of orders: statements that change nothing."""

from collections.abc import Sequence
from uuid import UUID

from directory_bolt.core.rows.deliveries import FlowCounts, ListedDeadLetter, WaitingMessage
from directory_bolt.core.rows.directories import MeasuredDirectory
from directory_bolt.core.rows.operations import ListedHistoryEntry
from directory_bolt.core.rows.orders import ListedOrder
from directory_bolt.core.rows.submissions import ManualEntry, WorkListEntry
from hermes_base.postgres import rows
from hermes_base.postgres.database import Reader


async def count_orders(reader: Reader) -> dict[str, int]:
    """How many orders are in each state; states without one are left out."""
    found = await reader.fetch("select status, count(*) as n from jobs group by status")
    return {row["status"]: row["n"] for row in found}


async def waiting(reader: Reader) -> tuple[int, int, int]:
    """(orders under way, directories that need a person, dead letters nobody has replayed)."""
    row = await reader.fetchrow(
        "select (select count(*) from jobs where status in ('pending', 'in_progress', 'waiting')) as orders,"
        " (select count(*) from job_results r join jobs j on j.id = r.job_id"
        "  where r.status = 'needs_manual' and j.status <> 'cancelled') as people,"
        " (select count(*) from dead_letters where replayed_at is null) as letters"
    )
    assert row is not None, "counts always return a row"  # noqa: S101
    return row["orders"], row["people"], row["letters"]


async def count_results(reader: Reader) -> dict[str, int]:
    """How many directories of all orders are in each state; states without one are left out.

    A cancelled order asks nobody to work, so its directories that needed a person are not counted.
    """
    found = await reader.fetch(
        "select r.status, count(*) as n from job_results r join jobs j on j.id = r.job_id"
        " where not (r.status = 'needs_manual' and j.status = 'cancelled') group by r.status"
    )
    return {row["status"]: row["n"] for row in found}


async def count_directories(reader: Reader) -> dict[str, int]:
    """How many directories are there by `all`, `used`, `undecided`, `refused` (by their terms) and `off`."""
    row = await reader.fetchrow(
        'select count(*) filter (where retired_at is null) as "all",'
        " count(*) filter (where enabled and terms_decision = 'allowed') as used,"
        " count(*) filter (where terms_decision = 'unknown' and retired_at is null) as undecided,"
        " count(*) filter (where terms_decision = 'refused' and retired_at is null) as refused,"
        " count(*) filter (where not enabled and retired_at is null) as off from directories"
    )
    assert row is not None, "an aggregate always returns a row"  # noqa: S101
    return dict(row)


async def listed(
    reader: Reader,
    statuses: Sequence[str],
    q: str,
    sort: str,
    limit: int,
    offset: int,
    job_id: UUID | None = None,
) -> list[ListedOrder]:
    """Orders with their customer and the counts of their results; `found` is how many fit.

    `q` is looked for in business, e-mail, package and the order's id; `job_id` asks for one order.
    """
    found = await reader.fetch(
        "with chosen as (select j.*, c.business_name, c.email, c.erased_at, count(*) over () as found,"
        "  row_number() over (order by case $3 when 'urgency' then j.priority when 'least' then j.progress"
        "   when 'most' then -j.progress when 'oldest' then extract(epoch from j.created_at) end,"
        "  case when $3 = 'business' then lower(c.business_name) end,"
        "  case when $3 = 'urgency' then j.created_at end, j.created_at desc, j.id) as place"
        "  from jobs j join customers c on c.id = j.customer_id"
        "  where j.status = any($1::text[]) and ($6::uuid is null or j.id = $6) and position(lower($2) in"
        "   lower(concat_ws(' ', c.business_name, c.email, j.package_type, j.id))) > 0"
        "  order by place limit $4 offset $5)"
        " select * from chosen c cross join lateral ("
        "  select count(*) filter (where r.status = 'submitted') as submitted,"
        "  count(*) filter (where r.status = 'failed') as failed,"
        "  count(*) filter (where r.status = 'skipped') as skipped,"
        "  count(*) filter (where r.status = 'needs_manual' and c.status <> 'cancelled') as needs_manual,"
        "  count(*) filter (where r.status = 'submitting') as submitting,"
        "  array_agg(directory_name order by updated_at desc) filter (where r.status = 'submitting'"
        "   and worker_id is not null and next_try_at is null) as submitting_to"
        "  from job_results r where job_id = c.id) r order by place",
        list(statuses), q, sort, limit, offset, job_id,
    )  # fmt: skip
    return rows.values(ListedOrder, found)


async def work_list(reader: Reader, job_id: UUID) -> list[WorkListEntry]:
    """Every directory of an order in its turn, with its result where there is one."""
    found = await reader.fetch(
        "select d.name, d.submission_url, d.is_demo, l.directory_id, l.position, r.id as result_id,"
        " r.status, r.reason, r.error_message, r.payload, r.response_log, r.screenshot, r.listing_url,"
        " r.confirmation, r.attempts, r.revision, r.worker_id, r.clicked_at, r.next_try_at,"
        " r.updated_at, r.finished_at, h.person, h.proof"
        " from job_directories l join directories d on d.id = l.directory_id"
        " left join job_results r on r.job_id = l.job_id and r.directory_id = l.directory_id"
        " left join lateral (select coalesce(details->>'by', '') as person, details->>'proof' as proof"
        "  from queue_history where job_id = l.job_id and event = 'manual_resolved'"
        "  and directory_name = r.directory_name and created_at >= r.finished_at"
        "  order by id desc limit 1) h on true"
        " where l.job_id = $1 order by l.position",
        job_id,
    )
    return rows.values(WorkListEntry, found)


async def waiting_for_people(reader: Reader, limit: int) -> list[ManualEntry]:
    """Directories that need a person, the longest waiting first; none of a cancelled order."""
    found = await reader.fetch(
        "select r.*, r.id as result_id, d.submission_url, d.name, d.is_demo, c.business_name,"
        " j.status as order_status, 0 as position, null as person, null as proof from job_results r"
        " join directories d on d.id = r.directory_id join jobs j on j.id = r.job_id"
        " join customers c on c.id = j.customer_id where r.status = 'needs_manual'"
        " and j.status <> 'cancelled' order by r.updated_at, r.id limit $1",
        limit,
    )
    return rows.values(ManualEntry, found)


async def happened(
    reader: Reader,
    limit: int,
    job_id: UUID | None = None,
    before: int | None = None,
    without: Sequence[str] = (),
) -> list[ListedHistoryEntry]:
    """What happened, the newest first: to one order or to all; `before` is the id of an event,
    `without` are kinds of events to leave out."""
    found = await reader.fetch(
        "select h.*, c.business_name from queue_history h join jobs j on j.id = h.job_id"
        " join customers c on c.id = j.customer_id where ($2::uuid is null or h.job_id = $2)"
        " and ($3::bigint is null or h.id < $3) and h.event <> all($4::text[])"
        " order by h.id desc limit $1",
        limit, job_id, before, list(without),
    )  # fmt: skip
    return rows.values(ListedHistoryEntry, found)


async def directories(reader: Reader) -> list[MeasuredDirectory]:
    """The catalog of directories, each with the counts of its results."""
    found = await reader.fetch(
        "select d.*, r.* from directories d cross join lateral ("
        "  select count(*) filter (where status = 'submitted') as submitted,"
        "  count(*) filter (where status = 'failed') as failed,"
        "  count(*) filter (where status = 'skipped') as skipped,"
        "  count(*) filter (where status = 'needs_manual') as needs_manual"
        "  from job_results where directory_id = d.id) r"
        " order by d.enabled desc, (d.terms_decision = 'unknown') desc, d.tier, lower(d.name), d.id"
    )
    return rows.values(MeasuredDirectory, found)


async def dead_letters(reader: Reader, limit: int) -> list[ListedDeadLetter]:
    """Dead letters that nobody has replayed, the newest first, with their order where it is known."""
    found = await reader.fetch(
        "select l.*, j.status as order_status, c.business_name from dead_letters l"
        " left join jobs j on j.id = l.job_id left join customers c on c.id = j.customer_id"
        " where l.replayed_at is null order by l.created_at desc, l.id limit $1",
        limit,
    )
    return rows.values(ListedDeadLetter, found)


async def outbox(reader: Reader, limit: int) -> list[WaitingMessage]:
    """Orders that the brain does not have yet, the oldest first; `found` is how many there are."""
    found = await reader.fetch(
        "select o.job_id, o.attempts, o.last_error, o.due_at, o.created_at, c.business_name,"
        " count(*) over () as found from outbox o join jobs j on j.id = o.job_id"
        " join customers c on c.id = j.customer_id where o.done_at is null order by o.id limit $1",
        limit,
    )
    return rows.values(WaitingMessage, found)


async def flows_and_oldest(reader: Reader) -> FlowCounts:
    """Open flow runs by state, and since when the oldest order stands in the queue."""
    row = await reader.fetchrow(
        "select (select count(*) from flow_runs where state = 'scheduled') as scheduled,"
        " (select count(*) from flow_runs where state = 'running') as running,"
        " (select min(enqueued_at) from jobs where status = 'pending' and message_id is not null)"
        "  as oldest"
    )
    assert row is not None, "an aggregate always returns a row"  # noqa: S101
    return rows.value(FlowCounts, row)
