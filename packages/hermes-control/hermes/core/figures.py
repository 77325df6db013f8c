"""What is counted of tests for /metrics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Counts = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Rows with their labels and `n`; those of `durations` also have `seconds` (sum)."""

    test_jobs: Counts
    runs: Counts
    durations: Counts
    open_alerts: float
