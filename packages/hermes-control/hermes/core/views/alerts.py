"""Alerts as people read them: one cause, what fails for it, who was told, and what closes it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from hermes.core.alerting.letters import Failing, headline
from hermes.core.alerting.life import What
from hermes.core.alerts import AlertRule, Window, muting
from hermes.core.catalog import Catalog
from hermes_base.alerts.model import Product, Severity
from hermes_base.reasons import Reason
from hermes_base.view import Row, View

Delivery = Literal["delivered", "handed_over", "under_way", "kept", "muted", "not_delivered"]
Standing = Literal["failing", "partial", "recovering", "closed"]
DeliveryState = Literal["delivered", "handed_over", "under_way", "kept", "due", "dropped"]


class AffectedView(View):
    """A service that fails, or failed, for the cause of an alert."""

    site_id: UUID
    site: str
    service: str
    service_name: str
    state: Literal["open", "closed"]
    opened_run_id: UUID


class DeliveryView(View):
    """One thing said of an alert over one channel."""

    what: What
    channel: str
    state: DeliveryState
    text: str
    attempts: int
    at: datetime = Field(description="When it was confirmed or dropped, else when it is tried next")
    job_id: UUID | None = Field(description="The test job that carries it")


class AlertView(View):
    """An alert: one cause, open until it is over. `service` and what else is of one service is that of the
    first service below it; null for alerts of orders and of Hermes itself."""

    id: UUID
    product: Product
    severity: Severity
    site_id: UUID | None
    site: str | None
    service: str | None
    service_name: str | None
    state: Literal["open", "closed"]
    text: str = Field(examples=["SEO Knowledge Base failed 2 smoke tests in a row"])
    standing: Standing = Field(description="By the smoke runs since it opened")
    standing_text: str = Field(examples=["Passed once since; closes after one more."])
    why: str = Field(description="What was wrong with the run that opened it")
    next_step: str
    opened_at: datetime
    opened_run_id: UUID | None
    closed_at: datetime | None
    closed_run_id: UUID | None
    affected: list[AffectedView] = Field(description="What fails, or failed, for this cause")
    flaps: int = Field(description="How often it opened again soon after it was over")
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    acknowledgement: str
    snoozed_until: datetime | None
    snoozed_by: str | None
    muted_until: datetime | None
    delivery: Delivery
    delivery_text: str = Field(examples=["Not delivered yet."])
    delivery_job_id: UUID | None
    deliveries: list[DeliveryView]

    def fails(self, slug: str) -> bool:
        """Whether a service fails for its cause now."""
        return any(each.service == slug and each.state == "open" for each in self.affected)


class WindowView(View):
    """A maintenance window: its alerts are shown, and nobody is called."""

    id: UUID
    site_id: UUID | None = Field(description="null: all sites")
    site: str | None
    service: str | None = Field(description="Slug; null for all services")
    service_name: str | None
    starts_at: datetime = Field(description="The start of this time; of the next where it repeats")
    ends_at: datetime
    state: Literal["open", "ahead"]
    repeats: Literal["once", "daily", "weekly"]
    time_zone: str
    reason: str
    created_by: str


def alert_view(
    row: Row,
    below: Sequence[Row],
    said: Sequence[Row],
    catalog: Catalog,
    windows: Sequence[Window],
    rule: AlertRule,
    now: datetime,
) -> AlertView:
    """From a row of `storage.alerts.alerts`, the services below it, what was said of it, and the windows and
    the rule of this moment."""
    first = below[0] if below else None
    is_open = row["closed_at"] is None
    failing = [
        _failing(each, catalog) for each in below if not is_open or each["closed_at"] is None
    ]
    window = _window(below, windows, now) if is_open else None
    deliveries = [delivery_view(each) for each in said]
    delivery, delivery_text, job = delivery_of(row, deliveries, window)
    standing, standing_text = _standing(below, rule, is_open=is_open)
    return AlertView(
        id=row["id"],
        product=row["product"],
        severity=row["severity"],
        site_id=first["site_id"] if first else None,
        site=first["site"] if first else None,
        service=first["service_slug"] if first else None,
        service_name=_name(first["service_slug"], catalog) if first else None,
        state="open" if is_open else "closed",
        text=_text(row, failing, is_open=is_open),
        standing=standing,
        standing_text=standing_text,
        why=why_of(first) if first else "",
        next_step=reason_of(first).next_step if first else "",
        opened_at=row["opened_at"],
        opened_run_id=first["opened_run"] if first else None,
        closed_at=row["closed_at"],
        closed_run_id=first["closed_run"] if first else None,
        affected=[_affected(each, catalog) for each in below],
        flaps=row["flaps"],
        acknowledged_by=row["acknowledged_by"],
        acknowledged_at=row["acknowledged_at"],
        acknowledgement=row["acknowledgement"],
        snoozed_until=row["snoozed_until"] if _later(row["snoozed_until"], now) else None,
        snoozed_by=row["snoozed_by"],
        muted_until=window.ends_at if window else None,
        delivery=delivery,
        delivery_text=delivery_text,
        delivery_job_id=job,
        deliveries=deliveries,
    )


def _later(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment > now


def _text(row: Row, failing: Sequence[Failing], *, is_open: bool) -> str:
    if len(failing) == 1:
        verb = "did not pass" if failing[0].is_partial else "failed"
        return f"{failing[0].service} {verb} {in_a_row(failing[0].failures)}"
    return headline(row["text"], failing, is_open)


def _failing(row: Row, catalog: Catalog) -> Failing:
    label = reason_of(row).label
    name = _name(row["service_slug"], catalog)
    return Failing(
        name, row["site"], row["fail_after"], label, why_of(row), "", row["opened_as"] == "partial"
    )


def _name(slug: str, catalog: Catalog) -> str:
    service = catalog.find(slug)
    return service.name if service else slug


def _affected(row: Row, catalog: Catalog) -> AffectedView:
    return AffectedView(
        site_id=row["site_id"],
        site=row["site"],
        service=row["service_slug"],
        service_name=_name(row["service_slug"], catalog),
        state="open" if row["closed_at"] is None else "closed",
        opened_run_id=row["opened_run"],
    )


def _window(below: Sequence[Row], windows: Sequence[Window], now: datetime) -> Window | None:
    """The window that mutes an open alert: every service that fails has to be within one."""
    failing = [each for each in below if each["closed_at"] is None]
    found = [muting(windows, each["site_id"], each["service_slug"], now) for each in failing]
    muted = [each for each in found if each is not None]
    return min(muted, key=lambda w: w.ends_at) if muted and len(muted) == len(found) else None


def _standing(below: Sequence[Row], rule: AlertRule, *, is_open: bool) -> tuple[Standing, str]:
    if not is_open:
        return "closed", ""
    failing = [each for each in below if each["closed_at"] is None]
    if not failing:
        return "failing", "Closes when it is over."
    if len(failing) == 1:
        standing, text = standing_of(failing[0]["since"], rule)
        untested = not failing[0]["since"] and failing[0]["opened_as"] == "partial"
        return "partial" if untested else standing, text
    found = [standing_of(each["since"], rule)[0] for each in failing]
    recovering = found.count("recovering")
    passed = f"{recovering} of {len(failing)} passed since" if recovering else "None passed since"
    over = len(below) - len(failing)
    gone = f"; {over} {'is' if over == 1 else 'are'} over it" if over else ""
    standing: Standing = "recovering" if recovering == len(failing) else "failing"
    return standing, f"{passed}{gone}; closes when all of them have passed."


def standing_of(since: Sequence[str], rule: AlertRule) -> tuple[Standing, str]:
    """What an open alert waits for. `since`: statuses of the runs judged after it opened, newest first."""
    passed = next((n for n, status in enumerate(since) if status != "success"), len(since))
    awaited = rule.recover_after
    if passed:
        more = _number(max(1, awaited - passed))
        return "recovering", f"Passed {_times(passed)} since; closes after {more} more."
    rest = "one passed run" if awaited == 1 else f"{_number(awaited)} passed runs in a row"
    if since and since[0] == "partial":
        return (
            "partial",
            f"Partial at its last run, which neither failed nor passed; closes after {rest}.",
        )
    failed = _times(len([status for status in since if status == "failed"]))
    again = f"Failed {failed} more since" if "failed" in since else "Not tested since"
    return "failing", f"{again}; closes after {rest}."


def _number(count: int) -> str:
    return {1: "one", 2: "two", 3: "three"}.get(count, str(count))


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def in_a_row(count: int) -> str:
    """`2 smoke tests in a row`."""
    return f"{count} smoke tests in a row" if count > 1 else "a smoke test"


def reason_of(row: Row) -> Reason:
    """The reason of a run that did not pass; that of a partial one stands with its outputs."""
    return Reason(row["reason"]) if row["reason"] else Reason.OUTPUTS_MISSING


def why_of(row: Row) -> str:
    """The label of the reason, and the detail where there is any."""
    label = reason_of(row).label
    return f"{label}: {row['detail']}" if row["detail"] else label


def delivery_view(row: Row) -> DeliveryView:
    """From a row of `storage.outbox.deliveries`."""
    state, text = _delivery_state(row)
    at = row["confirmed_at"] or row["dropped_at"] or row["due_at"]
    return DeliveryView(
        what=row["what"],
        channel=row["channel"],
        state=state,
        text=text,
        attempts=row["attempts"],
        at=at,
        job_id=row["job_id"],
    )


def _delivery_state(row: Row) -> tuple[DeliveryState, str]:
    """What is not known to be delivered is not called so."""
    if row["confirmed_at"] is not None:
        unconfirmed = row["note"].startswith("Sent")
        return ("handed_over" if unconfirmed else "delivered"), row["note"] or "Delivered."
    if row["dropped_at"] is not None:
        return "dropped", row["note"]
    if row["job_id"] is not None:
        return "under_way", "Delivering."
    if not row["fault"]:
        return "due", "Not delivered yet."
    tries = "1 try" if row["attempts"] == 1 else f"{row['attempts']} tries"
    return "kept", f"Not delivered: {row['fault'].rstrip('.')}. Kept after {tries}."


def delivery_of(
    row: Row, said: Sequence[DeliveryView], window: Window | None
) -> tuple[Delivery, str, UUID | None]:
    """Whether somebody was told, by the channel that knows best, and the job that carries it."""
    order: Sequence[DeliveryState] = ("delivered", "handed_over", "under_way", "kept")
    first = [each for each in said if each.what in ("opened", "escalation")]
    for state in order:
        for each in first:
            if each.state == state:
                return state, each.text, each.job_id
    if window is not None:
        return "muted", f"Muted during maintenance: {window.reason}", None
    never = "Not delivered: the alert closed first." if row["closed_at"] else "Not delivered yet."
    return "not_delivered", never, None


def window_view(row: Row, found: Window, catalog: Catalog, now: datetime) -> WindowView:
    """From a row of `storage.windows.windows`, and the window as it is open now or next."""
    slug = row["service_slug"]
    return WindowView(
        id=row["id"],
        site_id=row["site_id"],
        site=row["site"],
        service=slug,
        service_name=_name(slug, catalog) if slug else None,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        state="open" if found.starts_at <= now else "ahead",
        repeats=row["repeats"],
        time_zone=row["time_zone"],
        reason=row["reason"],
        created_by=row["created_by"],
    )
