"""The message that travels through the queue, in the requirements' words."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from directory_bolt.core.orders.packages import package
from directory_bolt.core.rows.orders import Order


class QueueBody(BaseModel):
    """One order on its way: `package_size` is the number of directories that were paid for."""

    model_config = ConfigDict(frozen=True)

    job_id: UUID
    customer_id: UUID
    package_size: int = Field(gt=0, le=10_000)
    priority: int = Field(ge=1, le=4)
    created_at: datetime
    source: str = Field(max_length=40)
    metadata: dict[str, Any] = Field(default_factory=dict)


def body_of(job: Order) -> QueueBody:
    """What is put into the queue for an order."""
    return QueueBody(
        job_id=job.id,
        customer_id=job.customer_id,
        package_size=job.directories_promised,
        priority=job.priority,
        created_at=job.created_at,
        source=job.source,
        metadata={"package_type": package(job.package_type).slug},
    )
