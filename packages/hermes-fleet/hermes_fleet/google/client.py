"""Questions to Google's APIs under one access token."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

import aiohttp
from pydantic import BaseModel, ValidationError

from hermes_fleet.google.errors import Api, Refused, refused
from hermes_fleet.google.key import NAME, READING, Access, Key, key_of
from hermes_fleet.http import MIB, Exchange, Limits, Reply, Spent
from hermes_fleet.providers import Credential, credential
from hermes_worker import WorkerError
from hermes_worker.result import Provenance

SIGN_IN = "Google's sign-in"
SECONDS = 30.0

S = TypeVar("S", bound=BaseModel)


class Google:
    """One run's way to Google. `roots`: name of an API -> address, where it is not Google's own."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        limits: Limits,
        key: Key,
        roots: Mapping[str, Any],
        provenance: Provenance,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.spent = Spent()
        self.key = key
        self.provenance: Provenance = provenance
        self._session = session
        self._limits = limits
        self._roots = roots
        self._clock = clock
        self._token = ""
        self._signing_in = asyncio.Lock()

    async def read(
        self, shape: type[S], api: Api, path: str, place: str, question: Mapping[str, Any] | None
    ) -> S:
        """The answer to a question (None: a GET). WorkerError tells what went wrong at `place`."""
        reply = await self.ask(api, path, question)
        if (error := refused(reply)) is not None:
            raise self.refusal(error, api, place)
        return _shaped(shape, api.name, reply.body)

    async def ask(
        self,
        api: Api,
        path: str,
        question: Mapping[str, Any] | None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """The answer, whatever its status; `headers` beside the access token."""
        url = str(self._roots.get(api.slug) or api.root).rstrip("/") + path
        sent = {"Authorization": f"Bearer {await self._access()}", **(headers or {})}
        method = "GET" if question is None else "POST"
        return await self._exchange(api.name).ask(method, url, headers=sent, json=question)

    def refusal(self, error: Refused, api: Api, place: str) -> WorkerError:
        """An error of Google as an error to raise."""
        sentence = error.sentence(api, self.key.who, place)
        return WorkerError(error.reason, self.hide(api.name, sentence))

    def hide(self, name: str, sentence: str) -> str:
        """The sentence without the token and the secrets of the key."""
        return self._exchange(name).hide(sentence)

    def _exchange(self, name: str) -> Exchange:
        hidden = (self._token, *self.key.secrets)
        return Exchange(self._session, name, self._limits, hidden=hidden, spent=self.spent)

    async def _access(self) -> str:
        """Asked for once: a run is over long before its token."""
        async with self._signing_in:
            if not self._token:
                form = self.key.grant(self._clock())
                sign_in = self._exchange(SIGN_IN)
                reply = await sign_in.ask("POST", self.key.token_uri, data=form)
                self._token = self._granted(sign_in, reply)
        return self._token

    def _granted(self, sign_in: Exchange, reply: Reply) -> str:
        status, fields = reply.status, reply.fields
        token = fields.get("access_token")
        if status == 200 and isinstance(token, str) and token:
            return token
        if status == 200:
            raise WorkerError("malformed_reply", f"{SIGN_IN} returned no token.")
        if status >= 500:
            raise WorkerError(
                "server_error_5xx", f"{SIGN_IN} failed with {status}: run again later."
            )
        if status == 429:
            raise WorkerError("rate_limited", f"{SIGN_IN} is limiting requests.")
        words = ": ".join(str(fields[n]) for n in ("error", "error_description") if fields.get(n))
        cure = "Create a new key or sign in again, and check this machine's clock."
        message = f"Google rejected the sign-in of {self.key.who} ({words[:200] or status}). {cure}"
        raise WorkerError("auth_401", sign_in.hide(message))


@asynccontextmanager
async def google_of(site: str) -> AsyncGenerator[Google | None]:
    """Google with the credential of a site; None when nobody stored one. WorkerError `missing_config`."""
    if (secret := credential(NAME, site)) is None:
        yield None
        return
    async with signed_in(secret) as google:
        yield google


@asynccontextmanager
async def signed_in(
    secret: Credential, seconds: float = SECONDS, access: Access = READING
) -> AsyncGenerator[Google]:
    """Google as this secret opens it; WorkerError `missing_config` when it cannot be read."""
    key = key_of(secret, access)
    roots: Any = secret.fields.get("base_urls") or {}
    if not isinstance(roots, Mapping):
        raise WorkerError("missing_config", f"base_urls in {secret.name} is not an object.")
    async with aiohttp.ClientSession(headers={"Accept": "application/json"}) as session:
        limits = Limits(seconds, size=32 * MIB)
        yield Google(session, limits, key, cast("Mapping[str, Any]", roots), secret.provenance)


def _shaped(shape: type[S], name: str, body: bytes) -> S:
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        page = body.lstrip()[:1] == b"<"
        content = "an HTML page" if page else "something that is not JSON"
        code = "html_app_shell" if page else "not_json"
        raise WorkerError(code, f"{name} returned {content}.")
    where = ".".join(map(str, first["loc"])) or "the response"
    raise WorkerError("malformed_reply", f"{name}: {where}: {first['msg']}.")
