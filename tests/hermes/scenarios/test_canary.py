"""A worker that echoes our keys everywhere: they come out nowhere."""

import asyncio
import base64
import html
import json
import logging
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote, unquote
from uuid import UUID

import pytest
import structlog
from aiohttp import web

from tests.support.catalog import outputs_of
from tests.support.room import Room
from tests.support.served import Served
from tests.support.worker import Handler

CANARY = "cAnAry+key/with=every&kind\"of'<sign>%41-7f3a"
READ_CANARY = "rEaD:cAnAry?key~9c51"
FRAGMENT = 10
"""Characters in a row that give a key away, as far as this test is concerned."""


def shapes(secret: str) -> dict[str, str]:
    """The ways in which a worker may write a secret."""
    both = f"user:{secret}"
    return {
        "plain": secret,
        "in a sentence": f"the key {secret} is wrong",
        "in an address": f"https://h.example/?key={quote(secret, safe='')}&a=b",
        "in basic auth": base64.b64encode(both.encode()).decode(),
        "in base64": base64.urlsafe_b64encode(f"xx{secret}yy".encode()).decode(),
        "in html": html.escape(secret),
        "in json in json": json.dumps({"key": secret}),
        "behind 190 characters": "x" * 190 + secret,
    }


def tree(secret: str) -> dict[str, Any]:
    """A document with the secret as key, as value, in lists and deep inside."""
    found = shapes(secret)
    return {
        **found,
        "keys": {text: name for name, text in found.items()},
        "list": list(found.values()),
        "deep": [[{"headers": {"authorization": f"Bearer {secret}"}}]],
    }


def saying(document: Any, status: int = 200, **headers: str) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        del request
        return web.json_response(document, status=status, headers=headers)

    return handler


def text(body: str, kind: str) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        del request
        return web.Response(text=body, content_type=kind)

    return handler


def echoing(room: Room) -> dict[str, dict[str, Handler]]:
    """Places where a worker may echo our keys: start, status, cancel and health handlers by name."""
    both = {**tree(CANARY), "read": tree(READ_CANARY)}
    done = {"status": "completed", "result": {"outputs": both, "metrics": both, "provenance": both}}
    job = {"jobId": "job-1", "status": "queued"}
    running = {"jobId": "job-1", "status": "running", "phase": CANARY, "progress": both}
    failed = {"jobId": "job-1", "status": "failed", "error": {"code": CANARY, "message": CANARY}}
    named = f"{room.worker.url}/x/status?key={quote(CANARY, safe='')}"
    return {
        "a result": {"on_start": saying(done)},
        "an error": {"on_start": saying({"error": {"code": CANARY, "message": both}}, 500)},
        "a list of errors": {"on_start": saying({"errors": list(shapes(CANARY).values())}, 422)},
        "a status word": {"on_start": saying({"status": CANARY})},
        "a page": {"on_start": text(f"<html>{' '.join(shapes(CANARY).values())}", "text/html")},
        "plain text": {"on_start": text(" ".join(shapes(CANARY).values()), "text/plain")},
        "broken json": {"on_start": text(f'{{"{CANARY}": ', "application/json")},
        "a redirect": {"on_start": saying({}, 302, Location=named)},
        "a content type": {"on_start": text("{}", f"text/{quote(CANARY, safe='')}")},
        "a job id": {"on_start": saying({**job, "jobId": CANARY}, 202)},
        "a status address": {"on_start": saying({**job, "status_url": named}, 202)},
        "a location": {"on_start": saying(job, 202, Location=named)},
        "progress": {"on_start": saying(job, 202), "on_status": saying(running)},
        "a failed job": {"on_start": saying(job, 202), "on_status": saying(failed)},
    }  # fmt: skip


def leaks(seen: str, secret: str) -> list[str]:
    """Fragments of a secret in a text, whatever it is wrapped in."""
    windows = {secret[i : i + FRAGMENT] for i in range(len(secret) - FRAGMENT + 1)}
    for decoded in _decoded(seen):
        if found := [window for window in windows if window in decoded]:
            return [seen[max(0, decoded.find(found[0]) - 80) :][:240]]
    return []


def _decoded(seen: str) -> list[str]:
    """A text as it is, and out of HTML, JSON, URLs and base64."""
    plain = html.unescape(seen)
    unquoted = plain.replace('\\"', '"').replace('\\\\"', '"').replace("\\u0027", "'")
    words = re.findall(r"[A-Za-z0-9+/_-]{16,}", seen)
    return [seen, plain, unquoted, unquote(plain), " ".join(map(_out_of_base64, words))]


