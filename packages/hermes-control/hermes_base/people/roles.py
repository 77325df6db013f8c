"""Roles, what can be needed of who asks, and whether a person meets it.

Every route names its need where it is declared (`hermes_base.web.routing`); without one nothing loads.
"""

from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from hermes_base.problems import Problem

Role = Literal["viewer", "operator", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)  # each may what those before it may
ROLE_WORDS: dict[Role, str] = {
    "viewer": "Can view everything except the secrets and users pages",
    "operator": "Can also run and cancel tests, change sites, schedules, waivers and maintenance windows, and manage orders and directories",
    "admin": "Can also manage users, everyone's API tokens, the secrets page and the alert rule",
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
        hint = f"Use one of: {', '.join(ROLES)}."
        raise Problem("role_wrong", f"Unknown role: {text!r}.", hint, field="role")
    return found


def may(person: Person | None, need: Need | None) -> bool:
    """Whether this person may do what has this need."""
    return need is not None and refusal(person, need) is None


def refusal(person: Person | None, need: Need) -> Problem | None:
    """Why this person may not; None when they may."""
    if need.role is None:
        return None
    if person is None:
        return Problem("sign_in_needed", "You need to sign in.", "Sign in, then try again.")
    if not at_least(person.role, need.role) and not (need.is_proof and person.proves):
        message = f"This requires the {need.role} role. {person.name} has the {person.role} role."
        return Problem("role_too_low", message, "Ask an admin for that role.")
    if person.site_id is not None and need.reach == "all":
        message = "This token is limited to one site, but the request covers more than that site."
        return Problem("site_only", message, "Use a token for all sites.")
    return None
