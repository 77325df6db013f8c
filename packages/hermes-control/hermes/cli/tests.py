"""`hermes test connections | smoke | full`: press the buttons from a terminal or from CI."""

import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from hermes import reports
from hermes.cli.site_choice import find_site
from hermes_base.cli import exits
from hermes_base.cli.console import MARKS, err, out, plain, print_json
from hermes_base.client import HermesApi, hermes_api
from hermes_base.settings import load

app = typer.Typer(no_args_is_help=True)

Site = Annotated[
    str | None, typer.Option(help="Site id, name or address. Optional if there is only one site.")
]
Service = Annotated[str | None, typer.Option(help="Only this service (slug or alias).")]
Wait = Annotated[
    bool,
    typer.Option("--wait/--no-wait", help="Wait until the test job finishes, and show progress."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
Seconds = Annotated[float, typer.Option(help="Stop waiting after this many seconds.", min=1)]
Junit = Annotated[
    Path | None, typer.Option("--junit", help="Write the results to this file as JUnit XML.")
]
EVERY_SECONDS = 0.4


@app.command()
def connections(
    site: Site = None,
    service: Service = None,
    wait: Wait = True,
    json: AsJson = False,
    timeout: Seconds = 120,
    junit: Junit = None,
) -> int:
    """Test Connections: check that each worker is reachable and accepts the key. Does not check outputs."""
    how = How(wait, json, timeout, junit)
    return asyncio.run(_test("connections", site, service, how))


@app.command()
def smoke(
    site: Site = None,
    service: Service = None,
    wait: Wait = True,
    json: AsJson = False,
    timeout: Seconds = 900,
    junit: Junit = None,
) -> int:
    """Run Smoke Tests: run a small real job on each ready service and check its outputs."""
    return asyncio.run(_test("smoke", site, service, How(wait, json, timeout, junit)))


@app.command()
def full(
    service: Annotated[str, typer.Option(help="The service (slug or alias).")],
    site: Site = None,
    wait: Wait = True,
    json: AsJson = False,
    timeout: Seconds = 7200,
    junit: Junit = None,
) -> int:
    """Start a full run of one service and show progress."""
    return asyncio.run(_test("full", site, service, How(wait, json, timeout, junit)))


@dataclass(frozen=True, slots=True)
class How:
    """Whether and how long (s) to follow a job, and where its outcome is told."""

    wait: bool
    as_json: bool
    seconds: float
    junit: Path | None


async def _test(kind: str, site: str | None, service: str | None, how: How) -> int:
    async with hermes_api(load()) as api:
        found = await find_site(api, site)
        body = {"siteId": found["id"], **({"service": service} if service else {})}
        started = await api.post(f"/api/tests/{kind}/start", body)
        if not how.wait:
            print_json(started) if how.as_json else out.print(
                f"{started['summary']} (job {started['jobId']})"
            )
            return exits.OK
        job = await _follow(api, started["jobId"], how.seconds, quiet=how.as_json)
        runs = await api.get(f"/api/tests/{started['jobId']}/runs")
    _report(job, runs, how.junit)
    if how.as_json:
        print_json({"job": job, "runs": runs})
    elif job["status"] in ("queued", "running"):
        err.print(
            f"Still running after {how.seconds:g} s. To follow it, run: hermes runs --site '{plain(found['name'])}'"
        )
    else:
        _print_outcome(job, runs)
    return exit_code(job)


def _report(job: dict[str, Any], runs: list[dict[str, Any]], junit: Path | None) -> None:
    """JUnit XML where it is asked for; a summary where GitHub's runner says that it wants one."""
    if junit is not None:
        junit.parent.mkdir(parents=True, exist_ok=True)
        junit.write_text(reports.as_junit(job, runs), "utf-8")
    if wanted := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(wanted).open("a", encoding="utf-8") as file:
            file.write(reports.as_summary(job, runs))


async def _follow(api: HermesApi, job_id: str, seconds: float, *, quiet: bool) -> dict[str, Any]:
    """Ask until the job is over or the time is up, with a live picture in a terminal."""
    until = time.monotonic() + seconds
    screen = Console(stderr=True, quiet=quiet)
    with Live(console=screen, refresh_per_second=8, transient=True) as live:
        while True:
            job: dict[str, Any] = await api.get(f"/api/tests/{job_id}")
            runs = await api.get(f"/api/tests/{job_id}/runs")
            live.update(_picture(job, runs))
            if job["status"] not in ("queued", "running") or time.monotonic() > until:
                return job
            await asyncio.sleep(EVERY_SECONDS)


def _picture(job: dict[str, Any], runs: list[dict[str, Any]]) -> Table:
    """The sentence, a bar for the job, and a line per service with its own progress."""
    grid = Table.grid(padding=(0, 1))
    grid.add_row("", plain(job["summary"]), f"[dim]{job['elapsedSeconds']:.0f} s[/]")
    counts = job["progress"]
    grid.add_row(
        "",
        ProgressBar(counts["total"], counts["completed"], width=40),
        f"{counts['completed']}/{counts['total']}",
    )
    for run in runs:
        grid.add_row(
            MARKS[run["status"]], plain(run["serviceName"]), f"[dim]{plain(_state(run))}[/]"
        )
    return grid


def _state(run: dict[str, Any]) -> str:
    """What a line says after the name: progress while it runs, missing or the reason at the end."""
    if run["progress"]:
        return run["progress"]["text"]
    if run["status"] in ("partial", "success") and run["runType"] != "connection":
        return f"{run['missing']['text']} ({run['seconds']:g} s)"
    return f"{run['statusText']}: {run['detail']}" if run["detail"] else run["statusText"]


def _print_outcome(job: dict[str, Any], runs: list[dict[str, Any]]) -> None:
    for run in runs:
        out.print(f"{MARKS[run['status']]} {plain(run['serviceName'])}: {plain(_state(run))}")
        for output in run["missing"]["outputs"]:
            out.print(
                f"    {output['end']} [yellow]{plain(output['label'])}[/]: {plain(reports.cause_of(output))}"
            )
            out.print(f"    [dim]→ {plain(output['nextStep'])}[/]")
    out.print(plain(job["summary"]))


def exit_code(job: dict[str, Any]) -> int:
    """0 all passed, 1 something failed, 2 something partial, 3 cancelled, 6 not over in time."""
    progress = job["progress"]
    if job["status"] in ("queued", "running"):
        return exits.TIMED_OUT
    if progress["failed"]:
        return exits.FAILED
    if progress["partial"]:
        return exits.PARTIAL
    return exits.NO_VERDICT if progress["cancelled"] else exits.OK
