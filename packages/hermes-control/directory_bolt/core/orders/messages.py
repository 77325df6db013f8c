"""The message that travels through the queue, in the requirements' words."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


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
