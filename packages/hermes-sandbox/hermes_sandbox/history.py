"""A month of tests, made up by rule: what each worker answered on each day, the same for the same seed.

Used where a page or a measurement needs a past: `make screenshots` and benches play it through Hermes.

    python -m hermes_sandbox.history --days 30 < services.json

reads `{"crawl_render": {"pages_crawled": {"type": "number", "unit": "pages"}, ...}, ...}` (`usual`: a value to
tell) and prints one answer a line as JSON, the oldest first.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from hermes_sandbox.site.dice import Dice

Kind = Literal["number", "list", "object", "text", "flag"]
TUESDAY = 1


@dataclass(frozen=True, slots=True)
class Promise:
    """An output that a service promises. `usual` is a value that keeps its contract, and is told as it is;
    without one a value is made up, whose unit says how large a number is."""

    kind: Kind
    unit: str = ""
    usual: Any = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong with a service from one day to another, counted in days before the end.

    `output` is the place of the output that was missing among those of the service; None: the run failed.
    """

    service: str
    since: int
    until: int
    words: str
    output: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one worker answered at one time: outputs with the reasons of those it left out, or an error."""

    at: datetime
    service: str
    outputs: dict[str, Any]
    missing: dict[str, str]
    error: str = ""


FAULTS = (
    Fault("crawl_render", 27, 26, "The crawl ended: the site answered 503 for 40 pages in a row."),
    Fault("google_data_connector", 20, 9, "The property has no key events.", output=-1),
    Fault("content_qa", 16, 15, "The disk of the worker is full."),
    Fault("content_decay", 30, 24, "There is no month to compare with yet.", output=0),
    Fault("serp_intel", 12, 10, "The search provider answered 429: the quota of the day is used up."),
    Fault("backlink_authority", 8, 0, "There is no baseline that is a day old.", output=-1),
    Fault("core_web_vitals", 5, 4, "The field data of the origin is not there.", output=1),
    Fault("notifications", 2, 0, "Slack answered 404: this webhook no longer exists."),
    Fault("competitive_snapshot", 1, 0, "Two of three competitors did not answer.", output=0),
)  # fmt: skip
"""Some are over, some go on; nothing of them is random, so that a test can name them."""
LAST_TUESDAY = Fault("seo_kbase", 0, 0, "The index could not be opened: it is being rebuilt.")
"""On the last Tuesday before the end, whatever day that is."""
LARGE = {
    "pages": 6, "impressions": 9200, "clicks": 420, "sessions": 1300, "users": 960, "ms": 1900,
    "keywords": 24, "conversions": 31, "position": 14, "0-100": 82, "0-1": 0.06,
}  # fmt: skip


def month(
    services: Mapping[str, Mapping[str, Promise]], until: datetime, days: int = 30, seed: int = 1
) -> Iterator[Answer]:
    """An answer of each service for each of so many days, the last one being that of `until`."""
    for back in range(days - 1, -1, -1):
        at = until - timedelta(days=back)
        for service, promises in services.items():
            yield _answer(service, promises, at, back, Dice(seed, service, f"{at.date()}"))


def _answer(
    service: str, promises: Mapping[str, Promise], at: datetime, back: int, dice: Dice
) -> Answer:
    fault = _fault(service, at, back)
    if fault is not None and fault.output is None:
        return Answer(at, service, {}, {}, fault.words)
    place = fault.output if fault else None
    left_out = "" if place is None else list(promises)[place]
    outputs = {
        name: _value(promise, name, back, dice)
        for name, promise in promises.items()
        if name != left_out
    }
    return Answer(at, service, outputs, {left_out: fault.words} if fault and left_out else {})


def _fault(service: str, at: datetime, back: int) -> Fault | None:
    if service == LAST_TUESDAY.service and at.weekday() == TUESDAY and 0 < back <= 7:
        return LAST_TUESDAY
    found = (f for f in FAULTS if f.service == service and f.until <= back <= f.since)
    return next(found, None)  # fmt: skip


def _value(promise: Promise, name: str, back: int, dice: Dice) -> Any:
    """Grows slowly towards the end, with some chance in each day."""
    if promise.usual is not None:
        return promise.usual
    if promise.kind == "number":
        usual = LARGE.get(promise.unit, 12)
        grown = usual * (1.1 - back / 200) * dice.between(960, 1040) / 1000
        return round(grown, 3) if usual < 1 else min(round(grown), 100) if promise.unit == "0-100" else round(grown)  # fmt: skip
    if promise.kind == "list":
        return [{"url": f"/{name}/{n}", "count": n + 1} for n in range(dice.between(3, 9))]
    if promise.kind == "object":
        return {f"{name} {n}": dice.between(1, 40) for n in range(4)}
    return True if promise.kind == "flag" else f"What was found about {name.replace('_', ' ')}."


def services_of(told: Mapping[str, Any]) -> dict[str, dict[str, Promise]]:
    """Services as the command reads them."""
    return {
        service: {
            name: Promise(o["type"], o.get("unit", ""), o.get("usual"))
            for name, o in outputs.items()
        }
        for service, outputs in told.items()
    }


def main() -> None:
    """Print the month of the services on standard input, ending now."""
    parser = argparse.ArgumentParser(prog="hermes_sandbox.history", description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--until", type=datetime.fromisoformat, default=datetime.now(UTC))
    asked = parser.parse_args()
    services = services_of(json.load(sys.stdin))
    for answer in month(services, asked.until, asked.days, asked.seed):
        print(json.dumps({**asdict(answer), "at": answer.at.isoformat()}))


if __name__ == "__main__":
    main()
