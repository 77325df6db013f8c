"""JUnit XML as CI systems read it; imports nothing of ours.

Not junitparser: it writes characters that XML cannot hold as they come, and no parser reads such a file.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Case:
    """One test case: `failure` or `skipped` say why it did not pass; both "" when it did."""

    suite: str
    name: str
    seconds: float = 0.0
    failure: str = ""
    details: str = ""
    """The whole text of the failure; "" where `failure` says all."""
    kind: str = ""
    skipped: str = ""
    output: str = ""
    classname: str = ""
    """What CI groups by; "" for the suite's name."""


def junit(name: str, cases: Sequence[Case]) -> str:
    """A document of one suite for each `suite` of the cases."""
    top = Element("testsuites", {"name": name, **_counts(cases)})
    for suite in dict.fromkeys(case.suite for case in cases):
        mine = [case for case in cases if case.suite == suite]
        part = SubElement(top, "testsuite", {"name": suite, **_counts(mine)})
        for case in mine:
            _add(part, case)
    indent(top)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(top, encoding="unicode") + "\n"


def _counts(cases: Sequence[Case]) -> dict[str, str]:
    return {
        "tests": str(len(cases)),
        "failures": str(sum(bool(case.failure) for case in cases)),
        "errors": "0",
        "skipped": str(sum(bool(case.skipped) for case in cases)),
        "time": f"{sum(case.seconds for case in cases):.3f}",
    }


def _add(suite: Element, case: Case) -> None:
    classname = case.classname or case.suite
    facts = {"classname": classname, "name": case.name, "time": f"{case.seconds:.3f}"}
    found = SubElement(suite, "testcase", {name: _clean(value) for name, value in facts.items()})
    if case.failure:
        attributes = {"message": _clean(case.failure), "type": case.kind or "failed"}
        SubElement(found, "failure", attributes).text = _clean(case.details or case.failure)
    elif case.skipped:
        SubElement(found, "skipped", {"message": _clean(case.skipped)})
    if case.output:
        SubElement(found, "system-out").text = _clean(case.output)


def _clean(text: str) -> str:
    """Without what XML cannot hold, whatever a worker wrote."""
    return NOT_XML.sub("\ufffd", text)
