"""Machines whose clock is not the database's (table wrong_clocks): told by themselves, shown to admins."""

import socket
from dataclasses import dataclass
from datetime import timedelta

from hermes_base.postgres.database import Pool

FORGOTTEN = timedelta(minutes=2)
"""A machine says it again every 20 seconds; one that says nothing any more works no more."""


@dataclass(frozen=True, slots=True)
class WrongClock:
    """A machine, and by how many seconds its clock is ahead of the database's (behind: less than 0)."""

    machine: str
    ahead_seconds: float

    @property
    def text(self) -> str:
        """One sentence for people."""
        seconds = round(abs(self.ahead_seconds))
        size = f"{seconds // 60} min {seconds % 60:02} s" if seconds >= 60 else f"{seconds} s"
        way = "ahead of" if self.ahead_seconds > 0 else "behind"
        return f"The clock of {self.machine} is {size} {way} the database's."


async def tell(pool: Pool, ahead: timedelta | None) -> None:
    """Keep what this machine measured; None: its clock agrees."""
    machine = socket.gethostname()
    if ahead is None:
        await pool.execute("delete from wrong_clocks where machine = $1", machine)
        return
    await pool.execute(
        "insert into wrong_clocks (machine, ahead_seconds) values ($1, $2)"
        " on conflict (machine) do update set ahead_seconds = excluded.ahead_seconds, seen_at = now()",
        machine, ahead.total_seconds(),
    )  # fmt: skip


async def wrong_clocks(pool: Pool) -> list[WrongClock]:
    """Those that said so lately, the worst first."""
    found = await pool.fetch(
        "select machine, ahead_seconds from wrong_clocks where seen_at > now() - $1::interval"
        " order by abs(ahead_seconds) desc, machine",
        FORGOTTEN,
    )
    return [WrongClock(row["machine"], row["ahead_seconds"]) for row in found]
