"""What a rehearsal saw of a directory's form."""

from datetime import datetime

from pydantic import Field

from directory_bolt.core.orders.states import ResultReason
from hermes_base.view import View

SURE = 0.75


class RehearsedField(View):
    """A field of the form, what was entered, and how sure the mapping is (0 to 1)."""

    label: str
    kind: str = Field(examples=["business_name"])
    value: str
    confidence: float
    note: str

    @property
    def is_sure(self) -> bool:
        """Whether nobody has to look at this line."""
        return self.confidence >= SURE


class Rehearsal(View):
    """One visit up to the click. `reason` is null where an order could send the form, else what would stop it."""

    at: datetime
    reason: ResultReason | None
    text: str
    fields: list[RehearsedField]
    screenshot: str | None = Field(description="File name of the picture of the filled form")

    @property
    def is_ready(self) -> bool:
        """Whether an order could send this form."""
        return self.reason is None

    @property
    def asks_login(self) -> bool | None:
        """Whether it requires an account; None where the page was not reached."""
        return self._shows(ResultReason.LOGIN_REQUIRED)

    @property
    def has_captcha(self) -> bool | None:
        """Whether a CAPTCHA guards it; None where the page was not reached."""
        return self._shows(ResultReason.CAPTCHA)

    def _shows(self, reason: ResultReason) -> bool | None:
        if self.reason == reason:
            return True
        return False if self.fields else None
