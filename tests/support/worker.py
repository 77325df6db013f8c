"""A scripted worker: real HTTP on loopback, one behaviour per service, everything counted."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
KEY = "test-key-0123456789abcdef"


def done(outputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A finished answer of the contract."""
    return {"status": "completed", "result": {"outputs": outputs, **more}}


@dataclass
class Script:
    """How one service behaves. `result` None with `polls` counts polls before `final` is answered."""

    final: dict[str, Any] = field(default_factory=lambda: done({}))
    polls: int | None = None
    status: int = 200
    health: dict[str, Any] = field(default_factory=lambda: {"status": "ok", "contract": "v1"})
    health_status: int = 200
    on_start: Handler | None = None
    on_status: Handler | None = None
    on_cancel: Handler | None = None
    on_health: Handler | None = None
    delay: float = 0.0


class ScriptedWorker:
    """All services at one address, each below its own base path."""

    def __init__(self) -> None:
        self.scripts: dict[str, Script] = {}
        self.starts: Counter[str] = Counter()
        self.keys: Counter[str] = Counter()
        self.bodies: list[dict[str, Any]] = []
        self.polled: Counter[str] = Counter()
        self.cancels: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.jobs: dict[str, str] = {}
        self.cancelled: set[str] = set()
        self.known_keys = {KEY}
        self.requests = 0
        self.url = ""

    def script(self, slug: str) -> Script:
        return self.scripts.setdefault(slug, Script())

    async def _health(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        self.headers.append({k.lower(): v for k, v in request.headers.items()})
        script = self.script(request.match_info["slug"])
        if script.on_health:
            return await script.on_health(request)
        return web.json_response(script.health, status=script.health_status)

    async def _start(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        slug = request.match_info["slug"]
        script = self.script(slug)
        self.starts[slug] += 1
        self.headers.append({k.lower(): v for k, v in request.headers.items()})
        key = request.headers.get("Idempotency-Key", "")
        self.bodies.append(json.loads(await request.text()))
        if script.delay:
            await asyncio.sleep(script.delay)
        if script.on_start:
            self.keys[key] += 1
            return await script.on_start(request)
        known = [job for job, k in self.jobs.items() if k == key and key]
        self.keys[key] += not known
        if script.polls is not None:
            job_id = known[0] if known else f"{slug}-{len(self.jobs) + 1}"
            self.jobs[job_id] = key
            return web.json_response({"jobId": job_id, "status": "queued"}, status=202)
        return web.json_response(script.final, status=script.status)

    async def _status(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        script = self.script(request.match_info["slug"])
        job_id = request.query.get("jobId", "")
        if not script.on_status and request.headers.get("x-api-key") not in self.known_keys:
            return web.json_response({"error": "wrong key"}, status=401)
        self.polled[job_id] += 1
        if script.on_status:
            return await script.on_status(request)
        if job_id not in self.jobs:
            return web.json_response({"error": {"code": "job_unknown"}}, status=404)
        if job_id in self.cancelled:
            return web.json_response({"jobId": job_id, "status": "cancelled"})
        if self.polled[job_id] <= (script.polls or 0):
            progress = {"done": self.polled[job_id], "total": script.polls, "unit": "steps"}
            return web.json_response({"jobId": job_id, "status": "running", "progress": progress})
        return web.json_response({"jobId": job_id, **script.final})

    async def _cancel(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        script = self.script(request.match_info["slug"])
        job_id = request.query.get("jobId", "")
        self.cancels.append(job_id)
        if script.on_cancel:
            return await script.on_cancel(request)
        self.cancelled.add(job_id)
        return web.json_response({"jobId": job_id, "status": "cancelled"})

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator["ScriptedWorker"]:
        app = web.Application()
        app.router.add_get("/{slug}/health", self._health)
        app.router.add_post("/{slug}/start", self._start)
        app.router.add_get("/{slug}/status", self._status)
        app.router.add_post("/{slug}/cancel", self._cancel)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        server = web.TCPSite(runner, "127.0.0.1", 0)
        await server.start()
        port: int = runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"
        try:
            yield self
        finally:
            await runner.cleanup()

    def secret(self, slug: str, key: str = KEY) -> str:
        """The secret that registers this worker for a service."""
        self.known_keys.add(key)
        return json.dumps({"base_url": f"{self.url}/{slug}", "api_key": key})
