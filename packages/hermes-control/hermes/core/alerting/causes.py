"""Which services share one alert: those that fail for the same cause."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from hermes.core.runs.causes import OF_SITE, Cause, cause_of
from hermes_base.reasons import Reason


def alert_key(
    site_id: UUID, slug: str, reason: str | None, detail: str | None,
    outputs: Mapping[str, Any], metrics: Mapping[str, Any],
) -> str:  # fmt: skip
    """The key of the alert that a failed run opens or joins.

    A cause that is of the service alone has an alert of its own. What a site or its settings lack is one
    alert a site; all else that fails in the same words, such as a provider that refuses its key, is one
    alert wherever it is seen.
    """
    cause = cause_of(slug, reason, detail, outputs, metrics)
    if cause.key.startswith("service:"):
        return f"{site_id}:{slug}"
    return f"cause:{site_id}:{cause.key}" if _is_of_site(cause) else f"cause:{cause.key}"


def _is_of_site(cause: Cause) -> bool:
    return OF_SITE.match(cause.message) is not None or cause.reason == Reason.MISSING_CONFIG.value
