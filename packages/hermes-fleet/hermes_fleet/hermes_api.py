"""What Hermes knows, asked over its API. Every failure is a WorkerError with a reason of Hermes' own list."""

import json
import logging
import os
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import aiohttp
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from hermes_worker import WorkerError

URL = "HERMES_URL"
TOKEN_FILE = "HERMES_TOKEN_FILE"  # noqa: S105 - the name of a variable that names a file
SECONDS = 10.0
ANSWER_WITHIN = SECONDS + 1  # a silent Hermes ends as a failure, not as a job to poll
LARGEST_ANSWER = 8 * 1024 * 1024

REASONS = {
    401: "auth_401",
    403: "forbidden_403",
    404: "wrong_endpoint_404",
    405: "wrong_endpoint_404",
    429: "rate_limited",
}
TROUBLES: tuple[tuple[tuple[type[Exception], ...], str, str], ...] = (
    ((aiohttp.ClientConnectorDNSError,), "dns", "the host name does not resolve"),
    ((aiohttp.ClientSSLError, ssl.SSLError), "tls", "no trusted TLS connection"),
    ((aiohttp.ConnectionTimeoutError,), "connect_timeout", "no connection in time"),
    ((TimeoutError,), "read_timeout", f"no full answer within {SECONDS:g} s"),
    ((aiohttp.ClientPayloadError,), "malformed_reply", "the answer broke off"),
    ((OSError, aiohttp.ServerDisconnectedError), "connect_refused", "nothing answers there"),
    ((aiohttp.ClientError, ValueError), "malformed_reply", "what answers there is not HTTP"),
)
"""The first line that fits an exception tells its reason."""


class Figures(BaseModel):
    """The shape of an answer: names in camelCase on the wire, as the outputs' slugs here."""

    model_config = ConfigDict(alias_generator=to_camel, strict=True)


class Earlier(Figures):
    """One earlier run: values and provenance by output slug, artifacts by name."""

    run_id: str
    run_type: str
    status: str
    finished_at: datetime
    outputs: dict[str, Any]
    provenance: dict[str, str]
    artifacts: dict[str, Any]


F = TypeVar("F", bound=Figures)
T = TypeVar("T")
log = logging.getLogger("hermes_fleet")


def not_ready() -> dict[str, str]:
    """Which setting is not usable, and why; nothing is asked over the network."""
    found = {"hermes_url": address_fault(address()), "hermes_token_file": token_fault()}
    return {name: fault for name, fault in found.items() if fault}


def address() -> str:
    return os.environ.get(URL, "").strip().rstrip("/")


def address_fault(url: str) -> str:
    """Empty when usable. The value is never repeated: it may hold a password."""
    if not url:
        return f"Set {URL} to the address of Hermes, for example http://127.0.0.1:8400."
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or set("@?#").intersection(url):
        return f"{URL} is no plain http(s) address: no user, no question mark, no fragment."
    return ""


def token() -> str:
    """OSError or ValueError when there is none."""
    text = Path(os.environ[TOKEN_FILE]).read_text("utf-8").strip()
    if not text.isascii() or not text.isprintable() or not text:
        raise ValueError("holds no token")
    return text


def token_fault() -> str:
    if not os.environ.get(TOKEN_FILE):
        return f"Set {TOKEN_FILE} to the path of a file that holds the API token of Hermes."
    try:
        token()
    except OSError as error:
        return f"The file that {TOKEN_FILE} names cannot be read: {error.strerror}."
    except ValueError:
        return f"The file that {TOKEN_FILE} names holds no token."
    return ""


