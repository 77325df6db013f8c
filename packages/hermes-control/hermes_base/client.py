"""The client of Hermes' own JSON API, for the command line and for `hermes verify`."""

import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast
from urllib.parse import urlencode

import orjson

from hermes_base.http.answers import Answer
from hermes_base.http.client import Client
from hermes_base.problems import Problem, RelayedProblem
from hermes_base.reasons import Failure
from hermes_base.settings import Settings

SECONDS = 30.0
MAX_BODY = 512 * 1024 * 1024  # a list of runs carries all their outputs; Hermes is trusted with it
UNREACHABLE = "Start it with: hermes up. If it runs elsewhere, set HERMES_URL."


class HermesApi:
    """One Hermes, at a base URL, with a token (sent as Bearer).

    `get`, `post` and `send` return the JSON of the answer and raise `Problem` for everything else;
    `exchange` returns what came back as a value. `seconds` limits each request as a whole.
    """

    def __init__(self, http: Client, url: str, token: str, seconds: float = SECONDS) -> None:
        self.url = url.rstrip("/")
        self._http = http
        self._token = token
        self._seconds = seconds

    async def get(self, path: str, **query: Any) -> Any:
        """GET; parameters that are None are left out."""
        given = {name: str(value) for name, value in query.items() if value is not None}
        return await self.send("GET", f"{path}?{urlencode(given)}" if given else path)

    async def post(self, path: str, body: Any = None) -> Any:
        """POST a JSON body."""
        return await self.send("POST", path, body)

    async def send(self, method: str, path: str, body: Any = None) -> Any:
        """Any method, with a JSON body if there is one; None where the answer is empty.

        Raises the `Problem` that Hermes answered, `http_<status>` where the answer names none, and
        `hermes_unreachable` where nothing came back or something else than JSON.
        """
        return read_json(await self.exchange(method, path, body))

    async def exchange(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer | Failure:
        """One request as a value: an answer of any status, or why there is none.

        `headers` stand instead of the sign-in.
        """
        sent = sign_in(self._token) if headers is None else headers
        return await self._http.ask(method, self.url + path, sent, body, seconds=self._seconds)


def sign_in(token: str) -> dict[str, str]:
    """The headers by which a program signs in."""
    return {"Authorization": f"Bearer {token}"}


def read_json(answer: Answer | Failure) -> Any:
    """The JSON of a good answer, None where it is empty. Raises what `HermesApi.send` raises."""
    if isinstance(answer, Failure):
        raise Problem(
            "hermes_unreachable", f"Hermes does not respond: {answer.detail}", UNREACHABLE
        )
    try:
        found = orjson.loads(answer.body) if answer.body.strip() else None
    except ValueError:
        message = f"Hermes does not respond: {answer.url} did not return JSON."
        raise Problem("hermes_unreachable", message, UNREACHABLE) from None
    if answer.status >= 300:  # a redirect is not followed: it would carry the token elsewhere
        raise _problem(answer.status, found)
    return found


def _problem(status: int, answer: object) -> Problem:
    fields = cast("dict[str, Any]", answer) if isinstance(answer, dict) else {}
    return RelayedProblem(
        fields.get("code", f"http_{status}"),
        fields.get("message", f"Hermes returned status {status}."),
        fields.get("hint", "Check the Hermes log."),
        field=fields.get("field"),
        details=fields.get("details"),
    )


@asynccontextmanager
async def hermes_api(settings: Settings) -> AsyncGenerator[HermesApi]:
    """The Hermes of HERMES_URL, else of this machine. Raises `token_missing`."""
    url, token = address_of(settings), token_of(settings)
    async with Client(connect_seconds=SECONDS, max_body=MAX_BODY) as http:
        yield HermesApi(http, url, token)


def address_of(settings: Settings) -> str:
    """HERMES_URL, else the address that the running server left in its home, else the settings'."""
    url = os.environ.get("HERMES_URL", "").rstrip("/")
    if url:
        return url
    try:
        return settings.address_file.read_text("utf-8").strip()
    except OSError:
        return f"http://{settings.host}:{settings.port}"


def token_of(settings: Settings) -> str:
    """HERMES_TOKEN, else this machine's own. Raises `token_missing`."""
    given = os.environ.get("HERMES_TOKEN", "")
    if given:
        return given
    try:
        return settings.token_file.read_text("utf-8").strip()
    except OSError as error:
        message = f"The API token cannot be read from {settings.token_file}: {error.strerror}."
        hint = "Start Hermes on this machine with: hermes up. To use another server, set HERMES_URL and HERMES_TOKEN."
        raise Problem("token_missing", message, hint) from None
