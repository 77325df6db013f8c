"""What stands in a form and is for people only; no outside host is asked for anything."""

from html import escape

from hermes_sandbox.directories.controls import Filled
from hermes_sandbox.directories.model import Directory
from hermes_sandbox.directories.words import PHRASES

_KEY = "sandbox-00000000"
_HIDDEN = 'style="display: none"'
_MARKERS = {
    "recaptcha": f'<div class="g-recaptcha" data-sitekey="{_KEY}">'
    f'<textarea name="g-recaptcha-response" {_HIDDEN}></textarea>'
    '<div role="checkbox" aria-checked="false" aria-label="I\'m not a robot">☐ I\'m not a robot</div></div>',
    "hcaptcha": f'<div class="h-captcha" data-sitekey="{_KEY}">'
    f'<textarea name="h-captcha-response" {_HIDDEN}></textarea>☐ I am human</div>',
    "turnstile": f'<div class="cf-turnstile" data-sitekey="{_KEY}">'
    '<input type="hidden" name="cf-turnstile-response" value="">Verify you are human</div>',
}
ANSWERED = {
    "recaptcha": "g-recaptcha-response",
    "hcaptcha": "h-captcha-response",
    "turnstile": "cf-turnstile-response",
    "sum": "sum",
    "card": "card_number",
}
"""Guard -> the field that its answer is sent in."""
SUM = "7"


def guard(directory: Directory, filled: Filled) -> str:
    """The guard's part of the form; "" where there is none."""
    phrases = PHRASES[directory.language]
    wrong = filled.wrong.get(ANSWERED.get(directory.guard, ""), "")
    error = f' <span class="error">{escape(wrong)}</span>' if wrong else ""
    if directory.guard == "sum":
        return f'<p><label>{phrases["sum"]} <input name="sum" required></label>{error}</p>'
    if directory.guard == "card":
        return card_fields(directory) + error
    return _MARKERS[directory.guard] + error if directory.guard else ""


def wrong_answer(directory: Directory, answer: str) -> str:
    """Why the guard does not let this pass; "" when it does, which only the sum can."""
    phrases = PHRASES[directory.language]
    if directory.guard == "sum":
        return "" if answer == SUM else phrases["wrong_sum"]
    return phrases["declined" if directory.guard == "card" else "not_a_person"]


def card_fields(directory: Directory) -> str:
    """Where a card is asked for."""
    phrases = PHRASES[directory.language]
    lines = (
        ("card", "card_number", "cc-number"),
        ("expiry", "card_expiry", "cc-exp"),
        ("cvc", "card_cvc", "cc-csc"),
    )
    inner = "".join(
        f'<p><label>{phrases[words]} <input name="{name}" autocomplete="{token}" required></label></p>'
        for words, name, token in lines
    )
    return f"<fieldset><legend>{phrases['pay_title']}</legend><p>{phrases['pay']}</p>{inner}</fieldset>"
