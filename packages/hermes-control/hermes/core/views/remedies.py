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

Kind = Literal["not_tested", "needs_config", "no_connection", "failed", "missing", "stale"]


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
        f"Set the environment variable {row.secret}, or create a file of that name in the secrets"
        " folder of HERMES_HOME, with this content:"
    )
    what = f"Set the address and key of {row.display_name}"
    link = f"{_inspector(site, row)}#configuration"
    facts = {"press": "connection", "secret": row.secret, "template": TEMPLATE}
    return _action(row, "needs_config", what, row.readiness_text, how, link, **facts)


def enter_settings(site: str, row: ServiceRow) -> NextAction:
    """The site lacks settings that the service requires."""
    names = labels_of(row.missing_settings)
    return _action(
        row, "needs_config", f"Enter {names} for {row.display_name}",
        f"{row.display_name} needs {names}, which this site does not have yet.",
        f"Edit the site and enter {names}.", f"{site}/edit#{row.missing_settings[0]}",
        settings=row.missing_settings,
    )  # fmt: skip


def add_smoke_mode(site: str, row: ServiceRow) -> NextAction:
    """A worker that has no smoke mode is never smoke-tested."""
    why = "It has no smoke mode, so its outputs cannot be tested."
    how = "Add a smoke mode to the worker and to its catalog entry."
    what = f"Add a smoke mode to {row.display_name}"
    return _action(row, "not_tested", what, why, how, _inspector(site, row))


def test_first(site: str, row: ServiceRow) -> NextAction:
    """Ready, and without any verdict."""
    why = "It is ready, but has not been smoke-tested yet."
    if row.smoke.state == "cancelled":
        why = "Its last smoke run was cancelled before it had a verdict."
    return _smoke(site, row, "not_tested", f"Smoke-test {row.display_name}", why)


def connect(row: ServiceRow, run: RunView) -> NextAction:
    """The latest connection test failed."""
    what = f"Connect {row.display_name}: {run.reason_label}"
    return _mend(row, run, "no_connection", what, "connection")


def mend(row: ServiceRow, run: RunView) -> NextAction:
    """The latest smoke run failed."""
    return _mend(row, run, "failed", f"Fix {row.display_name}: {run.reason_label}", "smoke")


def mend_full(row: ServiceRow, run: RunView) -> NextAction:
    """The smoke run passed, and the latest full run did not deliver everything."""
    short = run.missing.text if run.status == "partial" and run.missing.count else run.reason_label
    return _mend(row, run, "failed", f"Fix the full run of {row.display_name}: {short}", None)


def test_after_change(site: str, row: ServiceRow) -> NextAction:
    """It passed before its address, its key or its contract was changed."""
    why = f"It passed before {row.smoke.changed_since} changed, so nothing is known of it as it is now."
    return _smoke(site, row, "stale", f"Smoke-test {row.display_name} again", why)


def _mend(row: ServiceRow, run: RunView, kind: Kind, what: str, press: str | None) -> NextAction:
    why = run.detail or run.cause or "No reason was recorded."
    how = run.next_step or "Open the run and check its stages."
    return _action(row, kind, what, why, how, f"/runs/{run.id}", press=press)


def complete(site: str, row: ServiceRow) -> NextAction:
    """Outputs are missing: the worst of them is explained."""
    outputs = row.missing.outputs
    worst = min(outputs, key=_severity)
    labels = ", ".join(output.label for output in outputs[:3])
    more = f" and {len(outputs) - 3} more" if len(outputs) > 3 else ""
    return _action(
        row, "missing", f"{row.display_name}: {row.missing.text} ({labels}{more})",
        f"{worst.label}: {worst.why}", worst.next_step,
        f"{_inspector(site, row)}#smoke-results", press="smoke",
    )  # fmt: skip


def _severity(output: MissingOutput) -> int:
    return SEVERITIES.index(output.severity)


def test_again(site: str, row: ServiceRow, days: int, limit: int) -> NextAction:
    """It passed too long ago."""
    why = f"It last passed {days} days ago. A verdict counts as stale after {limit} days."
    return _smoke(site, row, "stale", f"Smoke-test {row.display_name} again", why)


def _smoke(site: str, row: ServiceRow, kind: Kind, what: str, why: str) -> NextAction:
    how = f"Press Run smoke test, or run: hermes test smoke --service {row.slug}"
    return _action(row, kind, what, why, how, _inspector(site, row), press="smoke")


def _inspector(site: str, row: ServiceRow) -> str:
    return f"{site}/services/{row.slug}"


def _action(
    row: ServiceRow, kind: Kind, what: str, why: str, how: str, link: str, **more: Any
) -> NextAction:
    facts = {"kind": kind, "slug": row.slug, "display_name": row.display_name, "link": link}
    return NextAction(**facts, what=what, why=why, how=how, **more)
