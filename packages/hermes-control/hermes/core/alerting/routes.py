"""Routes: who is told of an alert. The first that fits is used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hermes.core.alerting.life import Life
from hermes_base.alerts.model import Product, Severity


@dataclass(frozen=True, slots=True)
class Route:
    """A row of alert_routes. None: any. `days` are 1 (Monday) to 7; `starts` is within the hours, `ends`
    is not, and they may go over midnight: what is after it belongs to the day on which they began."""

    id: UUID
    product: Product | None
    site_id: UUID | None
    service: str | None
    severity: Severity | None
    days: tuple[int, ...]
    starts: time | None
    ends: time | None
    time_zone: str
    channels: tuple[UUID, ...]
    remind_after: timedelta | None
    escalate_after: timedelta | None
    escalate_to: tuple[UUID, ...]

    def fits(self, life: Life, now: datetime) -> bool:
        """Whether it says who is told of this alert at this moment."""
        return (
            self.product in (None, life.product)
            and self.severity in (None, life.severity)
            and self._is_there(life)
            and self._is_time(now)
        )

    def _is_there(self, life: Life) -> bool:
        if self.site_id is None and self.service is None:
            return True
        return any(
            self.site_id in (None, site) and self.service in (None, slug)
            for site, slug in life.places
        )

    def _is_time(self, now: datetime) -> bool:
        here = now.astimezone(ZoneInfo(self.time_zone))
        if self.starts is None or self.ends is None:
            return here.isoweekday() in self.days
        if self.starts < self.ends:
            return here.isoweekday() in self.days and self.starts <= here.time() < self.ends
        if here.time() >= self.starts:
            return here.isoweekday() in self.days
        yesterday = (here - timedelta(days=1)).isoweekday()
        return here.time() < self.ends and yesterday in self.days


def route_of(routes: Sequence[Route], life: Life, now: datetime) -> Route | None:
    """The first route that fits; None where nobody is to be told now."""
    return next((route for route in routes if route.fits(life, now)), None)
