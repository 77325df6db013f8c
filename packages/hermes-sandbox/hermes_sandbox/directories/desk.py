"""One directory's website: which address is answered with what."""

from urllib.parse import parse_qs

from aiohttp import web

from hermes_sandbox.directories import answers, openings
from hermes_sandbox.directories.books import Books
from hermes_sandbox.directories.forms import form_page, framed_form
from hermes_sandbox.directories.frames import page, text
from hermes_sandbox.directories.listings import (
    Listing,
    earlier,
    listing,
    listing_page,
    listings,
    results_page,
)
from hermes_sandbox.directories.model import Directory
from hermes_sandbox.directories.openings import html
from hermes_sandbox.directories.taking import Counter
from hermes_sandbox.directories.waiting import Waiting
from hermes_sandbox.directories.words import PHRASES


class Desk:
    """Home, form, thanks, listings and what else a directory has, below its slug."""

    def __init__(self, directory: Directory, books: Books, waiting: Waiting) -> None:
        self._directory = directory
        self._books = books
        self._opening = openings.Opening(directory, waiting)
        self._counter = Counter(directory, books, waiting)
        self._path, _, query = directory.path.partition("?")
        self._query = {name: values[0] for name, values in parse_qs(query).items()}

    async def answer(self, request: web.Request, place: str) -> web.StreamResponse:
        """Answer a request for an address below the slug."""
        if place in (self._path, openings.MOVED):
            return await self._form(request, place)
        if request.method == "POST":
            return self._elsewhere(place)
        found = self._page(request, place)
        return found or html(answers.plain_page(self._directory, "home", "none"), 404)

    async def _form(self, request: web.Request, place: str) -> web.Response:
        moved = self._directory.opening == "moved"
        if (place == openings.MOVED and not moved) or not self._whole(request):
            return html(answers.plain_page(self._directory, "home", "none"), 404)
        if request.method == "POST":
            return await self._counter.take(request)
        if "step" in request.query:
            return self._counter.show(request)
        visit = self._books.visited(self._directory.slug)
        if place == openings.MOVED:
            return html(form_page(self._directory))
        return await self._opening.answer(request, visit)

    def _whole(self, request: web.Request) -> bool:
        """Whether the address came with the query that it has."""
        return self._query.items() <= dict(request.query).items()

    def _page(self, request: web.Request, place: str) -> web.Response | None:
        name = request.query.get("name", "")
        if place == "":
            return html(self._home())
        if place == "frame" and self._directory.shape == "frame":
            return html(framed_form(self._directory))
        if place == "login" and self._directory.opening in ("login", "members"):
            return html(openings.login_page(self._directory))
        if place == "listings":
            return html(results_page(self._directory, self._found(name), name))
        if place == "thanks":
            return self._thanks(request.query.get("entry", ""))
        return self._listing(place)

    def _home(self) -> str:
        directory, phrases = self._directory, PHRASES[self._directory.language]
        title = phrases["add"].format(name=directory.name)
        link = f'<p><a href="/{directory.slug}/{directory.path}">{title}</a></p>'
        return page(directory, directory.name, text(phrases["welcome"], name=directory.name), link)

    def _found(self, name: str) -> list[Listing]:
        every = [*listings(self._directory, self._books), *earlier(self._directory, name)]
        return [each for each in every if name.strip().casefold() in each.business.casefold()]

    def _thanks(self, entry: str) -> web.Response | None:
        entries = enumerate(self._books.entries(self._directory.slug), 1)
        found = next((e for number, e in entries if str(number) == entry and e.arrived), None)
        if found is None:
            return None
        made = listing(self._directory, int(entry), found)
        return html(answers.thanks_page(self._directory, made))

    def _listing(self, place: str) -> web.Response | None:
        every = listings(self._directory, self._books)
        known = place.removeprefix("listing/0-").replace("-", " ") if place.startswith("listing/0-") else ""  # fmt: skip
        every += earlier(self._directory, known)
        shown = next((each for each in every if each.place == place), None)
        return html(listing_page(self._directory, shown)) if shown else None

    def _elsewhere(self, place: str) -> web.Response:
        """Other forms than the one for entries: nobody has an account, a code or a card here."""
        directory, phrases = self._directory, PHRASES[self._directory.language]
        self._books.sent_elsewhere(directory.slug)
        if place == "login":
            return html(openings.login_page(directory, phrases["wrong_password"]), 401)
        if place == "code":
            return html(answers.sms_page(directory, phrases["wrong_code"]), 403)
        if place == "pay":
            return html(answers.payment_page(directory, phrases["declined"]), 402)
        return html(answers.plain_page(directory, "home", "none"), 404)
