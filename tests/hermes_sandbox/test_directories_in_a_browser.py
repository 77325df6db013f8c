"""The demo directories in a real browser: what people see, what they do not, and every form sent once."""

import asyncio
import re
from collections.abc import AsyncGenerator

import pytest
from playwright.async_api import Browser, Frame, Locator, Page, expect

from hermes_sandbox.directories import DIRECTORIES, Expected, faults, truth
from hermes_sandbox.directories.model import Directory
from tests.support.directories import PROFILE, Served, serve_directories, written

pytestmark = pytest.mark.browser
TRUTH = truth(PROFILE)


def features(directory: Directory) -> set[str]:
    """What a browser may treat in a way of its own."""
    return {
        directory.layout,
        directory.shape,
        directory.marks,
        f"{len(directory.pages)} pages",
        *directory.beside,
        *(f"{each.kind} {each.style} {bool(each.options)}" for each in directory.fields),
        *(f"hidden {each.hiding}" for each in directory.fields if each.hiding),
        *(f"cluster {each.style}" for each in directory.fields if each.cluster),
    }


def chosen() -> list[str]:
    """Few directories that have every feature together."""
    some: list[str] = []
    known = set[str]()
    for slug, directory in DIRECTORIES.items():
        new = features(directory) - known
        if new and TRUTH[slug].status == "submitted" and directory.opening == "form":
            some.append(slug)
            known |= new
    return some


CHOSEN = chosen()
AT_ONCE = 4


@pytest.fixture
async def served() -> AsyncGenerator[Served]:
    async with serve_directories() as running:
        yield running


async def fill(form: Locator, expected: Expected) -> None:
    """Everything that stands on this page of the form, as the truth has it."""
    fields = {field.name: field for field in DIRECTORIES[expected.directory].fields}
    for name, want in expected.values.items():
        found = form.locator(f'[name="{name}"]')
        value = written(want, fields[name].maxlength or fields[name].limit)
        if not await found.count():
            continue
        if fields[name].options and fields[name].kind in ("radio", "checkbox"):
            await form.locator(f'[name="{name}"][value="{value}"]').check()
        elif fields[name].kind == "checkbox":
            await found.set_checked(bool(value))
        elif fields[name].kind == "select":
            await found.select_option(value)
        elif value:
            await found.fill(value)


async def place_of_form(page: Page) -> Page | Frame:
    """The page itself, or the frame in it that holds the form."""
    frames = [frame for frame in page.frames if frame.url.endswith("/frame")]
    return frames[0] if frames else page


async def send(page: Page, served: Served, slug: str) -> None:
    """Visit, fill in and send every page of the form, and wait until the last answer is there."""
    await page.goto(f"{served.base}/{slug}/{DIRECTORIES[slug].path}")
    place = await place_of_form(page)
    for number in range(1, len(DIRECTORIES[slug].pages) + 1):
        form = place.locator("form.entry")
        await form.wait_for()
        await fill(form, TRUTH[slug])
        async with page.expect_response(lambda answer: answer.request.method == "POST"):
            await form.locator("button, input[type=submit]").click()
        if number < len(DIRECTORIES[slug].pages):
            await page.wait_for_url(f"**?step={number + 1}")
    await page.wait_for_load_state()


async def test_forms_of_every_make_can_be_sent_and_hold_what_was_filled_in(
    browser: Browser, served: Served
) -> None:
    pages = [await browser.new_page() for _ in range(AT_ONCE)]  # each with cookies of its own
    waiting = list(CHOSEN)

    async def one_after_another(page: Page) -> None:
        while waiting:
            await send(page, served, waiting.pop())

    await asyncio.gather(*(one_after_another(page) for page in pages))
    wrong = {slug: faults(TRUTH[slug], await served.books(slug)) for slug in CHOSEN}
    assert {slug: found for slug, found in wrong.items() if found} == {}


async def test_people_see_every_field_but_the_honeypots(browser: Browser, served: Served) -> None:
    page = await browser.new_page(viewport={"width": 1200, "height": 900})
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "request", lambda asked: said.append(asked.url) if served.base not in asked.url else None
    )
    for slug in CHOSEN:
        await page.goto(f"{served.base}/{slug}/{DIRECTORIES[slug].path}")
        form = (await place_of_form(page)).locator("form.entry")
        await expect(form).to_be_visible()
        for field in DIRECTORIES[slug].pages[0]:
            found = form.locator(f'[name="{field.name}"]').first
            assert await seen(found) == (field.hiding in ("", "told")), (slug, field.name)
    assert [each for each in said if not each.startswith("data:")] == []


async def seen(control: Locator) -> bool:
    """Whether a person can see the control: it has a place in the page, and is not see-through."""
    return await control.evaluate(
        """node => {
            const box = node.getBoundingClientRect();
            return node.checkVisibility({opacityProperty: true}) && box.width > 0 && box.right > 0;
        }"""
    )


async def test_a_message_appears_without_leaving_the_page(browser: Browser, served: Served) -> None:
    page = await browser.new_page()
    await page.goto(f"{served.base}/stay-on-page/submit")
    form = page.locator("form.entry")
    await fill(form, TRUTH["stay-on-page"])
    await form.locator('[name="email"]').fill("nobody@nowhere")  # enough for a browser
    await form.locator("button").click()
    await expect(page.locator(".error")).to_have_text("Please enter a valid e-mail address.")
    await form.locator('[name="email"]').fill("hello@marigold.example")
    await form.locator("button").click()
    await expect(page.locator("#status")).to_have_text(
        re.compile(r"^Your listing was received\. Reference SOP-\d+\.$")
    )
    await expect(form).to_be_hidden()
    assert page.url.endswith("/stay-on-page/submit")


async def test_the_answer_to_a_form_in_a_frame_stands_in_the_frame(
    browser: Browser, served: Served
) -> None:
    page = await browser.new_page()
    await page.goto(f"{served.base}/inner-court/submit")
    frame = await place_of_form(page)
    await fill(frame.locator("form.entry"), TRUTH["inner-court"])
    await frame.locator("input[type=submit]").click()
    await expect(page.frame_locator("iframe").locator("body")).to_contain_text("Reference number:")
    assert page.url.endswith("/inner-court/submit")
    assert "inner-court" in page.frames[1].url


async def test_a_form_is_built_only_after_the_page_has_loaded(
    browser: Browser, served: Served
) -> None:
    page = await browser.new_page()
    await page.goto(f"{served.base}/built-by-hand/submit", wait_until="load")
    status, text = await served.get("built-by-hand/submit")
    assert (status, "<script" in text) == (200, True)
    assert '<form class="entry"' not in text
    await expect(page.locator("form.entry")).to_be_visible()
