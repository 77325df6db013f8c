"""Choices that look free and are the same on every machine and Python version."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A stream of choices worked out from a seed of words."""

    def __init__(self, *seed: str | int) -> None:
        self._seed = "/".join(str(part) for part in seed)
        self._throws = 0

    def below(self, limit: int) -> int:
        """A whole number from 0 to `limit` - 1."""
        self._throws += 1
        digest = blake2b(f"{self._seed}#{self._throws}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") % limit

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def pick(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]

    def draw(self, choices: Sequence[T], count: int) -> list[T]:
        """`count` different members, in a shuffled order; fewer when there are fewer."""
        left = list(choices)
        return [left.pop(self.below(len(left))) for _ in range(min(count, len(left)))]
