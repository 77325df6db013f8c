"""One act under several faults: importing an SDK takes seconds, so a program tries all at once."""

import json
import sys
from collections.abc import Callable
from typing import Any
from urllib.request import Request, urlopen

told: dict[str, Any] = json.load(sys.stdin)
"""What the test says: `switch` (address), `situations` (provider and fault, or null for none)."""


def tell(act: Callable[[], Any]) -> None:
    """Print what `act` gives in each situation, as a list in JSON."""
    heard = list[Any]()
    for situation in told["situations"]:
        if situation is not None:
            _switch(*situation)
        heard.append(act())
        if situation is not None:
            _switch(situation[0], None)
    print(json.dumps(heard, default=str))


def _switch(provider: str, fault: str | None) -> None:
    body = json.dumps({"provider": provider, "fault": fault}).encode()
    request = Request(told["switch"], body, {"Content-Type": "application/json"})  # noqa: S310 - loopback
    urlopen(request).close()  # noqa: S310
