"""What a worker declares about itself."""

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

Ready = Callable[[], dict[str, str] | Awaitable[dict[str, str]]]
# Words of the reply around a result: they prove nothing about the work, so they are not outputs.
ENVELOPE_WORDS = frozenset(
    {"ok", "service", "version", "time", "status", "job_started", "worker_health"}
)


@dataclass(frozen=True, slots=True)
class Declaration:
    """See `Worker` for the meaning of each field; ValueError when they make no sense."""

    slug: str
    version: str
    outputs: tuple[str, ...]
    modes: tuple[str, ...]
    answer_within: float
    resumable: bool
    max_concurrency: int
    time_limit: Mapping[str, float]
    ready: Ready | None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.slug):
            raise ValueError(f"{self.slug!r} is not a slug: small letters, digits and underscores.")
        if envelope := ENVELOPE_WORDS.intersection(self.outputs):
            raise ValueError(
                f"{sorted(envelope)} cannot be outputs, because they are reserved words."
            )
        if not self.outputs or not self.modes:
            raise ValueError(f"{self.slug} needs at least one output and one mode.")
        if not set(self.time_limit) <= set(self.modes):
            raise ValueError(f"{self.slug} has a time limit for a mode it does not offer.")
        if self.max_concurrency < 1 or self.answer_within < 0:
            raise ValueError(
                f"{self.slug}: max_concurrency is at least 1, answer_within at least 0."
            )

    async def not_ready(self) -> dict[str, str]:
        """What is not ready and why; a check that breaks is itself not ready."""
        if self.ready is None:
            return {}
        try:
            found = self.ready()
            return await found if inspect.isawaitable(found) else found
        except Exception as error:  # noqa: BLE001 - health must answer whatever the author's check does
            return {"ready": f"The readiness check failed: {type(error).__name__}"}
