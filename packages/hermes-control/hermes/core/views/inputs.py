"""What a service needs: settings of the site, its worker's secret, provider credentials; and what is there."""

from collections.abc import Mapping
from typing import Any, Literal, cast

from hermes.core.catalog import ProviderSecret, Service
from hermes.core.sites.site import Site
from hermes.core.worker_config import WorkerConfig
from hermes_base.reasons import Failure
from hermes_base.view import View

Found = Mapping[str, str | Failure]
"""Provider secrets by name: the source that holds each, or why none does."""
InputState = Literal["present", "absent", "not needed", "not visible"]


class InputView(View):
    """One thing that a service needs or can use. `text` never holds a secret's value."""

    name: str
    kind: Literal["site setting", "worker secret", "provider credential"]
    state: InputState
    optional: bool
    text: str
    what: str
    next_step: str


def inputs_of(
    service: Service, site: Site, config: WorkerConfig | Failure | None, found: Found
) -> list[InputView]:
    """Everything that a service needs, the required first."""
    settings = [_setting(name, site) for name in service.requires_site]
    settings += [_setting(name, site, optional=True) for name in service.uses_site]
    secret = [_secret(service, config)] if service.secret else []
    by_worker = isinstance(config, WorkerConfig) and config.source != "bundled fleet"
    providers = [_provider(p, found[p.name], site, by_worker) for p in service.requires_secrets]
    return [*settings, *secret, *sorted(providers, key=lambda each: each.optional)]


def _setting(name: str, site: Site, *, optional: bool = False) -> InputView:
    value = {"base_url": site.base_url, **site.settings}.get(name)
    return InputView(
        name=name,
        kind="site setting",
        state="present" if value else "absent",
        optional=optional,
        text=_brief(value) if value else "Not set for this site",
        what="Used if set." if optional else "",
        next_step="" if value else f"Set {name} in the site's settings.",
    )


def _brief(value: Any) -> str:
    if isinstance(value, list | tuple):
        count = len(cast("list[Any]", value))
        return f"{count} {'item' if count == 1 else 'items'}"
    return str(value)[:200]


def _secret(service: Service, config: WorkerConfig | Failure | None) -> InputView:
    fine = isinstance(config, WorkerConfig)
    failure = config if isinstance(config, Failure) else None
    return InputView(
        name=service.secret,
        kind="worker secret",
        state="present" if fine else "absent",
        optional=False,
        text=f"Found in: {config.source}" if fine else failure.detail if failure else "Not needed",
        what="The worker's address and key.",
        next_step=failure.reason.next_step if failure else "",
    )


def _provider(
    secret: ProviderSecret, found: str | Failure, site: Site, by_worker: bool
) -> InputView:
    state, text = _where(found, site, by_worker)
    return InputView(
        name=secret.name,
        kind="provider credential",
        state=state,
        optional=secret.optional,
        text=text,
        what=secret.what,
        next_step=f"Add it as the secret {secret.name}." if state == "absent" else "",
    )


def _where(found: str | Failure, site: Site, by_worker: bool) -> tuple[InputState, str]:
    """A worker of somebody else keeps its credentials itself; the demo site needs none."""
    if by_worker:
        return "not visible", "The worker stores this credential itself, so Hermes cannot see it."
    if not isinstance(found, Failure):
        return "present", f"Found in: {found}"
    if site.is_demo:
        return "not needed", "The demo site uses a simulated provider with sample data."
    return "absent", found.detail
