"""A caller of a worker's HTTP contract, a search provider by script, and small sites of dentists."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from aiohttp import web

from hermes_fleet.providers import SANDBOX_FILE
from hermes_fleet.searching.engines import PROVIDERS
from hermes_worker import Worker
from tests.hermes_fleet.websites import FINISHED, KEY, Website
from tests.support import asgi
from tests.support.waiting import patience

LOGIN, PASSWORD = "login@example.com", "a-password-of-the-api"
KEYWORDS = ["teeth whitening", "dental implants"]


@dataclass
class Caller:
    """A client of one worker."""

    session: aiohttp.ClientSession
    base: str
    progress: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    async def start(self, site: str, mode: str = "smoke", **payload: Any) -> dict[str, Any]:
        body = {"mode": mode, "site": site, **payload}
        headers = {"Idempotency-Key": str(uuid4())}
        async with self.session.post(f"{self.base}/start", json=body, headers=headers) as response:
            return await response.json()

    async def status(self, job_id: str) -> dict[str, Any]:
        async with self.session.get(f"{self.base}/status?jobId={job_id}") as response:
            return await response.json()

    async def ended(self, site: str, mode: str = "smoke", **payload: Any) -> dict[str, Any]:
        """The last status of a job; what it told on the way is kept."""
        told = await self.start(site, mode, **payload)
        async with patience():
            while told["status"] not in FINISHED:
                told = await self.status(told["jobId"])
                self.progress.append(told.get("progress") or {})
                await asyncio.sleep(0.01)
        return told

    async def result(self, site: str, mode: str = "smoke", **payload: Any) -> dict[str, Any]:
        """The result of a job that must complete."""
        told = await self.ended(site, mode, **payload)
        assert told["status"] == "completed", told
        return told["result"]

    async def error(self, site: str, mode: str = "smoke", **payload: Any) -> dict[str, str]:
        """The error of a job that must fail."""
        told = await self.ended(site, mode, **payload)
        assert told["status"] == "failed", told
        return told["error"]


@asynccontextmanager
async def calling(worker: Worker, state: Path) -> AsyncGenerator[Caller]:
    """A worker served over real HTTP."""
    headers = {"Authorization": f"Bearer {KEY}"}
    async with (
        asgi.serving(worker.app(KEY, state), log_level="error") as url,
        aiohttp.ClientSession(headers=headers) as session,
    ):
        yield Caller(session, url)


@dataclass
class Script:
    """A provider that answers what it is told to, one after another, and the last one for ever."""

    answers: list[tuple[int, Any]]
    base: str = ""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    holds_after: int | None = None
    released: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.text()
        self.asked.append(
            {
                "path": request.path,
                "query": dict(request.query),
                "headers": dict(request.headers),
                "body": json.loads(body) if body else None,
            }
        )
        if self.holds_after is not None and len(self.asked) > self.holds_after:
            await self.released.wait()
        status, told = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(told, str):
            return web.Response(status=status, text=told, content_type="text/html")
        return web.json_response(told, status=status, headers=self.headers)


@asynccontextmanager
async def scripted(*answers: tuple[int, Any], **headers: str) -> AsyncGenerator[Script]:
    """A provider on loopback."""
    script = Script(list(answers), headers={k.replace("_", "-"): v for k, v in headers.items()})
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", script.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    script.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield script
    finally:
        await runner.cleanup()


def no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator who stored nothing, without a sandbox and without a Hermes to ask."""
    for name in (SANDBOX_FILE, "HERMES_URL", *PROVIDERS, *(f"{n}_FILE" for n in PROVIDERS)):
        monkeypatch.delenv(name, raising=False)


def earlier_run(artifacts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A run as Hermes tells it."""
    run = {"runId": str(uuid4()), "runType": "smoke", "status": "success", "outputs": {}}
    when = {"finishedAt": datetime.now(UTC).isoformat()}
    return {**run, **when, "provenance": {}, "artifacts": artifacts, **more}


@asynccontextmanager
async def remembering(
    runs: Sequence[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Script]:
    """A Hermes that remembers these runs, newest first."""
    async with scripted((200, list(runs))) as hermes:
        (tmp_path / "token").write_text("a-token")
        monkeypatch.setenv("HERMES_URL", hermes.base)
        monkeypatch.setenv("HERMES_TOKEN_FILE", str(tmp_path / "token"))
        yield hermes


def dataforseo(*items: dict[str, Any], code: int = 20000, **more: Any) -> dict[str, Any]:
    """An answer to one live task, as the documentation shows it."""
    result = [{"keyword": "k", "type": "organic", "items_count": len(items), "items": list(items)}]
    task = {"id": "1", "status_code": code, "status_message": "Ok.", "cost": 0.002}
    told = {"version": "0.1", "status_code": 20000, "status_message": "Ok.", "cost": 0.002}
    return {**told, "tasks_count": 1, "tasks": [{**task, "result": result, **more}]}


def organic(group: int, absolute: int, url: str) -> dict[str, Any]:
    ranks = {"rank_group": group, "rank_absolute": absolute, "page": 1}
    return {"type": "organic", **ranks, "domain": "x", "title": f"Result {group}", "url": url}


def fill(site: Website, name: str, texts: dict[str, str], **heads: str) -> Website:
    """Pages by path; the home page links to all of them."""
    menu = " ".join(f'<a href="{path}">more</a>' for path in texts)
    site.pages = {path: page(name, path, text, heads.get(path, "")) for path, text in texts.items()}
    site.pages["/"] = page(name, "/", f"Welcome. {menu}", heads.get("home", ""))
    return site


def page(name: str, path: str, text: str, head: str = "") -> web.Response:
    heading = path.strip("/").rpartition("/")[2].replace("-", " ") or "home"
    body = f"<nav><a href='/'>Start</a></nav><main><h1>{heading}</h1>{text}</main><footer>{name}</footer>"
    told = f"<!doctype html><html><head><title>{heading} | {name}</title>{head}</head><body>{body}"
    return web.Response(text=told, content_type="text/html")
