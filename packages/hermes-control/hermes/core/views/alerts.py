"""Alerts and maintenance windows as people read them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from hermes.core.alerts import AlertRule, Window, muting
from hermes.core.catalog import Catalog
from hermes_base.reasons import Reason
from hermes_base.view import Row, View

Delivery = Literal["delivered", "handed_over", "under_way", "failed", "muted", "not_delivered"]

Standing = Literal["failing", "partial", "recovering", "closed"]


class AlertView(View):
    """A service of a site that failed several smoke tests in a row."""

    id: UUID
    site_id: UUID
    site: str
    service: str
    service_name: str
    state: Literal["open", "closed"]
    text: str = Field(examples=["SEO Knowledge Base failed 2 smoke tests in a row"])
    standing: Standing = Field(description="By the smoke runs since it opened")
    standing_text: str = Field(examples=["Passed once since; closes after one more."])
    why: str = Field(description="What was wrong with the run that opened it")
    next_step: str
    opened_at: datetime
    opened_run_id: UUID
    closed_at: datetime | None
    closed_run_id: UUID | None
    muted_until: datetime | None
    delivery: Delivery
    delivery_text: str = Field(examples=["Not delivered: no channel is available."])
    delivery_job_id: UUID | None


class WindowView(View):
    """A maintenance window: its alerts are shown, and nobody is called."""

    id: UUID
    site_id: UUID | None = Field(description="null: all sites")
    site: str | None
    service: str | None = Field(description="Slug; null for all services")
    service_name: str | None
    starts_at: datetime
    ends_at: datetime
    state: Literal["open", "ahead"]
    reason: str
    created_by: str


def alert_view(
    row: Row, catalog: Catalog, windows: Sequence[Window], rule: AlertRule, now: datetime
) -> AlertView:
    """From a row of `storage.alerts.alerts`, and the windows and the rule of this moment."""
    service = catalog.find(row["service_slug"])
    name = service.name if service else row["service_slug"]
    is_open = row["closed_at"] is None
    window = muting(windows, row["site_id"], row["service_slug"], now) if is_open else None
    delivery, delivery_text = delivery_of(row, window)
    standing, standing_text = standing_of(row["since"], rule) if is_open else ("closed", "")
    return AlertView(
        id=row["id"],
        site_id=row["site_id"],
        site=row["site"],
        service=row["service_slug"],
        service_name=name,
        state="open" if is_open else "closed",
        text=f"{name} failed {in_a_row(row['fail_after'])}",
        standing=standing,
        standing_text=standing_text,
        why=why_of(row),
        next_step=Reason(row["reason"]).next_step,
        opened_at=row["opened_at"],
        opened_run_id=row["opened_run"],
        closed_at=row["closed_at"],
        closed_run_id=row["closed_run"],
        muted_until=window.ends_at if window else None,
        delivery=delivery,
        delivery_text=delivery_text,
        delivery_job_id=row["delivery_job"],
    )


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


def why_of(row: Row) -> str:
    """The label of the reason, and the detail where there is any."""
    label = Reason(row["reason"]).label
    return f"{label}: {row['detail']}" if row["detail"] else label


def delivery_of(row: Row, window: Window | None) -> tuple[Delivery, str]:
    """Whether somebody was told; what is not known to be delivered is not called so."""
    if row["delivered_at"] is None:
        if window is not None:
            return "muted", f"Muted during maintenance: {window.reason}"
        never = (
            "Not delivered: the alert closed first." if row["closed_at"] else "Not delivered yet."
        )
        return "not_delivered", row["delivery_note"] or never
    status = row["delivery_status"]
    if status in ("queued", "running"):
        return "under_way", "Delivering."
    if status == "success" or (status == "partial" and row["delivery_proved"]):
        return "delivered", "Delivered."
    if status == "partial":
        return "handed_over", "Sent. No channel confirmed the delivery."
    return "failed", _failure(row) if status else "The test job that delivered it was deleted."


def _failure(row: Row) -> str:
    """In the words of the run that should have delivered it."""
    if row["delivery_reason"] is None:
        return "Delivery failed. Open its test job for details."
    label = Reason(row["delivery_reason"]).label
    detail = f": {row['delivery_detail']}" if row["delivery_detail"] else ""
    return f"Delivery failed. {label}{detail}"


def window_view(row: Row, catalog: Catalog, now: datetime) -> WindowView:
    """From a row of `storage.windows.windows`."""
    slug = row["service_slug"]
    service = catalog.find(slug) if slug else None
    return WindowView(
        id=row["id"],
        site_id=row["site_id"],
        site=row["site"],
        service=slug,
        service_name=service.name if service else slug,
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        state="open" if row["starts_at"] <= now else "ahead",
        reason=row["reason"],
        created_by=row["created_by"],
    )
