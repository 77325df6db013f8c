"""How alike two texts are: a simhash of 64 bits over runs of three words.

Source: Charikar 2002; Manku, Jain and Das Sarma 2007, who found that texts whose hashes differ in few bits
are copies of each other on the web.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from itertools import combinations

RUN = 3
MOST_WORDS = 3_000
LEAST_RUNS = 20
"""Shorter texts are alike by chance."""
ALIKE = 6
"""Bits: one other word among 300 changes 3 in the median; texts of the same words in another order differ in about 32."""
BITS = 64
BANDS = 8
LANES = tuple(sum(((byte >> bit) & 1) << (16 * bit) for bit in range(8)) for byte in range(256))
"""The bits of a byte, each in a lane of 16: sums of many stay apart."""


def simhash(text: str) -> int:
    """The hash of a text; 0 for one too short to be compared."""
    words = text.lower().split()[:MOST_WORDS]
    runs = {" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
    if len(runs) < LEAST_RUNS:
        return 0
    sums = [0] * 8
    for run in runs:
        for place, byte in enumerate(
            blake2b(run.encode("utf-8", "replace"), digest_size=8).digest()
        ):
            sums[place] += LANES[byte]
    half = len(runs) / 2
    bits = ((sums[place] >> (16 * bit)) & 0xFFFF for place in range(8) for bit in range(8))
    return sum(1 << number for number, count in enumerate(bits) if count > half)


def alike(one: int, other: int) -> bool:
    """Whether two hashes are those of copies; a 0 is like nothing."""
    return bool(one and other) and (one ^ other).bit_count() <= ALIKE


def groups(hashes: Mapping[str, int]) -> list[list[str]]:
    """Names whose hashes are alike, in groups of two and more, each and all sorted."""
    leader = {name: name for name in hashes}

    def first(name: str) -> str:
        while leader[name] != name:
            leader[name] = name = leader[leader[name]]
        return name

    for one, other in _near(hashes):
        leader[first(one)] = first(other)
    found: dict[str, list[str]] = {}
    for name in sorted(hashes):
        found.setdefault(first(name), []).append(name)
    return sorted(names for names in found.values() if len(names) > 1)


def _near(hashes: Mapping[str, int]) -> Iterable[tuple[str, str]]:
    """Pairs that are alike. Hashes that differ in six bits are equal in one of eight bands."""
    width = BITS // BANDS
    by_hash: dict[int, list[str]] = {}
    for name, value in hashes.items():
        by_hash.setdefault(value, []).append(name)
    by_hash.pop(0, None)
    for names in by_hash.values():
        yield from ((names[0], other) for other in names[1:])
    for band in range(BANDS):
        shelves: dict[int, list[int]] = {}
        for value in by_hash:
            shelves.setdefault((value >> (band * width)) & (2**width - 1), []).append(value)
        for values in shelves.values():
            for one, other in combinations(values, 2):
                if alike(one, other):
                    yield by_hash[one][0], by_hash[other][0]
