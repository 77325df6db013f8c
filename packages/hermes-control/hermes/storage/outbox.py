"""The outbox of alerts: what is to be said, by which channel, until the channel has taken it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes.core.alerting.life import Life
from hermes.core.alerting.telling import Told
from hermes_base.postgres.database import Connection, Pool, Reader

LOCK = 4_837_041
MOST_LIVES = 1000

_LIVES = """
    select a.*,
        array(select (s.site_id, s.service_slug)::text from alert_services s
            where s.alert_id = a.id and s.closed_at is null and a.closed_at is null) as places,
        array(select distinct d.channel_id from alert_deliveries d where d.alert_id = a.id) as told_channels
    from alerts a where a.closed_at is null or a.told_closed_at is distinct from a.closed_at
    order by a.opened_at, a.id limit $1 for update of a skip locked
"""

_CLAIM = """
    with ready as (
        select d.id from alert_deliveries d join alert_channels c on c.id = d.channel_id and c.enabled
        where d.confirmed_at is null and d.dropped_at is null and d.job_id is null and d.due_at <= $1
        and not exists (select from alert_deliveries e where e.alert_id = d.alert_id
            and e.channel_id = d.channel_id and e.id < d.id and e.confirmed_at is null and e.dropped_at is null)
        order by d.due_at, d.id limit $3 for update of d skip locked
    )
    update alert_deliveries d set due_at = $1::timestamptz + $2::interval, attempts = attempts + 1
    from ready where d.id = ready.id returning d.id
"""

_CLAIMED = """
    select d.id, d.what, d.number, d.attempts, d.created_at, d.channel_id, c.name as channel, c.kind,
        c.target, c.secret, a.id as alert_id, a.product, a.severity, a.opened_at, a.closed_at, a.flaps, a.text,
        array(select e.id from alert_deliveries e where e.alert_id = d.alert_id and e.channel_id = d.channel_id
            and e.id > d.id and e.due_at <= $2 and e.confirmed_at is null and e.dropped_at is null) as later
    from alert_deliveries d join alerts a on a.id = d.alert_id join alert_channels c on c.id = d.channel_id
    where d.id = any($1::bigint[]) order by d.id
"""


async def lives(connection: Connection) -> list[Life]:
    """Alerts of which there may be something to say. Whoever reads them holds a lock until the end of the
    transaction: each thing is written into the outbox once."""
    await connection.execute("select pg_advisory_xact_lock($1)", LOCK)
    return [_life(row) for row in await connection.fetch(_LIVES, MOST_LIVES)]


def _life(row: Record) -> Life:
    about = row["key"].removeprefix("channel:") if row["kind"] == "channel" else None
    return Life(
        id=row["id"], product=row["product"], severity=row["severity"], opened_at=row["opened_at"],
        closed_at=row["closed_at"], flaps=row["flaps"], acknowledged_at=row["acknowledged_at"],
        snoozed_until=row["snoozed_until"], told_at=row["told_at"], told_services=row["told_services"],
        told_flaps=row["told_flaps"], told_closed_at=row["told_closed_at"],
        reminded_at=row["reminded_at"], reminders=row["reminders"], escalated_at=row["escalated_at"],
        places=tuple(_place(text) for text in row["places"]),
        told_channels=tuple(row["told_channels"]), about_channel=UUID(about) if about else None,
    )  # fmt: skip


def _place(text: str) -> tuple[UUID, str]:
    site, slug = text.strip("()").split(",")
    return UUID(site), slug.strip('"')


async def tell(connection: Connection, alert_id: UUID, told: Told, now: datetime) -> None:
    """Write what is to be said of an alert, and what is thereby known, in the caller's transaction."""
    if told.withdrawn:
        await connection.execute(
            "update alert_deliveries set dropped_at = $2, note = 'It came back before this was said.'"
            " where alert_id = $1 and what = 'recovered' and confirmed_at is null and dropped_at is null",
            alert_id, now,
        )  # fmt: skip
    for saying in told.sayings:
        await connection.execute(
            "insert into alert_deliveries (alert_id, channel_id, what, number, created_at, due_at)"
            " select $1, id, $3, $4, $5, $6 from alert_channels where id = $2 on conflict do nothing",
            alert_id, saying.channel, saying.what, saying.number, now, saying.due_at,
        )  # fmt: skip
    if told.columns:
        names = list(told.columns)
        # the names are those of `telling`, never text of anybody else
        pairs = ", ".join(f"{name} = ${n}" for n, name in enumerate(names, 2))
        await connection.execute(
            f"update alerts set {pairs} where id = $1",  # noqa: S608
            alert_id, *(told.columns[name] for name in names),
        )  # fmt: skip


