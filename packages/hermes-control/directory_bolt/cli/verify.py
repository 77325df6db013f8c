"""`hermes verify`: does a purchase become a listing that staff see, and if not, which hop is broken?"""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from directory_bolt.core.orders.webhook_secrets import newest_of
from directory_bolt.core.verification.causes import explanation_of
from directory_bolt.core.verification.findings import PHASES, Finding, Report
from directory_bolt.verify import Target
from directory_bolt.verify import report as verification
from directory_bolt.verify import verify as verify_target
from hermes_base.cli.console import err, out, plain
from hermes_base.client import address_of, token_of
from hermes_base.settings import Settings, load

MARKS = {"PASS": "[green]✓[/]", "FAIL": "[red]✗[/]", "SKIPPED": "[dim]○[/]"}
Url = Annotated[str, typer.Option(help="URL of another Hermes. Set its token in HERMES_TOKEN.")]
BrainUrl = Annotated[
    str,
    typer.Option(
        help="URL of the brain. Default: HERMES_BRAIN_URL, or the address the brain published."
    ),
]
Folder = Annotated[Path, typer.Option("--output", help="Folder to write the reports to.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the JSON report instead.")]
Patience = Annotated[
    float, typer.Option(min=1, help="Seconds without progress before the order counts as stalled.")
]


def add(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(verify)


def verify(
    url: Url = "",
    brain_url: BrainUrl = "",
    output: Folder = Path(),
    json: AsJson = False,  # the option's name
    patience: Patience = 60,
) -> int:
    """Follow a test order from payment to listing to staff dashboard, hop by hop, then delete it.

    Exit codes: 0 all passed, 1 a check failed, 2 a check was skipped, 5 nothing could be checked.
    """
    settings = load()
    target = target_of(settings, url, brain_url, patience)
    on_finding = _quiet if json else _Progress().show
    report = asyncio.run(verify_target(target, on_finding))
    files = verification.write(report, output)
    if json:
        print(verification.as_json(report), end="")
    else:
        _sum_up(report, files)
    return report.exit_code


def target_of(settings: Settings, url: str, brain_url: str, patience: float) -> Target:
    """This machine's Hermes, or the one at `url` or HERMES_URL with its own credentials."""
    from directory_bolt import wiring

    is_elsewhere = bool(url or os.environ.get("HERMES_URL"))
    own_secret = settings.stripe_webhook_secret.get_secret_value()
    return Target(
        url=(url or address_of(settings)).rstrip("/"),
        token=token_of(settings),
        brain_url=brain_url
        or (settings.brain_url if is_elsewhere else wiring.brain_address(settings)),
        stripe_secret=newest_of(own_secret if is_elsewhere else wiring.stripe_secret(settings)),
        logs=None if is_elsewhere else settings.home / "logs",
        patience=patience,
    )


def _quiet(finding: Finding) -> None:
    del finding


class _Progress:
    """Prints each finding as it comes, below the heading of its phase."""

    def __init__(self) -> None:
        self._phase = 0

    def show(self, finding: Finding) -> None:
        if finding.phase != self._phase:
            self._phase = finding.phase
            out.print(f"[bold]Phase {finding.phase}: {PHASES[finding.phase]}[/]")
        details = "" if finding.status == "PASS" else f": {plain(finding.summary)}"
        out.print(f"{MARKS[finding.status]} {plain(finding.name)}{details}")


def _sum_up(report: Report, files: list[Path]) -> None:
    for cause in report.broken:
        why = explanation_of(cause)
        out.print(f"[red]Broken:[/] [bold]{plain(why.hop)}[/]: {plain(why.text)}")
        out.print(f"    [dim]→ {plain(why.next_step)}[/]")
    out.print(
        f"{report.count('PASS')} passed, {report.count('FAIL')} failed,"
        f" {report.count('SKIPPED')} skipped."
    )
    err.print(f"[dim]Reports written to {plain(', '.join(map(str, files)))}[/]")
