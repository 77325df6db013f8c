"""Counting after a chaos test: our rows against the directories' own books."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from hermes_base.postgres.database import Pool
from tests.support.system import System

STUCK = (
    "select 'job ' || id || ' ' || status as fault from jobs where status in ('pending', 'in_progress')"
    " union all select 'result ' || id || ' submitting' from job_results where status = 'submitting'"
    " union all select 'flow ' || id || ' ' || state from flow_runs where finished_at is null"
    " union all select 'outbox ' || id from outbox where done_at is null"
    " union all select 'message ' || id from queue_messages"
)


TOLD = (
    "select r.directory_name || ' of order ' || r.job_id || ' is told ' || count(h.id) || ' times' as fault"
    " from job_results r left join queue_history h on h.job_id = r.job_id"
    " and h.directory_name = r.directory_name and h.event = 'submission_complete'"
    " group by r.id having count(h.id) <> 1"
)
"""Every end of a directory stands in the history once."""


@dataclass
class Count:
    """`ends`: results by status. The lists hold a sentence a fault."""

    ends: Counter[str] = field(default_factory=Counter[str])
    lost: list[str] = field(default_factory=list[str])
    doubled: list[str] = field(default_factory=list[str])
    stuck: list[str] = field(default_factory=list[str])
    unfounded: list[str] = field(default_factory=list[str])

    @property
    def right(self) -> bool:
        return not (self.lost or self.doubled or self.stuck or self.unfounded)


async def count(pool: Pool, system: System) -> Count:
    """What ended how, what is missing, what arrived twice, what is called submitted and never arrived."""
    found = Count()
    arrived = await arrivals(system)
    rows = await pool.fetch(
        "select j.id as job, c.business_name as business, d.name as directory, d.submission_url as url,"
        " r.status from jobs j join customers c on c.id = j.customer_id"
        " join job_directories l on l.job_id = j.id join directories d on d.id = l.directory_id"
        " left join job_results r on r.job_id = j.id and r.directory_id = d.id"
    )
    for row in rows:
        found.ends[row["status"] or "nothing"] += 1
        where = f"{row['directory']} of order {row['job']}"
        outcomes = arrived[slug_of(row["url"]), row["business"]]
        forms = len(outcomes)
        if row["status"] is None:
            found.lost.append(f"{where} has no result")
        if forms > 1:
            found.doubled.append(f"{where} received {forms} forms")
        if row["status"] == "submitted" and not forms:
            found.unfounded.append(f"{where} is called submitted and received nothing")
        if row["status"] in ("failed", "skipped") and {"listed", "kept"} & set(outcomes):
            found.unfounded.append(f"{where} is called {row['status']} and has the form")
    found.unfounded += [row["fault"] for row in await pool.fetch(TOLD)]
    found.stuck = [row["fault"] for row in await pool.fetch(STUCK)]
    return found


async def arrivals(system: System) -> defaultdict[tuple[str, str], list[str]]:
    """What became of whole forms, by (directory, business), as the directories wrote it down."""
    base = json.loads((system.home / "sandbox.json").read_text())["directories"]["base_url"]
    async with aiohttp.ClientSession() as http, http.get(f"{base}/__books__") as answer:
        books: dict[str, Any] = await answer.json()
    found = defaultdict[tuple[str, str], list[str]](list)
    for slug, told in books.items():
        for entry in told["received"]:
            if entry["arrived"]:
                found[slug, business_in(entry["fields"])].append(entry["outcome"])
    return found


def business_in(fields: dict[str, list[str]]) -> str:
    """The invented business's name, wherever the form asks for it."""
    said = (value for values in fields.values() for value in values)
    return next((value for value in said if value.startswith("Hermes Test Bakery")), "")


def slug_of(url: str) -> str:
    return url.split("/")[3]
