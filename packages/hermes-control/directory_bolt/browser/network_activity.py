"""The requests of a page, watched to know when it has settled after loading or after a click."""

import asyncio
from contextlib import suppress

from playwright.async_api import BrowserContext, Error, Frame, Page, Request, Response

from directory_bolt.browser.network_policy import SENDING

STOP_SECONDS = 3.0
PAGES = frozenset({"document"})
ABORTED = "net::ERR_ABORTED"  # of a page that was replaced by the next one


class NetworkActivity:
    """The requests of one browser context that decide how a page goes on.

    Documents and POST, PUT or PATCH of scripts count; images, analytics, and documents of frames
    beside the form (adverts, maps) do not. `status` (HTTP) and `failure` (Chromium's error text)
    belong to the last request that counts since `begin`; `pages` lists every document of the context.
    """

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
        """Start afresh before a click into this frame."""
        self._frame = frame
        self._moved = False
        self._pending.clear()
        self.status = None
        self.failure = ""

    async def settle(self, quiet: float, longest: float) -> bool:
        """Wait until no request that counts has begun or ended for `quiet` seconds.

        At most `longest` seconds; False when a request is still unanswered then.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(longest):
                while not await self._is_quiet(quiet):
                    pass
                return True
        return not self._pending

    async def _is_quiet(self, quiet: float) -> bool:
        self._changed.clear()
        try:
            async with asyncio.timeout(quiet if not self._pending else None):
                await self._changed.wait()
        except TimeoutError:
            return True
        return False

    async def servers(self) -> list[str]:
        """IP addresses of the servers that answered with documents since the last call."""
        found, self._documents = self._documents, []
        addresses = [await response.server_addr() for response in found]
        return [server["ipAddress"] for server in addresses if server]

    def _asked(self, request: Request) -> None:
        if self._counts(request):
            self._pending.add(request)
            self._changed.set()

    def _answered(self, response: Response) -> None:
        if self._counts(response.request):
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
        aborted = self._moved and request.failure == ABORTED
        if request in self._pending and not aborted:
            self.failure = request.failure or "broken off"
        self._over(request)

    def _counts(self, request: Request) -> bool:
        """Whether the request counts: a document, or data that a script sends."""
        if request.resource_type in PAGES:
            return self._is_ours(request)
        return request.resource_type in ("fetch", "xhr") and request.method in SENDING

    def _is_ours(self, request: Request) -> bool:
        """Whether a document belongs to the page or the form's frame, or answers something sent."""
        if self._frame is None or request.method in SENDING or request.redirected_from:
            return True
        try:
            frame = request.frame
        except Error:  # a new window has no frame yet; it may be the answer
            return True
        return frame.parent_frame is None or frame is self._frame


async def wait_until_loaded(page: Page, seconds: float) -> None:
    """Wait until the document is parsed, at most so many seconds."""
    with suppress(Error):  # a page that never ends loading is read as far as it came
        await page.wait_for_load_state("domcontentloaded", timeout=seconds * 1000)


async def stop_loading(page: Page) -> None:
    """Stop loading: while a navigation is pending, Chromium does not answer."""
    with suppress(Error, TimeoutError):
        async with asyncio.timeout(STOP_SECONDS):
            session = await page.context.new_cdp_session(page)
            # Playwright types the answer as Dict without parameters; it is not used.
        await session.send("Page.stopLoading")  # pyright: ignore[reportUnknownMemberType]
