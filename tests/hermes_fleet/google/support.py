"""Google by script, in its own wire format, and a caller of a worker's HTTP contract."""

import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

import aiohttp
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hermes_worker import Worker
from tests.support import asgi

KEY = "a-key-for-tests"
ACCOUNT = "reader@project.iam.gserviceaccount.com"
PROPERTY = "sc-domain:example.com"
GA4 = "123456789"
SITE = "https://www.example.com"
TOKEN = "ya29.a-token-of-the-script"

Reply: TypeAlias = tuple[int, Any]
Question: TypeAlias = dict[str, Any]


@cache
def private_key() -> str:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def owned(*names: str, level: str = "siteFullUser") -> Reply:
    return 200, {"siteEntry": [{"siteUrl": name, "permissionLevel": level} for name in names]}


def row(*keys: str, clicks: float, impressions: float, position: float) -> dict[str, Any]:
    figures = {"clicks": clicks, "impressions": impressions, "position": position}
    found = {**figures, "ctr": clicks / impressions}
    return {"keys": list(keys), **found} if keys else found


def report(*values: str, **metadata: Any) -> Reply:
    """A runReport answer with one row, or none without values."""
    names = ("sessions", "totalUsers", "keyEvents")
    rows = [{"metricValues": [{"value": value} for value in values]}] if values else []
    return 200, {
        "metricHeaders": [{"name": name, "type": "TYPE_INTEGER"} for name in names],
        **({"rows": rows, "rowCount": 1} if rows else {}),
        "metadata": {"currencyCode": "EUR", "timeZone": "Europe/Berlin", **metadata},
        "kind": "analyticsData#runReport",
        "propertyQuota": {"tokensPerDay": {"consumed": 1, "remaining": 199_999}},
    }


def refusal(code: int, message: str, reason: str = "", status: str = "") -> Reply:
    """The older form with `reason`, the newer one with `status`."""
    error: dict[str, Any] = {"code": code, "message": message}
    if reason:
        error["errors"] = [{"message": message, "domain": "global", "reason": reason}]
    return code, {"error": error | ({"status": status} if status else {})}


def granted() -> Reply:
    return 200, {"access_token": TOKEN, "expires_in": 3599, "token_type": "Bearer"}


def nothing(question: Question) -> Reply:
    return 200, {"responseAggregationType": "byProperty"}


@dataclass
class ScriptedGoogle:
    """What each endpoint answers; what was asked of it."""

    base: str = ""
    sign_in: Reply = field(default_factory=granted)
    sites: Reply = field(default_factory=lambda: owned(PROPERTY))
    search: Callable[[Question], Reply] = nothing
    visits: Reply = field(default_factory=lambda: report("120", "90", "4"))
    grants: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    questions: list[Question] = field(default_factory=list[Question])
    places: list[str] = field(default_factory=list[str])

    def secret(self, **more: Any) -> str:
        """A service-account key that leads here."""
        fields = {
            "type": "service_account",
            "client_email": ACCOUNT,
            "private_key": private_key(),
            "private_key_id": "k1",
            "token_uri": f"{self.base}/token",
            "base_urls": {"searchconsole": self.base, "analyticsdata": self.base},
        }
        return json.dumps(fields | more)

    def asked(self, *dimensions: str) -> list[Question]:
        return [each for each in self.questions if each.get("dimensions") == list(dimensions)]

    async def _token(self, request: web.Request) -> web.Response:
        self.grants.append({str(k): str(v) for k, v in (await request.post()).items()})
        return answer(self.sign_in)

    async def _sites(self, request: web.Request) -> web.Response:
        return answer(self.sites if authorised(request) else refusal(401, "no token"))

    async def _search(self, request: web.Request) -> web.Response:
        question = await request.json()
        self.questions.append(question)
        self.places.append(unquote(request.match_info["site"]))
        return answer(self.search(question) if authorised(request) else refusal(401, "no token"))

    async def _visits(self, request: web.Request) -> web.Response:
        self.questions.append(await request.json())
        self.places.append(request.match_info["property"])
        return answer(self.visits if authorised(request) else refusal(401, "no token"))

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/token", self._token)
        app.router.add_get("/webmasters/v3/sites", self._sites)
        app.router.add_post("/webmasters/v3/sites/{site}/searchAnalytics/query", self._search)
        app.router.add_post("/v1beta/properties/{property}:runReport", self._visits)
        return app


def authorised(request: web.Request) -> bool:
    return request.headers.get("Authorization") == f"Bearer {TOKEN}"


def answer(reply: Reply) -> web.Response:
    status, body = reply
    if isinstance(body, str):
        headers = {"Location": "/elsewhere"} if status in (301, 302) else None
        return web.Response(status=status, text=body, content_type="text/html", headers=headers)
    return web.json_response(body, status=status)


@asynccontextmanager
async def serving(app: web.Application) -> AsyncGenerator[str]:
    """The base address of an app on loopback."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@dataclass
class Caller:
    """Starts jobs of one served worker and waits for their end."""

    session: aiohttp.ClientSession
    base: str

    async def end(self, **payload: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {KEY}"}
        async with self.session.post(f"{self.base}/start", json=payload, headers=headers) as said:
            return await said.json()

    async def result(self, **payload: Any) -> dict[str, Any]:
        """The result of a job that must complete."""
        end = await self.end(**payload)
        assert end.get("status") == "completed", end
        return end["result"]


@asynccontextmanager
async def called(worker: Worker, state: Path) -> AsyncGenerator[Caller]:
    app = worker.app(KEY, state)
    async with asgi.serving(app) as url, aiohttp.ClientSession() as session:
        yield Caller(session, url)
