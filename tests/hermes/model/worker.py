"""A worker that does whatever the model tells it to, over real HTTP, and remembers what it did."""

import asyncio
import json
import socket
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from hermes.contact.workers import PROBED_JOB

from .services import OUTPUTS, SERVICES

KEY = "model-key-0123456789abcdef"
RESULTS = ("all", "some", "none")
ENDINGS = (*RESULTS, "failed", "cancelled")
TROUBLES = ("dropped", "busy", "waking", "broken", "garbage", "unknown")
DOUBTFUL = ("lost", "gateway", "dropped", "busy", "waking", "accepted")
STARTS = (*RESULTS, *DOUBTFUL, *DOUBTFUL, "accepted late", "failed", "nameless", *TROUBLES)
STATUSES = ("running", "running late", *ENDINGS, "forgotten", "of another", *TROUBLES)
CANCELS = ("cancelled", "later", "cannot", *TROUBLES)
HEALTHS = ("well", "unauthorized", *TROUBLES)


@dataclass
class Mood:
    """What a service's worker answers from now on; `refuses`: nobody listens."""

    start: str = "all"
    status: str = "all"
    cancel: str = "cancelled"
    health: str = "well"
    refuses: bool = False


@dataclass
class Work:
    """One job at the worker; `ending` once it has ended, and for ever after."""

    run_id: str
    ending: str | None = None


def outputs(result: str) -> dict[str, Any]:
    """What stands in a result: everything promised, the first output only, or nothing."""
    slugs = {"all": OUTPUTS, "some": OUTPUTS[:1], "none": ()}[result]
    return dict.fromkeys(slugs, 7)


def ended(ending: str) -> dict[str, Any]:
    """The document of a job that has ended."""
    if ending in RESULTS:
        return {"status": "completed", "result": {"outputs": outputs(ending)}}
    return {"status": ending, "error": "The model wants it so."}


