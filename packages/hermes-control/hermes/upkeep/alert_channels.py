"""Channels and routes: added, tested and removed by admins."""

from datetime import timedelta
from uuid import UUID, uuid4

from asyncpg import Record

from hermes.channels.carrier import Carrier, Channel
from hermes.channels.posting import posting
from hermes.core.alerting.life import Letter
from hermes.core.alerting.routes import Route
from hermes.core.alerting.settings import (
    AlertSetup,
    ChannelInput,
    ChannelView,
    PingView,
    RouteInput,
    RouteView,
    spoken,
)
from hermes.core.alerting.wire import KINDS, ChannelFault
from hermes.operations.jobs import Jobs
from hermes.operations.scope import Scope
from hermes.storage import channels, outbox
from hermes_base.clock import utc_now
from hermes_base.postgres import audit
from hermes_base.problems import Problem, not_found
from hermes_base.typed import wrong

LOOKED_BACK = timedelta(days=30)
WORKER = "notifications"


class AlertChannels:
    """Who can be told of alerts, and who is."""

    def __init__(self, scope: Scope, jobs: Jobs) -> None:
        self._scope = scope
        self._jobs = jobs

    async def setup(self) -> AlertSetup:
        """All channels, routes in their order, and the watcher outside."""
        reader, since = self._scope.reader, self._scope.clock() - LOOKED_BACK
        found = await channels.channels(reader, since)
        names = {row["id"]: row["name"] for row in found}
        sites = {site.id: site.name for site in await self._scope.sites()}
        used = await channels.used(reader, since)
        routes = await channels.routes(reader)
        ping = await outbox.ping(reader)
        return AlertSetup(
            channels=[_channel_view(row) for row in found],
            routes=[_route_view(each, names, sites, used.get(each.id, 0)) for each in routes],
            ping=PingView(**dict(ping)) if ping else None,
        )

    async def add_channel(self, wanted: ChannelInput, actor: str) -> ChannelView:
        """A new channel; nobody is told over it before a route names it. Raises `invalid_request`."""
        async with self._scope.pool.acquire() as connection, connection.transaction():
            added = await channels.add_channel(
                connection, wanted.name, wanted.kind, wanted.target.strip(), wanted.secret, actor
            )
            if added is None:
                raise wrong([("name", "is taken; choose another")])
            kind, secret = wanted.kind, wanted.secret
            await audit.record(
                connection, actor, "channel_added", wanted.name, None, kind=kind, secret=secret
            )
        return next(each for each in (await self.setup()).channels if each.id == added)

    async def remove_channel(self, channel_id: UUID, actor: str) -> None:
        """Forget a channel and what waits for it. Raises `unknown_channel`."""
        row = await self._one(channel_id)
        async with self._scope.pool.acquire() as connection, connection.transaction():
            await channels.remove_channel(connection, channel_id)
            await audit.record(connection, actor, "channel_removed", row["name"])

    async def test(self, channel_id: UUID, actor: str) -> str:
        """Send a test over a channel now; what came of it, as a sentence. Raises `unknown_channel`, and
        `channel_failed` with what the channel said."""
        row = await self._one(channel_id)
        await audit.record(self._scope.pool, actor, "channel_tested", row["name"])
        if row["kind"] == WORKER:
            return await self._test_worker(actor)
        channel = Channel(row["name"], row["kind"], row["target"], row["secret"])
        try:
            async with posting(self._scope.opened) as posts:
                carrier = Carrier(posts, self._scope.vault, self._scope.opened, utc_now)
                await carrier.carry(channel, _test_letter(row["name"], actor))
        except ChannelFault as fault:
            hint = "Correct the channel or its secret, then send a test again."
            raise Problem("channel_failed", f"{row['name']}: {fault.words}", hint) from None
        return f"{row['name']} accepted the test."

    async def _test_worker(self, actor: str) -> str:
        """The smoke test of the Notifications service sends one message over every channel behind it."""
        sites = await self._scope.sites()
        if not sites:
            raise Problem("channel_failed", "There is no site to test with.", "Add a site first.")
        started = await self._jobs.start_smoke(sites[0].id, actor, WORKER)
        return f"Its smoke test runs on {sites[0].name}: /jobs/{started.job_id}"

    async def add_route(self, wanted: RouteInput, actor: str) -> RouteView:
        """A new route, looked at after those before and before the last. Raises `invalid_request`,
        `unknown_site`."""
        setup = await self.setup()
        known = {each.id for each in setup.channels}
        if not known.issuperset({*wanted.channels, *wanted.escalate_to}):
            raise wrong([("channels", "one of them is no channel")])
        if wanted.service and self._scope.catalog.find(wanted.service) is None:
            raise wrong([("service", f"there is no service {wanted.service!r} in the catalog")])
        if wanted.site_id:
            await self._scope.site(wanted.site_id)
        async with self._scope.pool.acquire() as connection, connection.transaction():
            added = await channels.add_route(
                connection, product=wanted.product, site_id=wanted.site_id, service=wanted.service,
                severity=wanted.severity, days=wanted.days, starts=wanted.starts, ends=wanted.ends,
                time_zone=wanted.time_zone, told=wanted.channels, remind_after=wanted.remind_after,
                escalate_after=wanted.escalate_after, escalate_to=wanted.escalate_to, actor=actor,
            )  # fmt: skip
            await audit.record(connection, actor, "route_added", str(added), wanted.site_id)
        return next(each for each in (await self.setup()).routes if each.id == added)

    async def remove_route(self, route_id: UUID, actor: str) -> None:
        """Forget a route. Raises `unknown_route`."""
        async with self._scope.pool.acquire() as connection, connection.transaction():
            if not await channels.remove_route(connection, route_id):
                raise not_found("unknown_route", route_id, "Reload the list.")
            await audit.record(connection, actor, "route_removed", str(route_id))

    async def _one(self, channel_id: UUID) -> Record:
        row = await channels.channel(self._scope.reader, channel_id)
        if row is None:
            raise not_found("unknown_channel", channel_id, "Reload the list.")
        return row


def _channel_view(row: Record) -> ChannelView:
    fault = row["fault"] or ""
    unused = row["last_at"] is None
    return ChannelView(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        kind_name=KINDS[row["kind"]][0],
        target=row["target"],
        secret=row["secret"],
        state="fails" if fault else "unused" if unused else "delivers",
        fault=fault,
        delivered=row["delivered"],
        kept=row["kept"],
        last_at=row["last_at"],
    )


def _route_view(
    route: Route, names: dict[UUID, str], sites: dict[UUID, str], used: int
) -> RouteView:
    remind, escalate = route.remind_after, route.escalate_after
    return RouteView(
        id=route.id,
        product=route.product,
        site_id=route.site_id,
        site=sites.get(route.site_id) if route.site_id else None,
        service=route.service,
        severity=route.severity,
        when=spoken(route.days, route.starts, route.ends, route.time_zone),
        channels=[names[each] for each in route.channels if each in names],
        remind_after=int(remind.total_seconds() // 60) if remind else None,
        escalate_after=int(escalate.total_seconds() // 60) if escalate else None,
        escalate_to=[names[each] for each in route.escalate_to if each in names],
        used=used,
    )


def _test_letter(name: str, actor: str) -> Letter:
    key = f"test-{uuid4()}"
    text = f"{actor} sent this test to see whether {name} delivers alerts. Nothing is wrong."
    return Letter(key, key, "opened", True, "warning", "Test of Hermes alerts", text, "", utc_now())
