"""Coming to the form of a directory, or to the reason why there is none."""

import asyncio

from directory_bolt.browser.ending import ended
from directory_bolt.browser.gate import PRIVATE
from directory_bolt.browser.reading import Sheet
from directory_bolt.browser.scene import Scene, read_steadily
from directory_bolt.core.mapping.choice import Chosen, choose, wants_login
from directory_bolt.core.orders.states import ResultReason
from directory_bolt.core.outcomes.statements import asks_for_login
from directory_bolt.core.outcomes.views import Judgement
from directory_bolt.submitting import Outcome

BUILDING = (0.2, 0.3, 0.5, 1.0, 1.5, 1.5)  # seconds between looks for a form that a script builds


async def open_page(scene: Scene, url: str) -> Outcome | None:
    """Open the page of the form; an Outcome when it may or can not be had. Raises Error, TimeoutError."""
    if refusal := await scene.gate.refusal(url):
        return refusal
    longest_ms = scene.patience.opening * 1000
    answer = await scene.page.goto(url, wait_until="domcontentloaded", timeout=longest_ms)
    await scene.traffic.settle(scene.patience.quiet, scene.patience.building)
    scene.status = answer.status if answer else None
    if await scene.strayed():
        return Outcome("failed", ResultReason.UNREACHABLE, PRIVATE)
    if fault := _fault(scene.status):
        retry = fault.reason is ResultReason.SERVER_ERROR
        return await ended(scene, fault, await read_steadily(scene.page), {}, retry=retry)
    return None if scene.page.url == url else await scene.gate.refusal(scene.page.url)


def _fault(status: int | None) -> Judgement | None:
    said = f"The page answered with status {status}."
    if status is not None and (status >= 500 or status == 429):
        return Judgement("ended", "failed", ResultReason.SERVER_ERROR, said)
    if status in (404, 410):
        return Judgement("ended", "failed", ResultReason.NO_FORM, said)
    return None


async def look_for_form(scene: Scene) -> tuple[Sheet, Chosen | None]:
    """The page and its form; a script may take a few seconds to build it."""
    sheet = await read_steadily(scene.page)
    for pause in BUILDING:
        if chosen := choose(sheet.shown):
            return sheet, chosen
        await asyncio.sleep(pause)
        sheet = await read_steadily(scene.page)
    return sheet, choose(sheet.shown)


def without_form(scene: Scene, sheet: Sheet) -> Judgement:
    """Why there is no form: an account is asked for, a CAPTCHA stands before it, or nothing is."""
    text = "\n".join(frame.text for frame in sheet.shown)
    if scene.status == 401 or wants_login(sheet.shown) or asks_for_login(text):
        said = "The page asks for an account first."
        return Judgement("ended", "needs_manual", ResultReason.LOGIN_REQUIRED, said)
    if any(frame.guards for frame in sheet.shown):
        said = "A CAPTCHA stands before the page."
        return Judgement("ended", "needs_manual", ResultReason.CAPTCHA, said)
    said = "The page holds no form that asks for a business."
    return Judgement("ended", "failed", ResultReason.NO_FORM, said)
