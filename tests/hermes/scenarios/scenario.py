"""A scenario: the answers that a worker plays, and the verdict that it must get."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.hermes.scenarios.scripted_worker import Reset, Script, Scripts

KEY = "scenario-key-0123456789abcdef"
OUTPUTS = ("pages_found", "link_list", "main_language")

RESPONSE = 2.0  # s for one answer to a start, as the catalog of the scenarios says
DEADLINE = 8.0  # s for a whole run
HEALTH = 10.0  # s that Hermes waits for a health answer
CONNECT = 15.0  # s that the client takes to connect: a handshake of a crowded machine is no silence
LONG = 600.0  # s; the limit of all whose verdict is another than that time ran out

Limit = Literal["response", "deadline", "connect", "health"]

Home = Literal[
    "http", "tls", "tls_unknown_ca", "tls_expired", "tls_wrong_host", "tls_to_plain", "closed",
    "no_such_host", "silent_tls",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scenario:
    """A worker as data. `runs_out`: the limit that its verdict waits for, which alone is short;
    `not_before`: seconds that the contract makes it wait; `starts`: start requests it may see;
    `trouble`: what was the matter when time ran out; `values`: what is stored of its outputs."""

    name: str
    status: str
    reason: str | None
    plays: Scripts
    runs_out: Limit | None = None
    not_before: float = 0.0
    starts: int = 1
    actual: tuple[str, ...] = ()
    trouble: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    run_type: Literal["smoke", "connection"] = "smoke"
    home: Home = "http"
    idempotent: bool = False
    warm_up: float = 0.0
    most_items: int | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The promised outputs that do not arrive; a connection test promises none."""
        return tuple(o for o in OUTPUTS if o not in self.actual) if self.is_smoke else ()

    @property
    def response_seconds(self) -> float:
        """The limit of one answer to a start."""
        return RESPONSE if self.runs_out == "response" else LONG

    @property
    def deadline_seconds(self) -> float:
        """The limit of the whole run."""
        return DEADLINE if self.runs_out == "deadline" else LONG

    @property
    def is_smoke(self) -> bool:
        """Whether it is asked to work; the others are only asked how they are."""
        return self.run_type == "smoke"


def http(body: bytes, status: int = 200, *headers: str, kind: str = "application/json") -> Script:
    """A whole answer, correctly framed."""
    lines = [
        f"HTTP/1.1 {status} Said",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *headers,
    ]
    return ("\r\n".join(lines).encode() + b"\r\n\r\n" + body,)


def say(fields: Any, status: int = 200, *headers: str) -> Script:
    """A JSON answer."""
    return http(json.dumps(fields).encode(), status, *headers)


def head(*headers: str) -> bytes:
    """The beginning of a JSON answer, with the framing that these headers promise."""
    lines = ["HTTP/1.1 200 OK", "Content-Type: application/json", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


VALUES: dict[str, Any] = {"pages_found": 7, "link_list": ["/a", "/b"], "main_language": "en"}
DONE: dict[str, Any] = {"status": "completed", "result": {"outputs": VALUES}}
RESULT = say(DONE)
ACCEPTED = say({"jobId": "job-1", "status": "queued"}, 202)
RUNNING = say({"jobId": "job-1", "status": "running"})
FINISHED = say({"jobId": "job-1", **DONE})
RESET: Script = (Reset(),)


def job(*polls: Script, start: Script = ACCEPTED, **elsewhere: Script) -> Scripts:
    """A worker that takes a job and answers these polls; the last again and again."""
    others = {f"/{path}": (script,) for path, script in elsewhere.items()}
    return {"/start": (start,), "/status": polls, **others}


def at_start(*answers: Script) -> Scripts:
    """A worker that answers the start with these; the last again and again."""
    return {"/start": answers}
