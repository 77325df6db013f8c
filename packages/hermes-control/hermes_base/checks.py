"""Results of `hermes doctor`: one line for each part of an installation that was checked."""

from dataclasses import asdict, dataclass
from typing import Literal

State = Literal["ready", "not ready", "not set"]


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check: `text` says what was found, `next_step` what to do ("" when it is ready)."""

    name: str
    state: State
    text: str
    next_step: str = ""

    def as_json(self) -> dict[str, str]:
        """The object that `hermes doctor --json` prints, with names in camelCase."""
        fields = asdict(self)
        return {
            "nextStep" if name == "next_step" else name: value for name, value in fields.items()
        }


def passed(name: str, text: str) -> Check:
    """A check that found its part ready to use."""
    return Check(name, "ready", text)


def failed(name: str, text: str, next_step: str) -> Check:
    """A check that failed: Hermes, or a part of it, does not work until `next_step` is done."""
    return Check(name, "not ready", text, next_step)


def skipped(name: str, text: str, next_step: str) -> Check:
    """A check of something optional that is not set up; `next_step` says how to set it up."""
    return Check(name, "not set", text, next_step)
