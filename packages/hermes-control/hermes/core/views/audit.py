"""Who did what, as people read it."""

import re
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from pydantic import Field

from hermes_base.audit_actions import label
from hermes_base.view import Row, View

UTC_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)")


class AuditEvent(View):
    """An entry of the audit log: who did what to which subject, and when."""

    id: int
    at: datetime
    actor: str
    action: str
    action_label: str = Field(description="The action in words", examples=["Changed role"])
    subject: str
    site_id: UUID | None
    site: str | None
    detail: dict[str, Any]
    detail_text: str = Field(examples=["role: admin"])


class AuditPage(View):
    """A page of the audit log, the newest entry first."""

    events: list[AuditEvent]
    next_before: int | None = Field(description="Send it as `before` to get older entries")


def audit_page(rows: list[Row], limit: int) -> AuditPage:
    """From one row more than is shown."""
    events = [_event(row) for row in rows[:limit]]
    return AuditPage(events=events, next_before=events[-1].id if len(rows) > limit else None)


def _event(row: Row) -> AuditEvent:
    names = ("id", "at", "actor", "action", "subject", "site_id", "site", "detail")
    text = "; ".join(f"{_words(name)}: {_said(value)}" for name, value in row["detail"].items())
    fields = {name: row[name] for name in names}
    return AuditEvent(**fields, action_label=label(row["action"]), detail_text=text)


def _words(name: str) -> str:
    """`baseUrl` and `base_url` are `base url`."""
    spaced = "".join(f" {c.lower()}" if c.isupper() else c for c in name)
    return spaced.replace("_", " ").strip()


def _said(value: Any) -> str:
    if isinstance(value, list | tuple):
        several = cast("list[Any] | tuple[Any, ...]", value)
        return ", ".join(_said(each) for each in several)
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "empty" if value is None else str(value)
    return f"{text[:10]} {text[11:16]} UTC" if UTC_MOMENT.fullmatch(text) else text
