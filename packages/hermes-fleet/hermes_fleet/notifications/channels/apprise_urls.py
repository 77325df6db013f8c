"""Any service that Apprise knows, by its URLs (https://github.com/caronc/apprise). None can be read back."""

# Apprise types a service as a bare dict.
# pyright: reportUnknownMemberType=false

import asyncio
from typing import Any, cast

from hermes_fleet.http import Exchange
from hermes_fleet.notifications.channels.channel import Channel, Letter, Throttle
from hermes_fleet.providers import Credential
from hermes_worker import WorkerError

SECRET = "HERMES_PROVIDER_APPRISE"  # noqa: S105 - the name of a secret
SECONDS = 20.0
MOST_URLS = 10


class AppriseUrls(Channel):
    """All URLs of the secret; a message counts as accepted when every one of them took it."""

    name = "apprise"
    title = "Apprise"
    secret_name = SECRET
    contents = "Apprise URLs (JSON: urls)"
    throttle = Throttle(1.0)
    place = "Apprise"
    label = "accepted by every Apprise URL"

    def __init__(self, secret: Credential, exchange: Exchange) -> None:
        super().__init__(secret, exchange)
        self._urls = urls_in(secret)

    async def send(self, letter: Letter) -> str:
        services = await asyncio.to_thread(services_of, self._urls)
        try:
            async with asyncio.timeout(SECONDS):
                result = await services.async_notify(body=letter.text, title=letter.subject)
        except TimeoutError:
            message = "not every service responded in time, so it is not known what they accepted"
            raise self._exchange.failure("read_timeout", message) from None
        if result.success_count != len(self._urls):
            message = f"{result.success_count} of {len(self._urls)} services accepted the message"
            raise self._exchange.failure(
                "worker_failed", f"{message}; check each address with Apprise"
            )
        return ""


def urls_in(secret: Credential) -> list[str]:
    """WorkerError `missing_config` when there are none; the addresses hold keys and are not repeated."""
    given = secret.fields.get("urls")
    listed = cast("list[object]", given) if isinstance(given, list) else []
    urls = [url.strip() for url in listed if isinstance(url, str) and url.strip()]
    if not urls or len(urls) != len(listed) or len(urls) > MOST_URLS:
        message = (
            f"The field urls of {secret.name} must be a list of 1 to {MOST_URLS} Apprise URLs."
        )
        raise WorkerError("missing_config", message)
    return urls


def services_of(urls: list[str]) -> Any:
    """An Apprise object with the services of these URLs."""
    from apprise import Apprise  # noqa: PLC0415 - it takes a second, and few have such URLs

    services = Apprise()
    for number, url in enumerate(urls, 1):
        if not services.add(url):
            message = f"Entry {number} of urls in {SECRET} is not an Apprise URL."
            raise WorkerError("missing_config", message)
    return services
