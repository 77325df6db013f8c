"""B6, briefly: a short chaos run of kill -9 and cut networks; `bench/chaos.py` runs longer ones."""

import asyncio
import re
import sys

from tests import ROOT
from tests.support.waiting import patience

PROGRAM = ROOT / "bench" / "chaos.py"
ROUNDS = 6


async def test_b6_in_a_short_chaos_run_nothing_is_lost_doubled_or_judged_wrongly() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), "--rounds", str(ROUNDS), "--seed", "5",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with patience():
        said = (await process.communicate())[0].decode()
    assert process.returncode == 0, said
    counts = dict(re.findall(r"^(lost|doubled|wrong|right) +(\d+)$", said, re.MULTILINE))
    assert {name: counts[name] for name in ("lost", "doubled", "wrong")} == {
        "lost": "0", "doubled": "0", "wrong": "0",
    }  # fmt: skip
    assert int(counts["right"]) > 0
    jobs, runs = re.findall(r"(\d+) jobs, (\d+) runs", said)[0]
    assert int(jobs) >= ROUNDS
    assert int(runs) == 8 * int(jobs)
