"""What happened to an order, as people read it: a sentence for every event of queue_history."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from pydantic import RootModel, model_validator

from directory_bolt.core.orders.events import EVENTS, Event
from directory_bolt.core.orders.reason_texts import sentence_of
from directory_bolt.core.orders.states import ResultReason
from hermes_base.data_files import Data, Entry, load

FILE = "event_words.toml"


class EventWords(Data):
    """`mark`: how an event is marked in a timeline; `text`: what is said of it."""

    mark: Literal["done", "running", "success", "failed", "cancelled", "partial", "queued"]
    text: Entry


class AllEventWords(RootModel[dict[Event, EventWords]]):
    """Every event, in words."""

    @model_validator(mode="after")
    def _complete(self) -> "AllEventWords":
        if missing := [event for event in EVENTS if event not in self.root]:
            raise ValueError(f"{missing[0]} has no words")
        return self


@cache
def _event_words() -> dict[str, EventWords]:
    return {**load(__name__, FILE, AllEventWords).root}


Details = Mapping[str, Any]


def words_of(event: str, details: Details) -> tuple[str, str]:
    """(mark, sentence) of an event; one of a newer version is named as it is."""
    words = _event_words().get(event) or EventWords(mark="done", text=event)
    more = _more(event, details)
    return words.mark, f"{words.text}: {more}" if more else words.text


def _more(event: str, details: Details) -> str:
    """What the details of an event add to its sentence."""
    if event == "priority_changed" and "after" in details:
        return f"{details.get('before')} to {details['after']}{_by(details)}"
    if event == "shortage" and "promised" in details:
        return f"{details.get('available')} of {details['promised']}"
    if event == "resumed" and "added" in details:
        return str(details["added"])
    if event == "job_finalized" and "total" in details:
        return f"{details.get('done')} of {details['total']}"
    if event in ("manual_resolved", "submission_complete") and "status" in details:
        return f"{str(details['status']).replace('_', ' ')}{_by(details)}"
    if event == "retry_scheduled" and "by" not in details:
        return _reason(details) or "a temporary problem"
    if event in ("failed", "skipped", "needs_manual", "dead_lettered"):
        return _reason(details)
    return _by(details).strip()


def _by(details: Details) -> str:
    return f" by {details['by']}" if details.get("by") else ""


def _reason(details: Details) -> str:
    """The sentence of a reason of the closed list; any other text as it is."""
    reason = str(details.get("reason") or "")
    known = reason in set(ResultReason)
    return sentence_of(ResultReason(reason)).removesuffix(".") if known else reason
