"""The three services of the model: all promise the same, each keeps another part of the contract."""

from typing import Any

from hermes.core.catalog import Catalog, ModeSpec, Output, Service

OUTPUTS = ("first", "second", "third")
SMOKE = ModeSpec(response_seconds=5, deadline_seconds=120)
FULL = ModeSpec(response_seconds=5, deadline_seconds=600)


def _service(slug: str, **changes: Any) -> Service:
    return Service(
        slug=slug,
        name=slug.title(),
        category="model",
        purpose="To be run by the model.",
        state="built",
        secret=f"HERMES_WORKER_{slug.upper()}",
        expected_outputs=OUTPUTS,
        outputs=tuple(Output(slug=o, label=o.title(), type="number") for o in OUTPUTS),
        supports_async=True,
        smoke=SMOKE,
        full=FULL,
        **changes,
    )


SERVICES = {
    service.slug: service
    for service in (
        _service("faithful", honours_idempotency=True, supports_cancel=True, max_concurrency=2),
        _service("stubborn", honours_idempotency=True, supports_cancel=False, max_concurrency=1),
        _service(
            "forgetful",
            honours_idempotency=False,
            supports_cancel=True,
            max_concurrency=1,
            warm_up_seconds=20,
        ),
    )
}
CATALOG = Catalog(version=1, services=tuple(SERVICES.values()))
