"""Foreign APIs as data: one file a shape, and a server that plays them all over real HTTP."""

import json
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pydantic import Field

from hermes.core.catalog import ModeSpec, Output, Service
from tests.world.rows import HERE, Entry, Marked, Sentence, Source, document

KEY = "a-key-of-the-world-0123456789"
FIGURES = Service(
    slug="figures", name="Figures", category="world", purpose="Counts pages.", state="built",
    secret="HERMES_WORKER_FIGURES", supports_async=True, supports_cancel=True,
    honours_idempotency=True, expected_outputs=("pages_found", "link_list", "main_language"),
    outputs=(
        Output(slug="pages_found", label="Pages", type="number", unit="pages"),
        Output(slug="link_list", label="Links", type="list", unit="links"),
        Output(slug="main_language", label="Language", type="text"),
    ),
    warm_up_seconds=0, smoke=ModeSpec(payload={"max_urls": 10}, deadline_seconds=600),
)  # fmt: skip
"""What each of them is asked to deliver: pages_found = 7, link_list = ["/a", "/b"], main_language = "en"."""


class Said(Entry):
    """One HTTP answer. `{base}` in body and headers is the address of the API."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = Field(default_factory=dict)


class Reads(Entry):
    """What Hermes must make of it: verdict, outputs (all three after a success), progress as done and total
    or as percent, words of the failure, and whether the job is cancelled at the API."""

    status: str
    reason: str = ""
    progress: dict[str, Any] = Field(default_factory=dict)
    says: str = ""
    cancel_reaches: str = ""


class Life(Marked):
    """One way a job may go: `plays` names, for each request, the answers in their order; the last again
    and again. What is read (GET) further down is not found before the one above has given its last.
    `cancel_after`: somebody cancels after so many polls."""

    name: str = Field(pattern=r"^[a-z_]{4,40}$")
    plays: dict[str, tuple[str, ...]]
    reads: Reads
    cancel_after: int | None = None


class Shape(Entry):
    """An API that somebody else made. `secret` is the best that a person could write today."""

    title: str
    speaks: Sentence
    source: Source
    secret: dict[str, Any]
    answers: dict[str, Said]
    lives: tuple[Life, ...]


def shapes() -> dict[str, Shape]:
    """Every shape by the name of its file."""
    files = sorted((HERE / "foreign_apis").glob("*.toml"))
    return {file.stem: Shape.model_validate(document(file)) for file in files}


@dataclass
class World:
    """The server: `playing` holds the life that goes on below each base path, `asked` what came."""

    url: str = ""
    playing: dict[str, tuple[Shape, Life]] = field(default_factory=dict[str, tuple[Shape, Life]])
    asked: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    nothing: str = "Not Found"
    """What it says of whatever a life does not know."""

    def play(self, name: str, shape: Shape, life: Life) -> str:
        """Begin a life; its base address."""
        self.playing[name] = shape, life
        return f"{self.url}/{name}"

    def secret(self, name: str, shape: Shape) -> str:
        """The text of the secret that registers it."""
        return json.dumps({"base_url": f"{self.url}/{name}", "api_key": KEY, **shape.secret})

    async def answer(self, request: web.Request) -> web.Response:
        """The next answer of the life; what it does not know is not found."""
        name = request.match_info["name"]
        shape, life = self.playing[name]
        line = f"{request.method} /{request.match_info['path']}"
        said = life.plays.get(line)
        if said is None or not self._reached(name, line, life):
            return web.json_response({"detail": self.nothing}, status=404)
        number = self.asked[name, line]
        self.asked[name, line] += 1
        return self._made(f"{self.url}/{name}", shape.answers[said[min(number, len(said) - 1)]])

    def _reached(self, name: str, line: str, life: Life) -> bool:
        """Whether what is read before has come to its last answer: no result before a job is done."""
        before = list(life.plays)[: list(life.plays).index(line)]
        read = (
            [each for each in before if each.startswith("GET ")] if line.startswith("GET") else []
        )
        return all(self.asked[name, each] >= len(life.plays[each]) for each in read)

    def _made(self, base: str, said: Said) -> web.Response:
        text = said.body.replace("{base}", base)
        headers = {name: text.replace("{base}", base) for name, text in said.headers.items()}
        kind = headers.pop("Content-Type", "application/json")
        answer = web.Response(text=text, status=said.status, headers=headers)
        answer.content_type = kind
        return answer


@asynccontextmanager
async def serving() -> AsyncGenerator[World]:
    """The world on loopback."""
    world, app = World(), web.Application()
    app.router.add_route("*", "/{name}/{path:.*}", world.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    world.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield world
    finally:
        await runner.cleanup()
