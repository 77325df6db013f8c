"""Sites: registered, changed, deleted."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from hermes.core.sites.input import (
    SiteChange,
    SiteInput,
    changed,
    differences,
    require_idle,
    require_name,
)
from hermes.core.views import SiteView, site_view
from hermes.operations.overview import setup_keys_of
from hermes.operations.scope import Scope
from hermes.storage import sites, taken
from hermes_base.postgres import audit
from hermes_base.problems import Problem


class Sites:
    """The sites that are tested."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def all(self) -> list[SiteView]:
        """The sites in sight by name, the demo site last."""
        return [site_view(site) for site in await self._scope.sites()]

    async def named(self, limit: int) -> tuple[list[tuple[UUID, str]], int]:
        """(id, name) of the first sites in sight by name, and how many there are: for each page's navigation."""
        rows = await sites.named(self._scope.reader, self._scope.only_site, limit)
        return [(row["id"], row["name"]) for row in rows], rows[0]["total"] if rows else 0

    async def one(self, site_id: UUID) -> SiteView:
        """One site. Raises `unknown_site`."""
        return site_view(await self._scope.site(site_id))

    async def add(self, wanted: SiteInput, actor: str) -> SiteView:
        """Add a site. Raises `site_exists`, `private_address`."""
        self._require_public(wanted.base_url)
        async with self._scope.pool.acquire() as connection, connection.transaction():
            added = await sites.add_site(
                connection, wanted.name, wanted.base_url, wanted.settings.given(), is_demo=False
            )
            if added is None:
                raise _exists(wanted.base_url)
            await audit.record(
                connection, actor, "site_added", wanted.name, added.id, baseUrl=wanted.base_url
            )
        return site_view(added)

    async def change(self, site_id: UUID, change: SiteChange, actor: str) -> SiteView:
        """Change what is named of a site; the audit keeps which names, not their values.

        Raises `unknown_site`, `site_changed`, `site_exists`, `demo_address`, `private_address`,
        `invalid_request`.
        """
        async with self._scope.pool.acquire() as connection, connection.transaction():
            site = await self._scope.lock_site(connection, site_id)
            wanted = changed(site, change)
            names = differences(site, wanted)
            if not names:
                return site_view(site)
            if not site.is_demo:
                self._require_public(wanted.base_url)
            settings = wanted.stored_beside(site.settings)
            after = await sites.change_site(
                connection, site_id, wanted.name, wanted.base_url, settings
            )
            if after is None:
                raise _exists(wanted.base_url)
            await taken.clear_settings(connection, site_id, setup_keys_of(self._scope, after))
            await audit.record(
                connection, actor, "site_changed", wanted.name, site_id, changed=names
            )
        return site_view(after)

    async def delete(self, site_id: UUID, name: str, actor: str) -> None:
        """Delete a site and all its runs; its name must be given again.

        Raises `unknown_site`, `name_differs`, `site_busy` while work for it goes on.
        """
        async with self._scope.pool.acquire() as connection, connection.transaction():
            site = await self._scope.lock_site(connection, site_id)
            require_name(site, name)
            require_idle(await sites.work_under_way(connection, site_id))
            await sites.delete_site(connection, site_id)
            gone = {"siteId": str(site_id), "baseUrl": site.base_url}
            # the row is gone, and events refer to it: its id stands in the detail
            await audit.record(connection, actor, "site_deleted", site.name, None, **gone)

    def _require_public(self, base_url: str) -> None:
        """What a service reads of a site is shown: nobody may read a private network through it."""
        if self._scope.opened.refuses_url(base_url):
            message = f"{base_url} is in a private network, or on the machine that runs Hermes."
            hint = "An admin may open it: HERMES_PRIVATE_SITES lists addresses, networks and hosts."
            raise Problem("private_address", message, hint, field="baseUrl")

    async def put_demo(self, name: str, base_url: str, settings: Mapping[str, Any]) -> SiteView:
        """The demo site, at the address where the sandbox serves it now."""
        return site_view(
            await sites.put_demo_site(self._scope.pool, name, base_url, dict(settings))
        )


def _exists(base_url: str) -> Problem:
    message = f"A site with the address {base_url} already exists."
    return Problem(
        "site_exists", message, "Use that site, or enter a different address.", field="baseUrl"
    )
