"""A Slack incoming webhook: `ok`, or one word for what is wrong. It can never be read back."""

from hermes_fleet.http import Exchange, Reply
from hermes_fleet.notifications.channels.address import address_in
from hermes_fleet.notifications.channels.channel import Channel, Letter, Throttle, TryLater
from hermes_fleet.providers import Credential
from hermes_worker import WorkerError

SECRET = "HERMES_PROVIDER_SLACK"  # noqa: S105 - the name of a secret
RENEW = f"create a new incoming webhook in Slack and add its address as the secret {SECRET}"
MEANINGS = {
    "invalid_token": ("auth_401", f"the webhook's token is not valid; {RENEW}"),
    "action_prohibited": ("forbidden_403", "an administrator of the workspace does not allow this webhook to post"),
    "no_service": ("auth_401", f"the webhook was removed or switched off; {RENEW}"),
    "no_team": ("auth_401", f"the webhook's workspace does not exist; {RENEW}"),
    "channel_not_found": ("auth_401", f"the webhook's channel does not exist; {RENEW}"),
    "channel_is_archived": ("forbidden_403", f"the webhook's channel is archived; reopen it, or {RENEW}"),
    "user_not_found": ("auth_401", f"the person this webhook writes to does not exist; {RENEW}"),
    "invalid_payload": ("worker_failed", "it could not read the message"),
    "no_text": ("worker_failed", "it found no text in the message"),
    "rollup_error": ("server_error_5xx", "it failed while posting; run again later"),
}  # fmt: skip
SECONDS_AGAIN = 1.0


class Slack(Channel):
    """One webhook, which writes to one channel."""

    name = "slack"
    title = "Slack"
    secret_name = SECRET
    contents = "the address of a Slack incoming webhook (JSON: url)"
    throttle = Throttle(1.0)  # Slack takes about one message a second
    place = "Slack webhook"
    label = "accepted by Slack"

    def __init__(self, secret: Credential, exchange: Exchange) -> None:
        super().__init__(secret, exchange)
        self._url = address_in(secret.name, secret.text("url", "key"))

    async def send(self, letter: Letter) -> str:
        reply = await self._exchange.ask("POST", self._url, json={"text": written(letter)})
        if reply.status == 200 and reply.text.strip() == "ok":
            return ""
        raise self._refusal(reply)

    def _refusal(self, reply: Reply) -> WorkerError:
        """A 200 that does not say ok is no yes."""
        word = reply.text.strip()
        if reply.status == 429:
            message = self._exchange.sentence("it is limiting messages (429)")
            after = SECONDS_AGAIN if reply.retry_after is None else reply.retry_after
            return TryLater("rate_limited", message, after)
        if word in MEANINGS:
            reason, message = MEANINGS[word]
            return self._exchange.failure(reason, f"{message} ({reply.status} {word})")
        if reply.status >= 500:
            return self._exchange.failure("server_error_5xx", f"it failed with {reply.status}")
        if reply.status in (403, 404, 410):
            return self._exchange.failure(
                "auth_401", f"it refused the webhook ({reply.status}); {RENEW}"
            )
        return self._exchange.failure(
            "malformed_reply", f"the address is not a Slack webhook ({reply.status})"
        )


def written(letter: Letter) -> str:
    """Subject in bold above the text; the three characters that Slack reads are escaped."""
    return f"*{_escaped(letter.subject)}*\n{_escaped(letter.text)}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
