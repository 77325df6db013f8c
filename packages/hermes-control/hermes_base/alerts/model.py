"""An alert, as every part of Hermes opens and closes it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

Product = Literal["control_room", "orders", "system"]
Severity = Literal["critical", "warning"]

CALM = timedelta(minutes=30)
"""An alert whose problem returns sooner after it was over opens again as the same one: it is flapping."""


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """An alert: `key` names its problem within the product, so that it is open once; `seen_at` is when the
    problem was last seen. `job_id` names the order it is about."""

    key: str
    kind: str
    text: str
    job_id: UUID | None
    opened_at: datetime
    seen_at: datetime
