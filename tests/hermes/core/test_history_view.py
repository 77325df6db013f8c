"""The history of outputs: what was returned, what is missing and since when, and what a run lived through."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hermes.core.views.history import NEWEST, History, history_of
from hermes.core.views.timeline import timeline_of
from hermes_base.view import Row
from tests.support.catalog import shipped_catalog

FIRST = datetime(2026, 11, 1, tzinfo=UTC)
PAGES, LISTED = "pages_crawled", "non_200_urls"


@dataclass
class Past:
    """Runs of a day each, told newest first as the reader tells them."""

    rows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def run(self, run_type: str = "smoke", missing: tuple[str, ...] = (), **values: Any) -> UUID:
        run_id = uuid4()
        row = {
            "id": run_id,
            "run_type": run_type,
            "created_at": FIRST + timedelta(days=len(self.rows)),
            "actual": list(values),
            "missing": list(missing),
            "values": values,
        }
        self.rows.insert(0, row)
        return run_id

    def history(self) -> History:
        rows: list[Row] = list(self.rows)
        return history_of(shipped_catalog().service("crawl_render"), rows)


def standing(history: History, slug: str) -> str:
    return next(each.standing for each in history.outputs if each.slug == slug)


def values(history: History, slug: str, run_type: str = "smoke") -> list[float | None]:
    output = next(each for each in history.outputs if each.slug == slug)
    return [point.value for point in (output.smoke if run_type == "smoke" else output.full)]


def test_without_a_run_nothing_is_judged_and_nothing_is_missing() -> None:
    history = Past().history()
    assert {each.standing for each in history.outputs} == {"not judged"}
    assert (history.first_missing_since, history.last_seen) == ({}, {})


def test_an_output_that_never_came_is_pending_its_first_success_since_it_was_first_promised() -> (
    None
):
    past = Past()
    past.run(pages_crawled=3)
    past.run(missing=(PAGES, LISTED))
    past.run(missing=(PAGES, LISTED))
    history = past.history()
    assert standing(history, LISTED) == "pending first success"
    assert history.first_missing_since[LISTED] == FIRST + timedelta(days=1)
    assert LISTED not in history.last_seen


def test_an_output_that_came_before_has_regressed_since_the_first_run_without_it() -> None:
    past = Past()
    past.run(missing=(PAGES,))
    seen = past.run(pages_crawled=7)
    past.run(missing=(PAGES,))
    past.run(missing=(PAGES,))
    history = past.history()
    assert standing(history, PAGES) == "regressed"
    assert history.first_missing_since[PAGES] == FIRST + timedelta(days=2)
    last = history.last_seen[PAGES]
    assert (last.run_id, last.at, last.value) == (seen, FIRST + timedelta(days=1), 7)


def test_an_output_that_is_back_is_returned_and_missing_since_nothing() -> None:
    past = Past()
    past.run(pages_crawled=7)
    past.run(missing=(PAGES,))
    past.run(pages_crawled=8)
    history = past.history()
    assert standing(history, PAGES) == "returned"
    assert PAGES not in history.first_missing_since


def test_a_run_that_did_not_promise_an_output_neither_ends_nor_begins_its_absence() -> None:
    past = Past()
    past.run(pages_crawled=7)
    past.run(missing=(PAGES,))
    past.run(non_200_urls={"entries": 4})
    history = past.history()
    assert standing(history, PAGES) == "regressed"
    assert history.first_missing_since[PAGES] == FIRST + timedelta(days=1)


def test_points_are_oldest_first_with_gaps_where_the_output_was_missing() -> None:
    past = Past()
    past.run(pages_crawled=7, non_200_urls={"entries": 4})
    past.run(missing=(PAGES,))
    past.run(pages_crawled=True)
    past.run(pages_crawled=9)
    history = past.history()
    assert values(history, PAGES) == [7, None, None, 9]
    assert values(history, LISTED) == [4, None, None, None]
    outcomes = [point.outcome for point in history.outputs[0].smoke]
    assert outcomes == ["returned", "missing", "returned", "returned"]


def test_full_runs_are_a_history_of_their_own_and_say_nothing_of_smoke() -> None:
    past = Past()
    past.run("full", pages_crawled=900)
    past.run("smoke", missing=(PAGES,))
    past.run("full", pages_crawled=901)
    history = past.history()
    assert values(history, PAGES, "full") == [900, 901]
    assert values(history, PAGES) == [None]
    assert standing(history, PAGES) == "pending first success"


def test_only_the_newest_runs_are_points() -> None:
    past = Past()
    for number in range(NEWEST + 5):
        past.run(pages_crawled=number)
    assert values(past.history(), PAGES) == [float(n) for n in range(5, NEWEST + 5)]


def test_a_list_is_told_by_its_entries_and_a_text_by_its_words() -> None:
    past = Past()
    past.run(non_200_urls={"entries": 4}, meta_tags="short")
    seen = past.history().last_seen
    assert (seen[LISTED].entries, seen[LISTED].value) == (4, None)
    assert (seen["meta_tags"].entries, seen["meta_tags"].value) == (None, "short")


def run_row(**changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "created_at": FIRST,
        "started_at": FIRST + timedelta(seconds=2),
        "finished_at": None,
        "cancel_requested_at": None,
        "deadline_at": FIRST + timedelta(seconds=122),
        "due_at": FIRST + timedelta(seconds=15),
        "leased_by": None,
        "phase": "poll",
        "status": "running",
        "attempts": 1,
        "polls": 3,
        "detail": None,
        "metrics_json": {"jobId": "j-1"},
    }
    return row | changes


def exchange(second: float, **changes: Any) -> dict[str, Any]:
    at = (FIRST + timedelta(seconds=second)).isoformat()
    seen = {"at": at, "method": "POST", "url": "http://w/start", "status": 202, "seconds": 0.5}
    return seen | changes


def test_a_running_job_tells_what_was_done_and_what_lies_ahead() -> None:
    evidence = {"start": exchange(2), "poll": exchange(10, method="GET", status=200)}
    moments = timeline_of(run_row(), evidence, "Running")
    assert [(m.name, m.after_seconds, m.state) for m in moments] == [
        ("Queued", 0, "done"),
        ("Started", 2, "done"),
        ("Request sent", 2, "done"),
        ("Accepted", 2.5, "done"),
        ("Last status check", 10, "done"),
        ("Next status check", 15, "ahead"),
        ("Deadline", 122, "ahead"),
    ]
    assert moments[3].detail == "202 in 0.50 s; worker job id j-1"
    assert moments[4].detail == "3 status checks so far"


def test_a_run_that_is_over_has_nothing_ahead_but_a_slot_that_is_kept() -> None:
    ended = FIRST + timedelta(seconds=2.2)
    trouble = {"reason": "read_timeout", "detail": "No answer within 30 s."}
    start = {"at": exchange(2)["at"], "method": "POST", "url": "http://w/start", "trouble": trouble}
    over = run_row(
        status="failed", finished_at=ended, detail="Too late.", phase="over", due_at=None
    )
    moments = timeline_of(over, {"start": start}, "Failed")
    assert [(m.name, m.state) for m in moments[-2:]] == [
        ("No usable response", "trouble"),
        ("Failed", "trouble"),
    ]
    settling = timeline_of(over | {"phase": "settling", "due_at": ended}, {}, "Failed")
    assert [m.name for m in settling[-2:]] == [
        "Waiting for the worker to confirm",
        "Next status check",
    ]


def test_an_answer_is_never_told_to_come_after_the_verdict_it_led_to() -> None:
    over = run_row(status="success", finished_at=FIRST + timedelta(seconds=2.1), phase="over")
    over |= {"due_at": None, "metrics_json": {}}
    names = [m.name for m in timeline_of(over, {"start": exchange(2, status=200)}, "Passed")]
    assert names == ["Queued", "Started", "Request sent", "Response received", "Passed"]


def test_a_host_that_wakes_is_shown_as_warming_up_until_it_is_awake() -> None:
    warm_up = {"since": (FIRST + timedelta(seconds=3)).isoformat(), "tries": 4}
    asleep = timeline_of(run_row(metrics_json={"warmUp": warm_up}, phase="start"), {}, "Running")
    assert ("Warming up", "now") in [(m.name, m.state) for m in asleep]
    awake = timeline_of(run_row(metrics_json={"warmUp": warm_up | {"seconds": 9.0}}), {}, "Running")
    assert [(m.name, m.after_seconds) for m in awake[2:4]] == [
        ("Warming up", 3),
        ("Host awake", 12),
    ]


def test_a_queued_run_waits_and_has_not_started() -> None:
    queued = run_row(status="queued", started_at=None, deadline_at=None, phase="start")
    assert [(m.name, m.state) for m in timeline_of(queued, {}, "Queued")] == [("Queued", "now")]
