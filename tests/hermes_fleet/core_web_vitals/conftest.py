"""Pages of these tests have come to rest long before Lighthouse's 5.25 seconds are over."""

import pytest


@pytest.fixture(autouse=True)
def _rest(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction] - autouse
    from hermes_fleet.core_web_vitals import quiet

    monkeypatch.setattr(quiet, "QUIET_SECONDS", 1.2)
