"""Phases 1 and 2: from facts to findings."""

from collections.abc import Mapping
from typing import Any

from directory_bolt.core.verification.causes import Cause
from directory_bolt.core.verification.diagnosis import (
    Fault,
    brain_fault,
    database_fault,
    process_fault,
    queue_fault,
    trouble_of,
)
from directory_bolt.core.verification.facts import READS, Facts, Seen, in_words, json_of, table_of
from directory_bolt.core.verification.findings import Finding
from hermes_base.http.answers import Answer
from hermes_base.reasons import Failure

PROCESSES = {
    "relay": "Relay",
    "subscriber": "Subscriber",
    "flow-worker": "Flow worker",
    "monitor": "Monitor",
}


def connections(facts: Facts) -> list[Finding]:
    """Phase 1: is every hop really connected, as its own process sees it?"""
    return [
        _backend_queue(facts),
        _subscriber(facts, "Subscriber -> queue", engine=False),
        _subscriber(facts, "Subscriber -> flow engine", engine=True),
        _worker_database(facts),
        _dashboard_database(facts),
        _dashboard_live(facts),
    ]


def health(facts: Facts) -> list[Finding]:
    """Phase 2: does every process answer, or say by its heartbeat that it lives?"""
    return [_web(facts), _brain(facts), *(_process(facts, name) for name in PROCESSES)]


def _finding(facts: Facts, phase: int, name: str, fault: Fault | None, well: str) -> Finding:
    if fault is not None:
        return Finding(phase, name, "FAIL", fault.summary, facts.at, fault.cause)
    return Finding(phase, name, "PASS", well, facts.at)


def _unread(facts: Facts, phase: int, name: str) -> Finding:
    summary = "Not checked: the staff API could not be read."
    return Finding(phase, name, "SKIPPED", summary, facts.at)


def _backend_queue(facts: Facts) -> Finding:
    name, view = "Backend -> queue", facts.queue
    if view is None:
        return _unread(facts, 1, name)
    well = (
        f"{view['provider']}: {view['visible']} waiting, {view['inFlight']} in flight,"
        f" {view['dead']} dead."
    )
    return _finding(facts, 1, name, queue_fault(facts), well)


def _subscriber(facts: Facts, name: str, *, engine: bool) -> Finding:
    found = facts.process("subscriber")
    if found is None:
        return _unread(facts, 1, name)
    fault = process_fault(facts, "subscriber") or trouble_of(facts, engine)
    return _finding(facts, 1, name, fault, f"The subscriber reports no problem. {_age(found)}")


def _worker_database(facts: Facts) -> Finding:
    name, found = "Worker -> database", facts.process("flow-worker")
    if fault := database_fault(facts):
        return _finding(facts, 1, name, fault, "")
    if found is None:
        return _unread(facts, 1, name)
    summary = f"The flow worker writes to the database. {_age(found)}"
    return _finding(facts, 1, name, process_fault(facts, "flow-worker"), summary)


def _dashboard_database(facts: Facts) -> Finding:
    bad = [seen for seen in facts.reads.values() if json_of(seen) is None]
    fault = Fault(_cause_of(bad[0]), in_words(bad[0])) if bad else None
    summary = f"All {len(READS)} queries of the staff dashboard succeed."
    return _finding(facts, 1, "Staff dashboard -> database", fault, summary)


def _cause_of(seen: Seen) -> Cause:
    if isinstance(seen, Failure):
        return Cause.WEB_AWAY
    if seen.status in (401, 403):
        return Cause.ACCESS
    return Cause.DATABASE_AWAY if seen.status == 503 else Cause.DASHBOARD


def _dashboard_live(facts: Facts) -> Finding:
    name = "Staff dashboard -> live changes"
    if facts.live is None and facts.queue is None:
        return _unread(facts, 1, name)
    fault = None
    if facts.live is None:
        fault = Fault(Cause.LIVE_CUT, "/api/realtime sent nothing within the time.")
    elif not facts.live.get("connected"):
        fault = database_fault(facts) or Fault(
            Cause.LIVE_UNHEARD, "/api/realtime reports that it is not connected."
        )
    return _finding(
        facts, 1, name, fault, "/api/realtime is connected and receives database changes."
    )


def _web(facts: Facts) -> Finding:
    fault = database_fault(facts)
    if isinstance(facts.web, Failure) or not _is_hermes(facts.web):
        fault = Fault(Cause.WEB_AWAY, in_words(facts.web))
    return _finding(facts, 2, "Web server", fault, in_words(facts.web))


def _is_hermes(seen: Answer) -> bool:
    return (table_of(seen, 503) or {}).get("service") == "hermes"


def _brain(facts: Facts) -> Finding:
    return _finding(facts, 2, "Brain", brain_fault(facts), in_words(facts.brain))


def _process(facts: Facts, name: str) -> Finding:
    found = facts.process(name)
    if found is None:
        return _unread(facts, 2, PROCESSES[name])
    seen = facts.healths.get(str(found.get("workerId")))
    summary = f"{_age(found)} {in_words(seen)}" if seen is not None else _age(found)
    return _finding(facts, 2, PROCESSES[name], process_fault(facts, name), summary)


def _age(found: Mapping[str, Any]) -> str:
    age = found["ageSeconds"]
    return "No heartbeat yet." if age is None else f"Last heartbeat {age:.1f} s ago."
