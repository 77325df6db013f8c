"""The addresses waiting to be visited, and whose turn is next."""

from collections import Counter, deque

from hermes_fleet.crawling.addresses import shape


class Frontier:
    """A queue. A spread one serves every template (path shape) before any a second time."""

    def __init__(self, spread: bool) -> None:
        self._spread = spread
        self._urgent: deque[str] = deque()
        self._waiting: dict[str, deque[str]] = {}
        self._served: Counter[str] = Counter()

    def push(self, url: str) -> None:
        self._waiting.setdefault(self._template(url), deque()).append(url)

    def push_first(self, url: str) -> None:
        """For the target of a redirect: a chain is worth nothing without its end."""
        self._urgent.append(url)

    def take(self) -> str | None:
        """The next address, or None when none is waiting."""
        if self._urgent:
            return self._urgent.popleft()
        if not self._waiting:
            return None
        template = min(self._waiting, key=self._served.__getitem__)
        self._served[template] += 1
        url = self._waiting[template].popleft()
        if not self._waiting[template]:
            del self._waiting[template]
        return url

    def _template(self, url: str) -> str:
        return shape(url) if self._spread else ""