@dataclass(frozen=True, slots=True)
class Question:
    """One request; a redirect is not followed, since it would carry the token elsewhere."""

    url: str
    token: str = field(repr=False)
    query: dict[str, str]
    method: str = "GET"
    body: Any = None
    key: str = ""

    @classmethod
    def about(
        cls, path: str, query: dict[str, str], method: str = "GET", body: Any = None, key: str = ""
    ) -> Self:
        """WorkerError `missing_config` names every setting that is not usable."""
        if faults := not_ready():
            raise WorkerError("missing_config", " ".join(faults.values()))
        return cls(address() + path, token(), query, method, body, key)

    async def ask(self) -> tuple[aiohttp.ClientResponse, bytes]:
        """The answer, whatever its status, and its body."""
        limits = aiohttp.ClientTimeout(total=SECONDS, sock_connect=SECONDS / 2)
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        headers |= {"Idempotency-Key": self.key} if self.key else {}
        try:
            async with (
                aiohttp.ClientSession(timeout=limits, headers=headers) as session,
                session.request(
                    self.method, self.url, params=self.query, json=self.body, allow_redirects=False
                ) as response,
            ):
                return response, await self._body(response)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            trouble = next(pair for kinds, *pair in TROUBLES if isinstance(error, kinds))
            raise self.failure(*trouble) from None

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_chunked(64 * 1024):
            body += chunk
            if len(body) > LARGEST_ANSWER:
                raise self.failure("reply_too_large", "the answer is larger than 8 MiB")
        return bytes(body)

    def failure(self, code: str, said: str) -> WorkerError:
        """Hermes may repeat what it was sent, so the token is taken out of its words."""
        return WorkerError(code, f"{self.url}: {said.replace(self.token, '[hidden]')}.")


async def read(shape: type[F], path: str, hours: float, limit: int, site_id: str | None) -> F:
    """The figures of the last `hours`, lists of at most `limit`, of one site or (None) of all."""
    of_site = {"site_id": site_id} if site_id else {}
    return await _read(
        TypeAdapter(shape), path, {"hours": str(hours), "limit": str(limit), **of_site}
    )


async def ask(shape: type[F], path: str, query: dict[str, str]) -> F:
    """What Hermes answers to one question."""
    return await _read(TypeAdapter(shape), path, query)


async def tell(path: str, body: Any = None, *, method: str = "POST", key: str = "") -> bytes:
    """Have Hermes do something, of one `key` once; the body of its answer."""
    question = Question.about(path, {}, method, body, key)
    response, said = await question.ask()
    if not 200 <= response.status < 300:
        raise question.failure(*refusal(response.status, said))
    return said


async def earlier(
    service: str, site_id: str | None, run_type: str = "", limit: int = 20
) -> list[Earlier] | None:
    """What the newest runs of a service delivered for this site, newest first.

    None where it cannot be known: the run names no site, or Hermes is not to be asked from here.
    """
    if site_id is None or not_ready():
        return None
    query = {"limit": str(limit)} | ({"runType": run_type} if run_type else {})
    path = f"/api/sites/{site_id}/services/{service}/outputs"
    try:
        return await _read(TypeAdapter(list[Earlier]), path, query)
    except WorkerError as error:
        log.warning("earlier runs of %s cannot be read: %s", service, error.message)
        return None


async def _read(shape: TypeAdapter[T], path: str, query: dict[str, str]) -> T:
    question = Question.about(path, query)
    response, body = await question.ask()
    if response.status != 200:
        raise question.failure(*refusal(response.status, body))
    if response.content_type == "text/html":
        raise question.failure("html_app_shell", "an HTML page came back instead of figures")
    try:
        return shape.validate_json(body)
    except ValidationError as error:
        raise question.failure(*misfit(error)) from None


def refusal(status: int, body: bytes) -> tuple[str, str]:
    """(reason, words) of a status other than 200."""
    if 300 <= status < 400:
        return "redirect", f"{status}, a redirect, which is not followed"
    other = "server_error_5xx" if status >= 500 else "worker_failed"
    return REASONS.get(status, other), ": ".join(filter(None, [str(status), message_in(body)]))


def message_in(body: bytes) -> str:
    """The message of a problem document, without its full stop; empty when there is none."""
    try:
        problem: Any = json.loads(body)
        return str(problem["message"]).rstrip(".")
    except (ValueError, RecursionError, LookupError, TypeError):
        return ""


def misfit(error: ValidationError) -> tuple[str, str]:
    """(reason, words) of a body that is not the JSON that was asked for."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return "not_json", "the answer is not JSON"
    where = ".".join(map(str, first["loc"])) or "the answer"
    return "malformed_reply", f"{where}: {first['msg']}"
