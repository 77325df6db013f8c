"""The demo site, a small site of dentists, a language model by script, and a caller of the worker."""

import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import aiohttp
from aiohttp import web

from hermes_fleet.content_generator import worker
from hermes_sandbox.serving import demo_site
from hermes_worker import Worker
from tests.hermes_fleet.websites import FINISHED, KEY
from tests.support import asgi
from tests.support.ports import held_port
from tests.support.waiting import patience

SECRET = "sk-a-secret-of-the-tests"
MODEL = "a-model"
Found: TypeAlias = dict[str, Any]
Reply: TypeAlias = tuple[int, Any]

WHITENING = (
    "Teeth whitening at our practice takes about 60 minutes in one quiet room.",
    "Fees for teeth whitening start at $280, and the estimate is the most you will pay.",
    "A dentist looks at every tooth before the whitening gel is put on.",
    "Most shades fade again slowly unless people drink less coffee and tea.",
    "Whitening brightens natural teeth only, so crowns keep the colour they have.",
)
IMPLANTS = (
    "Dental implants replace the root of a lost tooth with a screw of titanium.",
    "The bone needs 12 weeks to grow around an implant before it may be loaded.",
    "Smokers heal more slowly, and we tell them so before they decide on implants.",
)


def page(subject: str, *paragraphs: str, more: str = "", language: str = "en") -> web.Response:
    """A page with a menu around its text, as pages are."""
    text = "".join(f"<p>{each}</p>" for each in paragraphs)
    menu = '<nav><a href="/">Home</a><a href="/whitening">Whitening</a><a href="/implants">Implants</a></nav>'
    html = (
        f'<!doctype html><html lang="{language}"><head><title>{subject} | Kind Dentists</title></head>'
        f"<body><header>{menu}</header><main><h1>{subject}</h1><h2>What to expect</h2>{text}{more}</main>"
        "<footer><p>We are open on every day of the week but Sunday.</p></footer></body></html>"
    )
    return web.Response(text=html, content_type="text/html")


def dentists() -> dict[str, Any]:
    """Pages by path."""
    asked = "<h3>Does teeth whitening hurt?</h3><p>Some people feel the cold for a day after whitening their teeth.</p>"
    return {
        "/": page("Kind dentists", "We fix teeth kindly, on time and at a price told beforehand."),
        "/whitening": page("Teeth whitening", *WHITENING, more=asked),
        "/implants": page("Dental implants", *IMPLANTS),
    }


@dataclass
class Caller:
    """A client of one worker's HTTP contract."""

    session: aiohttp.ClientSession
    base: str

    async def ended(self, site: str, mode: str = "smoke", **payload: Any) -> Found:
        """The last status of a job."""
        headers = {"Authorization": f"Bearer {KEY}"}
        body = {"mode": mode, "site": site, **payload}
        async with self.session.post(f"{self.base}/start", json=body, headers=headers) as answer:
            told = await answer.json()
        async with patience():
            while told.get("status") not in {*FINISHED, None}:
                url = f"{self.base}/status?jobId={told['jobId']}"
                async with self.session.get(url, headers=headers) as answer:
                    told = await answer.json()
        return told

    async def result(self, site: str, mode: str = "smoke", **payload: Any) -> Found:
        """The result of a job that must complete."""
        told = await self.ended(site, mode, **payload)
        assert told.get("status") == "completed", told
        return told["result"]


@asynccontextmanager
async def called(folder: Path, served: Worker = worker) -> AsyncGenerator[Caller]:
    app = served.app(KEY, folder / "state")
    async with asgi.serving(app) as url, aiohttp.ClientSession() as session:
        yield Caller(session, url)


@asynccontextmanager
async def serving(app: web.Application, port: int = 0) -> AsyncGenerator[str]:
    """An application on loopback; its address."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def demo() -> AsyncGenerator[str]:
    """The demo site's address."""
    with held_port() as port:
        async with serving(demo_site(f"http://127.0.0.1:{port}"), port) as address:
            yield address


def completion(content: Any, ended: str = "stop", refusal: str | None = None) -> Reply:
    """An answer in the form that the provider documents; an object goes out as JSON text."""
    text = content if isinstance(content, str | None) else json.dumps(content)
    message = {"role": "assistant", "content": text, "refusal": refusal}
    return 200, {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_760_000_000,
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": ended}],
        "usage": {"prompt_tokens": 300, "completion_tokens": 200, "total_tokens": 500},
    }


def refusal(status: int, message: str, code: str | None = None) -> Reply:
    """An error in the form that the provider documents."""
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return status, {"error": error}


@dataclass
class ScriptedModel:
    """Answers one by one, the last again and again; keeps what was asked."""

    replies: list[Reply | Callable[[Found], Reply]] = field(
        default_factory=list[Reply | Callable[[Found], Reply]]
    )
    asked: list[Found] = field(default_factory=list[Found])
    keys: list[str] = field(default_factory=list[str])
    base: str = ""

    async def complete(self, request: web.Request) -> web.Response:
        self.asked.append(await request.json())
        self.keys.append(request.headers.get("Authorization", ""))
        reply = self.replies[min(len(self.asked), len(self.replies)) - 1]
        status, body = reply(self.asked[-1]) if callable(reply) else reply
        if isinstance(body, str):
            headers = {"Location": "/elsewhere"} if 300 <= status < 400 else None
            return web.Response(status=status, text=body, content_type="text/html", headers=headers)
        return web.json_response(body, status=status)

    def secret(self, **more: Any) -> str:
        return json.dumps({"base_url": self.base, "key": SECRET, "model": MODEL, **more})


@asynccontextmanager
async def scripted_model() -> AsyncGenerator[ScriptedModel]:
    model = ScriptedModel()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", model.complete)
    async with serving(app) as model.base:
        yield model
