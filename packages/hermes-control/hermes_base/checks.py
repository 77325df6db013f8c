"""One line of a check-up: ready, not ready, or not set."""

from dataclasses import asdict, dataclass
from typing import Literal

State = Literal["ready", "not ready", "not set"]


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it stands, and what to do about it."""

    name: str
    state: State
    text: str
    next_step: str = ""

    def as_json(self) -> dict[str, str]:
        """As JSON, camelCase."""
        fields = asdict(self)
        return {
            "nextStep" if name == "next_step" else name: value for name, value in fields.items()
        }


def passed(name: str, text: str) -> Check:
    """Ready."""
    return Check(name, "ready", text)


def failed(name: str, text: str, next_step: str) -> Check:
    """Not ready, and what to do."""
    return Check(name, "not ready", text, next_step)


def skipped(name: str, text: str, next_step: str) -> Check:
    """Not set: nothing is wrong, but it is not there."""
    return Check(name, "not set", text, next_step)
