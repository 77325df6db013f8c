"""The hops of an order's way: which state each is in, and what makes the whole not ready."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from directory_bolt.core.orders.processes import PROCESSES
from directory_bolt.core.views import pipeline as rules
from directory_bolt.core.views.order_work import OutboxItem, ProcessView, QueueView
from directory_bolt.core.views.pipeline import Hop, Pipeline

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def queue(*outbox: OutboxItem, **changes: Any) -> QueueView:
    facts: dict[str, Any] = {
        "provider": "postgres", "fault": None, "visible": 3, "in_flight": 2, "dead": 1,
        "oldest_since": None, "flows_scheduled": 0, "flows_running": 0,
        "outbox_waiting": len(outbox), "outbox": list(outbox),
    }  # fmt: skip
    return QueueView(**{**facts, **changes})


def waiting(error: str | None) -> OutboxItem:
    return OutboxItem(
        job_id=uuid4(), business_name="Mill Bakery", attempts=1, last_error=error, due_at=NOW,
        created_at=NOW,
    )  # fmt: skip


def process(name: str, state: str = "alive", age: float = 2.0, **told: Any) -> ProcessView:
    return ProcessView(
        process=name, worker_id=name, state=state, age_seconds=age, seen_at=NOW, started_at=NOW,
        told=told,
    )  # fmt: skip


def whole(*hops: Hop, workers: tuple[ProcessView, ...] = ()) -> Pipeline:
    """A pipeline with all processes alive; flow workers as given, else one with a browser."""
    others = [process(name) for name in PROCESSES if name != "flow-worker"]
    flow = workers or (process("flow-worker", browser="/usr/bin/chromium"),)
    return rules.pipeline(hops, [*others, *flow], [])


def found(pipeline: Pipeline, slug: str) -> Hop:
    (one,) = [hop for hop in pipeline.hops if hop.hop == slug]
    return one


def test_what_nobody_configured_does_not_make_it_unready() -> None:
    told = whole(rules.webhook_hop(is_signed=False))
    assert found(told, "webhook").state == "not set"
    assert "HERMES_STRIPE_WEBHOOK_SECRET" in found(told, "webhook").next_step
    assert found(whole(rules.webhook_hop(is_signed=True)), "webhook").state == "ready"
    assert found(told, "directories").state == "not set"
    assert told.ready


def test_the_queue_tells_its_depth_or_its_fault() -> None:
    assert rules.queue_hop(queue(), "").text == "3 waiting, 2 in flight, 1 dead letters"
    for hop in (
        rules.queue_hop(queue(), "no such queue"),
        rules.queue_hop(queue(fault="away"), ""),
    ):
        assert (hop.state, hop.text in ("no such queue", "away")) == ("not ready", True)
        assert not whole(hop).ready


def test_an_outbox_that_waits_is_well_until_a_try_was_in_vain() -> None:
    assert rules.outbox_hop(queue(waiting(None))).state == "ready"
    hop = rules.outbox_hop(queue(waiting(None), waiting("the brain is away")))
    assert (hop.state, hop.text) == ("not ready", "2 waiting: the brain is away")


def test_a_flow_engine_that_is_away_is_named() -> None:
    assert rules.engine_hop("embedded", "").state == "ready"
    hop = rules.engine_hop("prefect", "nobody answers")
    assert (hop.name, hop.state, hop.text) == (
        "Flow engine (prefect)",
        "not ready",
        "nobody answers",
    )


def test_a_living_process_of_a_kind_stands_for_a_silent_one() -> None:
    silent = process("flow-worker", "silent", 40.0)
    told = whole(workers=(silent, process("flow-worker", browser="/chromium")))
    assert (found(told, "flow_worker").state, found(told, "flow_worker").age_seconds) == (
        "ready",
        2.0,
    )
    alone = found(whole(workers=(silent,)), "flow_worker")
    assert (alone.state, alone.text) == ("not ready", "no heartbeat for 40 s")
    assert (
        alone.next_step
        == "Start everything with: hermes up, or only this process with: hermes flow-worker"
    )


@pytest.mark.parametrize(
    ("told", "state"),
    [([{"browser": "/chromium"}], "ready"), ([{"browser": ""}], "not ready"), ([dict[str, str]()], "not set"),
     ([{"browser": "/chromium"}, {"browser": ""}], "not ready")],
)  # fmt: skip
def test_every_living_flow_worker_needs_a_browser(told: list[dict[str, str]], state: str) -> None:
    workers = tuple(process("flow-worker", "alive", 2.0, **each) for each in told)
    assert found(whole(workers=workers), "browser").state == state
