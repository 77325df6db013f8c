"""What became of one message on one channel."""

from dataclasses import dataclass
from typing import Any, Literal

Outcome = Literal["accepted", "refused", "held"]
Receipt = Literal["seen", "not seen", "none given"]


@dataclass(slots=True)
class Delivery:
    """`message` counts from 1; `reason` and `words` say why when it was not accepted.

    `accepted_ms`: from the first try to acceptance; `requests`: tries, and looks for the receipt.
    """

    message: int
    channel: str
    outcome: Outcome
    reason: str = ""
    words: str = ""
    reference: str = ""
    receipt: Receipt = "none given"
    accepted_ms: int | None = None
    requests: int = 0

    def told(self) -> dict[str, Any]:
        """For people, without what is empty."""
        facts = {
            "message": self.message,
            "channel": self.channel,
            "outcome": self.outcome,
            "receipt": self.receipt if self.outcome == "accepted" else "",
            "reason": self.reason,
            "words": self.words,
            "accepted_ms": self.accepted_ms,
        }
        return {name: fact for name, fact in facts.items() if fact not in ("", None)}
