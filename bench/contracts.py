"""Values of each contract, and what is near them and false: how many mutants count, how many honest values are lost.

The makers are those of tests/hermes/core/test_contracts.py, which tries a small seeded sample of the same. Prints each
find, and fails if there is one.

    .venv/bin/python bench/contracts.py [--examples 100000] [--seed 1]
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from hermes.core.catalog import Output, Service
from tests.hermes.core.test_contracts import ELSEWHERE, counts, honest, mutants
from tests.support.catalog import shipped_catalog


def examples(service: Service, output: Output, draw: random.Random) -> Iterator[tuple[bool, str]]:
    """One honest value and all its mutants: (whether it is wrong, what it was)."""
    value = honest(service, output, draw)
    yield not counts(service, output, value), f"lost: {value!r}"
    for how, mutant in mutants(output, deepcopy(value)):
        yield counts(service, output, mutant), f"believed, {how}: {mutant!r}"
    for how in ELSEWHERE:
        yield counts(service, output, value, **how), f"believed, {how}: {value!r}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    draw, began = random.Random(asked.seed), time.perf_counter()
    outputs = [(service, output) for service in shipped_catalog() for output in service.outputs]
    tried = honest_values = wrong = 0
    while tried < asked.examples:
        for service, output in outputs:
            for is_wrong, what in examples(service, output, draw):
                tried += 1
                if is_wrong:
                    wrong += 1
                    print(f"{service.slug} {output.slug} {what[:300]}")
            honest_values += 1
    print(
        f"{tried:,} examples of {len(outputs)} outputs ({honest_values:,} honest), {wrong} wrong,"
        f" {time.perf_counter() - began:.0f} s, seed {asked.seed}"
    )
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
