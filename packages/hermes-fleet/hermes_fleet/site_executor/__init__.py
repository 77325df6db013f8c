"""Approved corrections as pull requests on the site's repository, and the way back."""

from typing import Any

from hermes_fleet.site_executor.repository import git_fault
from hermes_fleet.site_executor.work import OUTPUTS, Work
from hermes_worker import Job, Missing, Result, Worker, WorkerError


def not_ready() -> dict[str, str]:
    """Whether git is here; nothing is asked over the network."""
    fault = git_fault()
    return {"git": fault} if fault else {}


worker = Worker(
    "site_executor",
    version="1.0.0",
    outputs=OUTPUTS,
    modes=("smoke", "full"),
    answer_within=48,
    resumable=True,
    max_concurrency=1,  # two at once would propose the same changes
    time_limit={"smoke": 100, "full": 280},
    ready=not_ready,
)


@worker.run
async def execute(job: Job, site: str, settings: dict[str, Any] | None = None) -> Result:
    """Smoke: one change to a repository of its own, proposed and closed. Full: what people approved in Hermes."""
    given = (settings or {}).get("repository")
    work = Work(job, site, given if isinstance(given, str) else "")
    try:
        return await (work.smoke() if job.mode == "smoke" else work.full())
    except WorkerError as error:
        return worker.nothing(Missing(error.code, error.message))
