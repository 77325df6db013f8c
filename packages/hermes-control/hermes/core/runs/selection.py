"""Which services a button runs: one function for all of them, with the reason for each left out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hermes.core.catalog import Catalog, RunType, Service
from hermes.core.sites.site import Site
from hermes.core.sites.values import labels_of
from hermes.core.worker_config import WorkerConfig
from hermes_base.problems import Problem
from hermes_base.reasons import Failure

Configs = Mapping[str, WorkerConfig | Failure]


@dataclass(frozen=True, slots=True)
class RunnableService:
    """A service that takes part in a test."""

    slug: str
    display_name: str
    integration_type: str
    supports_async: bool
    test_endpoints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A service that does not take part, why, and what to do."""

    slug: str
    display_name: str
    state: str
    reason: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Selection:
    """Who takes part in a test and who does not."""

    mode: RunType
    runnable: tuple[RunnableService, ...]
    left_out: tuple[LeftOut, ...]


def get_runnable_services(
    catalog: Catalog,
    site: Site,
    mode: RunType,
    configs: Configs,
    only: str | Sequence[str] | None = None,
    given: Collection[str] = (),
) -> Selection:
    """`connection` takes all built services with a configuration; `smoke` and `full` those that are
    also ready and have such a mode. `only` narrows to one or several services (slug or alias); `given`
    names what comes beside the catalog's payload."""
    services = catalog.workers if only is None else _named(catalog, only)
    runnable: list[RunnableService] = []
    left_out: list[LeftOut] = []
    for service in services:
        obstacle = obstacle_of(service, site, mode, configs.get(service.slug), given)
        if obstacle is None:
            runnable.append(_runnable(service, mode))
        else:
            left_out.append(LeftOut(service.slug, service.name, *obstacle))
    return Selection(mode, tuple(runnable), tuple(left_out))


def job_type_of(mode: RunType, only: str | Sequence[str] | None) -> str:
    """`smoke_all`, `smoke_some`, `smoke_one` ... Raises `invalid_request`: only smoke tests take some."""
    if only is None:
        return f"{mode}_all"
    if isinstance(only, str) or len(set(only)) == 1:
        return f"{mode}_one"
    if mode != "smoke":
        message = "Only smoke tests can run for several named services."
        raise Problem("invalid_request", message, "Name one service, or leave it out to test all.")
    return "smoke_some"


def _named(catalog: Catalog, only: str | Sequence[str]) -> list[Service]:
    """Each named service once, in the order of the catalog."""
    wanted = {catalog.service(name).slug for name in ([only] if isinstance(only, str) else only)}
    return [service for service in catalog if service.slug in wanted]


def obstacle_of(
    service: Service,
    site: Site,
    mode: RunType,
    config: WorkerConfig | Failure | None,
    given: Collection[str] = (),
) -> tuple[str, str, str] | None:
    """(state, reason, next step) why a service cannot take part; None when it can."""
    if service.integration_type != "worker":
        return (
            "platform",
            "This is a platform dependency, not a worker.",
            "See Platform at the bottom of the Integrations page.",
        )
    if service.state == "planned":
        return (
            "blocked",
            f"Not built yet: {service.planned_because}",
            "Nothing to do. This service is planned.",
        )
    if (spec := service.mode(mode)) is None:
        return (
            "no_mode",
            f"This service has no {mode} mode.",
            f"Add a {mode} mode to the worker and the catalog.",
        )
    if not set(spec.needs) <= set(given):
        return (
            "no_mode",
            f"A {mode} run needs {' and '.join(spec.needs)}, which Hermes provides itself.",
            "Nothing to do. Hermes starts this run when it is needed.",
        )
    if config is None or isinstance(config, Failure):
        return _unconfigured(service, config)
    if mode == "connection":
        return None
    absent = missing_inputs(service, site)
    if absent:
        names = labels_of(absent)
        return (
            "needs_config",
            f"This site has no {names}.",
            f"Edit the site and enter {names}.",
        )
    return None


def _unconfigured(service: Service, failure: Failure | None) -> tuple[str, str, str]:
    if failure is None:
        step = f'Set {service.secret} to {{"base_url": "https://...", "api_key": "..."}}.'
        return "needs_config", f"The secret {service.secret} is not set.", step
    return "needs_config", failure.detail, failure.reason.next_step


def missing_inputs(service: Service, site: Site) -> list[str]:
    """Site settings that a service requires and the site does not have."""
    have = {"base_url": site.base_url, **site.settings}
    return [name for name in service.requires_site if not have.get(name)]


def _runnable(service: Service, mode: RunType) -> RunnableService:
    paths = service.paths
    endpoints = (
        (f"GET {paths.health}",)
        if mode == "connection"
        else (f"POST {paths.start}", f"GET {paths.status}")
    )
    return RunnableService(
        service.slug, service.name, service.integration_type, service.supports_async, endpoints
    )


def require_some(selection: Selection) -> Selection:
    """Raises `nothing_selected` with the reason for each service when nothing can run."""
    if selection.runnable:
        return selection
    reasons: Sequence[dict[str, Any]] = [
        {
            "slug": s.slug,
            "displayName": s.display_name,
            "state": s.state,
            "reason": s.reason,
            "nextStep": s.next_step,
        }
        for s in selection.left_out
    ]
    because = " ".join(f"{s.display_name}: {s.reason}" for s in selection.left_out[:3])
    more = f" ({len(selection.left_out) - 3} more)" if len(selection.left_out) > 3 else ""
    raise Problem(
        "nothing_selected",
        f"0 services found because: {because or 'the catalog has no worker services.'}{more}",
        "Details lists the reason for each service. Fix at least one, then try again.",
        details=list(reasons),
    )
