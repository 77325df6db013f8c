"""Orders of 50 directories, and so many times kill -9 of one of the processes while they are worked off.

Exits 1 unless every directory ended exactly once, none received a form twice, and no row is stuck.
"""

import argparse
import asyncio
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from hermes_base.postgres.database import LOST_DATABASE, Pool, open_pool
from hermes_base.postgres.embedded import embedded
from hermes_base.settings import load
from tests.support.orders_chaos.counting import Count, count
from tests.support.orders_chaos.striking import TARGETS, strike
from tests.support.system import System, up
from tests.support.waiting import patience

PAUSE = (0.3, 1.5)
PATIENCE = 900.0


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--directories", type=int, default=50)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument(
        "--keep", type=Path, help="a new folder for the home, which is kept with its database"
    )
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    with place(asked.keep) as home:
        async with up(home, "--demo") as system:
            return await run(system, random.Random(asked.seed), asked.rounds, asked.directories)


@contextmanager
def place(keep: Path | None) -> Generator[Path]:
    """The home of the system; without `keep` nothing of it stays, its database least of all."""
    home = keep or Path(tempfile.mkdtemp(prefix="orders-chaos-"))
    database = embedded(home, load({"HERMES_HOME": str(home)}).digest)
    try:
        yield home
    finally:
        if keep is None:
            shutil.rmtree(home, ignore_errors=True)
            shutil.rmtree(database.folder, ignore_errors=True)
        else:
            print(f"kept: {home}, its database {database.folder}", flush=True)


async def run(system: System, dice: random.Random, rounds: int, directories: int) -> int:
    """Strike while orders are worked off; then wait until all are over, and count."""
    settings = load({"HERMES_HOME": str(system.home)})
    database = embedded(settings.home, settings.digest)
    began, strikes, orders = time.monotonic(), Counter[str](), 0
    while sum(strikes.values()) < rounds:
        if orders < 1 + sum(strikes.values()) // 25:  # there is always work to be interrupted
            orders += await ordered(settings.home, directories)
            continue
        await asyncio.sleep(dice.uniform(*PAUSE))
        target = dice.choice(TARGETS)
        if strike(system, target, database.pid()):
            strikes[target] += 1
    pool = await patiently(database.url)
    try:
        late = await all_over(pool)
        found = await count(pool, system)
    finally:
        await pool.close()
    told(found, strikes, orders, time.monotonic() - began, late)
    return 0 if found.right and not late else 1


async def ordered(home: Path, directories: int) -> int:
    """One more order, by the command line; 0 when the database is away at this moment."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hermes", "create-test-job", "--directories", str(directories),
        env={**os.environ, "HERMES_HOME": str(home)},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    return int(await process.wait() == 0)


async def patiently(url: str) -> Pool:
    """A pool once the database is back; what is not its absence is raised at once."""
    async with patience():
        while True:
            with suppress(*LOST_DATABASE):
                return await open_pool(url, size=2)
            await asyncio.sleep(0.5)


async def all_over(pool: Pool) -> list[str]:
    """Orders that are not over in time."""
    until = time.monotonic() + PATIENCE
    while True:
        rows = await pool.fetch("select id from jobs where status in ('pending', 'in_progress')")
        if not rows or time.monotonic() > until:
            return [str(row["id"]) for row in rows]
        await asyncio.sleep(1)


def told(found: Count, strikes: Counter[str], orders: int, seconds: float, late: list[str]) -> None:
    struck = ", ".join(f"{name} {number}" for name, number in sorted(strikes.items()))
    print(f"{orders} orders in {seconds:.0f} s; struck: {struck}")
    print(f"ends: {dict(sorted(found.ends.items()))}")
    print(
        f"lost {len(found.lost)}, doubled {len(found.doubled)}, stuck {len(found.stuck)},"
        f" unfounded {len(found.unfounded)}, late {len(late)}"
    )
    for fault in (*found.lost, *found.doubled, *found.stuck, *found.unfounded, *late):
        print(f"  {fault}")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
