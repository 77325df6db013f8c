"""What somebody types to waive an output, checked before anything is written."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from hermes.core.catalog import Service
from hermes_base.typed import wrong
from hermes_base.view import View

LONGEST = timedelta(days=365)
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=120)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=500)]


class WaiverInput(View):
    """An output to be waived."""

    model_config = ConfigDict(extra="forbid")

    service: str = Field(max_length=64, examples=["crawl_render"])
    output: str = Field(max_length=64, examples=["orphan_pages"])
    site_id: UUID | None = Field(
        default=None, description="Limit to one site; leave out for all sites"
    )
    owner: Line = Field(description="Who is responsible for it", examples=["Ann"])
    reason: Reason = Field(examples=["The shop has no archive pages before the relaunch."])
    expires_at: AwareDatetime = Field(description="At most 365 days ahead")


def require_output(service: Service, output: str) -> None:
    """Raises `invalid_request` for what the service does not promise."""
    if output not in service.expected_outputs:
        promised = ", ".join(service.expected_outputs)
        raise wrong(
            [("output", f"{service.name} has no output {output!r}; its outputs are {promised}")]
        )


def require_expiry(expires_at: datetime, now: datetime) -> None:
    """Raises `invalid_request` for a waiver that ends at once or lasts for longer than a year."""
    if expires_at <= now:
        raise wrong([("expiresAt", "is in the past; choose a future day")])
    if expires_at - now > LONGEST:
        last = f"{now + LONGEST:%Y-%m-%d}"
        message = f"is more than {LONGEST.days} days ahead; choose {last} or earlier"
        raise wrong([("expiresAt", message)])
