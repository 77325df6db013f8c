"""Reports of a test job (`hermes test ... --wait`): JUnit XML, and a summary for GitHub."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hermes_junit import Case, junit

Run = Mapping[str, Any]


def as_junit(job: Mapping[str, Any], runs: Sequence[Run]) -> str:
    """One case a service and one for each of its outputs; partial is a failure, what was not judged is
    skipped."""
    cases = [case for run in runs for case in (_case(job, run), *_output_cases(job, run))]
    return junit(f"hermes {job['runType']}", cases)


def _case(job: Mapping[str, Any], run: Run) -> Case:
    suite, seconds = f"hermes.{job['runType']}", float(run["seconds"] or 0)
    name, text = str(run["serviceName"]), _said(run)
    if run["status"] == "success":
        return Case(suite, name, seconds)
    if _is_judged(run):
        return Case(
            suite, name, seconds, failure=text, kind=str(run.get("reason") or run["status"])
        )
    return Case(suite, name, seconds, skipped=text)


def _is_judged(run: Run) -> bool:
    """Whether a run has a verdict: one that was cancelled, or whose worker is not configured, has none."""
    missing: Mapping[str, Any] = run["missing"]
    judged = run["status"] in ("success", "partial", "failed")
    return judged and missing.get("state") != "not_configured"


def _output_cases(job: Mapping[str, Any], run: Run) -> Iterator[Case]:
    """The outputs of a run that has a verdict: delivered, waived, or not delivered and why."""
    if not _is_judged(run):
        return
    suite = f"hermes.{job['runType']}.{run.get('serviceSlug', '')}"
    missing = {output.get("slug"): output for output in run["missing"]["outputs"]}
    waived = {output["slug"]: output for output in run["missing"].get("waived", ())}
    for slug in run.get("outputs", {}).get("expectedOutputs", ()):
        if slug in missing:
            output = missing[slug]
            text = f"{_end_of(output)}{cause_of(output)} {output['nextStep']}"
            yield Case(suite, slug, 0.0, failure=text, kind=str(output["reason"]))
        elif slug in waived:
            yield Case(suite, slug, 0.0, skipped=str(waived[slug]["text"]))
        else:
            yield Case(suite, slug, 0.0)


def as_summary(job: Mapping[str, Any], runs: Sequence[Run]) -> str:
    """Markdown for $GITHUB_STEP_SUMMARY."""
    rows = [
        f"| {_cell(str(run['serviceName']))} | {run['status']} | {_cell(_said(run))} |"
        for run in runs
    ]
    return "\n".join(
        [f"## {job['summary']}", "", "| Service | Result | Details |", "|---|---|---|", *rows, ""]
    )


def cause_of(output: Mapping[str, Any]) -> str:
    """Why an output does not count. Missing: what the run says of it, in the worker's own words where it
    gave any, and the likely cause of the catalog beside it; claimed or refuted: what was found, and the quote."""
    said, likely = str(output["message"]), str(output["likelyCause"])
    if output.get("end", "missing") != "missing":
        return " ".join(filter(None, (said, str(output.get("shows") or ""))))
    return f"{said} Likely cause: {likely}" if said and said != likely else likely


def _said(run: Run) -> str:
    missing = [
        f"{output['label']}: {_end_of(output)}{cause_of(output)} {output['nextStep']}"
        for output in run["missing"]["outputs"]
    ]
    sentences = [str(part) for part in (run["statusText"], run["detail"], *missing) if part]
    return ". ".join(part.rstrip(".") for part in sentences) + "."


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def _end_of(output: Mapping[str, Any]) -> str:
    """`refuted (not_this_site): `; nothing before what is simply missing."""
    if output.get("end", "missing") == "missing":
        return ""
    return f"{output['end']} ({output['reason']}): "
