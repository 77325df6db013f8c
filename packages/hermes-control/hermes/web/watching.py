"""Somebody looks at a run or a job that goes on: its workers are asked more often while that lasts."""

from hermes.control import Hermes
from hermes.core.views import JobView, RunView


async def watched(hermes: Hermes, found: RunView | JobView) -> None:
    """Take note of it; nothing for what is over or waits for a slot."""
    if found.status == "running":
        await hermes.runs.watch(found.id)
