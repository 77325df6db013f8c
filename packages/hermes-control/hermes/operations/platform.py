"""What Hermes itself stands on: its database, its sources of secrets."""

import asyncio
import time

import asyncpg

from hermes.core.catalog import Service
from hermes.core.views import PlatformView
from hermes.core.views.platform import Measured, database_answered, database_away, platform_view
from hermes.operations.scope import Scope
from hermes.vault.bitwarden.measured import measured
from hermes_base.postgres import health
from hermes_base.postgres.database import LOST_DATABASE

LONGEST_MEASUREMENT = 1.0
"""Seconds that a page waits for the measurement of a platform dependency."""


class Platform:
    """The platform dependencies of the catalog."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def fault(self) -> str | None:
        """Why Hermes cannot work at the moment; None when it can."""
        return await health.fault(self._scope.pool) or None

    async def measure(self) -> list[PlatformView]:
        """The platform dependencies, measured now; what takes too long says so and delays nobody."""
        services = self._scope.catalog.platform
        return await asyncio.gather(*(self._measure(service) for service in services))

    async def _measure(self, service: Service) -> PlatformView:
        if service.slug == "postgres_db":
            found = await self._database()
        elif service.slug == "bitwarden_vault":
            found = await self._secrets()
        else:
            found = Measured("not_configured", "Not measured")
        return platform_view(service, found, self._scope.clock())

    async def _database(self) -> Measured:
        try:
            async with asyncio.timeout(LONGEST_MEASUREMENT):
                began = time.perf_counter()
                await self._scope.pool.fetchval("select 1")
                return database_answered((time.perf_counter() - began) * 1000)
        except TimeoutError:
            return database_away("read_timeout", f"No response within {LONGEST_MEASUREMENT:g} s")
        except (*LOST_DATABASE, asyncpg.PostgresError) as error:
            return database_away("away", f"No response: {type(error).__name__}")

    async def _secrets(self) -> Measured:
        status = await asyncio.to_thread(self._scope.vault.status)
        return measured(status, self._scope.catalog.services)

    async def refresh_secrets(self) -> None:
        """Read the vault's distant source now, past its cache; the other sources are never cached."""
        await asyncio.to_thread(self._scope.vault.refresh)
