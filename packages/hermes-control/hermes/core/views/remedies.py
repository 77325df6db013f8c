"""One thing to do about one service, in words: what, why, and how."""

import json
from typing import Any, Literal

from pydantic import Field

from hermes.core.sites.values import labels_of
from hermes.core.views.runs import MissingOutput, RunView
from hermes.core.views.services import ServiceRow
from hermes_base.view import View

SEVERITIES = ("critical", "major", "minor")
TEMPLATE = json.dumps({"base_url": "https://worker.example.com", "api_key": "the worker's key"})
"""What a worker's secret looks like; the names are those that `worker_config.parse` reads."""

Kind = Literal["not_tested", "needs_config", "failed", "missing", "stale"]


class NextAction(View):
    """What to do next about a service."""

    kind: Kind
    slug: str
    display_name: str
    what: str
    why: str
    how: str
    link: str = Field(description="The page where it is done or explained")
    press: Literal["smoke", "connection"] | None = Field(
        default=None, description="The test that does it, or that shows whether it is done"
    )
    secret: str | None = Field(default=None, description="Name of the secret to set")
    template: str | None = Field(default=None, description="What the secret looks like, to fill in")
    settings: list[str] = Field(default_factory=list, description="Site settings to enter")


def set_secret(site: str, row: ServiceRow) -> NextAction:
    """The worker's address and key are not known."""
    how = (
        f"Set {row.secret} in the environment, or put a file of that name into the folder secrets"
        " of HERMES_HOME, and fill in this:"
    )
    what = f"Give {row.display_name} its address and key"
    link = f"{_inspector(site, row)}#configuration"
    facts = {"press": "connection", "secret": row.secret, "template": TEMPLATE}
    return _action(row, "needs_config", what, row.readiness_text, how, link, **facts)


def enter_settings(site: str, row: ServiceRow) -> NextAction:
    """The site lacks settings that the service requires."""
    names = labels_of(row.missing_settings)
    return _action(
        row, "needs_config", f"Enter {names} for {row.display_name}",
        f"The site has no {names}, and {row.display_name} does not work without.",
        f"Enter {names} in the form of the site.", f"{site}/edit#{row.missing_settings[0]}",
        settings=row.missing_settings,
    )  # fmt: skip


def add_smoke_mode(site: str, row: ServiceRow) -> NextAction:
    """A worker that has no smoke mode is never smoke-tested."""
    why = "It has no smoke mode, so no test can show that it delivers."
    how = "Add a smoke mode to the worker and to its catalog entry."
    what = f"Give {row.display_name} a smoke mode"
    return _action(row, "needs_config", what, why, how, _inspector(site, row))


def test_first(site: str, row: ServiceRow) -> NextAction:
    """What to do with a service that is ready and has no verdict yet: smoke-test it."""
    why = "It is ready, and no smoke run has shown yet that it delivers."
    if row.smoke.state == "cancelled":
        why = "Its last smoke run was cancelled before there was a verdict."
    return _smoke(site, row, "not_tested", f"Smoke-test {row.display_name}", why)


def connect(row: ServiceRow, run: RunView) -> NextAction:
    """What to do after a connection test that failed: its likely cause and next step."""
    return _mend(row, run, f"Connect {row.display_name}: {run.reason_label}", "connection")


def mend(row: ServiceRow, run: RunView) -> NextAction:
    """What to do after a smoke run that failed: its likely cause and next step."""
    return _mend(row, run, f"Mend {row.display_name}: {run.reason_label}", "smoke")


def _mend(row: ServiceRow, run: RunView, what: str, press: str) -> NextAction:
    why = run.detail or run.cause or "No reason was recorded."
    how = run.next_step or "Open the run and read its stages."
    return _action(row, "failed", what, why, how, f"/runs/{run.id}", press=press)


def complete(site: str, row: ServiceRow) -> NextAction:
    """Outputs are missing: the worst of them is explained."""
    outputs = row.missing.outputs
    worst = min(outputs, key=_severity)
    labels = ", ".join(output.label for output in outputs[:3])
    more = f" and {len(outputs) - 3} more" if len(outputs) > 3 else ""
    return _action(
        row, "missing", f"{row.display_name}: {row.missing.text} ({labels}{more})",
        f"{worst.label}: {worst.likely_cause}", worst.next_step,
        f"{_inspector(site, row)}#smoke-results", press="smoke",
    )  # fmt: skip


def _severity(output: MissingOutput) -> int:
    return SEVERITIES.index(output.severity)


def test_again(site: str, row: ServiceRow, days: int, limit: int) -> NextAction:
    """What to do when the last pass is more than `limit` days old: smoke-test it again."""
    why = f"It passed {days} days ago; after {limit} days a verdict says little about today."
    return _smoke(site, row, "stale", f"Smoke-test {row.display_name} again", why)


def _smoke(site: str, row: ServiceRow, kind: Kind, what: str, why: str) -> NextAction:
    how = f"Press Smoke, or run: hermes test smoke --service {row.slug}"
    return _action(row, kind, what, why, how, _inspector(site, row), press="smoke")


def _inspector(site: str, row: ServiceRow) -> str:
    return f"{site}/services/{row.slug}"


def _action(
    row: ServiceRow, kind: Kind, what: str, why: str, how: str, link: str, **more: Any
) -> NextAction:
    facts = {"kind": kind, "slug": row.slug, "display_name": row.display_name, "link": link}
    return NextAction(**facts, what=what, why=why, how=how, **more)
