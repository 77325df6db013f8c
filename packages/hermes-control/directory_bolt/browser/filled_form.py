"""Fills in one page of a form until every field holds its value, and clicks its button."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from directory_bolt.browser.field_entry import element, enter
from directory_bolt.browser.page_session import PageSession, read_steadily
from directory_bolt.browser.page_snapshot import PageSnapshot
from directory_bolt.core.filling.plan import Fill, Plan, Stop
from directory_bolt.core.filling.planning import plan
from directory_bolt.core.mapping.choice import Chosen, look
from directory_bolt.core.orders.profile import BusinessProfile
from directory_bolt.core.orders.states import ResultReason

PASSES = 3  # choosing a country may load its states, a category its details


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form and what was entered. `faults`: label of a field that does not hold its value -> why."""

    snapshot: PageSnapshot
    chosen: Chosen
    plan: Plan
    faults: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def stop(self) -> Stop | None:
        """Why the form must not be sent, or None. A field that does not hold its value is a reason."""
        if self.plan.stop is not None or not self.faults:
            return self.plan.stop
        name, fault = next(iter(self.faults.items()))
        return Stop(
            ResultReason.LOW_CONFIDENCE, f"The field {name!r} does not accept its value: {fault}"
        )


async def fill_form(
    session: PageSession,
    snapshot: PageSnapshot,
    chosen: Chosen,
    profile: BusinessProfile,
    refused: Mapping[str, Sequence[str]],
) -> FilledForm:
    """Fill in, read the page again, and go on until every field holds a value that the page takes.

    `refused`: field name -> values that the directory refused before; they are not entered again.
    """
    faults = dict[str, str]()
    tried = {name: list(values) for name, values in refused.items()}
    made = plan(chosen, profile, tried)
    for _ in range(PASSES):
        faults = await _fill(snapshot, chosen, _left(made), session.timeouts.field_entry)
        snapshot = await read_steadily(session.page)
        chosen = _same_form(snapshot, chosen)
        _note_invalid(made, chosen, tried)
        made = plan(chosen, profile, tried)
        if not _left(made):
            return FilledForm(snapshot, chosen, made)
    left = [fill.field.visible_name for fill in _left(made)]
    return FilledForm(
        snapshot, chosen, made, {name: faults.get(name, "it changes the value") for name in left}
    )


def _left(made: Plan) -> list[Fill]:
    return [fill for fill in made.fills if not fill.is_done]


def _note_invalid(made: Plan, chosen: Chosen, tried: dict[str, list[str]]) -> None:
    """A value that the browser's own validation refuses is not entered there again."""
    typed = {fill.field.name: fill.values for fill in made.fills if fill.action == "type"}
    for each in chosen.fields:
        name = each.field.name
        if each.field.unmet and name and name in typed and any(typed[name]):
            tried.setdefault(name, []).extend(typed[name])


async def _fill(
    snapshot: PageSnapshot, chosen: Chosen, todo: list[Fill], seconds: float
) -> dict[str, str]:
    frame = snapshot.frames[chosen.frame][0]
    faults = {fill.field.visible_name: await enter(frame, fill, seconds) for fill in todo}
    return {field: fault for field, fault in faults.items() if fault}


def _same_form(snapshot: PageSnapshot, chosen: Chosen) -> Chosen:
    """The form at the same place of the new snapshot: keys of fields may change with every reading."""
    if chosen.frame < len(snapshot.frames):
        forms = snapshot.shown[chosen.frame].forms
        if chosen.index < len(forms):
            return look(chosen.frame, chosen.index, forms[chosen.index]) or chosen
    return chosen


async def click_submit(session: PageSession, filled: FilledForm) -> str:
    """Click the form's button once and wait for the answer. Returns "", or why no answer came."""
    chosen, timeouts = filled.chosen, session.timeouts
    frame = filled.snapshot.frames[chosen.frame][0]
    longest_ms = timeouts.field_entry * 1000
    session.network.begin(frame)
    if chosen.button is None:  # a form of one field is sent by Enter
        await element(frame, _enter_key_field(chosen)).press("Enter", timeout=longest_ms)
    else:
        await element(frame, chosen.button.key).click(timeout=longest_ms, no_wait_after=True)
    settled = await session.network.settle(timeouts.quiet, timeouts.answer)
    if session.network.failure:
        return f"The connection broke after the form was sent: {session.network.failure}."
    return (
        ""
        if settled
        else f"The directory did not respond to the form within {timeouts.answer:g} s."
    )


def _enter_key_field(chosen: Chosen) -> str:
    """Key of the field in which Enter sends a form without a button."""
    seen = [each.field for each in chosen.fields if not each.field.hidden]
    typed = [field for field in seen if field.is_text and field.tag == "input"]
    return (typed or seen)[-1].key
