"""What the bundled workers say of themselves before any job."""

import pytest

from hermes_fleet.host import BUNDLED, bundled


@pytest.mark.parametrize("slug", BUNDLED)
def test_a_job_of_a_bundled_worker_goes_on_after_a_restart_of_the_fleet(slug: str) -> None:
    (worker,) = bundled((slug,))
    assert worker.declaration.resumable, "without it the ledger ends the job as not resumable"
