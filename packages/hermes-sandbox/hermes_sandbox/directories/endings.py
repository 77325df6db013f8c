"""What a directory answers to a form that was filled in rightly, and what it keeps of it."""

from collections.abc import Callable

from aiohttp import web

from hermes_sandbox.directories import answers
from hermes_sandbox.directories.books import DECLINED, DUPLICATE, KEPT, LISTED
from hermes_sandbox.directories.forms import form_page, framed_form
from hermes_sandbox.directories.listings import Listing
from hermes_sandbox.directories.model import Directory
from hermes_sandbox.directories.openings import html
from hermes_sandbox.directories.verdicts import ENDINGS
from hermes_sandbox.directories.waiting import Waiting, hang_up

SLOW_SECONDS = 8.0


def outcome(directory: Directory, honeypots: list[str]) -> str:
    """What becomes of a whole form in the books; one that a machine filled in is not listed."""
    if directory.ending in ("conflict", "duplicate"):
        return DUPLICATE
    if directory.ending == "refusal":
        return DECLINED
    return LISTED if ENDINGS[directory.ending].listed and not honeypots else KEPT


async def answer(
    directory: Directory, made: Listing, request: web.Request, waiting: Waiting
) -> web.Response:
    """The answer of this directory."""
    if directory.ending == "never":
        return await waiting.for_ever()
    if directory.ending == "slow":
        await waiting.seconds(SLOW_SECONDS)
    if directory.ending == "hang_up":
        return hang_up(request)
    return _ANSWERS[directory.ending](directory, made)


def _thanks(directory: Directory, made: Listing) -> web.Response:
    raise web.HTTPSeeOther(f"/{directory.slug}/thanks?entry={made.number}")


def _reference(directory: Directory, made: Listing) -> web.Response:
    return html(answers.reference_page(directory, made))


def _slow(directory: Directory, made: Listing) -> web.Response:
    return html(answers.thanks_page(directory, made))


def _listing(directory: Directory, made: Listing) -> web.Response:
    raise web.HTTPSeeOther(f"/{directory.slug}/{made.place}")


def _inline(directory: Directory, made: Listing) -> web.Response:
    return web.json_response({"message": answers.inline_message(directory, made)})


def _email(directory: Directory, _made: Listing) -> web.Response:
    return html(answers.email_page(directory))


def _sms(directory: Directory, _made: Listing) -> web.Response:
    return html(answers.sms_page(directory))


def _payment(directory: Directory, _made: Listing) -> web.Response:
    return html(answers.payment_page(directory))


def _refusal(directory: Directory, _made: Listing) -> web.Response:
    return html(answers.refusal_page(directory))


def _conflict(directory: Directory, made: Listing) -> web.Response:
    return html(answers.duplicate_page(directory, Listing(0, made.business)), 409)


def _duplicate(directory: Directory, made: Listing) -> web.Response:
    return html(answers.duplicate_page(directory, Listing(0, made.business)))


def _home(directory: Directory, _made: Listing) -> web.Response:
    raise web.HTTPSeeOther(f"/{directory.slug}/")


def _again(directory: Directory, _made: Listing) -> web.Response:
    framed = directory.shape == "frame"
    return html(framed_form(directory) if framed else form_page(directory))


def _error(directory: Directory, _made: Listing) -> web.Response:
    return html(answers.plain_page(directory, "broken", "broken"), 500)


_ANSWERS: dict[str, Callable[[Directory, Listing], web.Response]] = {
    "thanks": _thanks,
    "reference": _reference,
    "slow": _slow,
    "listing": _listing,
    "inline": _inline,
    "email": _email,
    "sms": _sms,
    "payment": _payment,
    "refusal": _refusal,
    "conflict": _conflict,
    "duplicate": _duplicate,
    "home": _home,
    "again": _again,
    "error": _error,
}
