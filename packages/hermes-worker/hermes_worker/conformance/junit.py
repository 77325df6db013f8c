"""A report as JUnit XML, for CI."""

from dataclasses import replace

import hermes_junit
from hermes_junit import Case
from hermes_worker.conformance.report import Report, Result


def junit(report: Report) -> str:
    """One case for each requirement; a SHOULD that is not met is skipped with its reason."""
    suite = f"Worker contract v1, level {report.level}"
    return hermes_junit.junit(suite, [_case(suite, result) for result in report.results])


def _case(suite: str, result: Result) -> Case:
    needed = result.requirement
    case = Case(
        suite,
        f"{needed.id} {needed.says}",
        result.seconds,
        classname=f"worker.{needed.level}",
    )
    if result.breaks_conformance:
        return replace(case, failure=result.reason or "not met", details="\n".join(result.lines()))
    if not result.passed:
        should = "SHOULD, not met: " if result.outcome == "failed" else ""
        return replace(case, skipped=should + (result.reason or "not met"))
    return case
