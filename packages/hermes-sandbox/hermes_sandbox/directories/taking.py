"""Taking a form that was sent: in one page or in steps, whole or not."""

from secrets import token_urlsafe

from aiohttp import web

from hermes_sandbox.directories import checks, endings
from hermes_sandbox.directories.answers import plain_page
from hermes_sandbox.directories.books import REFUSED, STEP, Books, Entry
from hermes_sandbox.directories.controls import Filled
from hermes_sandbox.directories.forms import Step, form_page, framed_form
from hermes_sandbox.directories.listings import listing
from hermes_sandbox.directories.model import Directory
from hermes_sandbox.directories.openings import html
from hermes_sandbox.directories.receiving import Received, now, receive
from hermes_sandbox.directories.waiting import Waiting

COOKIE = "visit"


class Counter:
    """The counter of one directory, where forms are handed in; it remembers visits in steps."""

    def __init__(self, directory: Directory, books: Books, waiting: Waiting) -> None:
        self._directory = directory
        self._books = books
        self._waiting = waiting
        self._visits: dict[str, list[Received]] = {}

    def show(self, request: web.Request) -> web.Response:
        """A later page of a form in steps; the first one to whoever did not send that yet."""
        done = self._visits.get(request.cookies.get(COOKIE, ""), [])
        asked = request.query.get("step", "1")
        number = int(asked) - 1 if asked.isdecimal() else 0
        if not 0 < number <= len(done) < len(self._directory.pages):
            return html(form_page(self._directory))
        entered = [value for page in done for values in page.fields.values() for value in values]
        last = number == len(self._directory.pages) - 1
        return html(form_page(self._directory, Step(number, tuple(entered) if last else ())))

    async def take(self, request: web.Request) -> web.Response:
        """Check what was sent, write it down, and answer."""
        received = await receive(request)
        if len(self._directory.pages) == 1:
            return await self._page(request, 0, received, Received())
        asked = "".join(received.fields.get("step", ["1"]))
        number = int(asked) - 1 if asked in map(str, range(1, 10)) else 0
        done = self._visits.get(request.cookies.get(COOKIE, ""), [])
        if number > len(done) or number >= len(self._directory.pages):
            return html(plain_page(self._directory, "home", "expired"), 403)
        earlier = Received()
        for page in done[:number]:
            earlier = page.after(earlier)
        return await self._page(request, number, received.without("step"), earlier)

    async def _page(
        self, request: web.Request, number: int, received: Received, earlier: Received
    ) -> web.Response:
        wrong = checks.wrong(self._directory, self._directory.pages[number], received.sent)
        whole = received.after(earlier)
        if wrong:
            self._enter(request, whole, REFUSED, wrong)
            return self._again(Step(number), Filled(received.sent, wrong))
        if number < len(self._directory.pages) - 1:
            self._enter(request, whole, STEP)
            return self._next(request, number, received)
        found = endings.outcome(self._directory, checks.touched(self._directory.fields, whole.sent))
        entry = self._enter(request, whole, found)
        made = listing(self._directory, len(self._books.entries(self._directory.slug)), entry)
        return await endings.answer(self._directory, made, request, self._waiting)

    def _again(self, step: Step, filled: Filled) -> web.Response:
        if self._directory.shape == "fetch":
            message = " ".join(dict.fromkeys(filled.wrong.values()))
            return web.json_response({"message": message, "wrong": dict(filled.wrong)}, status=422)
        if self._directory.shape == "frame":
            return html(framed_form(self._directory, filled), 422)
        status = 200 if self._directory.layout in ("table", "stack") else 422  # sites do either
        return html(form_page(self._directory, step, filled), status)

    def _next(self, request: web.Request, number: int, received: Received) -> web.Response:
        visit = request.cookies.get(COOKIE, "")
        visit = visit if visit in self._visits else token_urlsafe(16)
        self._visits[visit] = [*self._visits.get(visit, [])[:number], received]
        where = f"/{self._directory.slug}/{self._directory.path}?step={number + 2}"
        answer = web.HTTPSeeOther(where)
        answer.set_cookie(
            COOKIE, visit, path=f"/{self._directory.slug}/", httponly=True, samesite="Lax"
        )
        raise answer

    def _enter(
        self,
        request: web.Request,
        whole: Received,
        outcome: str,
        wrong: dict[str, str] | None = None,
    ) -> Entry:
        form = self._directory.fields
        entry = Entry(
            self._directory.slug,
            now(),
            outcome,
            whole.fields,
            whole.files,
            request.headers.get("Idempotency-Key"),
            wrong or {},
            checks.touched(form, whole.sent),
            checks.subscribed(form, whole.sent),
        )
        self._books.enter(entry)
        return entry
