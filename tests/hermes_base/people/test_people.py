"""Users, links, tries, sessions and tokens in a real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from hermes_base.people.rules import digest
from hermes_base.people.storage import api_tokens, people, sessions, sign_in
from hermes_base.postgres.database import Pool, open_pool

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    opened = await open_pool(database_url, size=8)
    yield opened
    await opened.close()


async def user(pool: Pool, email: str = "ann@example.com", role: str = "admin") -> UUID:
    async with pool.acquire() as connection:
        row = await people.add_user(connection, email, "Ann", role, NOW)
    assert row is not None
    return row["id"]


async def test_there_is_one_local_operator_however_often_it_is_needed(pool: Pool) -> None:
    rows = [await people.local_operator(pool, NOW) for _ in range(3)]
    assert len({row["id"] for row in rows}) == 1
    assert (rows[0]["role"], rows[0]["email"]) == ("admin", None)
    assert not await people.has_passwords(pool)


async def test_an_e_mail_address_belongs_to_one_user(pool: Pool) -> None:
    await user(pool)
    async with pool.acquire() as connection:
        assert await people.add_user(connection, "ann@example.com", "B", "viewer", NOW) is None


async def test_only_enabled_users_with_a_password_can_sign_in_with_one(pool: Pool) -> None:
    ann = await user(pool)
    assert not await people.has_passwords(pool)
    await people.set_password(pool, ann, "hash")
    assert await people.has_passwords(pool)
    async with pool.acquire() as connection:
        await people.set_disabled(connection, ann, NOW)
    assert not await people.has_passwords(pool)


async def test_the_local_operator_can_have_no_password(pool: Pool) -> None:
    row = await people.local_operator(pool, NOW)
    with pytest.raises(asyncpg.CheckViolationError):
        await people.set_password(pool, row["id"], "hash")


async def test_of_many_who_use_a_link_at_once_one_gets_in(pool: Pool) -> None:
    ann = await user(pool)
    async with pool.acquire() as connection:
        await sign_in.add_link(connection, digest("link"), ann, "/", NOW, NOW + HOUR)

    async def use() -> bool:
        async with pool.acquire() as connection, connection.transaction():
            return await sign_in.use_link(connection, digest("link"))

    assert sorted(await asyncio.gather(*[use() for _ in range(8)])) == [False] * 7 + [True]


async def test_a_link_is_found_until_it_expires_and_while_its_user_is_enabled(pool: Pool) -> None:
    ann = await user(pool)
    async with pool.acquire() as connection:
        await sign_in.add_link(connection, digest("link"), ann, "/", NOW, NOW + HOUR)
        assert await sign_in.link(pool, digest("link"), NOW + HOUR - timedelta(seconds=1))
        assert await sign_in.link(pool, digest("link"), NOW + HOUR) is None
        await people.set_disabled(connection, ann, NOW)
        assert await sign_in.link(pool, digest("link"), NOW) is None


async def test_tries_are_counted_by_user_and_by_address_within_the_window(pool: Pool) -> None:
    ann, bob = digest("ann"), digest("bob")
    for who, address, minutes in ((ann, "a", 20), (ann, "a", 9), (ann, "b", 8), (bob, "a", 7)):
        await sign_in.add_try(pool, who, address, NOW - timedelta(minutes=minutes))
    row = await sign_in.tries(pool, ann, "a", NOW - timedelta(minutes=15))
    assert (row["pair"], row["here"], row["whose"]) == (1, 2, 2)
    assert row["here_oldest"] == NOW - timedelta(minutes=9)
    await sign_in.drop_tries(pool, ann, "a")
    row = await sign_in.tries(pool, ann, "a", NOW - timedelta(minutes=15))
    assert (row["pair"], row["here"], row["whose"], row["pair_oldest"]) == (0, 1, 1, None)


async def test_a_session_ends_by_idleness_by_age_and_with_its_user(pool: Pool) -> None:
    ann = await user(pool)
    async with pool.acquire() as connection:
        await sessions.add_session(connection, digest("s"), ann, NOW, NOW + 3 * HOUR, "a", "b")
        assert await sessions.session(pool, digest("s"), NOW, NOW - HOUR)
        assert await sessions.session(pool, digest("s"), NOW + HOUR, NOW) is None
        assert await sessions.session(pool, digest("s"), NOW + 3 * HOUR, NOW - HOUR) is None
        await people.set_disabled(connection, ann, NOW)
        assert await sessions.session(pool, digest("s"), NOW, NOW - HOUR) is None


async def test_nobody_ends_the_session_of_another(pool: Pool) -> None:
    ann, bob = await user(pool), await user(pool, "bob@example.com")
    async with pool.acquire() as connection:
        of_bob = await sessions.add_session(connection, digest("b"), bob, NOW, NOW + HOUR, "a", "b")
        assert not await sessions.end_one(connection, ann, of_bob)
        assert await sessions.end_one(connection, bob, of_bob)


async def test_a_token_is_found_until_it_expires_and_goes_with_its_site(pool: Pool) -> None:
    ann = await user(pool, role="operator")
    site = await pool.fetchval("insert into sites (name, base_url) values ('S', 'u') returning id")
    async with pool.acquire() as connection:
        await api_tokens.add_token(
            connection, digest("t"), "ci", "admin", ann, site, NOW, NOW + HOUR
        )
        again = await api_tokens.add_token(
            connection, digest("u"), "ci", "viewer", ann, None, NOW, None
        )
    assert again is None, "an owner's tokens have different names"
    row = await api_tokens.token(pool, digest("t"), NOW)
    assert row is not None
    assert (row["role"], row["owner_role"], row["owner"]) == (
        "admin",
        "operator",
        "ann@example.com",
    )
    assert await api_tokens.token(pool, digest("t"), NOW + HOUR) is None
    await pool.execute("delete from sites where id = $1", site)
    assert await api_tokens.token(pool, digest("t"), NOW) is None
