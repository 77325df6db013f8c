"""The protocol of search engines, and the error that every one of them raises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from hermes_fleet.http import Spent
from hermes_fleet.searching.results import Locale, ResultPage
from hermes_worker import WorkerError
from hermes_worker.result import Provenance

HOPELESS = frozenset(
    {
        "auth_401",
        "forbidden_403",
        "missing_config",
        "quota_exceeded",
        "rate_limited",
        "wrong_endpoint_404",
        "redirect",
        "html_app_shell",
        "dns",
        "tls",
        "connect_refused",
        "connect_timeout",
    }
)
"""Reasons that the next keyword would meet too."""


class SearchError(WorkerError):
    """Why a search gave no page. `retry_after` in seconds, where the provider names it."""

    def __init__(self, code: str, message: str, retry_after: float | None = None) -> None:
        super().__init__(code, message)
        self.retry_after = retry_after

    @property
    def hopeless(self) -> bool:
        """Whether the next keyword would fail in the same way."""
        return self.code in HOPELESS


@dataclass(frozen=True, slots=True)
class Manners:
    """How an engine wants to be asked: searches at once, and seconds between their starts."""

    at_once: int = 1
    apart: float = 0.0


class Engine(Protocol):
    """A search engine: a provider's API, or our own index of pages that were read."""

    @property
    def name(self) -> str:
        """What stands in every row as its engine."""
        ...

    @property
    def provenance(self) -> Provenance:
        """The provenance of its results, the same for all of them."""
        ...

    @property
    def manners(self) -> Manners:
        """Its limits on parallel and on frequent requests."""
        ...

    @property
    def spent(self) -> Spent:
        """Requests and US dollars so far."""
        ...

    @property
    def scope(self) -> Mapping[str, Any]:
        """What a local index covers, for every row; empty for an engine that covers the web."""
        ...

    @property
    def homes(self) -> Sequence[str]:
        """The sites that it covers; empty for an engine that covers the web."""
        ...

    async def search(self, keyword: str, locale: Locale, depth: int) -> ResultPage:
        """The first `depth` results. SearchError says why there are none to judge."""
        ...


@dataclass(slots=True)
class Answers:
    """A page of results or an error for every keyword."""

    pages: dict[str, ResultPage] = field(default_factory=dict[str, ResultPage])
    failures: dict[str, SearchError] = field(default_factory=dict[str, SearchError])

    @property
    def first_failure(self) -> SearchError | None:
        """The error of the first keyword that has one; None when every keyword has a page."""
        return next(iter(self.failures.values()), None)
