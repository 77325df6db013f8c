"""The conformance kit: judges any worker, in any language, over HTTP against contract v1.

`python -m hermes_worker.conformance URL --key K`, or in a test `assert_conforms(url, key)`.
"""

import asyncio
from typing import Any

from hermes_worker.conformance.report import Report, Result
from hermes_worker.conformance.requirements import LEVELS, REQUIREMENTS, Requirement
from hermes_worker.conformance.trial import Limits
from hermes_worker.conformance.verification import verify
from hermes_worker.conformance.wire import Unreachable

__all__ = [
    "LEVELS",
    "REQUIREMENTS",
    "Limits",
    "Report",
    "Requirement",
    "Result",
    "Unreachable",
    "assert_conforms",
    "verify",
]


def assert_conforms(url: str, key: str | None = None, **options: Any) -> Report:
    """The report; AssertionError with its text when a MUST is broken. Options as of `verify`.

    In async code await `verify` instead, and look at `conforms`.
    """
    report = asyncio.run(verify(url, key, **options))
    if not report.conforms:
        raise AssertionError(report.text())
    return report
