"""Client of Hermes' own API. Every failure is a WorkerError with a reason of Hermes' list."""

import logging
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import aiohttp
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from hermes_fleet.http import Exchange, Limits, Reply
from hermes_worker import WorkerError

URL = "HERMES_URL"
TOKEN_FILE = "HERMES_TOKEN_FILE"  # noqa: S105 - the name of a variable that names a file
LIMITS = Limits(seconds=10.0)
ANSWER_WITHIN = LIMITS.seconds + 1  # a silent Hermes ends as a failure, not as a job to poll
REASONS = {
    401: "auth_401",
    403: "forbidden_403",
    404: "wrong_endpoint_404",
    405: "wrong_endpoint_404",
    429: "rate_limited",
}


class ApiModel(BaseModel):
    """Base of answers: camelCase in JSON, snake_case (as the outputs' slugs) in Python."""

    model_config = ConfigDict(alias_generator=to_camel, strict=True)


class EarlierRun(ApiModel):
    """One earlier run: values and provenance by output slug, artifacts by name."""

    run_id: str
    run_type: str
    status: str
    finished_at: datetime
    outputs: dict[str, Any]
    provenance: dict[str, str]
    artifacts: dict[str, Any]


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
        return f"{URL} is not a plain http(s) address. Remove any user, query or fragment."
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
        return f"The file set in {TOKEN_FILE} cannot be read: {error.strerror}."
    except ValueError:
        return f"The file set in {TOKEN_FILE} contains no token."
    return ""


async def get(shape: type[T], path: str, query: Mapping[str, str] | None = None) -> T:
    """The answer to a GET, validated as `shape`, which may be a model or a list of models."""
    exchange, reply = await _request("GET", path, params=query)
    if reply.is_html:
        raise exchange.failure("html_app_shell", "it returned an HTML page instead of data")
    try:
        return TypeAdapter(shape).validate_json(reply.body)
    except ValidationError as error:
        raise exchange.failure(*misfit(error)) from None


async def send(path: str, body: Any = None, *, method: str = "POST", key: str = "") -> bytes:
    """Change something, at most once for one idempotency `key`; the body of the answer."""
    headers = {"Idempotency-Key": key} if key else {}
    _, reply = await _request(method, path, json=body, headers=headers)
    return reply.body


async def earlier_runs(
    service: str, site_id: str | None, run_type: str = "", limit: int = 20
) -> list[EarlierRun] | None:
    """What the newest runs of a service delivered for this site, newest first.

    None where it cannot be known: the run names no site, or Hermes is not to be asked from here.
    """
    if site_id is None or not_ready():
        return None
    query = {"limit": str(limit)} | ({"runType": run_type} if run_type else {})
    try:
        return await get(
            list[EarlierRun], f"/api/sites/{site_id}/services/{service}/outputs", query
        )
    except WorkerError as error:
        log.warning("earlier runs of %s cannot be read: %s", service, error.message)
        return None


async def _request(
    method: str, path: str, headers: Mapping[str, str] | None = None, **options: Any
) -> tuple[Exchange, Reply]:
    """A reply of status 2xx. WorkerError for others, and `missing_config` with what to set."""
    if faults := not_ready():
        raise WorkerError("missing_config", " ".join(faults.values()))
    url, secret = address() + path, token()
    sent = {"Authorization": f"Bearer {secret}", "Accept": "application/json", **(headers or {})}
    async with aiohttp.ClientSession() as session:
        exchange = Exchange(session, url, LIMITS, hidden=[secret], redirect="redirect")
        reply = await exchange.ask(method, url, headers=sent, **options)
    if not 200 <= reply.status < 300:
        raise exchange.failure(*refusal(reply))
    return exchange, reply


def refusal(reply: Reply) -> tuple[str, str]:
    """(reason, words) of a status that is no success, with the message of a problem document."""
    other = "server_error_5xx" if reply.status >= 500 else "worker_failed"
    message = str(reply.fields.get("message") or "")
    return REASONS.get(reply.status, other), f"{reply.status}: {message}".rstrip(": ")


def misfit(error: ValidationError) -> tuple[str, str]:
    """(reason, words) of a body that is not the JSON that was asked for."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return "not_json", "the response is not JSON"
    where = ".".join(map(str, first["loc"])) or "the answer"
    return "malformed_reply", f"{where}: {first['msg']}"
