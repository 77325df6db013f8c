"""Kill -9 and cut networks at random moments, on a real `hermes up`; count what went wrong."""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from hermes_base.postgres.embedded import embedded
from hermes_base.settings import load
from tests.support.chaos.chaos_run import ChaosRun, working
from tests.support.chaos.counting import count, table
from tests.support.chaos.services import catalog, secrets
from tests.support.ports import held_port
from tests.support.system import up

LEASE_SECONDS = "5"


async def run(folder: Path, rounds: int, seed: int) -> bool:
    """Whether Hermes lost, doubled and misjudged nothing; prints the table."""
    with held_port() as port:  # the worker's, however often it is killed and cut off
        return await struck(folder, port, rounds, seed)


async def struck(folder: Path, port: int, rounds: int, seed: int) -> bool:
    """The same with the port of the worker."""
    home = folder / "home"
    (folder / "catalog.toml").write_text(catalog())
    variables = {
        "HERMES_CATALOG": str(folder / "catalog.toml"),
        "HERMES_LEASE_SECONDS": LEASE_SECONDS,
        **secrets(port),
    }
    ledger = folder / "ledger.sqlite"
    server = embedded(home, load({"HERMES_HOME": str(home)}).digest)
    try:
        async with working(port, ledger) as worker, up(home, **variables) as system:
            chaos = ChaosRun(system, worker, server, random.Random(seed))
            began = time.monotonic()
            await chaos.run(rounds)
            seconds = time.monotonic() - began
            found = await count(server.url, ledger, chaos.strikes)
    finally:
        shutil.rmtree(server.folder, ignore_errors=True)
    print(table(found, chaos.strikes, rounds, seconds))
    return found.clean and not chaos.late


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench/chaos.py", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        stood = asyncio.run(run(Path(folder), asked.rounds, asked.seed))
    sys.exit(0 if stood else 1)


main()
