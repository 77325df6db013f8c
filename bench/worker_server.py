"""A worker that costs next to nothing, as a process of its own: answers every start at once.

Below `/SERVICE/` it gives the true answer of that service (tests/world/answers/truths.toml), of today.
"""

import asyncio
import json
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

TRUTHS = Path(__file__).parent.parent / "tests" / "world" / "answers" / "truths.toml"
WRITTEN = "2026-11-21T"
"""The day of the truths."""


def answer(outputs: dict[str, Any]) -> bytes:
    """A finished answer with these outputs, as it goes over the wire."""
    body = json.dumps({"status": "completed", "result": {"outputs": outputs}}).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


PLAIN = answer({"job_status": {"done": 1}, "run_history": [], "error_rates": {}})


def truths() -> dict[bytes, bytes]:
    """Answers by the first step of their path."""
    now = datetime.now(UTC)
    text = TRUTHS.read_text("utf-8").replace(f"{WRITTEN}08:59", now.strftime("%Y-%m-%dT%H:%M"))
    told = tomllib.loads(text)
    return {slug.encode(): answer(json.loads(outputs)) for slug, outputs in told.items()}


ANSWERS = truths()


class Worker(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, just enough for small requests with a Content-Length."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.buffer) < end + 4 + length:
                return
            self.buffer = self.buffer[end + 4 + length :]
            self.transport.write(ANSWERS.get(head[:80].split(b"/", 2)[1], PLAIN))


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Worker, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)  # until whoever started us closes our input


if __name__ == "__main__":
    import uvloop

    uvloop.run(main())
