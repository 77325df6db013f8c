"""The id of a worker's job: the names that it stands under, and what may be one where none of them is there."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from hermes.core.replies.places import JOBS, objects, places
from hermes.core.replies.words import spellings

JOB_ID_NAMES = (
    "job_id", "task_id", "report_id", "execution_id", "operation_id", "dag_run_id", "flow_run_id", "workflow_id",
    "execution_arn", "job_arn", "crawl_id", "scan_id", "batch_id", "prediction_id", "result_id", "process_id", "id",
    "run_id", "request_id", "uuid",
)  # fmt: skip
"""From the plainest name to those that may mean something else (`run_id` may be ours, echoed)."""
OF_JOBS_ALONE = frozenset(
    [
        "job_id",
        "task_id",
        "execution_id",
        "operation_id",
        "dag_run_id",
        "execution_arn",
        "job_arn",
        "crawl_id",
        "scan_id",
    ]
)
"""Names that can mean nothing but a job."""
ID_SPELLINGS = {**spellings(JOB_ID_NAMES), "jobID": "job_id", "taskID": "task_id", "ID": "id"}
IDS = tuple(sorted(ID_SPELLINGS, key=lambda name: JOB_ID_NAMES.index(ID_SPELLINGS[name])))
STRICT_IDS = tuple(name for name in IDS if ID_SPELLINGS[name] in OF_JOBS_ALONE)
LONGEST_JOB_ID = 500
HANDLES = ("name", "key", "token", "handle", "ticket", "reference", "ref", "job", "task")


def job_id_of(fields: Mapping[str, Any], *, strict: bool = False) -> str | None:
    """The worker's job id. `strict` looks only at the names that can mean nothing else."""
    return next(_job_ids(fields, strict=strict), None)


def about_another(fields: Mapping[str, Any], job_id: str) -> str | None:
    """The job that an answer is about, where that is plainly not `job_id`."""
    plain = fields.get("jobId")
    if plain == job_id:
        return None
    named = job_id_of(fields, strict=True)
    if named is None or job_id in (named, *_job_ids(fields, strict=False)):
        return None
    return named


def guessed_id(fields: Mapping[str, Any]) -> str | None:
    """What may be the id of a job that was taken under no known name: the one field that ends with `id`, else the
    name of the object (`metadata.name`, `name: operations/1`), or a handle."""
    found = places(fields)
    ends = {text for place in found for name in place if name.lower().endswith("id") and (text := _id_text(place[name]))}  # fmt: skip
    if len(ends) == 1:
        return ends.pop()
    metadata = fields.get("metadata")
    named = [cast("Mapping[str, Any]", metadata)] if isinstance(metadata, dict) else []
    texts = (_id_text(place.get(name)) for place in (*found, *named) for name in HANDLES)
    return next((text for text in texts if text and " " not in text), None)


def _job_ids(fields: Mapping[str, Any], *, strict: bool) -> Iterator[str]:
    found = places(fields)
    if not strict:  # an id inside `job` is the job's
        found = [*objects([fields], JOBS), *found]
    for name in STRICT_IDS if strict else IDS:
        for place in found:
            if text := _id_text(place.get(name)):
                yield text


def _id_text(value: Any) -> str:
    is_id = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value).strip() if is_id else ""
