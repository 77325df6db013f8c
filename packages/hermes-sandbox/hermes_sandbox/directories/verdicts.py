"""How a visit ends that does everything right: status and reason in the words of the order's results."""

from typing import NamedTuple


class Verdict(NamedTuple):
    """`reason` is None only where the business was submitted; `listed`: it can be looked up then."""

    status: str
    reason: str | None
    listed: bool = False


SUBMITTED = Verdict("submitted", None, listed=True)
UNKNOWN = Verdict("needs_manual", "outcome_unknown")
TO_VERIFY = Verdict("needs_manual", "verification_required")
LISTED_BEFORE = Verdict("skipped", "duplicate", listed=True)
CAPTCHA = Verdict("needs_manual", "captcha")
LOGIN = Verdict("needs_manual", "login_required")
UNKNOWN_FIELD = Verdict("needs_manual", "unknown_required_field")
MISSING = Verdict("needs_manual", "missing_data")
UNCERTAIN = Verdict("needs_manual", "low_confidence")
REJECTED = Verdict("failed", "rejected")
CLOSED = Verdict("skipped", "robots")
NO_FORM = Verdict("failed", "no_form")
ERROR = Verdict("failed", "server_error")

OPENINGS: dict[str, Verdict | None] = {
    "form": None,
    "slow": None,
    "moved": None,
    "stumble": None,  # every other visit meets a 503: the second is served
    "never": Verdict("failed", "timeout"),
    "error": ERROR,
    "hang_up": Verdict("failed", "unreachable"),
    "gone": NO_FORM,
    "no_form": NO_FORM,
    "login": LOGIN,
    "members": LOGIN,
}
"""What a visitor of the form's address meets; None: the form."""

GUARDS: dict[str, Verdict] = {
    "recaptcha": CAPTCHA,
    "hcaptcha": CAPTCHA,
    "turnstile": CAPTCHA,
    "sum": CAPTCHA,
    "card": Verdict("needs_manual", "payment_required"),
}
"""What stands in the form and is for people only."""

ENDINGS: dict[str, Verdict] = {
    "thanks": SUBMITTED,  # a redirect to a page that says so
    "reference": SUBMITTED,  # a number, and no word of success
    "listing": SUBMITTED,  # a redirect to the new listing
    "inline": SUBMITTED,  # a message in the page, without leaving it
    "slow": SUBMITTED,
    "email": TO_VERIFY,
    "sms": TO_VERIFY,
    "payment": Verdict("needs_manual", "payment_required"),
    "refusal": REJECTED,
    "conflict": LISTED_BEFORE,  # with status 409
    "duplicate": LISTED_BEFORE,  # with status 200
    "home": UNKNOWN,  # back to the home page without a word
    "again": UNKNOWN,  # the empty form again without a word
    "never": UNKNOWN,
    "error": UNKNOWN,  # status 500; whether it was kept is not said
    "hang_up": UNKNOWN,
}
"""What becomes of a form that was filled in rightly."""
