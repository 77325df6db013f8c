"""What a mail server's code means: a reason of Hermes' list, what to do, and whether to try again."""

import re
from dataclasses import dataclass

from hermes_fleet.notifications.channels.mail_secret import SECRET

ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class Meaning:
    """`again`: the server refused for now only."""

    reason: str
    words: str
    again: bool = False


MEANINGS = {
    421: Meaning("server_error_5xx", "the mail server is temporarily unavailable", again=True),
    450: Meaning("rate_limited", "the mailbox is busy, or the server asks to try later", again=True),
    451: Meaning("server_error_5xx", "the mail server has a temporary problem", again=True),
    452: Meaning("quota_exceeded", "the mail server or the mailbox is full", again=True),
    454: Meaning("server_error_5xx", "the mail server cannot check passwords at the moment", again=True),
    530: Meaning("auth_401", f"the mail server requires a user and password, or TLS; add them to {SECRET}"),
    534: Meaning("auth_401", f"the mail server wants a stronger password: make an app password and store it in {SECRET}"),
    535: Meaning("auth_401", f"user or password is wrong: many providers need an app password; store it in {SECRET}"),
    538: Meaning("auth_401", f"the mail server takes passwords over TLS only: set tls in {SECRET} to starttls or tls"),
    552: Meaning("worker_failed", "the message or the mailbox is too large for the mail server: shorten the text"),
}  # fmt: skip
NO_SUCH_MAILBOX = Meaning(
    "worker_failed", "the recipient's address does not exist: correct notify_to in the site's settings"
)  # fmt: skip
NOT_ALLOWED = Meaning(
    "forbidden_403", f"the mail server does not accept this sender or recipient; check from in {SECRET}"
)  # fmt: skip
REFUSED = Meaning("worker_failed", "the mail server refused the message")
LATER = Meaning("server_error_5xx", "the mail server temporarily refused the message", again=True)


def meaning(code: int, message: str) -> Meaning:
    """Of a reply such as 550 "5.1.1 No such user"; the enhanced code (RFC 3463) says more than the code."""
    found = ENHANCED.search(message)
    detail = found.group(1) if found else ""
    if code in MEANINGS:
        return MEANINGS[code]
    if code in (550, 551, 553, 554) and detail.startswith("5.7."):
        return NOT_ALLOWED
    if code in (550, 551, 553) and (detail.startswith("5.1.") or not detail):
        return NO_SUCH_MAILBOX
    if detail.startswith(("5.2.2", "5.3.4")):
        return MEANINGS[552]
    return LATER if 400 <= code < 500 else REFUSED
