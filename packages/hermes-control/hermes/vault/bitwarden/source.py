"""Bitwarden Secrets Manager as a source: all secrets at once, kept in memory, read anew now and then."""

import contextlib
import errno
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from hermes.vault.bitwarden.faults import AWAY, PASSES, Fault
from hermes.vault.bitwarden.reading import Access, Secrets, read
from hermes_base.clock import Clock, utc_now

FRESH = timedelta(minutes=5)
"""How long a reading is used before the next, and how long a refusal stands."""
RETRY = timedelta(seconds=30)
"""How long until Bitwarden is asked again after it could not be reached."""


@dataclass(frozen=True, slots=True)
class VaultStatus:
    """How the last reading went. `degraded`: it failed, and what was read before stays in use."""

    state: Literal["open", "degraded", "closed"]
    names: tuple[str, ...]
    tried_at: datetime
    fault: Fault | None = None
    since: datetime | None = None

    @property
    def text(self) -> str:
        """The state of the vault in one sentence, with the reason where it is not open."""
        if self.fault is None:
            return f"Connected, {len(self.names)} secrets"
        if self.state == "degraded":
            return f"Degraded since {self.since:%Y-%m-%d %H:%M} UTC, {self.fault.reason}: {self.fault.detail}"
        return f"Not available, {self.fault.reason}: {self.fault.detail}"


class Bitwarden:
    """The secrets of a machine account. `text` never waits for the network once there was a reading."""

    def __init__(
        self,
        access: Access,
        clock: Clock = utc_now,
        reading: Callable[[Access], Secrets | Fault] = read,
    ) -> None:
        self._access = access
        self._clock = clock
        self._read = reading
        self._busy = threading.Lock()
        self._secrets: Secrets = {}
        self._status: VaultStatus | None = None
        self._marked = 0

    @property
    def name(self) -> str:
        """`Bitwarden`, with what is wrong with it."""
        status = self._status
        if status is None or status.fault is None:
            return "Bitwarden"
        if status.since is not None and status.state == "degraded":
            return f"Bitwarden (degraded since {status.since:%Y-%m-%d %H:%M} UTC, {status.fault.reason})"
        return f"Bitwarden (closed, {status.fault.reason})"

    def text(self, secret: str, slug: str) -> str | None:
        """The secret named as in the catalog, or as the service. Raises OSError where two have the name."""
        self._keep_fresh()
        for name in (secret, slug):
            values = self._secrets.get(name, ())
            if len(values) > 1:
                raise OSError(errno.EINVAL, f"{len(values)} secrets have the name {name}")
            if values:
                return values[0]
        return None

    def status(self) -> VaultStatus:
        """How the last reading went; the first call reads."""
        self._keep_fresh()
        assert self._status is not None  # noqa: S101  # there was a reading
        return self._status

    def refresh(self) -> VaultStatus:
        """Read now, whatever is in memory, and have the other processes of this home read too."""
        with self._busy:
            mark = self._access.state_file.with_suffix(".refreshed")
            if mark.parent.is_dir():
                mark.touch()
            return self._take()

    def _keep_fresh(self) -> None:
        """Read what is old in a thread, so that nobody waits; where there was no reading yet, wait."""
        if self._status is None:
            with self._busy:
                if self._status is None:
                    self._take()
        elif self._is_due(self._status) and self._busy.acquire(blocking=False):
            threading.Thread(target=self._take_aside, name="bitwarden", daemon=True).start()

    def _is_due(self, status: VaultStatus) -> bool:
        age = self._clock() - status.tried_at
        soon = status.fault is not None and status.fault.reason in PASSES
        return age > (RETRY if soon else FRESH) or self._mark() > self._marked

    def _take_aside(self) -> None:
        try:
            self._take()
        finally:
            self._busy.release()

    def _take(self) -> VaultStatus:
        """One reading, under the lock; after it `_secrets` and `_status` agree."""
        self._marked = self._mark()
        found, now = self._read(self._access), self._clock()
        before = self._status
        if not isinstance(found, Fault):
            self._secrets = found
            self._status = VaultStatus("open", tuple(sorted(found)), now)
            return self._status
        if found.reason not in AWAY:
            self._secrets = {}
        state = "degraded" if self._secrets else "closed"
        since = before.since if before and before.state == state else now
        self._status = VaultStatus(state, tuple(sorted(self._secrets)), now, found, since)
        return self._status

    def _mark(self) -> int:
        """When somebody last pressed Refresh in any process of this home; 0 for never."""
        with contextlib.suppress(OSError):
            return self._access.state_file.with_suffix(".refreshed").stat().st_mtime_ns
        return 0