async def claim(pool: Pool, now: datetime, lease: timedelta, most: int) -> list[Record]:
    """Deliveries that are due, each given to one caller alone until the lease ends: whoever dies with one
    leaves it due again. `later`: what is due after it to the same channel, which the same letter says."""
    ids = [row["id"] for row in await pool.fetch(_CLAIM, now, lease, most)]
    return await pool.fetch(_CLAIMED, ids, now) if ids else []


async def confirm(pool: Pool, ids: Sequence[int], now: datetime, note: str = "") -> None:
    """A channel has taken these, the first of which was sent and says what the others would."""
    await pool.execute(
        "update alert_deliveries set confirmed_at = $2, fault = '', note = case when id = $3 then $4"
        " else 'Said with an earlier message.' end where id = any($1::bigint[]) and confirmed_at is null",
        list(ids), now, ids[0], note,
    )  # fmt: skip


async def fail(pool: Pool | Connection, one: int, fault: str, due_at: datetime) -> None:
    """A channel did not take it; it is tried again then."""
    await pool.execute(
        "update alert_deliveries set fault = $2, due_at = $3, job_id = null where id = $1 and confirmed_at is null",
        one, fault, due_at,
    )  # fmt: skip


async def give_up(pool: Pool, written_before: datetime, now: datetime) -> list[Record]:
    """Give up what no channel took for days; returns it."""
    return await pool.fetch(
        "update alert_deliveries set dropped_at = $2, note = 'Given up.' where created_at < $1"
        " and confirmed_at is null and dropped_at is null returning id, alert_id, channel_id, fault",
        written_before, now,
    )  # fmt: skip


async def hand_over(connection: Connection, ids: Sequence[int], job_id: UUID) -> int:
    """This test job of the Notifications service carries these. Returns how many were still to be said."""
    done = await connection.execute(
        "update alert_deliveries set job_id = $2 where id = any($1::bigint[]) and confirmed_at is null"
        " and dropped_at is null and job_id is null",
        list(ids), job_id,
    )  # fmt: skip
    return int(done.split()[-1])


async def carried(reader: Reader) -> list[Record]:
    """Deliveries that a test job carries, with how its run ended so far; no run where the job is gone."""
    return await reader.fetch(
        "select d.id, d.attempts, r.status, r.reason, r.detail,"
        " r.outputs_json->'actualOutputs' ? 'alert_delivered' as proved"
        " from alert_deliveries d left join service_runs r on r.job_id = d.job_id"
        " where d.job_id is not null and d.confirmed_at is null and d.dropped_at is null order by d.id"
    )


async def deliveries(reader: Reader, alert_ids: Sequence[UUID]) -> list[Record]:
    """Everything said or to be said of these alerts, in order."""
    return await reader.fetch(
        "select d.*, c.name as channel, c.kind from alert_deliveries d join alert_channels c on c.id = d.channel_id"
        " where d.alert_id = any($1::uuid[]) order by d.id",
        list(alert_ids),
    )


async def faulty(reader: Reader, tries: int) -> list[Record]:
    """Channels with a delivery that failed so often and waits: id, name, fault, how many wait."""
    return await reader.fetch(
        "select c.id, c.name, count(*)::int as kept, (array_agg(d.fault order by d.attempts desc))[1] as fault"
        " from alert_deliveries d join alert_channels c on c.id = d.channel_id and c.enabled"
        " where d.confirmed_at is null and d.dropped_at is null and d.fault <> ''"
        " group by c.id, c.name having max(d.attempts) >= $1",
        tries,
    )


async def ping(reader: Reader) -> Record | None:
    """When the watcher outside was asked last, and when it answered; None where it never was."""
    return await reader.fetchrow("select sent_at, answered_at, fault from alert_pings")


async def pinged(pool: Pool, now: datetime, fault: str) -> None:
    """Note how the watcher outside answered."""
    answered: Any = None if fault else now
    await pool.execute(
        "insert into alert_pings (single, sent_at, answered_at, fault) values (true, $1, $2, $3)"
        " on conflict (single) do update set sent_at = $1, fault = $3,"
        " answered_at = coalesce($2, alert_pings.answered_at)",
        now, answered, fault,
    )  # fmt: skip
