"""One run: what is known of the site, what the collection says to it, and what it says on the topic."""

from typing import Any

from hermes_fleet.seo_kbase import advice, library
from hermes_fleet.seo_kbase.history import History, history
from hermes_fleet.seo_kbase.library import Entry, Found
from hermes_worker import Job, Missing, Result
from hermes_worker.result import Provenance

STEPS = 3
MOST_ANSWERS = 500
NOTHING_KNOWN = "General advice only: no other service has run on this site yet. Run the Technical SEO Crawler and the other services first."
ON_TOPIC = ("best_practices", "optimization_tips", "reference_docs")


async def consult(job: Job, topic: str, limit: int) -> Result:
    """WorkerError `missing_config` and the like when Hermes, who keeps the collection, cannot be asked."""
    await job.progress(0, STEPS, unit="steps", phase="searching the collection")
    found = await library.about(topic, limit)
    await job.progress(1, STEPS, unit="steps", phase="reading earlier runs")
    known = await history(job.site_id)
    await job.progress(2, STEPS, unit="steps", phase="choosing advice")
    recommended, worth = await _recommended(known, found.entries, limit)
    outputs, missing = _on_topic(topic, found.entries, whole=len(found.entries) < limit)
    outputs["seo_recommendations"] = recommended
    return Result(
        outputs=outputs,
        provenance={**dict.fromkeys(outputs, "generated"), "seo_recommendations": worth},
        metrics=_metrics(topic, found, known, outputs),
        missing=missing,
    )


async def _recommended(
    known: History, on_topic: list[Entry], limit: int
) -> tuple[dict[str, Any], Provenance]:
    """The output and its provenance, which is that of the figures it rests on."""
    if not known.runs:
        items = advice.from_topic(on_topic, limit)
        return advice.listed(items, NOTHING_KNOWN, complete=False), "generated"
    seen = known.seen
    if not seen:
        return advice.listed([], _basis(known)), "measured"
    answered = await library.answering({each.finding.key for each in seen}, MOST_ANSWERS)
    items = advice.recommendations(seen, answered.entries, MOST_ANSWERS)
    worth = "sample" if any(each["figure_is"] == "sample" for each in items[:limit]) else "measured"
    whole = len(items) <= limit
    return advice.listed(items[:limit], _basis(known, len(items)), complete=whole), worth


def _basis(known: History, found: int = 0) -> str:
    services = ", ".join(known.runs)
    seen_findings = f"{len(known.seen)} findings in the newest runs of {services}"
    return (
        f"{seen_findings}; {found} entries answer them."
        if known.seen
        else f"{seen_findings}: nothing to do."
    )


def _on_topic(
    topic: str, entries: list[Entry], *, whole: bool
) -> tuple[dict[str, Any], dict[str, Missing]]:
    if not entries:
        message = f"The collection has no entry on {topic!r}. Ask for another topic, such as redirects or titles."
        return {}, dict.fromkeys(ON_TOPIC, Missing("outputs_missing", message))
    outputs: dict[str, Any] = {
        "best_practices": advice.listed(advice.practices(entries), complete=whole),
        "optimization_tips": advice.listed(advice.tips(entries), complete=whole),
        "reference_docs": advice.listed(advice.documents(entries), complete=whole),
    }
    return outputs, {}


def _metrics(topic: str, found: Found, known: History, outputs: dict[str, Any]) -> dict[str, Any]:
    recommended = outputs["seo_recommendations"]["count"]
    return {
        "topic": topic,
        "collection": found.version,
        "items": len(found.entries) + recommended,
        "requests": 1 + known.asked + bool(known.seen),
        "findings": len(known.seen),
        "runs_read": {service: run.run_id for service, run in known.runs.items()},
    }
