"""A webhook of the operator's own, signed as Standard Webhooks says (https://www.standardwebhooks.com)."""

import base64
import hashlib
import hmac
import json
import time

from hermes_fleet.http import Exchange
from hermes_fleet.notifications.channels.address import address_in
from hermes_fleet.notifications.channels.channel import Channel, Letter, Throttle, TryLater
from hermes_fleet.providers import Credential
from hermes_worker import WorkerError

SECRET_PREFIX = "whsec_"  # noqa: S105 - how secrets of Standard Webhooks begin
SECONDS_AGAIN = 1.0


class Webhook(Channel):
    """One address and the secret that signs what goes there."""

    name = "webhook"
    title = "Webhook"
    secret_name = "HERMES_PROVIDER_WEBHOOK"  # noqa: S105 - the name of a secret
    contents = "the address of your own receiver and a signing secret (JSON: url, secret)"
    throttle = Throttle(0.0)
    place = "webhook"
    label = "accepted by the webhook's receiver"

    def __init__(self, secret: Credential, exchange: Exchange) -> None:
        super().__init__(secret, exchange)
        self._url = address_in(secret.name, secret.require("url"))
        self._key = signing_key(secret.name, secret.require("secret"))

    async def send(self, letter: Letter) -> str:
        moment = int(time.time())
        body = written(letter, moment)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": letter.token,
            "webhook-id": letter.token,
            "webhook-timestamp": str(moment),
            "webhook-signature": signature(self._key, letter.token, moment, body),
        }
        reply = await self._exchange.ask("POST", self._url, data=body, headers=headers)
        if 200 <= reply.status < 300:
            return letter.token
        if reply.status == 429:
            words = self._exchange.sentence("its receiver is limiting messages (429)")
            after = SECONDS_AGAIN if reply.retry_after is None else reply.retry_after
            raise TryLater("rate_limited", words, after)
        raise self._exchange.failure(*refusal(reply.status))


def written(letter: Letter, moment: int) -> bytes:
    """The body; times are seconds since 1970."""
    alert = {"subject": letter.subject, "text": letter.text, "key": letter.key, "site": letter.site}
    return json.dumps({"type": "hermes.alert", "timestamp": moment, "data": alert}).encode()


def signature(key: bytes, message_id: str, moment: int, body: bytes) -> str:
    """HMAC-SHA256 over `id.timestamp.body`."""
    content = f"{message_id}.{moment}.".encode() + body
    return f"v1,{base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()}"


def signing_key(name: str, secret: str) -> bytes:
    """`whsec_` and base64, else the text itself; WorkerError `missing_config`."""
    if not secret.startswith(SECRET_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        message = (
            f"The field secret of {name} starts with {SECRET_PREFIX} but is not followed by base64."
        )
        raise WorkerError("missing_config", message) from None


def refusal(status: int) -> tuple[str, str]:
    """(reason, words) of a status that is no yes."""
    words = f"its receiver refused the message ({status})"
    if status == 401:
        return "auth_401", f"{words}: it does not accept the signature, so compare the secrets"
    if status == 403:
        return "forbidden_403", words
    return ("server_error_5xx" if status >= 500 else "worker_failed"), words
