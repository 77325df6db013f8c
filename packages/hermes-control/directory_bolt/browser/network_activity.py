"""What a page asks of the network, so that one can wait until it has its answers."""

import asyncio
from contextlib import suppress

from playwright.async_api import BrowserContext, Error, Frame, Page, Request, Response

from directory_bolt.browser.gate import SENDING

STOP_SECONDS = 3.0
PAGES = frozenset({"document"})
LEFT_BEHIND = "net::ERR_ABORTED"  # by a page that has gone on


class NetworkActivity:
    """Watches one context. `status` and `failure` are those of the last page or sending since `begin`;
    what frames beside the form load (adverts, maps) is not asked."""

    def __init__(self, context: BrowserContext) -> None:
        self._pending = set[Request]()
        self._changed = asyncio.Event()
        self.status: int | None = None
        self.failure = ""
        self.pages = list[dict[str, object]]()
        self._documents = list[Response]()
        self._frame: Frame | None = None
        self._moved = False
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("requestfinished", self._over)
        context.on("requestfailed", self._failed)

    def begin(self, frame: Frame) -> None:
        """Forget what was before a click into this frame."""
        self._frame = frame
        self._moved = False
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
        if self._weighty(request):
            self._pending.add(request)
            self._changed.set()

    def _answered(self, response: Response) -> None:
        if self._weighty(response.request):
            self._moved = self._moved or response.request.resource_type in PAGES
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
        left_behind = self._moved and request.failure == LEFT_BEHIND
        if request in self._pending and not left_behind:
            self.failure = request.failure or "broken off"
        self._over(request)

    def _weighty(self, request: Request) -> bool:
        """A page, or something that is sent by a script; pictures and counters are not waited for."""
        if request.resource_type in PAGES:
            return self._matters(request)
        return request.resource_type in ("fetch", "xhr") and request.method in SENDING

    def _matters(self, request: Request) -> bool:
        """Whether it loads a whole page or the frame that holds the form, or sends something."""
        if self._frame is None or request.method in SENDING or request.redirected_from:
            return True
        try:
            frame = request.frame
        except Error:  # a window that only opens
            return True
        return frame.parent_frame is None or frame is self._frame


async def wait_until_loaded(page: Page, seconds: float) -> None:
    """Wait until the document is read in, at most so long."""
    with suppress(Error):  # a page that never ends loading is read as far as it is
        await page.wait_for_load_state("domcontentloaded", timeout=seconds * 1000)


async def stop_loading(page: Page) -> None:
    """Give up loading: a page on its way to another one answers no question."""
    with suppress(Error, TimeoutError):
        async with asyncio.timeout(STOP_SECONDS):
            session = await page.context.new_cdp_session(page)
            await session.send("Page.stopLoading")
