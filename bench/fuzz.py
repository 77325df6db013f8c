"""50,000 random requests over every route: how many are answered with 5xx, and which.

    .venv/bin/python bench/fuzz.py --requests 50000 --seed 1

Hostile values (`tests/support/hostile.py`), random ones, and what schemathesis makes of the OpenAPI document.
Prints answers by status and every 5xx but an honest 503; exits 1 where there is one.
"""

import argparse
import asyncio
import json
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

import aiohttp
import structlog
from yarl import URL

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.hermes.web import test_schemathesis as by_document
from tests.support.catalog import all_built
from tests.support.database import serve
from tests.support.hostile import Asked, Place, places, requests_of
from tests.support.room import open_room
from tests.support.served import Served, serve_web

ENDS_THE_SESSION = ("/sign-out", "/settings/account/sessions/end", "/settings/account/password")
AT_ONCE = 6
PATIENCE = aiohttp.ClientTimeout(total=60)
NO_ANSWER = 599
BY_DOCUMENT = 0.1
"""The share of requests that schemathesis makes."""


class Faults:
    """Answers by status, and the requests that were answered with 5xx."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.found: list[str] = []

    def note(self, status: int, asked: Asked) -> None:
        self.statuses[status] += 1
        if status == NO_ANSWER:
            print(f"no answer: {asked}", file=sys.stderr, flush=True)
        if status >= 500 and (status != 503 or "webhook" not in asked.path):
            self.found.append(f"{status} {asked.method} {asked.path[:300]} {asked.body[:300]!r}")


def value(dice: random.Random, depth: int = 0) -> Any:
    """Anything that JSON can say."""
    kind = dice.randrange(9 if depth < 4 else 6)
    if kind < 3:
        return "".join(chr(dice.choice((dice.randrange(128), dice.randrange(0x11000)))) for _ in range(dice.randrange(12)))  # fmt: skip
    if kind == 3:
        return dice.choice((0, -1, 2**31, 2**63, 10**25, dice.randrange(1000)))
    if kind == 4:
        return dice.choice((0.1, 1e308, -0.0, True, None))
    if kind == 5:
        return dice.choice(("2026-01-01T00:00:00Z", "1/5 * * * *", "https://x.test/", "a@b.test"))
    if kind == 6:
        return [value(dice, depth + 1) for _ in range(dice.randrange(4))]
    return {str(value(dice, 9)): value(dice, depth + 1) for _ in range(dice.randrange(4))}


def random_request(dice: random.Random, place: Place, known: Mapping[str, str]) -> Asked:
    def text() -> str:
        raw = dice.randbytes(dice.randrange(1, 12)) if dice.random() < 0.5 else str(value(dice, 9)).encode("utf-8", "surrogatepass")  # fmt: skip
        return quote_from_bytes(raw, safe="") or "x"

    hostile = {name: text() for name in place.parameters if dice.random() < 0.3}
    names = [*place.query, "q", "page", "sort", "status"]
    query = "&".join(f"{name}={text()}" for name in names if dice.random() < 0.4)
    path = place.path(known, **hostile) + (f"?{query}" if query else "")
    if place.method not in ("POST", "PUT", "PATCH"):
        return Asked(place.method, path)
    fields = [name for name in place.body if dice.random() < 0.7]
    if place.template.startswith("/api/"):
        body = json.dumps({name: value(dice) for name in fields} if dice.random() < 0.9 else value(dice))  # fmt: skip
        return Asked(place.method, path, body.encode(), "application/json")
    form = "&".join(f"{name}={text()}" for name in fields)
    return Asked(place.method, path, form.encode(), "application/x-www-form-urlencoded")


def requests(number: int, seed: int, known: Mapping[str, str]) -> Iterator[tuple[Place, Asked]]:
    every = [place for place in places() if place.template not in ENDS_THE_SESSION]
    for place in every:
        for asked in requests_of(place, known):
            number -= 1
            yield place, asked
    dice = random.Random(seed)
    for _ in range(number):
        place = dice.choice(every)
        yield place, random_request(dice, place, known)


async def ask_all(served: Served, number: int, seed: int, faults: Faults) -> None:
    known = await by_document.existing(served)
    async with served.browsing() as person:
        waiting = requests(number, seed, known)

        async def some() -> None:
            for place, asked in waiting:
                http = served.http if place.template.startswith("/api/") else person
                faults.note(await ask(http, served.url, asked), asked)

        await asyncio.gather(*(some() for _ in range(AT_ONCE)))


async def ask(http: aiohttp.ClientSession, url: str, asked: Asked) -> int:
    headers = {"Content-Type": asked.kind} if asked.kind else {}
    try:
        async with http.request(
            asked.method, URL(url + asked.path, encoded=True), data=asked.body or None, headers=headers,
            allow_redirects=False, timeout=PATIENCE,
        ) as answer:  # fmt: skip
            return answer.status
    except TimeoutError:
        return NO_ANSWER


async def main(number: int, seed: int, url: str) -> int:
    faults, began = Faults(), time.monotonic()
    async with open_room(url, all_built()) as room, serve_web(room) as served:
        await ask_all(served, int(number * (1 - BY_DOCUMENT)), seed, faults)
        known = await by_document.existing(served)
        operations = 60
        by_document.EXAMPLES = max(1, int(number * BY_DOCUMENT / operations / 2))
        statuses, found = await asyncio.to_thread(by_document.ask_everything, served.url, known)
    faults.statuses += statuses
    faults.found += [fault for fault in found if "erver error" in fault]
    print(f"{faults.statuses.total()} requests in {time.monotonic() - began:.0f} s")
    print(dict(sorted(faults.statuses.items())))
    print("\n".join(faults.found[:50]) or "no 5xx")
    return 1 if faults.found else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        servers = serve(Path(folder))
        server = next(servers)
        made = asyncio.run(server.database())
        code = asyncio.run(main(given.requests, given.seed, made))
        next(servers, None)
    sys.exit(code)
