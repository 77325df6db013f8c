"""Link graphs of earlier runs, which Hermes keeps beside them."""

import json
from typing import Any

from pydantic import ValidationError

from hermes_fleet import hermes_api
from hermes_fleet.backlink_authority.graph import LinkGraph
from hermes_worker import Job
from hermes_worker.result import LARGEST_ARTIFACTS

ARTIFACT = "link_graph"
RUNS_LOOKED_BACK = (10, 2)  # fewer where the graphs of many runs are too large for one answer


async def earlier_graphs(job: Job) -> list[LinkGraph]:
    """The link graphs of earlier runs for this site, newest first: of this run's mode where there are
    any, since a small run can settle little of a large one. None where none can be known."""
    return await _graphs(job, job.mode) or await _graphs(job, "")


async def _graphs(job: Job, run_type: str) -> list[LinkGraph]:
    for limit in RUNS_LOOKED_BACK:
        runs = await hermes_api.earlier_runs("backlink_authority", job.site_id, run_type, limit)
        if runs is not None:
            found = (run.artifacts[ARTIFACT] for run in runs if ARTIFACT in run.artifacts)
            return [graph for each in found if (graph := _graph(each))]
    return []


def _graph(kept: object) -> LinkGraph | None:
    try:
        return LinkGraph.model_validate(kept)
    except ValidationError:
        return None  # kept by another version


def kept(graph: LinkGraph) -> dict[str, Any]:
    """The graph for later runs; nothing where it is larger than what Hermes keeps."""
    document = graph.model_dump(mode="json")
    fits = len(json.dumps({ARTIFACT: document})) <= LARGEST_ARTIFACTS
    return {ARTIFACT: document} if fits else {}
