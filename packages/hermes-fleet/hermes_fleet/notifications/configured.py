"""The channels that are configured for a site, each opened by its secret."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import aiohttp

from hermes_fleet.http import MIB, Exchange, Limits
from hermes_fleet.notifications.channels.apprise_urls import AppriseUrls
from hermes_fleet.notifications.channels.channel import Channel
from hermes_fleet.notifications.channels.discord import Discord
from hermes_fleet.notifications.channels.mail import Mail
from hermes_fleet.notifications.channels.slack import Slack
from hermes_fleet.notifications.channels.webhook import Webhook
from hermes_fleet.notifications.message import ChannelName
from hermes_fleet.providers import Credential, credential, missing
from hermes_worker import Missing, WorkerError

LIMITS = Limits(seconds=15.0, size=MIB)
SHORTEST_PART = 8  # shorter parts of an address are words such as https: and services


@dataclass(frozen=True, slots=True)
class Kind:
    """How people call a channel, its secret's name, what to store there, and what it opens."""

    title: str
    secret: str
    what: str
    make: Callable[[Credential, Exchange], Channel]


KINDS: dict[ChannelName, Kind] = {
    "email": Kind("E-mail", "HERMES_PROVIDER_SMTP", "your mail server (JSON: host, port, user, password, from, tls)", Mail),
    "slack": Kind("Slack", "HERMES_PROVIDER_SLACK", "the address of a Slack incoming webhook (JSON: url)", Slack),
    "discord": Kind("Discord", "HERMES_PROVIDER_DISCORD", "the address of a Discord webhook (JSON: url)", Discord),
    "webhook": Kind("Webhook", "HERMES_PROVIDER_WEBHOOK", "the address of your own receiver and a signing secret (JSON: url, secret)", Webhook),
    "apprise": Kind("Apprise", "HERMES_PROVIDER_APPRISE", "Apprise URLs (JSON: urls)", AppriseUrls),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Channels:
    """`ready` can be sent to; `absent` and `broken` say what to store: nothing is there, or it is no use."""

    ready: dict[ChannelName, Channel] = field(default_factory=dict[ChannelName, Channel])
    absent: dict[ChannelName, Missing] = field(default_factory=dict[ChannelName, Missing])
    broken: dict[ChannelName, Missing] = field(default_factory=dict[ChannelName, Missing])

    @property
    def closed(self) -> dict[ChannelName, Missing]:
        """Why a channel cannot be sent to."""
        return self.absent | self.broken


def channels_of(site: str, session: aiohttp.ClientSession) -> Channels:
    """The operator's channels, or at the demo site the stand-ins."""
    found = Channels()
    for name, kind in KINDS.items():
        try:
            secret = credential(kind.secret, site)
            if secret is None:
                found.absent[name] = missing(kind.secret, kind.what)
            else:
                found.ready[name] = kind.make(secret, _exchange(session, kind.title, secret))
        except WorkerError as error:
            found.broken[name] = Missing(error.code, error.message)
    return found


def _exchange(session: aiohttp.ClientSession, title: str, secret: Credential) -> Exchange:
    """A channel that answers with a redirect is none: what was sent stays with nobody."""
    hidden = secrets_in(secret.fields)
    return Exchange(session, title, LIMITS, hidden=hidden, redirect="malformed_reply")


def secrets_in(fields: Mapping[str, Any]) -> list[str]:
    """What no message may repeat: whatever opens something, whole and in its parts."""
    told = [fields.get(name) for name in ("password", "secret", "url", "key", "read_back")]
    listed = fields.get("urls")
    more = cast("list[object]", listed) if isinstance(listed, list) else []
    texts = [each for each in (*told, *more) if isinstance(each, str)]
    return texts + [
        part for text in texts for part in text.split("/") if len(part) >= SHORTEST_PART
    ]
