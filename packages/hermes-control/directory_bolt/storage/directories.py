"""Directories: the catalog of places where a business can be listed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg.exceptions import UniqueViolationError

from directory_bolt.core.catalog.entries import DirectoryEntry
from directory_bolt.core.catalog.rehearsals import Rehearsal
from directory_bolt.core.rows.directories import MeasuredDirectory
from hermes_base.postgres import rows
from hermes_base.postgres.database import Connection, Pool, Reader


async def put_all(connection: Connection, found: Sequence[Mapping[str, Any]], demo: bool) -> int:
    """Add or update directories by their submission address; returns how many were written.

    Terms and switches that staff decided stay as they are. Those of the demo are allowed by the demo. A
    directory of the demo never becomes one of the business's own, nor the other way round.
    """
    done = await connection.execute(
        "insert into directories (name, submission_url, category, tier, domain_authority, lookup_url,"
        " pacing_seconds, is_demo, terms_decision, terms_by, terms_at)"
        " select name, submission_url, coalesce(category, 'general'), coalesce(tier, 3),"
        " domain_authority, lookup_url, coalesce(pacing_seconds, 5), $2,"
        " case when $2 then 'allowed' else 'unknown' end, case when $2 then 'demo' end,"
        " case when $2 then now() end from jsonb_to_recordset($1) as v (name text, submission_url text,"
        " category text, tier smallint, domain_authority smallint, lookup_url text,"
        " pacing_seconds float8)"
        " on conflict (submission_url) do update set name = excluded.name, category = excluded.category,"
        " tier = excluded.tier, domain_authority = excluded.domain_authority,"
        " lookup_url = excluded.lookup_url, pacing_seconds = excluded.pacing_seconds, updated_at = now()"
        " where directories.is_demo = excluded.is_demo",
        [dict(each) for each in found], demo,
    )  # fmt: skip
    return int(done.split()[-1])


async def move_demo(connection: Connection, served: Sequence[str]) -> None:
    """The sandbox takes any free port: a directory of another port is the same, at a new address."""
    await connection.execute(
        "update directories set submission_url = moved.url, updated_at = now() from ("
        " select distinct on (served.url) id, served.url from unnest($1::text[]) as served(url)"
        " join directories on is_demo and regexp_replace(submission_url, ':[0-9]+/', '/') ="
        " regexp_replace(served.url, ':[0-9]+/', '/') order by served.url, updated_at desc) as moved"
        " where directories.id = moved.id and not exists"
        " (select from directories as there where there.submission_url = moved.url)",
        list(served),
    )  # fmt: skip


async def retire_demo(connection: Connection, keep: Sequence[str]) -> None:
    """Switch off demo directories at addresses where no sandbox serves them any more."""
    await connection.execute(
        "update directories set enabled = (submission_url = any($1::text[])), updated_at = now()"
        " where is_demo and enabled <> (submission_url = any($1::text[]))",
        list(keep),
    )


async def decide_terms(
    connection: Connection, directory_id: UUID, decision: str, note: str, by: str
) -> str | None:
    """Record whether the terms of a directory allow submissions, by whom and why.

    Returns its name, or None when there is no such directory.
    """
    return await connection.fetchval(
        "update directories set terms_decision = $2, terms_note = $3, terms_by = $4, terms_at = now(),"
        " updated_at = now() where id = $1 returning name",
        directory_id, decision, note, by,
    )  # fmt: skip


async def decide_terms_at(
    connection: Connection, submission_url: str, decision: str, note: str, by: str
) -> None:
    """The same for the directory at an address; a decision that is the same already keeps its author."""
    await connection.execute(
        "update directories set terms_decision = $2, terms_note = $3, terms_by = $4, terms_at = now(),"
        " updated_at = now() where submission_url = $1"
        " and (terms_decision, terms_note) is distinct from ($2, $3)",
        submission_url, decision, note, by,
    )  # fmt: skip


async def enable(connection: Connection, directory_id: UUID, enabled: bool) -> str | None:
    """Switch a directory on or off. Returns its name, or None when there is no such directory.

    One that was retired is back in the list once it is switched on.
    """
    return await connection.fetchval(
        "update directories set enabled = $2, updated_at = now(),"
        " retired_at = case when $2 then null else retired_at end where id = $1 returning name",
        directory_id, enabled,
    )  # fmt: skip


async def own(connection: Connection, directory_id: UUID) -> MeasuredDirectory | None:
    """A directory, locked until the transaction ends, without the counts of its results; None where there is none."""
    found = await connection.fetchrow(
        "select *, 0 as submitted, 0 as failed, 0 as skipped, 0 as needs_manual from directories"
        " where id = $1 for update",
        directory_id,
    )
    return rows.value_or_none(MeasuredDirectory, found)


async def rewrite(connection: Connection, directory_id: UUID, entry: DirectoryEntry) -> bool:
    """Change what a business knows of a directory; False where another one has its address already."""
    try:
        async with connection.transaction():
            await connection.execute(
                "update directories set name = $2, submission_url = $3, category = $4, tier = $5,"
                " domain_authority = $6, lookup_url = $7, pacing_seconds = $8, updated_at = now()"
                " where id = $1",
                directory_id, entry.name, entry.submission_url, entry.category, entry.tier,
                entry.domain_authority, entry.lookup_url, entry.pacing_seconds,
            )  # fmt: skip
    except UniqueViolationError:
        return False
    return True


async def retire(connection: Connection, directory_id: UUID) -> str | None:
    """Take a directory out of use and out of the list. Returns its name, or None when there is no such one."""
    return await connection.fetchval(
        "update directories set enabled = false, retired_at = coalesce(retired_at, now()),"
        " updated_at = now() where id = $1 returning name",
        directory_id,
    )


async def rehearsed(connection: Connection, directory_id: UUID, found: Rehearsal) -> bool:
    """Keep what a rehearsal saw, in place of the one before; False where there is no such directory."""
    done = await connection.execute(
        "update directories set rehearsal = $2 where id = $1",
        directory_id, found.model_dump(mode="json"),
    )  # fmt: skip
    return done == "UPDATE 1"


async def rehearsal(connection: Reader, directory_id: UUID) -> Rehearsal | None:
    """What the last rehearsal of a directory saw; None where there was none."""
    found = await connection.fetchval(
        "select rehearsal from directories where id = $1", directory_id
    )
    return None if found is None else Rehearsal.model_validate(found)


async def take_turn(pool: Pool, directory_id: UUID, now: datetime) -> float:
    """Book the next visit of a directory for us; seconds until it may begin, at least 0.

    One statement for all workers: their visits lie `pacing_seconds` apart, wherever they run.
    """
    return await pool.fetchval(
        "update directories set next_visit_at = greatest(next_visit_at, $2)"
        " + make_interval(secs => pacing_seconds) where id = $1"
        " returning extract(epoch from greatest(next_visit_at - make_interval(secs => pacing_seconds), $2)"
        "  - $2)::float8",
        directory_id, now,
    )  # fmt: skip


async def observed(
    connection: Connection, directory_id: UUID, login: bool | None, captcha: bool | None
) -> None:
    """Keep what a visit showed of a directory."""
    await connection.execute(
        "update directories set verified_at = now(), requires_login = coalesce($2, requires_login),"
        " has_captcha = coalesce($3, has_captcha) where id = $1",
        directory_id, login, captcha,
    )  # fmt: skip
