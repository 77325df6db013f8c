"""An alert, as both products open and close it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Product = Literal["control_room", "orders"]


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
