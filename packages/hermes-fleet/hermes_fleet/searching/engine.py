"""An engine that can be searched, what it used, and the trouble that stood in its way."""

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


class SearchTrouble(WorkerError):
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
    """Anything that can be searched."""

    @property
    def name(self) -> str:
        """What stands in every row as its engine."""
        ...

    @property
    def provenance(self) -> Provenance:
        """What its results are worth."""
        ...

    @property
    def manners(self) -> Manners:
        """How it wants to be asked."""
        ...

    @property
    def spent(self) -> Spent:
        """What it used so far."""
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
        """The first `depth` results. SearchTrouble says why there are none to judge."""
        ...


@dataclass(slots=True)
class Answers:
    """What became of every keyword."""

    pages: dict[str, ResultPage] = field(default_factory=dict[str, ResultPage])
    troubles: dict[str, SearchTrouble] = field(default_factory=dict[str, SearchTrouble])

    @property
    def first_trouble(self) -> SearchTrouble | None:
        """The trouble of the first keyword that has one."""
        return next(iter(self.troubles.values()), None)
