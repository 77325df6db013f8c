"""The services of a chaos run: how each answers, and the verdict that is right for it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

KEY = "chaos-key-0123456789abcdef"
OUTPUTS = ("first", "second", "third")
VERDICTS = {
    "all": ("success", None),
    "some": ("partial", "outputs_missing"),
    "none": ("failed", "no_outputs"),
}


@dataclass(frozen=True)
class Service:
    """Seconds are a range: of the answer itself, or of the job behind a 202 where it is `later`."""

    slug: str
    delivers: str
    later: bool = False
    seconds: tuple[float, float] = (0.0, 0.05)
    honours_keys: bool = True

    @property
    def outputs(self) -> tuple[str, ...]:
        """What it delivers of what it promised."""
        return {"all": OUTPUTS, "some": OUTPUTS[:1], "none": ()}[self.delivers]

    @property
    def verdict(self) -> tuple[str, str | None]:
        """(status, reason) of a smoke run that was judged rightly."""
        return VERDICTS[self.delivers]


SERVICES = (
    Service("quick_all", "all"),
    Service("quick_some", "some"),
    Service("quick_none", "none"),
    Service("pondering", "all", seconds=(0.3, 1.2)),
    Service("later_all", "all", later=True, seconds=(0.2, 3.0)),
    Service("later_some", "some", later=True, seconds=(0.2, 3.0)),
    Service("later_none", "none", later=True, seconds=(0.2, 3.0)),
    Service("forgetful", "all", later=True, seconds=(0.2, 3.0), honours_keys=False),
)


def catalog() -> str:
    """The text of a catalog with these services."""
    return "version = 1\n" + "".join(part for service in SERVICES for part in _entry(service))


def _entry(service: Service) -> Iterator[str]:
    yield f"""
[[services]]
slug = "{service.slug}"
name = "{service.slug.replace("_", " ").title()}"
category = "chaos"
purpose = "To be asked in a chaos run."
state = "built"
secret = "HERMES_WORKER_{service.slug.upper()}"
expected_outputs = {json.dumps(OUTPUTS)}
supports_async = {json.dumps(service.later)}
honours_idempotency = {json.dumps(service.honours_keys)}
max_concurrency = 1000
warm_up_seconds = 30
smoke = {{ response_seconds = 10, deadline_seconds = 120 }}
"""
    for slug in OUTPUTS:
        yield f'[[services.outputs]]\nslug = "{slug}"\nlabel = "{slug.title()}"\ntype = "number"\n'


def secrets(port: int) -> dict[str, str]:
    """The variables that tell Hermes where each service stands."""
    return {
        f"HERMES_WORKER_{s.slug.upper()}": json.dumps(
            {"base_url": f"http://127.0.0.1:{port}/{s.slug}", "api_key": KEY}
        )
        for s in SERVICES
    }
