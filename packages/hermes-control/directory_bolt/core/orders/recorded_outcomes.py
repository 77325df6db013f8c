"""How a person ends a directory that needed one: an outcome, and for `submitted` the proof of it."""

from dataclasses import dataclass
from typing import Literal

from hermes_base.problems import Problem

Resolution = Literal["submitted", "failed", "skipped"]
Proof = Literal["listing", "reference", "seen"]
LONGEST = 500
"""Characters of a listing address, a reference or a note."""


@dataclass(frozen=True, slots=True)
class RecordedOutcome:
    """What a person found out. `confirmed`: they saw the directory's own confirmation.

    `note` is for colleagues. Address, reference and `confirmed` count for `submitted` alone.
    """

    resolution: Resolution
    listing_url: str = ""
    reference: str = ""
    confirmed: bool = False
    note: str = ""

    @property
    def proof(self) -> Proof | None:
        """The strongest proof that was given; None for another outcome than `submitted`."""
        if self.resolution != "submitted":
            return None
        given: dict[Proof, bool] = {
            "listing": bool(self.listing_url),
            "reference": bool(self.reference),
            "seen": self.confirmed,
        }
        return next((name for name, is_given in given.items() if is_given), None)

    def require_proof(self) -> None:
        """Raises `invalid_request`: a listing address that is none, or `submitted` without a proof."""
        if self.resolution != "submitted":
            return
        url = self.listing_url
        if url and (not url.startswith(("https://", "http://")) or len(url) > LONGEST):
            raise Problem(
                "invalid_request",
                f"{url[:80]!r} is not a valid listing address.",
                "Paste the complete address, starting with https://",
                field="listing_url",
            )
        if self.proof is None:
            raise Problem(
                "invalid_request",
                "Submitted needs a proof.",
                "Give the listing address or a reference, or confirm that you saw the confirmation.",
                field="proof",
            )
