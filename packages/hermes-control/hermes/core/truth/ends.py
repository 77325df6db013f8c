"""How an output of a finished answer ends when it does not count: missing, claimed or refuted."""

from typing import Any, Literal, NamedTuple

import orjson

from hermes_base.reasons import Reason
from hermes_base.value import value

End = Literal["missing", "claimed", "refuted"]
MOST_QUOTED = 160


@value
class Explained:
    """Why an output does not count. `message`: the worker's words, or what Hermes found; `shows`: the
    value it concerns, quoted and short; `rule`: the rule that it breaks; `next_step`: what the catalog says."""

    reason: str
    message: str
    end: End = "missing"
    rule: str = ""
    shows: str = ""
    next_step: str = ""


@value
class Doubt:
    """What is odd about an output that counts."""

    message: str
    rule: str = ""
    shows: str = ""


def quoted(value: Any) -> str:
    """A value as a short quote; "" for none."""
    if value is None:
        return ""
    try:
        text = orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # an integer that no JSON of 64 bits holds
        text = str(value)
    return text if len(text) <= MOST_QUOTED else f"{text[: MOST_QUOTED - 1]}…"


class Echo(NamedTuple):
    """What an answer says that does not fit its request. `outputs`: the slugs it concerns, () for all."""

    reason: Reason
    rule: str
    says: str
    shows: Any
    outputs: tuple[str, ...] = ()
