"""Letters to customers (table letters): written with what they tell of, sent afterwards, each once."""

from uuid import UUID

from directory_bolt.core.orders.letters import LetterKind
from directory_bolt.core.rows.deliveries import UnsentLetter
from hermes_base.postgres import rows
from hermes_base.postgres.database import Connection


async def write(connection: Connection, job_id: UUID, kind: LetterKind) -> None:
    """Have a customer told, once; of invented businesses nobody is told."""
    await connection.execute(
        "insert into letters (job_id, kind) select id, $2 from jobs where id = $1"
        " and source in ('stripe', 'staff') on conflict (job_id, kind) do nothing",
        job_id, kind,
    )  # fmt: skip


async def next_due(connection: Connection) -> UnsentLetter | None:
    """The oldest letter that is to be sent now, locked until the transaction ends; None without any.

    What could not be sent for three days is news no more, and the erased are written to no more.
    """
    found = await connection.fetchrow(
        "select l.id, l.job_id, l.kind, l.attempts, c.email, c.business_name from letters l"
        " join jobs j on j.id = l.job_id join customers c on c.id = j.customer_id"
        " where l.sent_at is null and l.due_at <= now() and c.erased_at is null"
        " and l.created_at > now() - interval '3 days' order by l.id limit 1"
        " for update of l skip locked"
    )
    return rows.value_or_none(UnsentLetter, found)


async def sent(connection: Connection, number: int) -> None:
    """Mark a letter as handed to the mail server."""
    await connection.execute(
        "update letters set sent_at = now(), attempts = attempts + 1, last_error = null where id = $1",
        number,
    )


async def postpone(connection: Connection, number: int, error: str) -> None:
    """Try a letter again later, at most an hour apart, and note why it failed."""
    await connection.execute(
        "update letters set attempts = attempts + 1, last_error = $2,"
        " due_at = now() + least(interval '1 hour', interval '1 minute' * power(2, attempts))"
        " where id = $1",
        number, error,
    )  # fmt: skip
