"""What was seen, and what is made of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from directory_bolt.core.forms.page import Frame
from directory_bolt.core.mapping.choice import Chosen
from directory_bolt.core.orders.states import ResultReason, ResultStatus

Step = Literal["ended", "next", "correct"]


@dataclass(frozen=True, slots=True)
class View:
    """A page as it was seen; `status` of the answer that made it, None where none was needed.

    `alerts` are what the page told in boxes of the browser.
    """

    frames: Sequence[Frame]
    status: int | None = None
    alerts: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return self.frames[0].url

    @property
    def text(self) -> str:
        """Everything that is read on the page."""
        return "\n".join([*self.alerts, *(frame.text for frame in self.frames)])


@dataclass(frozen=True, slots=True)
class Judgement:
    """`step`: "ended" with a status, "next" with the form to go on with, or "correct" what is wrong.

    `wrong`: name of a field -> what the page says of it.
    """

    step: Step = "ended"
    status: ResultStatus = "needs_manual"
    reason: ResultReason | None = ResultReason.OUTCOME_UNKNOWN
    message: str = ""
    confirmation: str | None = None
    listing_url: str | None = None
    form: Chosen | None = None
    wrong: dict[str, str] = field(default_factory=dict[str, str])
