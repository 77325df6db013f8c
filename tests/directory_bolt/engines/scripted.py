"""The flow `process_job` with scripted directories, for the worker processes of these tests.

A directory writes every form that it receives into a file, as a directory would count them; one whose
name begins with `gate` lets a visitor wait until the test opens it.
"""

# pyright: reportMissingImports=false, reportUntypedFunctionDecorator=false
import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect import flow

from directory_bolt.core.orders.states import ResultReason
from directory_bolt.processes.prefect_flows import work_off
from directory_bolt.submitting import BeforeClick, Outcome, Task
from hermes_base.settings import load


class WritingSubmitter:
    """Directories whose books are the file `forms` below the home."""

    def __init__(self, home: Path) -> None:
        self._home = home

    async def submit(self, task: Task, before_click: BeforeClick) -> Outcome:
        self._note("visits", task)
        while task.directory_name.startswith("gate") and not (self._home / "open").exists():
            await asyncio.sleep(0.02)
        if not await before_click({"email": {"value": task.profile.email}}):
            return Outcome("skipped", ResultReason.CANCELLED, "The order was cancelled.")
        self._note("forms", task)
        return Outcome("submitted", confirmation=f"REF-{task.directory_name}")

    async def look_up(self, task: Task) -> str | None:
        forms = (self._home / "forms").read_text("utf-8")
        found = f"{task.job_id} {task.directory_name}" in forms.splitlines()
        return f"https://{task.directory_name}.example/l/1" if found else None

    def left_behind(self, task: Task) -> str | None:
        del task

    def _note(self, book: str, task: Task) -> None:
        with (self._home / book).open("a", encoding="utf-8") as file:
            file.write(f"{task.job_id} {task.directory_name}\n")


@flow(name="process_job", validate_parameters=False)
async def process_job(flow_id: str, job_id: str) -> Any:
    """As the product's own flow, with directories that do what the test says."""
    settings = load()
    return await work_off(settings, WritingSubmitter(settings.home), UUID(flow_id), UUID(job_id))
