"""Whether a page may be visited at all: robots.txt, and no way into private networks."""

from playwright.async_api import BrowserContext, Route

from hermes.core.submissions.states import ResultReason
from hermes.submissions.browser.addresses import Addresses
from hermes.submissions.browser.robots import Robots, RobotsAwayError
from hermes.submissions.submitting import Outcome

PRIVATE = "The address leads into a private network, which only demo directories may."


class Gate:
    """Asked before a page is opened, and again when it is seen where the visit ended up."""

    def __init__(self, robots: Robots, addresses: Addresses) -> None:
        self._robots = robots
        self._addresses = addresses

    async def guard(self, context: BrowserContext) -> None:
        """Let no request of the context into private networks."""
        if not self._addresses.any_host:
            await context.route("**/*", self._pass)

    async def refusal(self, url: str) -> Outcome | None:
        """Why the page must not be visited; None when it may be."""
        if not await self._addresses.allows(url):
            return Outcome("failed", ResultReason.UNREACHABLE, PRIVATE)
        try:
            allowed = await self._robots.allows(url)
        except RobotsAwayError as error:
            return Outcome("failed", ResultReason.UNREACHABLE, str(error), retry=True)
        if allowed:
            return None
        return Outcome("skipped", ResultReason.ROBOTS, f"robots.txt does not allow {url}.")

    def strayed(self, servers: list[str]) -> bool:
        """Whether one of the servers that answered is private."""
        return not all(self._addresses.allows_server(server) for server in servers)

    async def _pass(self, route: Route) -> None:
        if await self._addresses.allows(route.request.url):
            await route.continue_()
        else:
            await route.abort("accessdenied")
