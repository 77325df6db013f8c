"""The channels that are configured for a site, each opened by its secret."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import aiohttp

from hermes_fleet.http import MIB, Exchange, Limits
from hermes_fleet.notifications.channels import CHANNELS
from hermes_fleet.notifications.channels.channel import Channel
from hermes_fleet.providers import Credential, credential, missing
from hermes_worker import Missing, WorkerError

LIMITS = Limits(seconds=15.0, size=MIB)
SHORTEST_PART = 8  # shorter parts of an address are words such as https: and services


@dataclass(frozen=True, slots=True)
class Channels:
    """`ready` can be sent to; `absent` and `broken` say what to store: nothing is there, or it is no use."""

    ready: dict[str, Channel] = field(default_factory=dict[str, Channel])
    absent: dict[str, Missing] = field(default_factory=dict[str, Missing])
    broken: dict[str, Missing] = field(default_factory=dict[str, Missing])

    @property
    def closed(self) -> dict[str, Missing]:
        """Why a channel cannot be sent to."""
        return self.absent | self.broken


def channels_of(site: str, session: aiohttp.ClientSession) -> Channels:
    """The operator's channels, or at the demo site the stand-ins."""
    found = Channels()
    for name, channel in CHANNELS.items():
        try:
            secret = credential(channel.secret_name, site)
            if secret is None:
                found.absent[name] = missing(channel.secret_name, channel.contents)
            else:
                exchange = _exchange(session, channel.title, secret)
                found.ready[name] = channel(secret, exchange)
        except WorkerError as error:
            found.broken[name] = Missing(error.code, error.message)
    return found


def _exchange(session: aiohttp.ClientSession, title: str, secret: Credential) -> Exchange:
    """A channel that answers with a redirect is none: what was sent stays with nobody."""
    hidden = secrets_in(secret.fields)
    return Exchange(session, title, LIMITS, hidden=hidden, redirect="malformed_reply")


def secrets_in(fields: Mapping[str, Any]) -> list[str]:
    """What no message may repeat: whatever opens something, whole and in its parts."""
    named = [fields.get(name) for name in ("password", "secret", "url", "key", "read_back")]
    listed = fields.get("urls")
    more = cast("list[object]", listed) if isinstance(listed, list) else []
    texts = [each for each in (*named, *more) if isinstance(each, str)]
    return texts + [
        part for text in texts for part in text.split("/") if len(part) >= SHORTEST_PART
    ]
