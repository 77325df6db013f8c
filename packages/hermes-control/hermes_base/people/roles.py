"""Roles, and the one table of who may what. A route that is not in it is refused."""

from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from hermes_base.problems import Problem

Role = Literal["viewer", "operator", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)  # each may what those before it may
ROLE_WORDS: dict[Role, str] = {
    "viewer": "Reads everything",
    "operator": "Also starts and cancels tests, and changes sites, schedules and waivers",
    "admin": "Also manages users, everybody's tokens, secrets and settings",
}
Reach = Literal["site", "any", "all"]


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: somebody signed in, an API token, or a program of this machine."""

    name: str
    role: Role
    actor: str
    """How the audit calls them."""
    user_id: UUID | None = None
    site_id: UUID | None = None
    """Set for a token that is limited to one site."""
    proves: bool = False
    """May also order and take away test orders, whatever the role: the bundled fleet."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a route asks for. `role` None is everybody; `reach` is what a token limited to a site meets:

    `site`: things of one site, of others they are not found; `any`: nothing of one site, or filtered;
    `all`: concerns more than one site, refused. `is_proof`: test orders, also for who `proves`.
    """

    role: Role | None
    reach: Reach = "site"
    is_proof: bool = False


OPEN = Need(None)
READ, READ_ANY, READ_ALL = Need("viewer"), Need("viewer", "any"), Need("viewer", "all")
ACT, ACT_ALL = Need("operator"), Need("operator", "all")
PROVE = Need("operator", "all", is_proof=True)
OWN = Need("viewer", "all")  # one's own account and tokens; the page asks for a session too
RULE = Need("admin", "all")

WHO_MAY: dict[str, Need] = {
    # Open to everybody
    "GET /health": OPEN,
    "ANY /static": OPEN,
    "GET /sign-in": OPEN,
    "POST /sign-in": OPEN,
    "GET /sign-in/{token}": OPEN,
    "POST /sign-in/{token}": OPEN,
    "POST /api/callbacks/{run_id}": OPEN,  # workers sign these with their key
    "POST /api/webhook": OPEN,  # Stripe signs these
    # The API
    "GET /metrics": READ_ALL,
    "GET /openapi.json": READ_ANY,
    "HEAD /openapi.json": READ_ANY,
    "GET /api/events": READ_ANY,
    "GET /api/services": READ_ANY,
    "GET /api/operations": READ_ANY,
    "GET /api/knowledge": READ_ANY,
    "GET /api/observability": READ_ALL,
    "GET /api/sites": READ_ANY,
    "POST /api/sites": ACT_ALL,
    "GET /api/sites/{site_id}": READ,
    "PATCH /api/sites/{site_id}": ACT,
    "DELETE /api/sites/{site_id}": ACT,
    "GET /api/sites/{site_id}/integrations": READ,
    "GET /api/sites/{site_id}/services/{slug}": READ,
    "GET /api/sites/{site_id}/services/{slug}/outputs": READ,
    "GET /api/sites/{site_id}/health-summary": READ,
    "GET /api/sites/{site_id}/alerts": READ,
    "GET /api/sites/{site_id}/schedules": READ,
    "POST /api/sites/{site_id}/schedules": ACT,
    "PATCH /api/sites/{site_id}/schedules/{schedule_id}": ACT,
    "DELETE /api/sites/{site_id}/schedules/{schedule_id}": ACT,
    "GET /api/schedules": READ_ANY,
    "GET /api/waivers": READ_ANY,
    "POST /api/waivers": ACT_ALL,
    "DELETE /api/waivers/{waiver_id}": ACT_ALL,
    "GET /api/alert-rule": READ_ANY,
    "PUT /api/alert-rule": RULE,
    "GET /api/maintenance-windows": READ_ANY,
    "POST /api/maintenance-windows": ACT_ALL,
    "DELETE /api/maintenance-windows/{window_id}": ACT_ALL,
    "GET /api/secrets": RULE,
    "POST /api/secrets/refresh": RULE,
    "GET /api/audit": READ_ALL,
    "GET /api/sites/{site_id}/tests": READ,
    "GET /api/sites/{site_id}/runs": READ,
    "POST /api/tests/connections/start": ACT,
    "POST /api/tests/smoke/start": ACT,
    "POST /api/tests/full/start": ACT,
    "POST /api/integrations/test-connections": ACT,
    "POST /api/integrations/run-smoke-tests": ACT,
    "GET /api/realtime": READ_ALL,
    "GET /api/staff/summary": READ_ALL,
    "GET /api/staff/jobs": READ_ALL,
    "GET /api/staff/jobs/{job_id}": READ_ALL,
    "GET /api/staff/manual": READ_ALL,
    "GET /api/staff/queue": READ_ALL,
    "GET /api/staff/dead-letters": READ_ALL,
    "GET /api/staff/directories": READ_ALL,
    "GET /api/staff/workers": READ_ALL,
    "GET /api/staff/alerts": READ_ALL,
    "GET /api/staff/history": READ_ALL,
    "DELETE /api/staff/jobs/{job_id}": ACT_ALL,
    "POST /api/staff/jobs/{job_id}/cancel": ACT_ALL,
    "POST /api/staff/jobs/{job_id}/push": ACT_ALL,
    "POST /api/staff/jobs/{job_id}/priority": ACT_ALL,
    "POST /api/staff/jobs/{job_id}/retry-failed": ACT_ALL,
    "POST /api/staff/jobs/{job_id}/customer-link": ACT_ALL,
    "POST /api/staff/results/{result_id}/retry": ACT_ALL,
    "POST /api/staff/results/{result_id}/resolve": ACT_ALL,
    "POST /api/staff/dead-letters/{letter_id}/replay": ACT_ALL,
    "POST /api/staff/directories/{directory_id}/terms": ACT_ALL,
    "POST /api/staff/directories/{directory_id}/enabled": ACT_ALL,
    "POST /api/staff/alerts/close": ACT_ALL,
    "GET /api/orders/pipeline": READ_ALL,
    "POST /api/orders/test": PROVE,
    "POST /api/orders/test/{job_id}/cancel": PROVE,
    "DELETE /api/orders/test/{job_id}": PROVE,
    "GET /api/tests/{job_id}": READ,
    "GET /api/tests/{job_id}/runs": READ,
    "POST /api/tests/{job_id}/cancel": ACT,
    "GET /api/runs/{run_id}": READ,
    "POST /api/runs/{run_id}/cancel": ACT,
    # The pages
    "GET /": READ_ANY,
    "GET /sites/new": ACT_ALL,
    "POST /sites": ACT_ALL,
    "GET /sites/{site_id}/edit": ACT,
    "POST /sites/{site_id}/edit": ACT,
    "GET /sites/{site_id}/delete": ACT,
    "POST /sites/{site_id}/delete": ACT,
    "GET /sites/{site_id}/integrations": READ,
    "GET /sites/{site_id}/services/{slug}": READ,
    "POST /sites/{site_id}/test-connections": ACT,
    "POST /sites/{site_id}/smoke-tests": ACT,
    "POST /sites/{site_id}/full-run": ACT,
    "GET /jobs/{job_id}": READ,
    "GET /jobs/{job_id}/report": READ,
    "POST /jobs/{job_id}/again": ACT,
    "POST /jobs/{job_id}/cancel": ACT,
    "GET /runs/{run_id}": READ,
    "POST /runs/{run_id}/cancel": ACT,
    # Orders
    "GET /staff": READ_ALL,
    "GET /staff/dashboard": READ_ALL,
    "GET /staff/manual": READ_ALL,
    "GET /staff/queue": READ_ALL,
    "GET /staff/directories": READ_ALL,
    "GET /staff/jobs/{job_id}": READ_ALL,
    "GET /staff/evidence/{name}": READ_ALL,
    "POST /staff/jobs/{job_id}/cancel": ACT_ALL,
    "POST /staff/jobs/{job_id}/push": ACT_ALL,
    "POST /staff/jobs/{job_id}/priority": ACT_ALL,
    "POST /staff/jobs/{job_id}/retry-failed": ACT_ALL,
    "POST /staff/jobs/{job_id}/customer-link": ACT_ALL,
    "POST /staff/results/{result_id}/retry": ACT_ALL,
    "POST /staff/results/{result_id}/resolve": ACT_ALL,
    "POST /staff/dead-letters/{letter_id}/replay": ACT_ALL,
    "POST /staff/directories/{directory_id}/terms": ACT_ALL,
    "POST /staff/directories/{directory_id}/enabled": ACT_ALL,
    "POST /staff/alerts/close": ACT_ALL,
    "GET /orders/{token}": OPEN,  # the link itself is signed
    "GET /orders/{token}/live": OPEN,
    # Settings
    "POST /sign-out": OWN,
    "GET /settings": OWN,
    "GET /settings/account": OWN,
    "POST /settings/account/password": OWN,
    "POST /settings/account/sessions/end": OWN,
    "GET /settings/tokens": OWN,
    "POST /settings/tokens": OWN,
    "POST /settings/tokens/{token_id}/revoke": OWN,
    "GET /settings/users": RULE,
    "POST /settings/users": RULE,
    "POST /settings/users/{user_id}/role": RULE,
    "POST /settings/users/{user_id}/disable": RULE,
    "POST /settings/users/{user_id}/enable": RULE,
    "POST /settings/users/{user_id}/link": RULE,
    "GET /settings/secrets": RULE,
    "POST /settings/secrets/refresh": RULE,
    "GET /settings/schedules": READ_ALL,
    "POST /settings/schedules": ACT_ALL,
    "POST /settings/schedules/{schedule_id}": ACT_ALL,
    "POST /settings/schedules/{schedule_id}/pause": ACT_ALL,
    "POST /settings/schedules/{schedule_id}/resume": ACT_ALL,
    "POST /settings/schedules/{schedule_id}/delete": ACT_ALL,
    "GET /settings/waivers": READ_ALL,
    "POST /settings/waivers": ACT_ALL,
    "POST /settings/waivers/{waiver_id}/end": ACT_ALL,
    "GET /settings/alerts": READ_ALL,
    "POST /settings/alerts/rule": RULE,
    "POST /settings/alerts/windows": ACT_ALL,
    "POST /settings/alerts/windows/{window_id}/end": ACT_ALL,
    "GET /settings/audit": READ_ALL,
}


def at_least(role: Role, least: Role) -> bool:
    """Whether `role` may what `least` may."""
    return ROLES.index(role) >= ROLES.index(least)


def lower_of(one: Role, other: Role) -> Role:
    """The role that may less: a token is never worth more than its owner is now."""
    return one if at_least(other, one) else other


def role_of(text: str) -> Role:
    """The role of this name. Raises `role_wrong`."""
    by_name: dict[str, Role] = {role: role for role in ROLES}
    found = by_name.get(text)
    if found is None:
        hint = f"One of: {', '.join(ROLES)}."
        raise Problem("role_wrong", f"There is no role {text!r}.", hint, field="role")
    return found


def need_of(place: str) -> Need | None:
    """What `METHOD /path/{template}` needs; None when it is not in the table."""
    return WHO_MAY.get(place)


def may(person: Person | None, need: Need | None) -> bool:
    """Whether this person may do what has this need."""
    return need is not None and refusal(person, need) is None


def refusal(person: Person | None, need: Need) -> Problem | None:
    """Why this person may not; None when they may."""
    if need.role is None:
        return None
    if person is None:
        return Problem("sign_in_needed", "This needs a sign-in.", "Sign in, then try again.")
    if not at_least(person.role, need.role) and not (need.is_proof and person.proves):
        message = f"This needs the role {need.role}; {person.name} is {person.role}."
        return Problem("role_too_low", message, "Ask an admin of this Hermes for that role.")
    if person.site_id is not None and need.reach == "all":
        message = "This token is limited to one site, and this concerns more than that."
        return Problem("site_only", message, "Use a token for all sites.")
    return None