def _out_of_base64(word: str) -> str:
    """What base64 characters say, from any of the four places at which they may begin."""
    standard = word.replace("-", "+").replace("_", "/")
    texts = [standard[i : i + (len(standard) - i) // 4 * 4] for i in range(4)]
    return " ".join(base64.b64decode(t).decode("latin-1") for t in texts)


@asynccontextmanager
async def listening(served: Served) -> AsyncGenerator[list[str]]:
    """What the live stream says meanwhile."""
    said: list[str] = []
    open_stream = asyncio.Event()

    async def listen() -> None:
        async with served.http.get("/api/events") as answer:
            async for line in answer.content:
                said.append(line.decode())
                open_stream.set()

    task = asyncio.create_task(listen())
    await asyncio.wait_for(open_stream.wait(), 10)
    try:
        yield said
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def visit_every_echo(room: Room) -> None:
    """Each place is a service of its own; half of them are asked for a connection test as well."""
    slugs = [s.slug for s in room.catalog.workers if s.state == "built"]
    places = echoing(room)
    for slug in slugs:
        room.variables[room.catalog.service(slug).secret] = json.dumps(
            {
                "base_url": f"{room.worker.url}/{slug}",
                "api_key": CANARY,
                "read_key": READ_CANARY,
            }
        )
        script = room.worker.script(slug)
        script.health = {"status": "ok", "version": CANARY, "service": shapes(READ_CANARY)}
        script.final = {"result": {"outputs": outputs_of(room.catalog.service(slug))}}
    for first in range(0, len(places), len(slugs)):
        names = list(places)[first : first + len(slugs)]
        for slug, name in zip(slugs, names, strict=False):
            script = room.worker.script(slug)
            script.on_start = places[name].get("on_start")
            script.on_status = places[name].get("on_status")
        await room.hermes.jobs.start_smoke(room.site.id, "tests")
        await room.finish(step=60, seconds=30_000)
    await room.hermes.jobs.start_connections(room.site.id, "tests")
    await room.finish()


async def dump(room: Room) -> str:
    """Every row of every table as text."""
    pool = room.hermes.pool
    tables = await pool.fetch("select tablename from pg_tables where schemaname = 'public'")
    rows = [await pool.fetch(f'select t::text from "{t["tablename"]}" t') for t in tables]
    return "\n".join(row[0] for found in rows for row in found)


async def surfaces(served: Served) -> dict[str, str]:
    """Every page and API answer about the site, its services, jobs and runs."""
    site = served.room.site.id
    slugs = [s.slug for s in served.room.catalog.workers]
    runs = await served.room.hermes.pool.fetch("select id, job_id from service_runs")
    jobs: set[UUID] = {row["job_id"] for row in runs}
    paths = ["/", f"/sites/{site}/integrations", "/api/sites", "/api/services", "/api/operations"]
    paths += ["/api/observability", f"/api/sites/{site}/integrations", f"/api/sites/{site}/runs"]
    paths += [f"/api/sites/{site}/health-summary", f"/api/sites/{site}/tests"]
    paths += [f"{api}/sites/{site}/services/{slug}" for slug in slugs for api in ("", "/api")]
    paths += [f"/jobs/{job}" for job in jobs] + [f"/api/tests/{job}/runs" for job in jobs]
    paths += [f"{api}/runs/{row['id']}" for row in runs for api in ("", "/api")]
    return {path: await _read(served, path) for path in paths}


async def _read(served: Served, path: str) -> str:
    async with served.http.get(path) as answer:
        assert answer.status == 200, path
        return await answer.text()


async def test_a_key_that_a_worker_echoes_everywhere_comes_out_nowhere(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as logs:
        async with listening(served) as events:
            await visit_every_echo(served.room)
            seen = await surfaces(served)
        seen |= {"database": await dump(served.room), "events": "".join(events)}
    seen |= {"log": json.dumps(logs, default=str), "other logs": caplog.text}
    assert "event: job" in seen["events"]
    assert "diagnostics-json" in "".join(seen.values())
    assert seen["database"].count("[redacted]") > 100, "the worker echoed nothing"
    assert logs
    found = {
        where: leaked
        for where, said in seen.items()
        for secret in (CANARY, READ_CANARY)
        if (leaked := leaks(said, secret))
    }
    assert found == {}


@pytest.mark.parametrize("shape", sorted(shapes(CANARY)))
def test_the_search_for_leaks_finds_every_shape(shape: str) -> None:
    for secret in (CANARY, READ_CANARY):
        said = json.dumps({"page": f"<p>{shapes(secret)[shape]}</p>"})
        assert leaks(said, secret), said
    assert not leaks(json.dumps({"page": "[redacted]"}), CANARY)
