"""From what was seen to the cause: pure, the same for connections, health and a stalled order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from directory_bolt.core.verification.causes import Cause
from directory_bolt.core.verification.facts import Facts, said_by, table_of
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
    said: str


def cause_in(text: str, otherwise: Cause) -> Cause:
    """The cause that a process names in its own words."""
    told = text.lower()
    if "read-only" in told or "readonlysqltransaction" in told:
        return Cause.DATABASE_READ_ONLY
    if "nonexistentqueue" in told or "queuedoesnotexist" in told:
        return Cause.QUEUE_NAME
    if "deployment" in told:
        return Cause.DEPLOYMENT_MISSING
    return Cause.DATABASE_AWAY if "database" in told else otherwise


def database_fault(facts: Facts) -> Fault | None:
    """What the web server says of its database."""
    if said := facts.database_fault:
        return Fault(cause_in(said, Cause.DATABASE_AWAY), f"The web server says: {said}.")
    return None


def process_fault(facts: Facts, name: str) -> Fault | None:
    """A process that is not running; a database that cannot be written silences all of them."""
    found = facts.process(name)
    if found is None or found["state"] == "alive":
        return None
    if fault := database_fault(facts):
        return fault
    age = found["ageSeconds"]
    heard = "was never heard of" if age is None else f"is silent for {age:.0f} s"
    return Fault(DOWN[name], f"The {name} {heard}.")


def trouble_of(facts: Facts, engine: bool) -> Fault | None:
    """What the subscriber says of the flow engine, else of its queue."""
    told = facts.told_by("subscriber")
    if "trouble" not in told or (told.get("troubled") == "flow engine") != engine:
        return None
    otherwise = Cause.FLOW_ENGINE_AWAY if engine else Cause.QUEUE_AWAY
    said = str(told["trouble"])
    return Fault(cause_in(said, otherwise), f"The subscriber says: {said}.")


def queue_fault(facts: Facts) -> Fault | None:
    """What web server and brain say of their queue."""
    view = facts.queue
    if view is not None and view["fault"]:
        said = str(view["fault"])
        return Fault(cause_in(said, Cause.QUEUE_AWAY), f"The web server says: {said}.")
    told = table_of(facts.brain, 503)
    if told is not None and told.get("service") == "brain" and told.get("reason"):
        said = str(told["reason"])
        return Fault(cause_in(said, Cause.QUEUE_AWAY), f"The brain says: {said}.")
    return None


def brain_fault(facts: Facts) -> Fault | None:
    """Whether the brain stands at its address with both its routes; wrong host told from missing route."""
    seen = facts.brain
    if seen is None:
        return process_fault(facts, "brain") or Fault(Cause.BRAIN_DOWN, "Nobody knows where it is.")
    if isinstance(seen, Failure):
        lives = facts.is_alive("brain")  # it beats, so it stands somewhere else
        is_elsewhere = seen.reason in ELSEWHERE or lives
        return Fault(Cause.BRAIN_WRONG_HOST if is_elsewhere else Cause.BRAIN_DOWN, seen.detail)
    if seen.status == 404:
        return Fault(_not_found(facts, seen), said_by(seen))
    told = table_of(seen, 503)
    if told is None or told.get("service") != "brain":
        return Fault(Cause.BRAIN_WRONG_HOST, f"No brain: {said_by(seen)}")
    if not _has_door(facts):
        return Fault(Cause.BRAIN_WITHOUT_ROUTE, said_by(facts.enqueue))
    return queue_fault(facts) if seen.status == 503 else None


def _not_found(facts: Facts, seen: Answer) -> Cause:
    """404 of a host that knows no such service, or of a brain without this route?"""
    if seen.headers.get("x-render-routing") == "no-server":
        return Cause.BRAIN_WRONG_HOST
    return Cause.BRAIN_WITHOUT_ROUTE if _has_door(facts) else Cause.BRAIN_WRONG_HOST


def _has_door(facts: Facts) -> bool:
    """GET of the door that only takes POST: 405 where it is, 404 where it is not."""
    return isinstance(facts.enqueue, Answer) and facts.enqueue.status == 405


def hand_over_fault(facts: Facts, item: Mapping[str, Any] | None) -> Fault:
    """Why an order does not reach the queue; `item` is its row of the outbox."""
    said = str((item or {}).get("lastError") or "")
    seen = f"The relay says: {said}." if said else "The relay has not tried yet."
    if cause := _relay_says(said):
        return Fault(cause_in(said, cause) if "answered 503" in said else cause, seen)
    known = process_fault(facts, "relay") or brain_fault(facts) or queue_fault(facts)
    if known is not None:
        return known
    return Fault(Cause.BRAIN_WRONG_HOST if "brain" in said else Cause.STALLED, seen)


def _relay_says(said: str) -> Cause | None:
    for sign, cause in (
        ("unknown_order", Cause.BRAIN_OTHER_DATABASE),
        ("answered 401", Cause.BRAIN_REFUSES),
        ("answered 503", Cause.QUEUE_AWAY),
    ):
        if sign in said:
            return cause
    return None
