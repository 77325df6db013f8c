"""Waivers: given with owner, reason and expiry; ended before their time."""

from uuid import UUID

from hermes.core.runs.waiver_input import WaiverInput, require_expiry, require_output
from hermes.core.views.waivers import WaiverView, waiver_view
from hermes.operations.scope import Scope
from hermes.storage import waivers
from hermes_base.postgres import audit
from hermes_base.problems import Problem, not_found
from hermes_base.typed import wrong

NEWEST = 500


class Waivers:
    """Outputs that somebody answers for while they are missing."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def all(self) -> list[WaiverView]:
        """Those for all sites and for sites that one may see; those that last longest first."""
        seen = {None, *(site.id for site in await self._scope.sites())}
        rows = await waivers.waivers(self._scope.pool, NEWEST)
        now, catalog = self._scope.clock(), self._scope.catalog
        return [waiver_view(row, catalog, now) for row in rows if row["site_id"] in seen]

    async def add(self, wanted: WaiverInput, actor: str) -> WaiverView:
        """Waive an output from the next judged run on. Raises `invalid_request`, `unknown_site`, `waiver_exists`."""
        service = self._scope.catalog.find(wanted.service)
        if service is None:
            raise wrong([("service", f"there is no service {wanted.service!r} in the catalog")])
        require_output(service, wanted.output)
        now, scope = self._scope.clock(), self._scope
        require_expiry(wanted.expires_at, now)
        site = await scope.site(wanted.site_id) if wanted.site_id else None
        async with scope.pool.acquire() as connection, connection.transaction():
            added = await waivers.add_waiver(
                connection, service.slug, wanted.output, wanted.site_id, wanted.owner,
                wanted.reason, actor, now, wanted.expires_at,
            )  # fmt: skip
            if added is None:
                raise _exists(service.label(wanted.output), site.name if site else "all sites")
            await audit.record(
                connection, actor, "waiver_added", f"{service.slug}/{wanted.output}",
                wanted.site_id, owner=wanted.owner, until=wanted.expires_at.isoformat(),
                reason=wanted.reason,
            )  # fmt: skip
        return next(each for each in await self.all() if each.id == added)

    async def end(self, waiver_id: UUID, actor: str) -> None:
        """End a waiver: from the next judged run on its output counts again. Raises `unknown_waiver`."""
        known = {each.id for each in await self.all() if each.state == "in_force"}
        async with self._scope.pool.acquire() as connection, connection.transaction():
            row = None
            if waiver_id in known:
                now = self._scope.clock()
                row = await waivers.end_waiver(connection, waiver_id, actor, now)
            if row is None:
                raise not_found(
                    "unknown_waiver", f"in force with id {waiver_id}", "Reload the list."
                )
            subject = f"{row['service_slug']}/{row['output_slug']}"
            await audit.record(connection, actor, "waiver_ended", subject, row["site_id"])


def _exists(output: str, where: str) -> Problem:
    message = f"{output} is already waived for {where}."
    return Problem("waiver_exists", message, "End that waiver first.", field="output")
