"""Workers that are only asked how they are: health answers, keys, and hosts that sleep."""

from hermes.core.worker_config import fingerprint
from tests.hermes.scenarios.scenario import (
    HEALTH,
    KEY,
    OUTPUTS,
    RESET,
    RESULT,
    Limit,
    Scenario,
    http,
    say,
)
from tests.hermes.scenarios.scripted_worker import Script, Wait

WELL = say({"status": "ok", "contract": "v1"})
ASLEEP = say({"error": "waking up"}, 503)


def ill(name: str, reason: str, answer: Script, runs_out: Limit | None = None) -> Scenario:
    """A health answer that is not good."""
    plays = {"/health": (answer,)}
    least = HEALTH if runs_out else 0.0
    return Scenario(name, "failed", reason, plays, runs_out, least, run_type="connection", starts=0)


ILL = [
    ill("health_is_an_app_shell", "html_app_shell", http(b"<!doctype html>", kind="text/html")),
    ill("health_is_not_there", "wrong_endpoint_404", say({"error": "not found"}, 404)),
    ill("health_is_guarded", "auth_401", say({"error": "who are you"}, 401)),
    ill("health_says_unhealthy", "worker_failed", say({"status": "unhealthy"})),
    ill("health_resets", "connect_refused", RESET),
    ill("health_never_comes", "read_timeout", (Wait(),), "health"),
    ill("health_moved", "redirect", say({}, 301, "Location: /healthz")),
    ill("health_is_broken", "server_error_5xx", say({}, 500)),
    ill(
        "expects_another_key",
        "api_key_mismatch",
        say({"status": "ok", "expected_key_fingerprint": fingerprint("quite-another-key")}),
    ),
    Scenario(
        "healthy_but_refuses_our_key",
        "failed",
        "auth_401",
        {"/health": (WELL,), "/status": (say({"error": "bad key"}, 401),)},
        run_type="connection",
        starts=0,
    ),
]

SLEEPING = [
    Scenario(
        "sleeping_host",
        "partial",
        "not_proven",
        {"/health": (ASLEEP, ASLEEP, WELL)},
        not_before=3.0,
        run_type="connection",
        actual=("worker_health",),
        starts=0,
        warm_up=10,
    ),
    Scenario(
        "host_that_never_wakes",
        "failed",
        "server_error_5xx",
        {"/health": (ASLEEP,)},
        not_before=2.0,
        run_type="connection",
        starts=0,
        warm_up=2,
    ),
    Scenario(
        "sleeping_host_asked_to_work",
        "success",
        None,
        {"/start": (ASLEEP, RESULT)},
        not_before=1.0,
        starts=2,
        actual=OUTPUTS,
        warm_up=10,
        idempotent=True,
    ),
]

ALIVE = [
    Scenario(
        "healthy_and_nothing_more",
        "partial",
        "not_proven",
        {"/health": (say({"status": "ok", "expected_key_fingerprint": fingerprint(KEY)}),)},
        run_type="connection",
        actual=("worker_health",),
        starts=0,
    ),
]

SCENARIOS = [*ILL, *SLEEPING, *ALIVE]
