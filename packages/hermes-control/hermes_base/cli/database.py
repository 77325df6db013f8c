"""What `hermes doctor --database` says of a PostgreSQL: every thing that keeps Hermes from living on it."""

from datetime import UTC, datetime
from typing import Any

from hermes_base.checks import Check, failed, passed, skipped
from hermes_base.postgres import schema
from hermes_base.postgres.opening import NOT_LET_IN, connect, not_let_in
from hermes_base.postgres.poolers import has_pooler, shares_sessions
from hermes_base.problems import Problem
from hermes_base.settings import Settings

NEEDED_CONNECTIONS = 60
"""What all processes of `hermes up` open at most: pools of 8, listeners, and one pool to spare."""
MOST_SKEW = 2.0
FACTS = """
select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
    current_user as me, current_database() as database, pg_encoding_to_char(d.encoding) as encoding,
    current_setting('search_path') as search_path, current_schema() as schema,
    current_setting('transaction_read_only') = 'on' as read_only, clock_timestamp() as now,
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) as may_create,
    current_setting('max_connections')::int as most, d.datconnlimit as most_here,
    (select count(*) from pg_stat_activity) as used,
    inet_server_addr() is null as by_socket,
    coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as tls
from pg_database d where d.datname = current_database()
"""


async def examine_database(settings: Settings) -> list[Check]:
    """All checks of the database. Starts nothing and changes nothing."""
    try:
        pool = await connect(settings, size=1)
    except Problem as problem:
        step = "Start it with: hermes up" if settings.embedded else problem.hint
        return [failed("Connection", problem.message.split("\n")[0], step)]
    try:
        before = datetime.now(UTC)
        facts = await pool.fetchrow(FACTS)
        assert facts is not None  # noqa: S101  # of the database that we are in
        skew = (facts["now"] - before).total_seconds()
        current = await _schema(pool)
    except NOT_LET_IN as error:
        return [failed("Connection", not_let_in(error).message, not_let_in(error).hint)]
    finally:
        await pool.close()
    return [*_of_facts(facts, skew), current, await _pooler(settings)]


def _of_facts(facts: Any, skew: float) -> list[Check]:
    return [
        _either("Version", facts["number"] >= schema.OLDEST_SERVER, f"PostgreSQL {facts['version']}", "Hermes needs PostgreSQL 15 or newer."),
        _either("Encoding", facts["encoding"] == "UTF8", facts["encoding"], "Create the database with: encoding 'UTF8' template template0."),
        _either("Writing", not facts["read_only"], "read-only" if facts["read_only"] else "writable", "This is a standby, or default_transaction_read_only is on: name the primary."),
        _either("Search path", facts["schema"] is not None, facts["search_path"], "No schema of the search path exists: create one, or correct search_path."),
        _either("Rights", facts["may_create"], f"{facts['me']} in schema {facts['schema']}", f"As the owner of the database: grant create, usage on schema {facts['schema'] or 'public'} to {facts['me']}."),
        _either("Clock", abs(skew) <= MOST_SKEW, f"{skew:+.1f} s beside this machine", "Set both clocks by NTP."),
        _connections(facts),
        _tls(facts),
    ]  # fmt: skip


def _either(name: str, good: bool, text: str, step: str) -> Check:
    return passed(name, text) if good else failed(name, text, step)


def _connections(facts: Any) -> Check:
    most = facts["most"] if facts["most_here"] < 0 else min(facts["most"], facts["most_here"])
    free = most - facts["used"]
    text = f"{facts['used']} of {most} in use"
    step = f"All processes together open up to {NEEDED_CONNECTIONS}: raise max_connections, or use a pooler."
    return _either("Connections", free >= NEEDED_CONNECTIONS, text, step)


def _tls(facts: Any) -> Check:
    if facts["by_socket"]:
        return passed("TLS", "not needed: a socket of this machine")
    if facts["tls"]:
        return passed("TLS", "in use")
    step = "Add sslmode=require to HERMES_DATABASE_URL, if the way leads over a network."
    return skipped("TLS", "not in use", step)


async def _schema(pool: Any) -> Check:
    try:
        await schema.require_current(pool)
    except Problem as problem:
        return failed("Schema", problem.message, problem.hint)
    return passed("Schema", f"migration {schema.migrations()[-1][0]}")


async def _pooler(settings: Settings) -> Check:
    if settings.embedded:
        return passed("Pooler", "none")
    try:
        if not await has_pooler(settings.database_url):
            return passed("Pooler", "none")
        shared = await shares_sessions(settings.database_url)
    except NOT_LET_IN as error:
        return failed("Pooler", f"cannot be told: {type(error).__name__}", "Try again.")
    if not shared:
        return passed("Pooler", "one that keeps sessions apart")
    if settings.database_direct_url:
        return passed("Pooler", "in transaction mode, and HERMES_DATABASE_DIRECT_URL is set")
    step = "Set HERMES_DATABASE_DIRECT_URL to the server itself: LISTEN hears nothing through this one."
    return failed("Pooler", "one in transaction mode", step)
