"""Output of the `hermes` command: results go to standard output, everything else to standard error."""

import json
from typing import Any, cast

from rich.console import Console

from hermes_base.problems import Problem

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)

MARKS = {
    "success": "[green]✓[/]",
    "partial": "[yellow]◐[/]",
    "failed": "[red]✗[/]",
    "cancelled": "[dim]⊘[/]",
    "running": "[cyan]…[/]",
    "queued": "[dim]·[/]",
    "not_tested": "[dim]○[/]",
    "not_configured": "[dim]◌[/]",
}


def complain(problem: Problem) -> None:
    """Print a problem with its hint, and the reason for each service where it names some."""
    err.print(f"[red]{problem.code}[/]: {_plain(problem.message)}")
    details = problem.details
    if isinstance(details, list):
        for entry in cast("list[Any]", details):
            if isinstance(entry, dict) and "reason" in entry:
                entry = cast("dict[str, Any]", entry)
                err.print(f"  {_plain(entry.get('displayName', ''))}: {_plain(entry['reason'])}")
    err.print(f"[dim]{_plain(problem.hint)}[/]")


def print_json(value: Any) -> None:
    """Print indented JSON to standard output, without colours."""
    print(json.dumps(value, indent=2, ensure_ascii=False))


def _plain(text: object) -> str:
    """Text of others, so that square brackets in it are not read as styles."""
    return str(text).replace("[", r"\[")


plain = _plain
