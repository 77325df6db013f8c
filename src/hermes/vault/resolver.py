"""One resolver for every path: the first source that holds a secret decides."""

from collections.abc import Sequence
from functools import lru_cache

from hermes.core.catalog import Catalog, Service
from hermes.core.failures import Reason, Trouble
from hermes.core.selection import Configs
from hermes.core.worker_config import WorkerConfig, parse
from hermes.vault.sources import Source

_parsed = lru_cache(maxsize=512)(parse)


class Vault:
    """Answers where a worker is and with which key, from the first source that knows."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = tuple(sources)

    def worker(self, service: Service) -> WorkerConfig | Trouble:
        """The configuration of a service's worker; `missing_secret` or `secret_malformed`."""
        for source in self.sources:
            try:
                text = source.text(service.secret, service.slug)
            except (OSError, ValueError, KeyError, TypeError) as error:
                why = getattr(error, "strerror", None) or "not readable text"
                return Trouble(Reason.SECRET_MALFORMED, f"{source.name} cannot be read: {why}.")
            if text is not None:
                return _parsed(text, source.name)
        return Trouble(Reason.MISSING_SECRET, f"{service.secret} is in none of: {self.names}.")

    def workers(self, catalog: Catalog) -> Configs:
        """The configuration of every worker service of the catalog."""
        return {service.slug: self.worker(service) for service in catalog.workers}

    @property
    def names(self) -> str:
        """The sources in the order in which they are asked."""
        return ", ".join(source.name for source in self.sources) or "no source at all"
