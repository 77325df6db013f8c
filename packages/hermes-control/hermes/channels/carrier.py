"""One letter over one channel, whatever its kind; the bundled Notifications service is not one of these."""

from dataclasses import dataclass

from hermes.channels.mailing import mail
from hermes.channels.posting import Posting
from hermes.core.alerting.life import Letter
from hermes.core.alerting.wire import ChannelFault, Kind, call_of, fields_of
from hermes.vault import Vault
from hermes_base.clock import Clock
from hermes_egress.opened import Opened


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as it is set: its `secret` is the name of the secret that holds address and key."""

    name: str
    kind: Kind
    target: str
    secret: str


class Carrier:
    """Hands letters to channels."""

    def __init__(self, posting: Posting, vault: Vault, opened: Opened, clock: Clock) -> None:
        self._posting = posting
        self._vault = vault
        self._opened = opened
        self._clock = clock

    async def carry(self, channel: Channel, letter: Letter) -> None:
        """Returns when the channel has taken the letter. Raises ChannelFault, in words without keys."""
        text = self._vault.text(channel.secret)
        if text is None:
            raise ChannelFault(f"{channel.secret} was not found in: {self._vault.names}.")
        secret = fields_of(text, channel.secret)
        if channel.kind == "email":
            await mail(letter, secret, channel.target, self._opened)
            return
        call = call_of(channel.kind, letter, secret, channel.target, self._clock())
        await self._posting.post(call)

    async def ping(self, url: str) -> str:
        """Tell the watcher outside that Hermes lives; why it did not answer, or nothing."""
        try:
            await self._posting.get(url)
        except ChannelFault as fault:
            return fault.words
        return ""
