"""What to do next: which services are named, in which order, with what to do."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid4

import pytest

from hermes.core.catalog import LikelyReason, ModeSpec, Output, Service
from hermes.core.sites.site import Site
from hermes.core.views import NextAction, ServiceRow, next_actions, service_row
from hermes.core.views.next_actions import STALE_AFTER
from hermes.core.worker_config import WorkerConfig, parse
from hermes_base.reasons import Failure, Reason

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SITE = Site(UUID(int=1), "Site", "https://site.example")
CONFIG = WorkerConfig("https://w.example", "key-123456", "environment")
NO_SECRET = Failure(Reason.MISSING_SECRET, "S_A was not found in: environment.")
SEVERITY: dict[str, Literal["critical", "major", "minor"]] = {
    "one": "minor", "two": "critical", "three": "major", "four": "major",
}  # fmt: skip
OUTPUTS = tuple(
    Output(slug=f"o_{name}", label=name.title(), type="number", severity=severity,
           reasons=(LikelyReason(cause=f"{name} is off", next_step=f"Switch {name} on"),))
    for name, severity in SEVERITY.items()
)  # fmt: skip


def service(slug: str = "a_worker", **changes: Any) -> Service:
    fields: dict[str, Any] = {
        "slug": slug, "name": slug.replace("_", " ").title(), "category": "c", "purpose": "p",
        "state": "built", "secret": "S_A", "outputs": OUTPUTS, "smoke": ModeSpec(),
        "expected_outputs": tuple(o.slug for o in OUTPUTS),
    }  # fmt: skip
    return Service(**{**fields, **changes})


def run(run_type: str, status: str, *missing: str, ago: timedelta = timedelta(hours=1), **more: Any) -> dict[str, Any]:  # fmt: skip
    over = status not in ("queued", "running")
    reason = {"failed": "dns", "partial": "outputs_missing", "cancelled": "cancelled"}.get(status)
    outputs = {"expectedOutputs": [], "actualOutputs": [], "metrics": {}, "debug": {},
               "missingOutputs": list(missing) if over else "pending"}  # fmt: skip
    return {
        "id": uuid4(), "job_id": uuid4(), "site_id": SITE.id, "service_slug": "x",
        "run_type": run_type, "status": status, "reason": reason, "detail": None,
        "created_at": NOW - ago, "started_at": NOW - ago, "finished_at": NOW - ago if over else None,
        "outputs_json": outputs, "metrics_json": {}, "attempts": 1, "polls": 0,
        "cancel_requested_at": None, "deadline_at": None, **more,
    }  # fmt: skip


def row(one: Service, config: Any = CONFIG, **latest: dict[str, Any]) -> ServiceRow:
    """`latest` by run type: the newest run of each."""
    runs = {t: {one.slug: latest[t]} if t in latest else {} for t in ("connection", "smoke", "full")}  # fmt: skip
    return service_row(one, SITE, config, runs)  # pyright: ignore[reportArgumentType]


def only(found: ServiceRow) -> NextAction:
    (action,) = next_actions(SITE.id, [found], NOW)
    assert action.why
    assert action.how
    assert action.link.startswith("/")
    return action


def test_the_order_is_untested_unconfigured_failed_incomplete_stale() -> None:
    old = STALE_AFTER + timedelta(days=2)
    rows = [
        row(service("stale"), smoke=run("smoke", "success", ago=old)),
        row(service("incomplete"), smoke=run("smoke", "partial", "o_two")),
        row(service("broken"), smoke=run("smoke", "failed", "o_two")),
        row(service("unset"), NO_SECRET),
        row(service("untested")),
        row(service("fine"), smoke=run("smoke", "success")),
        row(service("planned", state="planned", planned_because="no time"), NO_SECRET),
    ]
    found = [(action.kind, action.slug) for action in next_actions(SITE.id, rows, NOW)]
    assert found == [
        ("not_tested", "untested"),
        ("needs_config", "unset"),
        ("failed", "broken"),
        ("missing", "incomplete"),
        ("stale", "stale"),
    ]


def test_services_of_one_kind_keep_the_order_of_the_table() -> None:
    rows = [row(service(slug)) for slug in ("zz_a", "bb_b", "mm_c")]
    assert [a.slug for a in next_actions(SITE.id, rows, NOW)] == ["zz_a", "bb_b", "mm_c"]


def test_a_missing_secret_is_named_with_a_template_that_can_be_read_back() -> None:
    action = only(row(service(), NO_SECRET))
    assert (action.secret, action.press) == ("S_A", "connection")
    assert "S_A" in action.how
    assert action.why == NO_SECRET.detail
    assert action.template is not None
    assert set(json.loads(action.template)) == {"base_url", "api_key"}
    assert isinstance(parse(json.dumps({**json.loads(action.template), "api_key": "k"}), "x"), WorkerConfig)  # fmt: skip


def test_missing_site_settings_lead_to_their_field() -> None:
    needs = service(requires_site=("base_url", "ga4_property", "gsc_site"))
    action = only(row(needs))
    assert action.settings == ["ga4_property", "gsc_site"]
    assert "GA4 property and Search Console property" in action.what
    assert action.link == f"/sites/{SITE.id}/edit#ga4_property"
    assert action.template is None


def test_a_secret_and_settings_that_are_both_missing_are_two_things_to_do() -> None:
    found = next_actions(SITE.id, [row(service(requires_site=("keywords",)), NO_SECRET)], NOW)
    assert [(a.secret, a.settings) for a in found] == [("S_A", []), (None, ["keywords"])]


def test_a_service_without_a_smoke_mode_is_never_told_to_be_smoke_tested() -> None:
    found = row(service(smoke=None))
    action = only(found)
    assert (action.kind, action.press) == ("not_tested", None)
    assert "no smoke mode" in action.why
    assert found.summary == "No smoke mode, so it cannot be tested."


@pytest.mark.parametrize("status", ["queued", "running"])
def test_nothing_is_asked_for_while_a_test_goes_on(status: str) -> None:
    assert next_actions(SITE.id, [row(service(), smoke=run("smoke", status))], NOW) == []
    moving = row(service(), connection=run("connection", status))
    assert next_actions(SITE.id, [moving], NOW) == []


def test_a_failed_run_is_mended_by_its_reason_and_tried_again() -> None:
    failed = run("smoke", "failed", detail="no such host w.example")
    action = only(row(service(), smoke=failed))
    assert action.what == "Fix A Worker: Host not found"
    assert action.why == "no such host w.example"
    assert (action.link, action.press) == (f"/runs/{failed['id']}", "smoke")


def test_a_connection_lost_after_the_smoke_test_comes_before_its_verdict() -> None:
    passed = run("smoke", "success", ago=timedelta(hours=2))
    lost = run("connection", "failed", ago=timedelta(hours=1))
    action = only(row(service(), smoke=passed, connection=lost))
    assert (action.kind, action.press) == ("no_connection", "connection")
    assert action.what == "Connect A Worker: Host not found"
    later = run("smoke", "success", ago=timedelta(minutes=1))
    assert next_actions(SITE.id, [row(service(), smoke=later, connection=lost)], NOW) == []


def test_of_missing_outputs_the_worst_is_explained() -> None:
    incomplete = run("smoke", "partial", "o_one", "o_two", "o_three", "o_four")
    action = only(row(service(), smoke=incomplete))
    assert action.what == "A Worker: 4 missing (One, Two, Three and 1 more)"
    assert (action.why, action.how) == ("Two: two is off", "Switch two on")


def test_a_cancelled_smoke_run_left_no_verdict() -> None:
    action = only(row(service(), smoke=run("smoke", "cancelled")))
    assert action.kind == "not_tested"
    assert "cancelled" in action.why


def test_a_verdict_is_stale_after_its_days_and_not_before() -> None:
    exactly = row(service(), smoke=run("smoke", "success", ago=STALE_AFTER))
    assert next_actions(SITE.id, [exactly], NOW) == []
    older = row(service(), smoke=run("smoke", "success", ago=STALE_AFTER + timedelta(seconds=1)))
    action = only(older)
    assert (action.kind, action.press) == ("stale", "smoke")
    assert "7 days ago" in action.why
