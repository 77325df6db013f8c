"""What a visitor of the form's address is answered."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from hermes_sandbox.directories.answers import plain_page
from hermes_sandbox.directories.beside import login_form
from hermes_sandbox.directories.forms import form_page
from hermes_sandbox.directories.frames import page, text
from hermes_sandbox.directories.model import Directory
from hermes_sandbox.directories.waiting import Waiting, hang_up
from hermes_sandbox.directories.words import PHRASES

MOVED = "entries/add"
SLOW_SECONDS = 3.0


def html(body: str, status: int = 200) -> web.Response:
    """A page as an answer."""
    return web.Response(text=body, content_type="text/html", charset="utf-8", status=status)


class Opening:
    """How a directory opens its form: at once, late, elsewhere, behind a login, or not at first."""

    def __init__(self, directory: Directory, waiting: Waiting) -> None:
        self._directory = directory
        self._waiting = waiting
        self._doors: dict[str, Callable[[web.Request, int], Awaitable[web.Response]]] = {
            "form": self._form,
            "slow": self._slow,
            "moved": self._moved,
            "stumble": self._stumble,
            "never": self._never,
            "error": self._error,
            "hang_up": self._hang_up,
            "gone": self._gone,
            "no_form": self._no_form,
            "login": self._login,
            "members": self._members,
        }

    async def answer(self, request: web.Request, visit: int) -> web.Response:
        """Answer the visit of this number."""
        return await self._doors[self._directory.opening](request, visit)

    async def _form(self, request: web.Request, _visit: int) -> web.Response:
        del request
        return html(form_page(self._directory))

    async def _slow(self, request: web.Request, visit: int) -> web.Response:
        await self._waiting.seconds(SLOW_SECONDS)
        return await self._form(request, visit)

    async def _moved(self, _request: web.Request, _visit: int) -> web.Response:
        raise web.HTTPMovedPermanently(f"/{self._directory.slug}/{MOVED}")

    async def _stumble(self, request: web.Request, visit: int) -> web.Response:
        if visit % 2 == 0:
            return await self._form(request, visit)
        answer = html(plain_page(self._directory, "broken", "later"), 503)
        answer.headers["Retry-After"] = "1"
        return answer

    async def _never(self, _request: web.Request, _visit: int) -> web.Response:
        return await self._waiting.for_ever()

    async def _error(self, _request: web.Request, _visit: int) -> web.Response:
        return html(plain_page(self._directory, "broken", "broken"), 500)

    async def _hang_up(self, request: web.Request, _visit: int) -> web.Response:
        return hang_up(request)

    async def _gone(self, _request: web.Request, _visit: int) -> web.Response:
        return html(plain_page(self._directory, "home", "gone"), 410)

    async def _no_form(self, _request: web.Request, _visit: int) -> web.Response:
        return html(plain_page(self._directory, "home", "by_letter"))

    async def _login(self, _request: web.Request, _visit: int) -> web.Response:
        raise web.HTTPFound(f"/{self._directory.slug}/login")

    async def _members(self, _request: web.Request, _visit: int) -> web.Response:
        phrases = PHRASES[self._directory.language]
        link = f'<p><a href="/{self._directory.slug}/login">{phrases["login_title"]}</a></p>'
        return html(page(self._directory, phrases["home"], text(phrases["members"]), link), 403)


def login_page(directory: Directory, wrong: str = "") -> str:
    """Where an account is asked for."""
    phrases = PHRASES[directory.language]
    error = f'<p class="error">{wrong}</p>' if wrong else ""
    return page(
        directory,
        phrases["login_title"],
        text(phrases["login_first"]),
        error,
        login_form(directory),
    )
