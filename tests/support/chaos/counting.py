"""After a chaos run: from the rows of Hermes and the worker's ledger to what went wrong."""

import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from tests.support.chaos.services import SERVICES

BY_SLUG = {service.slug: service for service in SERVICES}
OUTAGE_SECONDS = 5.0
TERMINAL = ("success", "partial", "failed", "cancelled")
EXCUSES = {
    "connect_refused": ("worker", "network"),
    "connect_timeout": ("worker", "network"),
    "malformed_reply": ("worker", "network"),
    "start_outcome_unknown": ("worker", "network", "runner", "database"),
}
"""Reasons that an outage explains, and which strikes bring it about."""


@dataclass
class Count:
    """What became of all runs. `excused`: failed for the outage, and said so, by (service, reason)."""

    jobs: int = 0
    runs: int = 0
    right: int = 0
    lost: list[str] = field(default_factory=list[str])
    doubled: list[str] = field(default_factory=list[str])
    wrong: list[str] = field(default_factory=list[str])
    excused: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])

    @property
    def clean(self) -> bool:
        """Nothing lost, nothing doubled, nothing wrong."""
        return not (self.lost or self.doubled or self.wrong)


async def count(url: str, ledger: Path, strikes: list[tuple[float, str]]) -> Count:
    """Read both sides and compare them, run by run."""
    connection = await asyncpg.connect(url)
    jobs = await connection.fetch("select id, status from test_jobs")
    runs = await connection.fetch("select * from service_runs")
    await connection.close()
    found = Count(jobs=len(jobs), runs=len(runs), doubled=_doubled(ledger))
    of_jobs = Counter(run["job_id"] for run in runs)
    found.lost += [f"job {j['id']} is {j['status']}" for j in jobs if j["status"] != "done"]
    found.lost += [f"job {j['id']} misses runs" for j in jobs if of_jobs[j["id"]] != len(SERVICES)]
    for run in runs:
        _count_run(found, run, strikes)
    return found


def _doubled(ledger: Path) -> list[str]:
    with sqlite3.connect(ledger) as rows:
        found = rows.execute(
            "select service, run_id, count(*) from jobs group by run_id having count(*) > 1"
        ).fetchall()
    rows.close()
    return [f"{service}: run {run_id} made {number} jobs" for service, run_id, number in found]


def _count_run(found: Count, run: Any, strikes: list[tuple[float, str]]) -> None:
    slug, status, reason = run["service_slug"], run["status"], run["reason"]
    expected = BY_SLUG[slug].verdict if run["run_type"] == "smoke" else ("success", None)
    if status not in TERMINAL:
        found.lost.append(f"{slug}: run {run['id']} is {status}")
    elif (status, reason) == expected:
        found.right += 1
    elif status == "failed" and _explained(run, strikes):
        found.excused[slug, reason] += 1
    else:
        found.wrong.append(f"{slug}: {status} {reason}, not {expected}: {run['detail']}")


def _explained(run: Any, strikes: list[tuple[float, str]]) -> bool:
    """Whether something was struck, while the run went on, that brings this reason about."""
    targets = EXCUSES.get(run["reason"], ())
    if run["reason"] == "start_outcome_unknown" and BY_SLUG[run["service_slug"]].honours_keys:
        return False
    began, ended = run["created_at"].timestamp() - OUTAGE_SECONDS, run["finished_at"].timestamp()
    return any(target in targets and began <= at <= ended for at, target in strikes)


def table(found: Count, strikes: list[tuple[float, str]], rounds: int, seconds: float) -> str:
    """The report, as lines of text."""
    struck = Counter(target for _, target in strikes)
    lines = [
        f"{rounds} rounds in {seconds:.0f} s: {found.jobs} jobs, {found.runs} runs",
        "struck         " + ", ".join(f"{name} {number}" for name, number in struck.items()),
        f"right          {found.right:6}",
        f"for the outage {found.excused.total():6}  (failed, and said why)",
        *(f"{'':15}{n:6}  {slug}: {why}" for (slug, why), n in sorted(found.excused.items())),
        f"lost           {len(found.lost):6}",
        f"doubled        {len(found.doubled):6}",
        f"wrong          {len(found.wrong):6}",
        *(f"  {line}" for line in (*found.lost, *found.doubled, *found.wrong)),
    ]
    return "\n".join(lines)
