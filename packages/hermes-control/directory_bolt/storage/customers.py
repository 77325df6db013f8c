"""Customers: one row a business, however often it orders."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from asyncpg.exceptions import UniqueViolationError

from directory_bolt.core.orders.profile import BusinessProfile
from hermes_base.postgres.database import Connection, Pool


async def put(
    connection: Connection, profile: BusinessProfile, identity: str, package_type: str
) -> UUID:
    """The customer of this business identity, with the newest profile and package."""
    found: Any = await connection.fetchval(
        "insert into customers (email, business_name, package_type, profile, identity)"
        " values ($1, $2, $3, $4, $5) on conflict (identity) where erased_at is null do update"
        " set email = excluded.email, business_name = excluded.business_name,"
        " package_type = excluded.package_type, profile = excluded.profile, updated_at = now()"
        " returning id",
        profile.email, profile.business_name, package_type, profile.model_dump(), identity,
    )  # fmt: skip
    return found


async def rewrite(
    connection: Connection, customer_id: UUID, profile: BusinessProfile, identity: str
) -> bool:
    """Change the profile of a customer; False where another one is this business already."""
    try:
        async with connection.transaction():
            await connection.execute(
                "update customers set email = $2, business_name = $3, profile = $4, identity = $5,"
                " updated_at = now() where id = $1",
                customer_id, profile.email, profile.business_name, profile.model_dump(), identity,
            )  # fmt: skip
    except UniqueViolationError:
        return False
    return True


async def by_email(connection: Pool | Connection, email: str) -> list[UUID]:
    """The ids of customers with this e-mail address, in any case, that are not erased."""
    found = await connection.fetch(
        "select id from customers where lower(email) = lower($1) and erased_at is null", email
    )
    return [row["id"] for row in found]


async def erase(connection: Connection, ids: Sequence[UUID]) -> list[UUID]:
    """Take the personal data out of customers and their orders. Returns the ids of the orders."""
    await connection.execute(
        "update customers set email = 'erased', business_name = 'erased', profile = '{}',"
        " identity = 'erased:' || id, erased_at = now(), updated_at = now()"
        " where id = any($1::uuid[])",
        list(ids),
    )
    found = await connection.fetch(
        "update jobs set metadata = '{}', checkout_session = null, updated_at = now()"
        " where customer_id = any($1::uuid[]) returning id",
        list(ids),
    )
    return [row["id"] for row in found]


async def delete_without_orders(connection: Connection, customer_id: UUID) -> None:
    """Take a customer away who has no order left."""
    await connection.execute(
        "delete from customers where id = $1 and not exists (select 1 from jobs where customer_id = $1)",
        customer_id,
    )
