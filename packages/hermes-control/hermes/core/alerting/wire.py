"""What each kind of channel is asked over HTTP, and which answers are a yes. No I/O."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, cast

from hermes.core.alerting.life import Letter

Kind = Literal[
    "notifications", "email", "slack", "discord", "teams", "telegram", "webhook", "pagerduty", "opsgenie"
]  # fmt: skip
KINDS: Mapping[Kind, tuple[str, str]] = {
    "email": ("E-mail", "host, port, user, password, from, tls"),
    "slack": ("Slack", "url of an incoming webhook"),
    "discord": ("Discord", "url of a webhook"),
    "teams": ("Microsoft Teams", "url of a workflow"),
    "telegram": ("Telegram", "token of a bot; the chat stands in the target"),
    "webhook": ("Webhook", "url, secret"),
    "pagerduty": ("PagerDuty", "key of an integration (Events API v2)"),
    "opsgenie": ("Opsgenie", "key of an API integration"),
    "notifications": ("Notifications service", ""),
}
"""What people call each kind, and what its secret holds."""
SECRET_PREFIX = "whsec_"  # noqa: S105 - how secrets of Standard Webhooks begin
MOST_LETTERS = 1900


class ChannelFault(Exception):
    """Why a channel did not take a letter, as a sentence without keys. `after`: seconds that it asked to wait."""

    def __init__(self, words: str, after: float = 0.0) -> None:
        super().__init__(words)
        self.words = words
        self.after = after


@dataclass(frozen=True, slots=True)
class Call:
    """A POST. `accepts` is given the status and the body, and says whether the letter was taken."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    accepts: Callable[[int, str], bool] = lambda status, _: 200 <= status < 300


def fields_of(text: str, name: str) -> Mapping[str, str]:
    """A secret as its fields: a JSON object of texts, or one text that is both `url` and `key`."""
    if not text.lstrip().startswith("{"):
        return {"url": text.strip(), "key": text.strip(), "token": text.strip()}
    try:
        found: Any = json.loads(text)
    except ValueError:
        raise ChannelFault(f"The secret {name} is not valid JSON.") from None
    return {key: str(value) for key, value in cast("dict[str, object]", found).items()}


def call_of(
    kind: Kind, letter: Letter, secret: Mapping[str, str], target: str, now: datetime
) -> Call:
    """The request that carries a letter. Raises ChannelFault where the secret lacks something."""
    build = _BUILDERS.get(kind)
    if build is None:
        raise ChannelFault(f"A channel of the kind {kind} is not asked over HTTP.")
    return build(letter, secret, target, now)


def _need(secret: Mapping[str, str], name: str) -> str:
    found = secret.get(name, "")
    if not found:
        raise ChannelFault(f"Its secret has no field {name}.")
    return found


def _posted(url: str, content: object, **more: Any) -> Call:
    headers = {"Content-Type": "application/json", **more.pop("headers", {})}
    return Call(url, json.dumps(content).encode(), headers, **more)


def _lines(letter: Letter, bold: str) -> str:
    whole = f"{bold}{letter.subject}{bold}\n{letter.text}"
    return whole if len(whole) <= MOST_LETTERS else whole[:MOST_LETTERS] + "\n[cut]"


def _slack(letter: Letter, secret: Mapping[str, str], _target: str, _now: datetime) -> Call:
    text = _lines(letter, "*").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _posted(_need(secret, "url"), {"text": text}, accepts=_says_ok)


def _says_ok(status: int, body: str) -> bool:
    """A 200 that does not say ok is no yes."""
    return status == 200 and body.strip() == "ok"


def _discord(letter: Letter, secret: Mapping[str, str], _target: str, _now: datetime) -> Call:
    url = _need(secret, "url")
    asked = f"{url}{'&' if '?' in url else '?'}wait=true"  # else it answers before it has looked
    nobody: dict[str, list[str]] = {"parse": []}
    return _posted(asked, {"content": _lines(letter, "**"), "allowed_mentions": nobody})


