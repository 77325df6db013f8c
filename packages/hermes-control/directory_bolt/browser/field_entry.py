"""Enters one value into one field as a person would, and reads back whether the field kept it."""

from contextlib import suppress

from playwright.async_api import Error, Frame, Locator

from directory_bolt.core.filling.plan import Fill
from directory_bolt.core.forms.words import words_of


async def enter(frame: Frame, fill: Fill, seconds: float) -> str:
    """Enter one value. Returns "" when the field holds it now, else one sentence of what went wrong.

    `seconds` limits each action on the field, not the whole.
    """
    field = element(frame, fill.field.key)
    try:
        await _ACTS[fill.action](frame, field, fill, seconds * 1000)
    except Error as error:
        return error.message.splitlines()[0][:200]
    return ""


def element(frame: Frame, key: str) -> Locator:
    """The element that the reading script (`read.js`) marked with this key."""
    return frame.locator(f'[data-hermes="{key}"]')


async def _type(_frame: Frame, field: Locator, fill: Fill, longest_ms: float) -> None:
    text = fill.values[0]
    await field.fill(text, timeout=longest_ms)
    if fill.field.type == "contenteditable" or _same(
        await field.input_value(timeout=longest_ms), text
    ):
        return
    # An input mask rewrites what is pasted, and often takes the same text key by key.
    await field.fill("", timeout=longest_ms)
    await field.press_sequentially(text, timeout=longest_ms)
    if not _same(await field.input_value(timeout=longest_ms), text):
        raise Error(f"the field changed {text!r} into something else")


def _same(held: str, text: str) -> bool:
    """Equal but for punctuation and spaces: a mask may write (503) 555-0142 for 503 555 0142."""
    return "".join(words_of(held)) == "".join(words_of(text))


async def _choose(frame: Frame, field: Locator, fill: Fill, longest_ms: float) -> None:
    if fill.field.tag == "select":
        await field.select_option(value=list(fill.values), timeout=longest_ms)
        return
    for key in fill.values:
        await _set_tick(element(frame, key), True, longest_ms)


async def _tick(_frame: Frame, field: Locator, _fill: Fill, longest_ms: float) -> None:
    await _set_tick(field, True, longest_ms)


async def _untick(_frame: Frame, field: Locator, _fill: Fill, longest_ms: float) -> None:
    await _set_tick(field, False, longest_ms)


async def _set_tick(field: Locator, wanted: bool, longest_ms: float) -> None:
    """Tick or untick a box."""
    if await field.is_checked(timeout=longest_ms) is wanted:
        return
    with suppress(Error):
        await field.set_checked(wanted, timeout=longest_ms / 2)
        return
    # A box that is styled away takes no click of the mouse; its label does.
    await field.evaluate("(box) => (box.labels?.[0] || box).click()")
    if await field.is_checked() is not wanted:
        raise Error("the box does not take a click")


async def _leave(_frame: Frame, _field: Locator, _fill: Fill, _longest_ms: float) -> None:
    return


_ACTS = {"type": _type, "choose": _choose, "tick": _tick, "untick": _untick, "leave": _leave}
