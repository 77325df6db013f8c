"""Questions to Google's APIs under one access token."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

import aiohttp
from pydantic import BaseModel, ValidationError

from hermes_fleet.google.key import Key, key_of
from hermes_fleet.google.troubles import Api, refused
from hermes_fleet.google.wire import SECONDS, Wire
from hermes_fleet.providers import Credential
from hermes_worker import WorkerError

SIGN_IN = "Google's sign-in"

S = TypeVar("S", bound=BaseModel)


class Google:
    """One run's way to Google. `roots`: name of an API -> address, where it is not Google's own."""

    def __init__(
        self,
        wire: Wire,
        key: Key,
        roots: Mapping[str, Any],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.wire = wire
        self.key = key
        self._roots = roots
        self._clock = clock
        self._token = ""
        self._signing_in = asyncio.Lock()

    async def read(
        self, shape: type[S], api: Api, path: str, place: str, question: Mapping[str, Any] | None
    ) -> S:
        """The answer to a question (None: a GET). WorkerError tells what went wrong at `place`."""
        url = str(self._roots.get(api.slug) or api.root).rstrip("/") + path
        headers = {"Authorization": f"Bearer {await self._access()}"}
        method = "GET" if question is None else "POST"
        status, body = await self.wire.exchange(
            api.name, method, url, headers=headers, json=question
        )
        if (error := refused(status, body)) is not None:
            raise WorkerError(error.reason, self._hide(error.sentence(api, self.key.who, place)))
        return _shaped(shape, api.name, body)

    async def _access(self) -> str:
        """Asked for once: a run is over long before its token."""
        async with self._signing_in:
            if not self._token:
                form = self.key.grant(self._clock())
                answer = await self.wire.exchange(SIGN_IN, "POST", self.key.token_uri, data=form)
                self._token = self._granted(*answer)
        return self._token

    def _granted(self, status: int, body: bytes) -> str:
        said = _object_in(body)
        token = said.get("access_token")
        if status == 200 and isinstance(token, str) and token:
            return token
        if status == 200:
            raise WorkerError("malformed_reply", f"{SIGN_IN} answered without a token.")
        if status >= 500:
            raise WorkerError(
                "server_error_5xx", f"{SIGN_IN} failed with {status}: run again later."
            )
        if status == 429:
            raise WorkerError("rate_limited", f"{SIGN_IN} asks for fewer requests.")
        words = ": ".join(str(said[n]) for n in ("error", "error_description") if said.get(n))
        cure = "Make a new key or sign in again, and check this machine's clock."
        told = f"Google did not let {self.key.who} in ({words[:200] or status}). {cure}"
        raise WorkerError("auth_401", self._hide(told))

    def _hide(self, said: str) -> str:
        """Whoever answers may repeat what it was sent."""
        for secret in filter(None, (self._token, *self.key.secrets)):
            said = said.replace(secret, "[hidden]")
        return said


@asynccontextmanager
async def signed_in(credential: Credential, seconds: float = SECONDS) -> AsyncGenerator[Google]:
    """Google as this secret opens it; WorkerError `missing_config` when it cannot be read."""
    key, roots = key_of(credential), credential.fields.get("base_urls") or {}
    if not isinstance(roots, Mapping):
        raise WorkerError("missing_config", f"base_urls in {credential.name} is not an object.")
    async with aiohttp.ClientSession(headers={"Accept": "application/json"}) as session:
        yield Google(Wire(session, seconds), key, cast("Mapping[str, Any]", roots))


def _object_in(body: bytes) -> dict[str, Any]:
    try:
        found: Any = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _shaped(shape: type[S], name: str, body: bytes) -> S:
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        page = body.lstrip()[:1] == b"<"
        said = "an HTML page" if page else "something that is not JSON"
        code = "html_app_shell" if page else "not_json"
        raise WorkerError(code, f"{name} answered with {said}.")
    where = ".".join(map(str, first["loc"])) or "the answer"
    raise WorkerError("malformed_reply", f"{name}: {where}: {first['msg']}.")
