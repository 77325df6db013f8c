"""A Discord webhook: it answers with the message's id, under which the message can be fetched again."""

from hermes_fleet.http import Exchange, Reply
from hermes_fleet.notifications.channels.address import address_in
from hermes_fleet.notifications.channels.channel import Channel, Letter, Throttle, TryLater
from hermes_fleet.providers import Credential
from hermes_worker import WorkerError

SECRET = "HERMES_PROVIDER_DISCORD"  # noqa: S105 - the name of a secret
RENEW = f"create a new webhook in the channel's settings and add its address as the secret {SECRET}"
MOST_LETTERS = 2000
MORE = "\n[cut]"
UNKNOWN_WEBHOOK, INVALID_TOKEN = 10015, 50027
SECONDS_AGAIN = 1.0


class Discord(Channel):
    """One webhook, which writes to one channel."""

    name = "discord"
    title = "Discord"
    secret_name = SECRET
    contents = "the address of a Discord webhook (JSON: url)"
    throttle = Throttle(0.4)  # five in two seconds, for each webhook
    place = "Discord webhook"
    label = "posted in the Discord channel"
    readable = True

    def __init__(self, secret: Credential, exchange: Exchange) -> None:
        super().__init__(secret, exchange)
        self._url = address_in(secret.name, secret.text("url", "key"))

    async def send(self, letter: Letter) -> str:
        """The id of the message."""
        body = {"content": written(letter), "allowed_mentions": {"parse": list[str]()}}
        reply = await self._exchange.ask("POST", self._url.update_query(wait="true"), json=body)
        identity = reply.fields.get("id")
        if reply.status == 200 and isinstance(identity, str) and identity:
            return identity
        raise self._refusal(reply)

    async def seen(self, reference: str) -> bool:
        url = (self._url / "messages" / reference).with_query(self._url.query)
        reply = await self._exchange.ask("GET", url)
        return reply.status == 200 and reply.fields.get("id") == reference

    def _refusal(self, reply: Reply) -> WorkerError:
        code, message = reply.fields.get("code"), str(reply.fields.get("message", ""))[:100]
        if reply.status == 429:
            words = self._exchange.sentence("it is limiting messages (429)")
            return TryLater("rate_limited", words, _seconds(reply))
        if reply.status in (401, 404) or code in (UNKNOWN_WEBHOOK, INVALID_TOKEN):
            return self._exchange.failure(
                "auth_401", f"it does not know the webhook ({message}); {RENEW}"
            )
        if reply.status == 403:
            return self._exchange.failure(
                "forbidden_403", f"it does not let the webhook post ({message})"
            )
        if reply.status >= 500:
            return self._exchange.failure("server_error_5xx", f"it failed with {reply.status}")
        if reply.status >= 400:
            return self._exchange.failure(
                "worker_failed", f"it refused the message ({code}: {message})"
            )
        return self._exchange.failure("malformed_reply", "the address is not a Discord webhook")


def written(letter: Letter) -> str:
    """Subject in bold above the text, cut where Discord takes no more; the cut is shown."""
    whole = f"**{letter.subject}**\n{letter.text}"
    return whole if len(whole) <= MOST_LETTERS else whole[: MOST_LETTERS - len(MORE)] + MORE


def _seconds(reply: Reply) -> float:
    """Discord says it in the body, to the millisecond; a proxy before it only in the header."""
    seconds = reply.fields.get("retry_after", reply.retry_after)
    return float(seconds) if isinstance(seconds, int | float) else SECONDS_AGAIN
