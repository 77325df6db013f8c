"""Directories that want a person: CAPTCHA, account, confirmation or payment."""

from hermes_sandbox.directories.catalog.asked import PLACED, SHORT, USUAL
from hermes_sandbox.directories.fields import form
from hermes_sandbox.directories.model import Directory

_USUAL = (form(*USUAL),)
_SHORT = (form(*SHORT),)

_CAPTCHAS = (
    Directory("picket-fence", "Picket Fence", "recaptcha", _USUAL, guard="recaptcha", tier=1),
    Directory("stone-gate", "Stone Gate", "hcaptcha", _SHORT, layout="stack", guard="hcaptcha"),
    Directory("revolving-door", "Revolving Door", "turnstile", _SHORT, guard="turnstile"),
    Directory("small-sums", "Small Sums", "text_captcha", (form(*PLACED),), layout="table", guard="sum"),
)  # fmt: skip
_ACCOUNTS = (
    Directory("club-ledger", "Club Ledger", "login_wall", _USUAL, opening="login", tier=2),
    Directory("inner-circle", "Inner Circle", "login_refused", _SHORT, opening="members"),
    Directory("sign-up-here", "Sign Up Here", "registration", (form(*SHORT, "password*"),)),
)
_CONFIRMED = (
    Directory("double-opt-in", "Double Opt-In", "email_verification", _USUAL, ending="email", tier=1),
    Directory(
        "bitte-bestaetigen", "Bitte Bestätigen", "email_verification",
        (form(*SHORT, language="de", style="wrap"),), "de", ending="email",
    ),
    Directory("pocket-code", "Pocket Code", "sms_code", (form("business_name*", "email*", "phone*"),), ending="sms"),
)  # fmt: skip
_PAID = (
    Directory("toll-road", "Toll Road", "payment_step", _USUAL, ending="payment", tier=2),
    Directory("prepaid-pages", "Prepaid Pages", "payment_first", _SHORT, guard="card"),
)
DIRECTORIES = (*_CAPTCHAS, *_ACCOUNTS, *_CONFIRMED, *_PAID)
