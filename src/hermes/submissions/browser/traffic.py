"""What a page asks of the network, so that one can wait until it has its answers."""

import asyncio
from contextlib import suppress

from playwright.async_api import BrowserContext, Error, Page, Request, Response

from hermes.submissions.browser.gate import SENDING

STOP_SECONDS = 3.0
PAGES = frozenset({"document"})


class Traffic:
    """Watches one context. `status` and `failure` are those of the last page or sending since `begin`."""

    def __init__(self, context: BrowserContext) -> None:
        self._pending = set[Request]()
        self._changed = asyncio.Event()
        self.status: int | None = None
        self.failure = ""
        self.pages = list[dict[str, object]]()
        self._documents = list[Response]()
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("requestfinished", self._over)
        context.on("requestfailed", self._failed)

    def begin(self) -> None:
        """Forget what was before a click."""
        self._pending.clear()
        self.status = None
        self.failure = ""

    async def settle(self, quiet: float, longest: float) -> bool:
        """Wait until nothing weighty is asked for `quiet` seconds; False when it took too long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(longest):
                while not await self._rests(quiet):
                    pass
                return True
        return not self._pending

    async def _rests(self, quiet: float) -> bool:
        self._changed.clear()
        try:
            async with asyncio.timeout(quiet if not self._pending else None):
                await self._changed.wait()
        except TimeoutError:
            return True
        return False

    async def servers(self) -> list[str]:
        """IP addresses of the servers that answered with pages since this was last asked."""
        found, self._documents = self._documents, []
        told = [await response.server_addr() for response in found]
        return [server["ipAddress"] for server in told if server]

    def _asked(self, request: Request) -> None:
        if _weighty(request):
            self._pending.add(request)
            self._changed.set()

    def _answered(self, response: Response) -> None:
        if _weighty(response.request):
            self.status = response.status
        if response.request.resource_type in PAGES:
            self._documents.append(response)
            self.pages.append(
                {
                    "url": response.url,
                    "status": response.status,
                    "method": response.request.method,
                }
            )

    def _over(self, request: Request) -> None:
        if request in self._pending:
            self._pending.discard(request)
            self._changed.set()

    def _failed(self, request: Request) -> None:
        if request in self._pending:
            self.failure = request.failure or "broken off"
        self._over(request)


def _weighty(request: Request) -> bool:
    """A page, or something that is sent by a script; pictures and counters are not waited for."""
    return request.resource_type in PAGES or (
        request.resource_type in ("fetch", "xhr") and request.method in SENDING
    )


async def shown(page: Page, seconds: float) -> None:
    """Wait until the document is read in, at most so long."""
    with suppress(Error):  # a page that never ends loading is read as far as it is
        await page.wait_for_load_state("domcontentloaded", timeout=seconds * 1000)


async def stop(page: Page) -> None:
    """Give up loading: a page on its way to another one answers no question."""
    with suppress(Error, TimeoutError):
        async with asyncio.timeout(STOP_SECONDS):
            session = await page.context.new_cdp_session(page)
            await session.send("Page.stopLoading")
