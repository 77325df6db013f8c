"""What a submission may ask of the network: robots.txt is obeyed, private hosts are not, and a form is
sent only once."""

from contextlib import suppress
from urllib.parse import urljoin

from playwright.async_api import BrowserContext, Error, Route

from directory_bolt.browser.addresses import Addresses
from directory_bolt.browser.robots import KnownRobots, RobotsAwayError
from directory_bolt.core.orders.states import ResultReason
from directory_bolt.submitting import Outcome

SENDING = frozenset({"POST", "PUT", "PATCH"})
PRIVATE = "The address is in a private network. Only demo directories may use one."


class NetworkPolicy:
    """The rules of one submission. `longest`: seconds that a directory has to answer a form."""

    def __init__(self, robots: KnownRobots, addresses: Addresses, longest: float) -> None:
        self._robots = robots
        self._longest_ms = longest * 1000
        self._addresses = addresses

    async def guard(self, context: BrowserContext) -> None:
        """Send every request of the context through these rules."""
        await context.route("**/*", self._pass)

    async def refusal(self, url: str) -> Outcome | None:
        """The outcome where the page must not be opened; None where it may be."""
        if not await self._addresses.allows(url):
            return Outcome("failed", ResultReason.UNREACHABLE, PRIVATE)
        try:
            allowed = await self._robots.allows(url, self._addresses)
        except RobotsAwayError as error:
            return Outcome("failed", ResultReason.UNREACHABLE, str(error), retry=True)
        if allowed:
            return None
        return Outcome("skipped", ResultReason.ROBOTS, f"robots.txt does not allow {url}.")

    def strayed(self, servers: list[str]) -> bool:
        """Whether one of these IP addresses of servers that answered is private."""
        return not all(self._addresses.allows_server(server) for server in servers)

    async def _pass(self, route: Route) -> None:
        with suppress(Error):  # the page is gone, and its requests with it
            if not await self._addresses.allows(route.request.url):
                await route.abort("accessdenied")
            elif route.request.method in SENDING and not self._addresses.proxied:
                await self._send_once(route)
            else:
                await route.continue_()

    async def _send_once(self, route: Route) -> None:
        """Send a form outside of Chromium, which by itself sends it again where a connection breaks."""
        try:
            answer = await route.fetch(max_redirects=0, max_retries=0, timeout=self._longest_ms)
        except Error as error:
            late = "Timeout" in error.message
            await route.abort("timedout" if late else "connectionclosed")
            return
        to = answer.headers.get("location") if 300 <= answer.status < 400 else None
        if to and not await self._addresses.allows(urljoin(route.request.url, to)):
            await route.abort("accessdenied")  # a 307 would carry the whole form there
        else:
            await route.fulfill(response=answer)
