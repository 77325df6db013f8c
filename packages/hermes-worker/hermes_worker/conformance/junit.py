"""A report as JUnit XML, for CI."""

import re
from xml.etree.ElementTree import Element, SubElement, tostring

from hermes_worker.conformance.report import Report, Result

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report) -> str:
    """One case for each requirement; a SHOULD that is not met is skipped with its reason."""
    failures = sum(result.breaks_conformance for result in report.results)
    skipped = sum(not result.passed for result in report.results) - failures
    suite = Element(
        "testsuite",
        name=f"Worker contract v1, level {report.level}",
        tests=str(len(report.results)),
        failures=str(failures),
        errors="0",
        skipped=str(skipped),
        time=f"{sum(result.seconds for result in report.results):.3f}",
    )
    for result in report.results:
        add_case(suite, result)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(suite, encoding="unicode")}\n'


def add_case(suite: Element, result: Result) -> None:
    needed = result.requirement
    case = SubElement(
        suite,
        "testcase",
        classname=f"worker.{needed.level}",
        name=f"{needed.id} {needed.says}",
        time=f"{result.seconds:.3f}",
    )
    if result.breaks_conformance:
        told = SubElement(case, "failure", message=clean(result.reason))
        told.text = clean("\n".join(result.lines()))
    elif not result.passed:
        should = "SHOULD, not met: " if result.outcome == "failed" else ""
        SubElement(case, "skipped", message=clean(should + result.reason))


def clean(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return NOT_XML.sub("�", text)
