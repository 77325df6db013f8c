"""Where pull requests are made: GitHub and GitLab over their REST APIs, told apart by the site's setting."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Literal, TypeAlias
from urllib.parse import quote, urlsplit

import aiohttp

from hermes_fleet.http import Exchange, Limits, Reply
from hermes_fleet.providers import Credential, credential, missing
from hermes_fleet.site_executor.repository import Remote
from hermes_worker import WorkerError
from hermes_worker.result import Provenance

State: TypeAlias = Literal["open", "merged", "closed"]
REASONS = {401: "auth_401", 403: "forbidden_403", 404: "wrong_endpoint_404", 429: "rate_limited"}
WORDS = {
    401: "The token was refused: create a new one and store it again.",
    403: "The token may not do this: give it write access to contents and pull requests of this one repository.",
    404: "There is no such repository, or the token may not see it.",
    429: "Requests are being limited. Run again later.",
}


@dataclass(frozen=True, slots=True)
class Flavour:
    """What differs between the two hosts. `paths` may name {repository}, {number} and {branch}."""

    name: str
    secret: str
    host: str
    root: str
    repository: str
    requests: str
    branch: str
    user: str
    clone: str

    def headers(self, token: str) -> dict[str, str]:
        if self.name == "GitHub":
            return {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json",
                    "X-GitHub-Api-Version": "2022-11-28"}  # fmt: skip
        return {"PRIVATE-TOKEN": token}


GITHUB = Flavour(
    "GitHub", "HERMES_PROVIDER_GITHUB", "github.com", "https://api.github.com",
    "/repos/{repository}", "/repos/{repository}/pulls", "/repos/{repository}/git/refs/heads/{branch}",
    "x-access-token", "clone_url",
)  # fmt: skip
GITLAB = Flavour(
    "GitLab", "HERMES_PROVIDER_GITLAB", "gitlab.com", "https://gitlab.com",
    "/api/v4/projects/{repository}", "/api/v4/projects/{repository}/merge_requests",
    "/api/v4/projects/{repository}/repository/branches/{branch}", "oauth2", "http_url_to_repo",
)  # fmt: skip
FLAVOURS = (GITHUB, GITLAB)
WHAT = "a token that may open pull requests in the site's repository and nothing else (token)"


@dataclass(frozen=True, slots=True)
class Request:
    """A pull request (GitHub) or merge request (GitLab)."""

    number: int
    url: str
    state: State


class Host:
    """One repository at one host."""

    def __init__(
        self, flavour: Flavour, secret: Credential, repository: str, session: aiohttp.ClientSession
    ) -> None:
        self.flavour, self.repository = flavour, repository
        self.provenance: Provenance = secret.provenance
        self._root = secret.base_url or flavour.root
        self._token = secret.require("token")
        self._exchange = Exchange(session, flavour.name, Limits(30.0), hidden=[self._token])

    async def facts(self) -> tuple[Remote, str]:
        """How git reaches the repository, and its default branch."""
        fields = await self._ask("GET", self._path(self.flavour.repository))
        address, branch = (
            str(fields.get(self.flavour.clone) or ""),
            str(fields.get("default_branch") or ""),
        )
        here = is_here(self._root)
        if not branch or not (address.startswith("https://") or here):
            raise self._exchange.failure(
                "malformed_reply", "it names no default branch or no https address"
            )
        return Remote(address, self.flavour.user, self._token, here), branch

    async def open(self, branch: str, onto: str, title: str, body: str) -> Request:
        """Ask for a branch to be merged."""
        asked = (
            {"title": title, "head": branch, "base": onto, "body": body}
            if self.flavour is GITHUB
            else {
                "title": title,
                "source_branch": branch,
                "target_branch": onto,
                "description": body,
            }
        )
        return self._request(await self._ask("POST", self._path(self.flavour.requests), asked))

    async def find(self, number: int) -> Request:
        """A request as it stands now."""
        return self._request(
            await self._ask("GET", f"{self._path(self.flavour.requests)}/{number}")
        )

    async def close(self, number: int) -> Request:
        """Close it without merging."""
        github = self.flavour is GITHUB
        method, asked = (
            ("PATCH", {"state": "closed"}) if github else ("PUT", {"state_event": "close"})
        )
        path = f"{self._path(self.flavour.requests)}/{number}"
        return self._request(await self._ask(method, path, asked))

    async def drop(self, branch: str) -> None:
        """Take a branch of ours away; one that is gone already is no trouble."""
        path = self._path(self.flavour.branch, branch)
        reply = await self._exchange.ask(
            "DELETE", self._root + path, headers=self.flavour.headers(self._token)
        )
        if reply.status not in (204, 404, 422):
            raise self._refused(reply)

    def _path(self, form: str, branch: str = "") -> str:
        github = self.flavour is GITHUB
        repository = quote(self.repository, safe="/" if github else "")
        return form.format(repository=repository, branch=quote(branch, safe="/" if github else ""))

    async def _ask(
        self, method: str, path: str, asked: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        headers = self.flavour.headers(self._token)
        reply = await self._exchange.ask(method, self._root + path, json=asked, headers=headers)
        if reply.status not in (200, 201):
            raise self._refused(reply)
        if not reply.fields:
            reason = "html_app_shell" if reply.is_html else "not_json"
            raise self._exchange.failure(reason, "the answer is not JSON")
        return reply.fields

    def _refused(self, reply: Reply) -> WorkerError:
        said = str(reply.fields.get("message") or reply.fields.get("error") or "")
        limited = reply.status == 403 and ("rate limit" in said.lower() or reply.headers.get("X-RateLimit-Remaining") == "0")  # fmt: skip
        status = 429 if limited else reply.status
        other = "server_error_5xx" if status >= 500 else "worker_failed"
        return self._exchange.failure(
            REASONS.get(status, other), f"{reply.status}: {said} {WORDS.get(status, '')}"
        )

    def _request(self, fields: dict[str, Any]) -> Request:
        number = fields.get("number" if self.flavour is GITHUB else "iid")
        url = fields.get("html_url" if self.flavour is GITHUB else "web_url")
        if not isinstance(number, int) or not isinstance(url, str):
            raise self._exchange.failure(
                "malformed_reply", "the request has no number or no address"
            )
        state = (
            "merged"
            if fields.get("merged_at")
            else "open"
            if str(fields.get("state")).startswith("open")
            else "closed"
        )
        return Request(number, url, state)


@asynccontextmanager
async def host_of(site: str, repository: str, *, smoke: bool) -> AsyncGenerator[Host]:
    """The host of a site's repository; in a smoke test the repository that the secret names for it.

    WorkerError `missing_config` says what to set.
    """
    flavour, secret, name = _opened(site, repository)
    if smoke and not (name := secret.text("smoke_repository").strip("/")):
        message = (
            f"A smoke test proposes a change to a repository of its own and closes it. Make one for it and name"
            f" it as smoke_repository (owner/name) in the secret {secret.name}."
        )
        raise WorkerError("missing_config", message)
    async with aiohttp.ClientSession() as session:
        yield Host(flavour, secret, name, session)


def _opened(site: str, repository: str) -> tuple[Flavour, Credential, str]:
    parts = urlsplit(repository)
    name = parts.path.strip("/").removesuffix(".git")
    if not repository.strip():
        message = "The site's repository is not set: enter its address, for example https://github.com/owner/name."
        raise WorkerError("missing_config", message)
    for flavour in FLAVOURS:
        secret = credential(flavour.secret, site)
        host = (secret.text("host") if secret else "") or flavour.host
        if parts.netloc.lower() == host.lower():
            if secret is None:
                gap = missing(flavour.secret, WHAT)
                raise WorkerError(gap.reason, gap.message)
            return flavour, secret, name
    known = " and ".join(f"{each.host} ({each.secret})" for each in FLAVOURS)
    message = f"No secret is for {parts.netloc or repository[:60]!r}. Known are {known}; `host` in a secret names another server."
    raise WorkerError("missing_config", message)


def is_here(address: str) -> bool:
    """Whether an address is one of this machine."""
    try:
        return ip_address(urlsplit(address).hostname or "").is_loopback
    except ValueError:
        return False
