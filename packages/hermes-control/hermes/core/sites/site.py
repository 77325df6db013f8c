"""A site, as rules and storage hand it around."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Site:
    """A website under test: what its row says, and the settings that workers are given with a start."""

    id: UUID
    name: str
    base_url: str
    is_demo: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    updated_at: datetime | None = None
