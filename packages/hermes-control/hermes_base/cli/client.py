"""The command line's way to a running Hermes: its API, with the local token found by itself."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from hermes_base.problems import Problem, RelayedProblem
from hermes_base.settings import Settings


class Api:
    """The JSON API of a running Hermes. Problems come back as `Problem`."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def get(self, path: str, **query: Any) -> Any:
        """GET; parameters that are None are left out."""
        return await self._ask(
            "GET", path, params={k: str(v) for k, v in query.items() if v is not None}
        )

    async def post(self, path: str, body: Any = None) -> Any:
        """POST a JSON body."""
        return await self._ask("POST", path, json=body)

    async def send(self, method: str, path: str, body: Any = None) -> Any:
        """PATCH or DELETE, with a JSON body if there is one; None where the answer is empty."""
        return await self._ask(method, path, json=body)

    async def _ask(self, method: str, path: str, **how: Any) -> Any:
        try:
            async with self._session.request(method, path, **how) as response:
                answer = await response.json(content_type=None)
                if response.status >= 400:
                    raise _problem(response.status, answer)
                return answer
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            hint = "Start it with: hermes up (or set HERMES_URL to where it runs)."
            message = f"Hermes does not answer: {type(error).__name__}."
            raise Problem("hermes_unreachable", message, hint) from None


def _problem(status: int, answer: Any) -> Problem:
    fields: dict[str, Any] = answer if isinstance(answer, dict) else {}
    return RelayedProblem(
        fields.get("code", f"http_{status}"),
        fields.get("message", f"Hermes answered {status}."),
        fields.get("hint", "See the Hermes log."),
        field=fields.get("field"),
        details=fields.get("details"),
    )


@asynccontextmanager
async def api(settings: Settings) -> AsyncGenerator[Api]:
    """Connect to HERMES_URL, else to the address that the running server left in its home."""
    headers = {"Authorization": f"Bearer {token_of(settings)}"}
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(
        address_of(settings), headers=headers, timeout=timeout
    ) as session:
        yield Api(session)


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
        message = f"The API token is not at {settings.token_file}: {error.strerror}."
        hint = "Start Hermes on this machine with: hermes up, or set HERMES_TOKEN and HERMES_URL."
        raise Problem("token_missing", message, hint) from None


async def find_site(connection: Api, wanted: str | None) -> dict[str, Any]:
    """A site by id, name or address; without a name the only one. Raises `site_id_missing`."""
    sites: list[dict[str, Any]] = await connection.get("/api/sites")
    if wanted is None:
        if len(sites) == 1:
            return sites[0]
        names = ", ".join(site["name"] for site in sites) or "none yet: add one on the page Sites"
        raise Problem(
            "site_id_missing", "Which site? Use --site.", f"Sites: {names}.", field="site"
        )
    asked = wanted.strip().rstrip("/").lower()
    for site in sites:
        if asked in (site["id"], site["name"].lower(), site["baseUrl"].lower()):
            return site
    names = ", ".join(site["name"] for site in sites) or "none"
    raise Problem("unknown_site", f"There is no site {wanted!r}.", f"Sites: {names}.", field="site")
