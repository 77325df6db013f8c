"""What a run may use, against what its worker reports to have used.

Items while it runs come from its progress; items, requests, dollars and seconds at the end from its
metrics. What a worker does not report cannot be counted, and is not guessed.
"""

from collections.abc import Mapping
from typing import Any, TypeGuard

from hermes.core.catalog import Budget

NAMES: dict[str, tuple[str, ...]] = {
    "items": ("items", "urls_visited", "items_processed"),
    "requests": ("requests", "request_count", "api_calls"),
    "cost_usd": ("cost_usd", "costUsd", "cost"),
    "wall_seconds": ("seconds", "duration_seconds"),
}
"""Under which names workers report what a budget limits."""

WORDS = {"items": "items", "requests": "requests", "cost_usd": "USD", "wall_seconds": "s"}


def exceeded_under_way(budget: Budget, progress: Mapping[str, Any] | None) -> str | None:
    """A sentence when the progress shows more items than allowed; None otherwise."""
    done = progress.get("done") if progress else None
    percent = progress is not None and progress.get("unit") == "%"
    if percent or not _is_number(done) or budget.items is None or done <= budget.items:
        return None
    return _sentence("items", done, budget.items)


def exceeded_at_the_end(budget: Budget, metrics: Mapping[str, Any]) -> str | None:
    """A sentence that names the first limit that the worker's own figures are over."""
    if not metrics:
        return None
    for limit, names in NAMES.items():
        allowed = getattr(budget, limit)
        used = next((metrics[name] for name in names if _is_number(metrics.get(name))), None)
        if allowed is not None and used is not None and used > allowed:
            return _sentence(limit, used, allowed)
    return None


def _sentence(limit: str, used: float, allowed: float) -> str:
    return f"Used {used:g} {WORDS[limit]}; the budget is {allowed:g}."


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
