"""One resolver for every path: the first source that holds a secret decides."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import orjson

from hermes.core.catalog import Catalog, Service
from hermes.core.dialects.library import Dialects, UnknownDialect
from hermes.core.runs.selection import Configs
from hermes.core.secrets import Form, form_of
from hermes.core.worker_config import WorkerConfig, parse
from hermes.vault.bitwarden.source import Bitwarden, VaultStatus
from hermes.vault.sources import Source
from hermes_base.reasons import Failure, Reason

_parsed = lru_cache(maxsize=512)(parse)


class Vault:
    """Answers where a worker is and with which key, from the first source that knows. `dialects`: those that the
    installation knows now."""

    def __init__(
        self, sources: Sequence[Source], dialects: Callable[[], Dialects] = Dialects
    ) -> None:
        self.sources = tuple(sources)
        self.dialects = dialects

    def worker(self, service: Service) -> WorkerConfig | Failure:
        """The configuration of a service's worker; `missing_secret` or `secret_malformed`."""
        found = self._find(service.secret, service.slug)
        config = found if isinstance(found, Failure) else _parsed(*found)
        if isinstance(config, Failure) or not (config.told or service.dialect):
            return config
        return self._speaking(service, config)

    def _speaking(self, service: Service, config: WorkerConfig) -> WorkerConfig | Failure:
        """The configuration with the dialect that it or the catalog names."""
        try:
            told = orjson.loads(config.told) if config.told else ""
            spoken = self.dialects().spoken(service.dialect, told)
        except UnknownDialect as error:
            return Failure(Reason.SECRET_MALFORMED, f"The secret from {config.source} {error}")
        if spoken is None:
            return config
        return replace(config, dialect=spoken[0], values=spoken[1])

    def source_of(self, secret: str) -> str | Failure:
        """The name of the source that holds a secret; `missing_secret` or `secret_malformed`."""
        found = self._find(secret, secret)
        return found if isinstance(found, Failure) else found[1]

    def form(self, secret: str, slug: str) -> tuple[Form, str] | Failure:
        """What may be told of a secret, and the name of its source; `missing_secret`, `secret_malformed`."""
        found = self._find(secret, slug)
        return found if isinstance(found, Failure) else (form_of(found[0]), found[1])

    def text(self, secret: str) -> str | None:
        """The text of a secret for a process that Hermes starts; None where it is missing or unreadable."""
        found = self._find(secret, secret)
        return None if isinstance(found, Failure) else found[0]

    def status(self) -> VaultStatus | None:
        """How Bitwarden stands; None where it is not set. Where it was never read it is read: in a thread."""
        return self._bitwarden.status() if self._bitwarden else None

    def refresh(self) -> VaultStatus | None:
        """Read Bitwarden now, past what is in memory: in a thread. The other sources are always read."""
        return self._bitwarden.refresh() if self._bitwarden else None

    @property
    def _bitwarden(self) -> Bitwarden | None:
        return next((each for each in self.sources if isinstance(each, Bitwarden)), None)

    def _find(self, secret: str, slug: str) -> tuple[str, str] | Failure:
        """(text, name of its source), from the first source that has it."""
        for source in self.sources:
            try:
                text = source.text(secret, slug)
            except (OSError, ValueError, KeyError, TypeError) as error:
                why = getattr(error, "strerror", None) or "not readable text"
                return Failure(Reason.SECRET_MALFORMED, f"{source.name} cannot be read: {why}.")
            if text is not None:
                return text, source.name
        return Failure(Reason.MISSING_SECRET, f"{secret} was not found in: {self.names}.")

    def workers(self, catalog: Catalog) -> Configs:
        """The configuration of every worker service of the catalog."""
        return {service.slug: self.worker(service) for service in catalog.workers}

    @property
    def names(self) -> str:
        """The sources in the order in which they are asked."""
        return ", ".join(source.name for source in self.sources) or "no secret source"
