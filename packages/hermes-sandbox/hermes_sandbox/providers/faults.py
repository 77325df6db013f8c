"""Which fault is switched on at which provider."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hermes_sandbox.providers.wire import EVERYWHERE, SLOW, StandIn

SLOW_SECONDS = 30.0


class NoSuchFault(ValueError):
    """A name that is not on the list; the message names those that are."""


@dataclass(slots=True)
class Faults:
    """One switch a provider. `known` says what each can be switched to."""

    known: Mapping[str, frozenset[str]]
    slow_seconds: float = SLOW_SECONDS
    _on: dict[str, str] = field(default_factory=dict[str, str])

    def of(self, provider: str) -> str:
        """The fault that is on; empty for none."""
        return self._on.get(provider, "")

    def switch(self, provider: object, fault: object) -> None:
        """Switch to a fault; None puts the provider right. NoSuchFault for names not known."""
        if provider not in self.known:
            raise NoSuchFault(f"provider must be one of {_listed(self.known)}.")
        if fault is not None and fault not in self.known[str(provider)]:
            raise NoSuchFault(
                f"fault of {provider} must be null or one of {_listed(self.known[str(provider)])}."
            )
        self._on[str(provider)] = str(fault or "")

    def clear(self) -> None:
        """Every provider is right again."""
        self._on.clear()

    def table(self) -> dict[str, dict[str, object]]:
        """Provider -> what is on and what could be."""
        return {
            name: {"on": self.of(name) or None, "faults": sorted(faults)}
            for name, faults in self.known.items()
        }


def faults_of(stand_in: StandIn) -> frozenset[str]:
    """Every name a provider on HTTP can be switched to."""
    return frozenset((*EVERYWHERE, SLOW, *stand_in.errors, *stand_in.modes))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
