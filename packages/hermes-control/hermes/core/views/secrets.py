"""The status of secrets: found or not, where, in which form, and whether both sides hold the same key."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from hermes.core.catalog import Service
from hermes.core.replies.health import agrees
from hermes.core.secrets import Form
from hermes.core.worker_config import WorkerConfig, fingerprint
from hermes_base.reasons import Failure, Reason
from hermes_base.view import View

LONGEST_TOLD = 40
State = Literal["found", "missing", "malformed", "planned"]


class SecretView(View):
    """One secret. Its value is never returned."""

    name: str
    used_by: list[str] = Field(description="Names of the services that use it")
    what: str
    state: State
    optional: bool
    source: str | None = Field(examples=["environment"])
    kind: str | None = Field(examples=["with base URL", "key only"])
    host: str | None
    fingerprint: str | None = Field(
        description="First and last six characters of the SHA-256 of the key"
    )
    expected_fingerprint: str | None = Field(description="As reported by the worker's /health")
    told_at: datetime | None
    told_run_id: UUID | None
    match: Literal["same", "different", "not_told", "no_key"] | None
    fault: str
    next_step: str


class SecretsView(View):
    """All secrets of the catalog, as the web server sees them."""

    read_at: datetime
    sources: str = Field(description="Secret sources, in the order in which they are read")
    workers: list[SecretView]
    providers: list[SecretView]


def worker_secret(
    service: Service,
    config: WorkerConfig | Failure,
    form: Form | None,
    reported: Mapping[str, Any] | None,
) -> SecretView:
    """The address and key of a worker; `reported` is what its last connection test learnt.

    What another address told says nothing about this one, and is left out.
    """
    failure = config if isinstance(config, Failure) else None
    good = config if isinstance(config, WorkerConfig) else None
    facts: dict[str, Any] = (reported or {}).get("reported") or {}
    if good and facts.get("host") != good.host:
        reported, facts = None, {}
    expected = str(facts.get("expected_key_fingerprint") or "")
    return SecretView(
        name=service.secret,
        used_by=[service.name],
        what="The worker's address and key.",
        state=_state(failure, planned=service.state == "planned"),
        optional=service.state == "planned",
        source=good.source if good else None,
        kind=form.kind if form else None,
        host=good.host if good else None,
        fingerprint=fingerprint(good.key) if good and good.key else None,
        expected_fingerprint=expected[:LONGEST_TOLD] or None,
        told_at=reported["at"] if reported else None,
        told_run_id=reported["run_id"] if reported else None,
        match=_match(good, expected) if good else None,
        fault=failure.detail if failure else "",
        next_step=failure.reason.next_step if failure else "",
    )


def _state(failure: Failure | None, *, planned: bool = False) -> State:
    if failure is None:
        return "found"
    if failure.reason is not Reason.MISSING_SECRET:
        return "malformed"
    return "planned" if planned else "missing"


def _match(
    config: WorkerConfig, expected: str
) -> Literal["same", "different", "not_told", "no_key"]:
    """Compared now: the key may have changed since the worker told what it expects."""
    if not config.key:
        return "no_key"
    if not expected:
        return "not_told"
    return "same" if agrees(expected, config.key) else "different"


def provider_secret(
    name: str, services: Sequence[Service], found: tuple[Form, str] | Failure
) -> SecretView:
    """A credential of an outside provider, which these services use."""
    declared = [each for s in services for each in s.requires_secrets if each.name == name]
    planned = all(service.state == "planned" for service in services)
    form, source = (None, None) if isinstance(found, Failure) else found
    failure = found if isinstance(found, Failure) else _malformed(form)
    return SecretView(
        name=name,
        used_by=[service.name for service in services],
        what=declared[0].what,
        state=_state(failure, planned=planned),
        optional=planned or all(each.optional for each in declared),
        source=source,
        kind=form.kind if form else None,
        host=None,
        fingerprint=form.fingerprint if form else None,
        expected_fingerprint=None,
        told_at=None,
        told_run_id=None,
        match=None,
        fault=failure.detail if failure else "",
        next_step=f"Add it as the secret {name}." if failure else "",
    )


def _malformed(form: Form | None) -> Failure | None:
    return Failure(Reason.SECRET_MALFORMED, form.fault) if form and form.fault else None