def _teams(letter: Letter, secret: Mapping[str, str], _target: str, _now: datetime) -> Call:
    blocks = [
        {"type": "TextBlock", "text": letter.subject, "weight": "Bolder", "wrap": True},
        {"type": "TextBlock", "text": letter.text, "wrap": True},
    ]
    card = {"type": "AdaptiveCard", "version": "1.4", "body": blocks}
    kind = "application/vnd.microsoft.card.adaptive"
    content = {"type": "message", "attachments": [{"contentType": kind, "content": card}]}
    return _posted(_need(secret, "url"), content)


def _telegram(letter: Letter, secret: Mapping[str, str], target: str, _now: datetime) -> Call:
    if not target:
        raise ChannelFault("The channel has no chat. Enter its id as the target.")
    base = secret.get("base_url", "https://api.telegram.org").rstrip("/")
    url = f"{base}/bot{_need(secret, 'token')}/sendMessage"
    return _posted(url, {"chat_id": target, "text": _lines(letter, "")})


def _webhook(letter: Letter, secret: Mapping[str, str], _target: str, now: datetime) -> Call:
    """Signed as Standard Webhooks says (https://www.standardwebhooks.com)."""
    moment = int(now.timestamp())
    data = {
        "id": letter.alert, "event": letter.what, "open": letter.is_open, "severity": letter.severity,
        "subject": letter.subject, "text": letter.text, "url": letter.url, "at": letter.at.isoformat(),
    }  # fmt: skip
    body = json.dumps({"type": "hermes.alert", "timestamp": moment, "data": data}).encode()
    signed = hmac.digest(
        _signing_key(_need(secret, "secret")), f"{letter.id}.{moment}.".encode() + body, hashlib.sha256
    )  # fmt: skip
    headers = {
        "Content-Type": "application/json",
        "webhook-id": letter.id,
        "webhook-timestamp": str(moment),
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }
    return Call(_need(secret, "url"), body, headers)


def _signing_key(secret: str) -> bytes:
    if not secret.startswith(SECRET_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        words = f"The field secret starts with {SECRET_PREFIX} but is not followed by base64."
        raise ChannelFault(words) from None


def _pagerduty(letter: Letter, secret: Mapping[str, str], _target: str, _now: datetime) -> Call:
    payload = {
        "summary": letter.subject, "source": letter.url or "hermes", "severity": letter.severity,
        "timestamp": letter.at.isoformat(), "custom_details": {"text": letter.text},
    }  # fmt: skip
    content = {
        "routing_key": _need(secret, "key"), "dedup_key": letter.alert, "payload": payload,
        "event_action": "trigger" if letter.is_open else "resolve",
    }  # fmt: skip
    base = secret.get("base_url", "https://events.pagerduty.com").rstrip("/")
    return _posted(f"{base}/v2/enqueue", content)


def _opsgenie(letter: Letter, secret: Mapping[str, str], _target: str, _now: datetime) -> Call:
    base = secret.get("base_url", "https://api.opsgenie.com").rstrip("/") + "/v2/alerts"
    headers = {"Authorization": f"GenieKey {_need(secret, 'key')}"}
    if not letter.is_open:
        url = f"{base}/{letter.alert}/close?identifierType=alias"
        return _posted(url, {"note": letter.text[:MOST_LETTERS]}, headers=headers)
    priority = "P1" if letter.severity == "critical" else "P3"
    content = {
        "message": letter.subject[:130], "alias": letter.alert, "description": letter.text,
        "priority": priority, "source": "Hermes",
    }  # fmt: skip
    return _posted(base, content, headers=headers)


Builder = Callable[[Letter, Mapping[str, str], str, datetime], Call]
_BUILDERS: Mapping[str, Builder] = {
    "slack": _slack, "discord": _discord, "teams": _teams, "telegram": _telegram,
    "webhook": _webhook, "pagerduty": _pagerduty, "opsgenie": _opsgenie,
}  # fmt: skip
