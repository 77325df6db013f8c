"""From what was seen to the cause: pure, the same for connections, health and a stalled order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from directory_bolt.core.verification.causes import Cause
from directory_bolt.core.verification.facts import Facts, in_words, table_of
from hermes_base.http.answers import Answer
from hermes_base.reasons import Failure, Reason

ELSEWHERE = {Reason.DNS, Reason.TLS, Reason.SECRET_MALFORMED, Reason.MALFORMED_REPLY}
DOWN = {
    "relay": Cause.RELAY_DOWN,
    "brain": Cause.BRAIN_DOWN,
    "subscriber": Cause.SUBSCRIBER_DOWN,
    "flow-worker": Cause.WORKER_DOWN,
    "monitor": Cause.MONITOR_DOWN,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a hop is broken, and what was seen of it."""

    cause: Cause
    summary: str


def cause_in(text: str, otherwise: Cause) -> Cause:
    """The cause that a process names in its own words."""
    lowered = text.lower()
    if "read-only" in lowered or "readonlysqltransaction" in lowered:
        return Cause.DATABASE_READ_ONLY
    if "nonexistentqueue" in lowered or "queuedoesnotexist" in lowered:
        return Cause.QUEUE_NAME
    if "deployment" in lowered:
        return Cause.DEPLOYMENT_MISSING
    return Cause.DATABASE_AWAY if "database" in lowered else otherwise


def database_fault(facts: Facts) -> Fault | None:
    """What the web server says of its database."""
    if fault := facts.database_fault:
        return Fault(cause_in(fault, Cause.DATABASE_AWAY), f"The web server says: {fault}.")
    return None


def process_fault(facts: Facts, name: str) -> Fault | None:
    """A process that is not running; a database that cannot be written silences all of them."""
    found = facts.process(name)
    if found is None or found["state"] == "alive":
        return None
    if fault := database_fault(facts):
        return fault
    age = found["ageSeconds"]
    heard = (
        "has never sent a heartbeat" if age is None else f"has sent no heartbeat for {age:.0f} s"
    )
    return Fault(DOWN[name], f"The {name} {heard}.")


def trouble_of(facts: Facts, engine: bool) -> Fault | None:
    """What the subscriber says of the flow engine, else of its queue."""
    state = facts.state_of("subscriber")
    if "trouble" not in state or (state.get("troubled") == "flow engine") != engine:
        return None
    otherwise = Cause.FLOW_ENGINE_AWAY if engine else Cause.QUEUE_AWAY
    fault = str(state["trouble"])
    return Fault(cause_in(fault, otherwise), f"The subscriber says: {fault}.")


def queue_fault(facts: Facts) -> Fault | None:
    """What web server and brain say of their queue."""
    view = facts.queue
    if view is not None and view["fault"]:
        fault = str(view["fault"])
        return Fault(cause_in(fault, Cause.QUEUE_AWAY), f"The web server says: {fault}.")
    answer = table_of(facts.brain, 503)
    if answer is not None and answer.get("service") == "brain" and answer.get("reason"):
        fault = str(answer["reason"])
        return Fault(cause_in(fault, Cause.QUEUE_AWAY), f"The brain says: {fault}.")
    return None


def brain_fault(facts: Facts) -> Fault | None:
    """Whether the brain stands at its address with both its routes; wrong host told from missing route."""
    seen = facts.brain
    if seen is None:
        return process_fault(facts, "brain") or Fault(Cause.BRAIN_DOWN, "Its address is not known.")
    if isinstance(seen, Failure):
        lives = facts.is_alive("brain")  # it beats, so it stands somewhere else
        is_elsewhere = seen.reason in ELSEWHERE or lives
        return Fault(Cause.BRAIN_WRONG_HOST if is_elsewhere else Cause.BRAIN_DOWN, seen.detail)
    if seen.status == 404:
        return Fault(_not_found(facts, seen), in_words(seen))
    answer = table_of(seen, 503)
    if answer is None or answer.get("service") != "brain":
        return Fault(Cause.BRAIN_WRONG_HOST, f"No brain: {in_words(seen)}")
    if not _has_door(facts):
        return Fault(Cause.BRAIN_WITHOUT_ROUTE, in_words(facts.enqueue))
    return queue_fault(facts) if seen.status == 503 else None


def _not_found(facts: Facts, seen: Answer) -> Cause:
    """404 of a host that knows no such service, or of a brain without this route?"""
    if seen.headers.get("x-render-routing") == "no-server":
        return Cause.BRAIN_WRONG_HOST
    return Cause.BRAIN_WITHOUT_ROUTE if _has_door(facts) else Cause.BRAIN_WRONG_HOST


def _has_door(facts: Facts) -> bool:
    """GET of the door without a token: 401 from the door, 405 from one that looks at the token later; 404
    where it is not there."""
    return isinstance(facts.enqueue, Answer) and facts.enqueue.status in (401, 405)


def hand_over_fault(facts: Facts, item: Mapping[str, Any] | None) -> Fault:
    """Why an order does not reach the queue; `item` is its row of the outbox."""
    error = str((item or {}).get("lastError") or "")
    seen = f"The relay says: {error}." if error else "The relay has not tried yet."
    if cause := _relay_says(error):
        return Fault(cause_in(error, cause) if "answered 503" in error else cause, seen)
    known = process_fault(facts, "relay") or brain_fault(facts) or queue_fault(facts)
    if known is not None:
        return known
    return Fault(Cause.BRAIN_WRONG_HOST if "brain" in error else Cause.STALLED, seen)


def _relay_says(error: str) -> Cause | None:
    for sign, cause in (
        ("unknown_order", Cause.BRAIN_OTHER_DATABASE),
        ("answered 401", Cause.BRAIN_REFUSES),
        ("answered 503", Cause.QUEUE_AWAY),
    ):
        if sign in error:
            return cause
    return None
