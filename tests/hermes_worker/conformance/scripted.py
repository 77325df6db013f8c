"""A small worker that keeps the whole contract, made to be broken in one place at a time."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from aiohttp import web

KEY = "a-key-for-conformance"
ENDED = ("completed", "failed", "cancelled")


@dataclass
class Job:
    """It goes one step further each time it is asked for: no clock is involved."""

    id: str
    asked: int = 0
    status: str = "queued"
    digest: str = ""
    result: dict[str, Any] = field(default_factory=dict[str, Any])


class Sound:
    """Keeps every requirement. A fault overrides one method and names what it `breaks`."""

    breaks: ClassVar[str] = ""
    steps = 3

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        self.keys: dict[str, Job] = {}
        self.answered = 0
        self.url = ""

    async def serve(self, request: web.Request) -> web.StreamResponse:
        call = f"{request.method} {request.path}"
        if call == "GET /health":
            return await self.health()
        if not self.admits(request, request.path):
            return self.answer(401, self.error("unauthorized"))
        if call == "POST /start":
            return await self.start(await request.read(), request.headers["Idempotency-Key"])
        if call == "GET /status":
            return await self.status(request.query["jobId"])
        if call == "POST /cancel":
            return await self.cancel(request.query["jobId"])
        if call == "POST /restart":
            self.restart()
            return self.answer(200, {})
        return self.answer(404, self.error("not_found"))

    def admits(self, request: web.Request, path: str) -> bool:
        shown = (request.headers.get("Authorization"), request.headers.get("x-api-key"))
        return shown[0] == f"Bearer {KEY}" or shown[1] == KEY

    async def health(self) -> web.StreamResponse:
        return self.answer(200, self.declaration())

    def declaration(self) -> dict[str, Any]:
        told = {"contract": "v1", "level": "cancellable", "modes": ["smoke"]}
        return {**told, "outputs": ["pages", "titles"]}

    async def start(self, body: bytes, key: str) -> web.StreamResponse:
        payload = self.payload(body)
        if isinstance(payload, str):
            return self.answer(400, self.error(payload))
        digest = json.dumps(payload, sort_keys=True)
        known = self.keys.get(key)
        if known and known.digest != digest:
            return self.mismatch(known)
        job = known or self.new_job(key, digest)
        return self.accept(job)

    def payload(self, body: bytes) -> dict[str, Any] | str:
        try:
            payload = json.loads(body)
        except ValueError:
            return "invalid_json"
        if not isinstance(payload, dict):
            return "not_an_object"
        return payload if payload["mode"] == "smoke" else "unsupported_mode"

    def mismatch(self, known: Job) -> web.StreamResponse:
        return self.answer(422, self.error("idempotency_mismatch"))

    def new_job(self, key: str, digest: str) -> Job:
        job = Job(f"job-{len(self.jobs) + 1}", digest=digest)
        self.jobs[job.id] = self.keys[key] = job
        return job

    def accept(self, job: Job) -> web.StreamResponse:
        body = {"jobId": job.id, "status": job.status}
        return self.answer(202, body, **{"Retry-After": self.again()})

    def again(self) -> str:
        return "0"

    async def status(self, job_id: str) -> web.StreamResponse:
        job = self.jobs.get(job_id)
        if job is None:
            return self.unknown()
        self.proceed(job)
        return self.answer(200, self.document(job))

    def unknown(self) -> web.StreamResponse:
        return self.answer(404, self.error("job_unknown"))

    def proceed(self, job: Job) -> None:
        job.asked += 1
        if job.status not in ENDED:
            job.status = "completed" if job.asked >= self.steps else "running"

    def document(self, job: Job) -> dict[str, Any]:
        told = {"jobId": job.id, "status": self.word(job), "progress": self.progress(job)}
        if job.status == "completed":
            return {**told, "result": self.result(job)}
        return {**told, "error": {"code": "stopped"}} if job.status == "failed" else told

    def word(self, job: Job) -> str:
        return job.status

    def progress(self, job: Job) -> dict[str, Any]:
        return {"done": min(job.asked, self.steps), "total": self.steps, "unit": "steps"}

    def result(self, job: Job) -> dict[str, Any]:
        outputs = {"pages": 0, "titles": ["Home"]}
        return {"outputs": outputs, "provenance": dict.fromkeys(outputs, "measured")}

    async def cancel(self, job_id: str) -> web.StreamResponse:
        job = self.jobs.get(job_id)
        if job is None:
            return self.unknown_to_cancel()
        if job.status in ENDED:
            return self.ended(job)
        self.stop(job)
        return self.answer(202, {"jobId": job.id})

    def unknown_to_cancel(self) -> web.StreamResponse:
        return self.answer(404, self.error("job_unknown"))

    def ended(self, job: Job) -> web.StreamResponse:
        return self.answer(409, {"jobId": job.id, "status": job.status})

    def stop(self, job: Job) -> None:
        job.status = "cancelled"

    def restart(self) -> None:
        for job in self.jobs.values():
            job.status = job.status if job.status in ENDED else "failed"

    def error(self, code: str) -> dict[str, Any]:
        return {"error": {"code": code, "message": "No."}}

    def answer(self, status: int, body: Any, **headers: str) -> web.Response:
        self.answered += 1
        return web.Response(
            text=self.text(body), status=status, headers=headers, content_type=self.kind(status)
        )

    def text(self, body: Any) -> str:
        return json.dumps(body)

    def kind(self, status: int) -> str:
        return "application/json"

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator["Sound"]:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.serve)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()


async def too_slow() -> None:
    """Longer than any limit of these tests."""
    await asyncio.sleep(1.2)
