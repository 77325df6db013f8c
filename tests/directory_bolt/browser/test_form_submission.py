"""Small sites in a real browser: what is sent, how often, and how the answer is judged."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from directory_bolt.browser import BrowserSubmitter, Timeouts
from directory_bolt.submitting import Outcome
from tests.directory_bolt.browser.pages import Site, served

Pages = dict[str, str | Callable[[web.Request], Awaitable[web.StreamResponse]]]
pytestmark = pytest.mark.browser
BRISK = Timeouts(page_load=5, form_build=1, field_entry=3, answer=2, quiet=0.1, total=30)
FORM = (
    "<h1>Add your business</h1><form method=post action={to}><label>Business name <input name={n}></label>"
    "<label>Phone <input name=phone></label><label>City <input name=city></label>{button}</form>"
)
TAKEN = "<h1>Done</h1><p>Your listing has been submitted.</p>"


def add(to: str = "/thanks", name: str = "n", button: str = "<button>Submit</button>") -> str:
    return FORM.format(to=to, n=name, button=button)


@pytest.fixture
async def submitter(tmp_path: Path) -> AsyncGenerator[BrowserSubmitter]:
    async with BrowserSubmitter(tmp_path, timeouts=BRISK) as submitter:
        yield submitter


async def submit_to(
    submitter: BrowserSubmitter,
    pages: Pages,
) -> tuple[Outcome, Site]:
    """The outcome of submitting to /add, and the site as it was left."""

    async def yes(_payload: dict[str, Any]) -> bool:
        return True

    async with served(Site(pages)) as site:
        return await submitter.submit(site.task(), yes), site


async def test_a_form_is_sent_once_and_taken(submitter: BrowserSubmitter) -> None:
    outcome, site = await submit_to(submitter, {"/add": add(), "/thanks": TAKEN})
    assert (outcome.status, outcome.reason) == ("submitted", None)
    assert site.posts == [
        ("/thanks", {"n": "Marigold Dental", "phone": "+1 503-555-0142", "city": "Portland"})
    ]


async def test_a_form_that_comes_back_empty_under_new_names_is_not_sent_again(
    submitter: BrowserSubmitter,
) -> None:
    outcome, site = await submit_to(
        submitter, {"/add": add("/next"), "/next": add("/next", "other")}
    )
    assert (outcome.status, outcome.reason) == ("needs_manual", "outcome_unknown")
    assert len(site.posts) == 1


async def test_a_form_of_two_pages_that_begins_anew_is_not_gone_through_again(
    submitter: BrowserSubmitter,
) -> None:
    second = (
        "<form method=post action=/add><label>Description <textarea name=d></textarea></label>"
        "<label>Street <input name=s></label><button>Submit</button></form>"
    )
    outcome, site = await submit_to(submitter, {"/add": add("/second"), "/second": second})
    assert (outcome.status, outcome.reason) == ("needs_manual", "outcome_unknown")
    assert [path for path, _ in site.posts] == ["/second", "/add"]


CARD = "<label>Card number <input name=c autocomplete=cc-number required></label>"
PLANS = "<option value=''>Choose<option>Gold $49<option>Silver $19"
PLAN = f"<label>Plan <select name=p required>{PLANS}</select></label>"
CODE = "<label>Code <input name=c autocomplete=one-time-code required></label>"
STRANGE = "<label>Xyzzy <input name=c required></label>"


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (CARD, "payment_required"),
        (PLAN, "payment_required"),
        (CODE, "verification_required"),
        (STRANGE, "unknown_required_field"),
    ],
)
async def test_what_is_for_people_ends_the_visit_before_anything_is_sent(
    submitter: BrowserSubmitter, asked: str, reason: str
) -> None:
    outcome, site = await submit_to(
        submitter, {"/add": add(button=f"{asked}<button>Submit</button>")}
    )
    assert (outcome.status, outcome.reason) == ("needs_manual", reason)
    assert site.posts == []


async def test_a_form_without_a_button_is_sent_by_enter_in_a_field_of_one_line(
    submitter: BrowserSubmitter,
) -> None:
    page = add(button="<input type=submit style='display:none'>").replace(
        "<label>Business", "<label>Description <textarea name=d></textarea></label><label>Business"
    )
    outcome, site = await submit_to(submitter, {"/add": page, "/thanks": TAKEN})
    assert outcome.status == "submitted"
    assert len(site.posts) == 1


async def test_a_draft_is_never_kept_where_the_entry_can_be_sent(
    submitter: BrowserSubmitter,
) -> None:
    buttons = "<button formaction=/draft>Save</button><button>Submit</button>"
    outcome, site = await submit_to(submitter, {"/add": add(button=buttons), "/thanks": TAKEN})
    assert (outcome.status, site.posts[0][0]) == ("submitted", "/thanks")


async def test_an_advert_that_never_loads_or_fails_does_not_hide_the_answer(
    submitter: BrowserSubmitter,
) -> None:
    async def broken(_request: web.Request) -> web.Response:
        return web.Response(status=500, text="no advert")

    async def never(_request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    page = f"{TAKEN}<iframe src=/broken></iframe><iframe src=/never></iframe>"
    pages: Pages = {"/add": add(), "/thanks": page, "/broken": broken, "/never": never}
    outcome, _ = await submit_to(submitter, pages)
    assert (outcome.status, outcome.message) == ("submitted", "")


async def test_a_count_of_visitors_left_behind_by_the_page_is_no_broken_connection(
    submitter: BrowserSubmitter,
) -> None:
    release = (
        "<script>addEventListener('submit', () => { fetch('/count', {method: 'POST'}) })</script>"
    )

    async def count(_request: web.Request) -> web.Response:
        return web.Response(text="1")

    pages: Pages = {"/add": add() + release, "/thanks": TAKEN, "/count": count}
    outcome, site = await submit_to(submitter, pages)
    assert outcome.status == "submitted", outcome.message
    assert [path for path, _ in site.posts].count("/thanks") == 1


async def test_a_form_whose_connection_breaks_is_unknown_and_not_sent_again(
    submitter: BrowserSubmitter,
) -> None:
    async def cut(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    outcome, site = await submit_to(submitter, {"/add": add(), "/thanks": cut})
    assert (outcome.status, outcome.reason) == ("needs_manual", "outcome_unknown")
    assert len(site.posts) == 1
    assert not outcome.retry


async def test_thanks_beside_complaints_is_for_people_and_not_sent_again(
    submitter: BrowserSubmitter,
) -> None:
    complaint = "<p role=alert class=error>Please correct the phone.</p></label><label>City"
    page = "<p>Thank you for submitting your listing!</p>" + add().replace(
        "</label><label>City", complaint
    )
    outcome, site = await submit_to(submitter, {"/add": add(), "/thanks": page})
    assert (outcome.status, outcome.reason) == ("needs_manual", "outcome_unknown")
    assert len(site.posts) == 1


async def test_a_visit_that_is_cut_off_leaves_the_picture_of_what_it_sent(
    submitter: BrowserSubmitter, tmp_path: Path
) -> None:
    arrived, over = asyncio.Event(), asyncio.Event()

    async def silent(_request: web.Request) -> web.StreamResponse:
        arrived.set()
        await over.wait()
        return web.Response()

    async def yes(_payload: dict[str, Any]) -> bool:
        return True

    async with served(Site({"/add": add(), "/thanks": silent})) as site:
        task = site.task()
        assert submitter.left_behind(task) is None
        going = asyncio.create_task(submitter.submit(task, yes))
        await arrived.wait()
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)
        over.set()
    assert submitter.left_behind(task) == f"{task.result_id}-filled.png"
    assert (tmp_path / f"{task.result_id}-filled.png").stat().st_size > 1000
