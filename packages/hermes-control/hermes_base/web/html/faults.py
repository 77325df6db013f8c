"""What is wrong with a form, beside its fields."""

from typing import Any, cast

from hermes_base.problems import Problem


def faults_of(problem: Problem) -> dict[str, str]:
    """The first fault of each field. Raises the problem again where it names no field."""
    if problem.field is None:
        raise problem
    details: Any = problem.details
    if not isinstance(details, list):
        return {problem.field: f"{problem.message} {problem.hint}"}
    faults = cast("list[dict[str, str]]", details)
    found = {fault["field"]: fault["message"] for fault in reversed(faults) if "field" in fault}
    return {name: f"{message[:1].upper()}{message[1:]}" for name, message in found.items()}
