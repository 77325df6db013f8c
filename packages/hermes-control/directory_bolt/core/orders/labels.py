"""Short words of reasons and alerts, for a chip; the sentence of a reason is in `states.REASON_TEXTS`."""

REASON_LABELS = {
    "captcha": "CAPTCHA",
    "login_required": "Login required",
    "verification_required": "Confirmation required",
    "payment_required": "Payment required",
    "unknown_required_field": "Unknown field",
    "missing_data": "Missing data",
    "low_confidence": "Form unclear",
    "outcome_unknown": "Outcome unknown",
    "interrupted": "Interrupted",
}
ALERT_LABELS = {
    "silent": "No heartbeat",
    "stuck": "No progress",
    "outbox": "Not sent to brain",
    "never_queued": "Not queued",
    "lapsed": "Not picked up",
    "dead_letter": "Dead letters",
    "dead_letters": "Dead letters",
    "shortage": "Too few directories",
    "profile": "Profile incomplete",
    "mail": "Email not sent",
    "intake": "Payment not accepted",
    "reversal": "Payment refunded or disputed",
}


def reason_label(reason: str | None) -> str | None:
    """`Login required`; a reason without a label of its own is made readable."""
    return REASON_LABELS.get(reason, _readable(reason)) if reason else None


def alert_label(kind: str) -> str:
    """`No heartbeat`; a kind of a newer version is made readable."""
    return ALERT_LABELS.get(kind, _readable(kind))


def _readable(name: str) -> str:
    return name.replace("_", " ").capitalize()