class ModelWorker:
    """All services at one address; whether a key is honoured depends on the service."""

    def __init__(self) -> None:
        self.url = ""
        self._gate = asyncio.Event()
        self.asked = asyncio.Event()
        self._nobody = socket.socket()
        self._nobody.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        self.forget_all()

    def forget_all(self) -> None:
        """As new, for the next example."""
        self.moods: defaultdict[str, Mood] = defaultdict(Mood)
        self.work: dict[str, Work] = {}
        self.by_key: dict[str, str] = {}
        self.made: Counter[str] = Counter()
        self.strange: list[str] = []
        self.release()

    def hold(self) -> None:
        """Take requests, but answer none until `release`."""
        self.asked.clear()
        self._gate.clear()

    def release(self) -> None:
        """Answer what is held, and everything from now on."""
        self._gate.set()

    def results_of(self, run_id: str) -> set[str]:
        """How the jobs of a run ended at the worker."""
        return {w.ending for w in self.work.values() if w.run_id == run_id and w.ending}

    def secret(self, slug: str) -> str:
        """Where this service stands at the moment."""
        nobody = f"http://127.0.0.1:{self._nobody.getsockname()[1]}"
        base = nobody if self.moods[slug].refuses else self.url
        return json.dumps({"base_url": f"{base}/{slug}", "api_key": KEY})

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator["ModelWorker"]:
        app = web.Application(middlewares=[self._held])
        app.router.add_get("/{slug}/health", self._health)
        app.router.add_post("/{slug}/start", self._start)
        app.router.add_get("/{slug}/status", self._status)
        app.router.add_post("/{slug}/cancel", self._cancel)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            self.release()
            await runner.cleanup()
            self._nobody.close()

    @web.middleware
    async def _held(self, request: web.Request, handler: Any) -> web.StreamResponse:
        await request.read()
        self.asked.set()
        await self._gate.wait()
        return await handler(request)

    async def _health(self, request: web.Request) -> web.StreamResponse:
        mood = self.moods[request.match_info["slug"]].health
        if mood == "unauthorized":
            return web.json_response({"error": "key"}, status=401)
        return _trouble(request, mood) or web.json_response({"status": "ok", "contract": "v1"})

    async def _start(self, request: web.Request) -> web.StreamResponse:
        slug = request.match_info["slug"]
        mood = self.moods[slug].start
        if mood in ("busy", "waking", "broken"):  # refused before any work
            return _trouble(request, mood) or web.Response()
        key = request.headers["Idempotency-Key"]
        known = self.by_key.get(key) if SERVICES[slug].honours_idempotency else None
        job_id = known or self._make((await request.json())["run_id"], key)
        return self._taken(request, job_id, mood)

    def _make(self, run_id: str, key: str) -> str:
        job_id = f"job-{len(self.work) + 1}"
        self.work[job_id] = Work(run_id)
        self.by_key[key] = job_id
        self.made[run_id] += 1
        return job_id

    def _taken(self, request: web.Request, job_id: str, mood: str) -> web.StreamResponse:
        """The job is made; what is said of it depends on the mood."""
        work = self.work[job_id]
        if mood in (*RESULTS, "failed"):
            work.ending = work.ending or mood
        if mood == "gateway":
            return web.json_response({"error": "upstream timed out"}, status=504)
        if mood == "nameless":
            return web.json_response({"status": "queued"}, status=202)
        trouble = _trouble(request, "dropped" if mood == "lost" else mood)
        if trouble is not None:
            return trouble
        if work.ending:
            return web.json_response(ended(work.ending))
        headers = {"Retry-After": "20"} if mood == "accepted late" else {}
        return web.json_response({"jobId": job_id}, status=202, headers=headers)

    async def _status(self, request: web.Request) -> web.StreamResponse:
        mood = self.moods[request.match_info["slug"]].status
        job_id = request.query["jobId"]
        trouble = _trouble(request, mood)
        if trouble is not None:
            return trouble
        if mood == "forgotten" or not self._knows(request):
            return web.json_response({"error": {"code": "job_unknown"}}, status=404)
        if mood == "of another":
            return web.json_response({"jobId": "another", "status": "running"})
        work = self.work[job_id]
        if mood in ENDINGS:
            work.ending = work.ending or mood
        document = ended(work.ending) if work.ending else {"status": "running"}
        headers = {"Retry-After": "20"} if mood == "running late" else {}
        return web.json_response({"jobId": job_id, **document}, headers=headers)

    async def _cancel(self, request: web.Request) -> web.StreamResponse:
        mood = self.moods[request.match_info["slug"]].cancel
        trouble = _trouble(request, mood)
        if trouble is not None:
            return trouble
        if mood == "cannot":
            return web.json_response({"error": "no"}, status=405)
        if mood == "later":
            return web.json_response({"status": "cancelling"}, status=202)
        if not self._knows(request):
            return web.json_response({"error": {"code": "job_unknown"}}, status=404)
        work = self.work[request.query["jobId"]]
        work.ending = work.ending or "cancelled"
        return web.json_response(ended(work.ending))

    def _knows(self, request: web.Request) -> bool:
        """Whether this job was made here; asking for another one is a fault of whoever asks."""
        job_id = request.query["jobId"]
        if job_id not in self.work and job_id != PROBED_JOB:
            self.strange.append(f"{request.path} was asked about job {job_id!r}")
        return job_id in self.work


def _trouble(request: web.Request, mood: str) -> web.StreamResponse | None:
    """A trouble of the way, or None where the mood is none."""
    if mood == "dropped":
        assert request.transport is not None
        request.transport.abort()
        return web.Response()
    bodies: dict[str, tuple[int, str, str]] = {
        "busy": (429, "application/json", '{"error": "busy"}'),
        "waking": (503, "application/json", '{"error": "waking"}'),
        "broken": (500, "application/json", '{"error": "broken"}'),
        "garbage": (200, "text/html", "<html><div id=root></div></html>"),
        "unknown": (200, "application/json", '{"status": "frobnicating"}'),
    }
    if mood not in bodies:
        return None
    status, kind, text = bodies[mood]
    headers = {"Retry-After": "7"} if mood == "busy" else {}
    return web.Response(status=status, content_type=kind, text=text, headers=headers)
