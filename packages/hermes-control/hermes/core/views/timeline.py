"""What happened in a run, moment by moment, from its row and its evidence: nothing is made up between."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from pydantic import Field

from hermes_base.view import Row, View

Evidence = Mapping[str, Any]
State = Literal["done", "now", "ahead", "trouble"]
Seen = tuple[datetime, str, State, str]
"""(at, name, state, detail) of a moment."""


class Moment(View):
    """One moment of a run. `ahead` is in the future; `trouble` was an obstacle."""

    at: datetime
    after_seconds: float = Field(description="Since the run was queued")
    name: str
    state: State
    detail: str


def timeline_of(row: Row, evidence: Evidence, status_text: str) -> list[Moment]:
    """The moments that are known, in order of time; what lies ahead comes last."""
    began: datetime = row["created_at"]
    past = [_moment(began, *each) for each in _past(row, evidence, status_text)]
    ahead = [_moment(began, *each) for each in _ahead(row)]
    return [*sorted(past, key=lambda each: each.at), *sorted(ahead, key=lambda each: each.at)]


def _moment(began: datetime, at: datetime, name: str, state: State, detail: str) -> Moment:
    after = max(0.0, (at - began).total_seconds())
    return Moment(at=at, after_seconds=round(after, 3), name=name, state=state, detail=detail)


def _past(row: Row, evidence: Evidence, status_text: str) -> Iterator[Seen]:
    waiting = row["status"] == "queued"
    text = "Waiting for a free slot." if waiting else "Created with its test job."
    yield row["created_at"], "Queued", "now" if waiting else "done", text
    if row["started_at"] is not None:
        waited = (row["started_at"] - row["created_at"]).total_seconds()
        after = f"after {waited:.1f} s" if waited >= 0.1 else "immediately"
        yield row["started_at"], "Started", "done", f"Picked up by a runner {after}."
    yield from _warm_up(row["metrics_json"].get("warmUp"))
    for at, name, state, detail in _asked(row, evidence):
        yield (
            min(at, row["finished_at"] or at),
            name,
            state,
            detail,
        )  # answers have a clock of their own
    yield from _looked(row, evidence)
    yield from _troubled(row)
    yield from _cancelling(row, evidence)
    yield from _judged(row, status_text)


def _warm_up(warm_up: Any) -> Iterator[Seen]:
    """`{since, tries, trouble, seconds?}` of a host that was asleep."""
    if not isinstance(warm_up, dict):
        return
    warm_up = cast("dict[str, Any]", warm_up)
    since, tries = datetime.fromisoformat(warm_up["since"]), warm_up["tries"]
    if "seconds" not in warm_up:
        text = f"The host seems to be asleep; {tries} attempts so far."
        yield since, "Warming up", "now", text
        return
    woken = since + timedelta(seconds=warm_up["seconds"])
    yield since, "Warming up", "done", f"The host seemed to be asleep; {tries} attempts."
    yield woken, "Host awake", "done", f"After {warm_up['seconds']:.1f} s."


def _asked(row: Row, evidence: Evidence) -> Iterator[Seen]:
    exchange = evidence.get("connection") or evidence.get("start")
    if not exchange:
        return
    at = datetime.fromisoformat(exchange["at"])
    again = f", attempt {row['attempts']}" if row["attempts"] > 1 else ""
    yield at, "Request sent", "done", f"{exchange['method']} {exchange['url']}{again}"
    yield _answer(at, exchange, row["metrics_json"].get("jobId"))


def _answer(at: datetime, exchange: Evidence, job_id: str | None) -> Seen:
    if "trouble" in exchange:
        return at, "No usable response", "trouble", str(exchange["trouble"]["detail"])
    answered = at + timedelta(seconds=exchange["seconds"])
    status, took = exchange["status"], f"in {exchange['seconds']:.2f} s"
    if job_id:
        text = f"{status} {took}; worker job id {job_id}"
        return answered, "Accepted", "done", text
    return answered, "Response received", "done" if status < 400 else "trouble", f"{status} {took}"


def _looked(row: Row, evidence: Evidence) -> Iterator[Seen]:
    """Of the status requests only the last one is kept; the others are counted."""
    if poll := evidence.get("poll"):
        times = f"{row['polls']} status {'check' if row['polls'] == 1 else 'checks'} so far"
        yield datetime.fromisoformat(poll["at"]), "Last status check", _state_of(poll), times
    if result := evidence.get("result"):
        text = f"{result['method']} {result['url']}"
        yield datetime.fromisoformat(result["at"]), "Result fetched", _state_of(result), text


def _troubled(row: Row) -> Iterator[Seen]:
    """Bad looks in a row that are waited out."""
    trouble = row["metrics_json"].get("lastTrouble")
    if trouble and row["status"] == "running" and row["trouble_since"] is not None:
        looks = trouble.get("looks", 1)
        text = f"{trouble['detail']} {looks} {'look' if looks == 1 else 'looks'} so far."
        yield row["trouble_since"], "Looking again", "trouble", text


def _state_of(exchange: Evidence) -> State:
    return "trouble" if "trouble" in exchange or exchange["status"] >= 400 else "done"


def _cancelling(row: Row, evidence: Evidence) -> Iterator[Seen]:
    if row["cancel_requested_at"] is not None:
        yield (
            row["cancel_requested_at"],
            "Cancellation requested",
            "done",
            "A person or program asked to stop this run.",
        )
    if cancel := evidence.get("cancel"):
        text = f"{cancel['method']} {cancel['url']}"
        yield (
            datetime.fromisoformat(cancel["at"]),
            "Cancellation sent to the worker",
            _state_of(cancel),
            text,
        )


def _judged(row: Row, status_text: str) -> Iterator[Seen]:
    ended = row["finished_at"]
    if ended is None:
        return
    state = "trouble" if row["status"] in ("failed", "partial") else "done"
    yield ended, status_text, state, row["detail"] or "Verdict based on the outputs returned."
    if row["phase"] == "settling":
        text = "Its slot stays reserved until the worker confirms that the job has ended."
        yield ended, "Waiting for the worker to confirm", "now", text


def _ahead(row: Row) -> Iterator[Seen]:
    looked_after = row["status"] == "running" or row["phase"] == "settling"
    if looked_after and row["due_at"] is not None and row["leased_by"] is None:
        yield row["due_at"], "Next status check", "ahead", "Hermes asks the worker again."
    if row["status"] == "running" and row["deadline_at"] is not None:
        yield row["deadline_at"], "Deadline", "ahead", "If the run has not ended by then, it fails."
