"""The messages of a payload, and the one that a smoke run sends."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from hermes_fleet.notifications.channels import CHANNELS
from hermes_fleet.notifications.channels.address import email_address

MOST_MESSAGES = 50


def channel_name(text: str) -> str:
    """The name of a channel. Raises ValueError, which lists them."""
    if text not in CHANNELS:
        raise ValueError(f"must be one of {', '.join(CHANNELS)}")
    return text


def one_line(text: str) -> str:
    """A text without line breaks. Raises ValueError."""
    if not text.isprintable():
        raise ValueError("must be one line of printable text")
    return text


class Message(BaseModel):
    """One alert. `to`: e-mail address, else the site's notify_to; `channel`: only this one, else all.

    `key`: what it is about; the same key is sent once in a while. `urgent`: neither quiet hours nor
    the limit of an hour hold it back.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
        AfterValidator(one_line),
    ]
    text: Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
    to: Annotated[str, AfterValidator(email_address)] | None = None
    channel: Annotated[str, AfterValidator(channel_name)] | None = None
    key: Annotated[str, Field(max_length=200)] = ""
    urgent: bool = False


def test_message(site: str, token: str) -> Message:
    """What a smoke run sends: it says that it is a test, and carries its token."""
    text = (
        f"This is a test of the alerts for {site}. It shows that messages arrive; there is nothing"
        f" to do.\n\nToken: {token}\n"
    )
    return Message(subject=f"Test of alerts ({token})", text=text, urgent=True)
