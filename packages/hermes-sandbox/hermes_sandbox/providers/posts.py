"""What was posted to the chat stand-ins or mailed to the sink, to be read back."""

from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

KEPT = 1000


class Posts:
    """The latest messages, oldest first. A message is found by any text that stands in it."""

    def __init__(self) -> None:
        self._kept = deque[dict[str, Any]](maxlen=KEPT)

    def keep(self, channel: str, text: str, **more: Any) -> None:
        """Remember one message as it arrived."""
        moment = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._kept.append({"channel": channel, "received_at": moment, "text": text, **more})

    def holding(self, token: str) -> list[dict[str, Any]]:
        """Messages with the token in any of their parts; all for an empty token."""
        return [each for each in self._kept if any(token in part for part in _parts(each))]


def _parts(message: dict[str, Any]) -> Iterable[str]:
    return [str(part) for part in message.values()]
