"""From what became of each message to the three outputs."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from hermes_fleet.notifications.channels import CHANNELS, SECRET_NAMES
from hermes_fleet.notifications.channels.mail import Mail
from hermes_fleet.notifications.channels.slack import Slack
from hermes_fleet.notifications.delivery import Delivery
from hermes_fleet.notifications.opening import Channels
from hermes_worker import Missing, Result
from hermes_worker.result import Provenance

SENT: dict[str, str] = {"email_sent": Mail.name, "slack_sent": Slack.name}
DELIVERED = "alert_delivered"
OUTPUTS = (*SENT, DELIVERED)
WORTH: tuple[Provenance, ...] = ("measured", "provider", "sample")
MOST_DELIVERIES = 50
CONFIRMABLE = "a Discord webhook, or a mail server whose secret has a read_back address"


def report(deliveries: Sequence[Delivery], channels: Channels, seconds: float) -> Result:
    """Counts of what was accepted, and whether it is proved that it arrived. `seconds`: of the run."""
    outputs: dict[str, Any] = {}
    missing: dict[str, Missing] = {}
    provenance: dict[str, Provenance] = {}
    for slug, name in SENT.items():
        accepted = sum(each.outcome == "accepted" for each in of(name, deliveries))
        if accepted:
            outputs[slug], provenance[slug] = accepted, channels.ready[name].provenance
        else:
            missing[slug] = not_sent(name, of(name, deliveries), channels)
    gap = not_proved(deliveries, channels, reported={SENT[slug] for slug in missing})
    if gap is None:
        outputs[DELIVERED], provenance[DELIVERED] = True, worth(deliveries, channels)
    else:
        missing[DELIVERED] = gap
    figures = metrics(deliveries, channels) | {"seconds": round(seconds, 2)}
    return Result(outputs, provenance, figures, missing)


def of(channel: str, deliveries: Sequence[Delivery]) -> list[Delivery]:
    return [each for each in deliveries if each.channel == channel]


def not_sent(name: str, tried: Sequence[Delivery], channels: Channels) -> Missing:
    """Why a channel accepted nothing."""
    if name in channels.closed:
        return channels.closed[name]
    if tried:
        words = tried[0].words
        message = f"Held back: {words}." if tried[0].outcome == "held" else words
        return Missing(tried[0].reason, message)
    return Missing("outputs_missing", f"This run had no message for {CHANNELS[name].title}.")


def not_proved(
    deliveries: Sequence[Delivery], channels: Channels, reported: set[str]
) -> Missing | None:
    """Why it is not proved that every message arrived; None when it is.

    A refusal on a channel that is itself reported as missing (`reported`) is not reported twice.
    """
    accepted = [each for each in deliveries if each.outcome == "accepted"]
    if broken := [gap for name, gap in channels.broken.items() if name not in reported]:
        return broken[0]
    if not channels.ready:
        return nothing_configured(channels)
    if not accepted:
        return nothing_accepted(deliveries)
    for each in deliveries:
        if each.outcome == "refused" and each.channel not in reported:
            return Missing(each.reason, f"Message {each.message} was refused. {each.words}")
    if lost := [each for each in accepted if each.receipt == "not seen"]:
        return not_seen(lost[0], channels)
    seen = {each.message for each in accepted if each.receipt == "seen"}
    if unproved := [each for each in accepted if each.message not in seen]:
        return unconfirmed(unproved)
    return None


def nothing_configured(channels: Channels) -> Missing:
    if channels.broken:
        return next(iter(channels.broken.values()))
    message = f"No channel is configured. Add one of these secrets: {SECRET_NAMES}."
    return Missing("missing_config", message)


def nothing_accepted(deliveries: Sequence[Delivery]) -> Missing:
    refused = [each for each in deliveries if each.outcome == "refused"]
    first = next(iter(refused or deliveries), None)
    if first is None:
        return Missing("outputs_missing", "This run had no message for a configured channel.")
    message = first.words if refused else f"Held back: {first.words}."
    return Missing(first.reason, f"Nothing was accepted. {message}")


def not_seen(lost: Delivery, channels: Channels) -> Missing:
    place = channels.ready[lost.channel].place
    why = f" {lost.words}" if lost.words else ""
    message = (
        f"Message {lost.message} was accepted by the {place} but did not appear there in time.{why}"
    )
    return Missing("outputs_missing", message)


def unconfirmed(unproved: Sequence[Delivery]) -> Missing:
    names = dict.fromkeys(CHANNELS[each.channel].title for each in unproved)
    message = f"Accepted by {' and '.join(names)}, delivery not confirmed, because these channels give no receipt. Check for the message yourself, or add {CONFIRMABLE}."
    return Missing("outputs_missing", message)


def worth(deliveries: Sequence[Delivery], channels: Channels) -> Provenance:
    """A delivery is proved as well as by its best receipt."""
    words = {
        channels.ready[each.channel].provenance for each in deliveries if each.receipt == "seen"
    }
    return next(word for word in WORTH if word in words)


def metrics(deliveries: Sequence[Delivery], channels: Channels) -> dict[str, Any]:
    """Figures and, for each channel, what stands behind it."""
    accepted = {each.message for each in deliveries if each.outcome == "accepted"}
    return {
        "items": len(accepted),
        "requests": sum(each.requests for each in deliveries),
        "channels": {
            name: channel_payload(name, of(name, deliveries), channels)
            for name in CHANNELS
            if name in channels.ready
        },
        "deliveries": [each.payload() for each in deliveries[:MOST_DELIVERIES]],
    }


def channel_payload(
    name: str, deliveries: Sequence[Delivery], channels: Channels
) -> dict[str, Any]:
    channel = channels.ready[name]
    counts = Counter[str](each.outcome for each in deliveries)
    receipts = sum(each.receipt == "seen" for each in deliveries)
    return {
        "channel": channel.place,
        "accepted": counts["accepted"],
        "refused": counts["refused"],
        "held": counts["held"],
        "receipts": receipts,
        **({"label": channel.label} if receipts or counts["accepted"] else {}),
    }
