"""SYSTEM_INTEGRATION_TEST.md, .json and .xml: what a verification found."""

import json
from datetime import datetime
from pathlib import Path
from typing import get_args

from directory_bolt.core.verification.causes import explanation_of
from directory_bolt.core.verification.findings import PHASES, Finding, Report, Status
from hermes_junit import Case, junit

NAME = "SYSTEM_INTEGRATION_TEST"
ANSWERS = {
    0: "YES. Every hop works.",
    1: "NO. At least one hop is broken.",
    2: "NOT PROVED. Nothing failed, but some checks were skipped.",
    5: "UNKNOWN. Nothing could be checked.",
}
MARKS = {"PASS": "✅ PASS", "FAIL": "❌ FAIL", "SKIPPED": "⚪ SKIPPED"}


def write(report: Report, folder: Path) -> list[Path]:
    """Write all three files into a folder; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"md": markdown(report), "json": as_json(report), "xml": as_junit(report)}
    files = {folder / f"{NAME}.{ending}": text for ending, text in texts.items()}
    for file, text in files.items():
        file.write_text(text, "utf-8")
    return list(files)


def as_json(report: Report) -> str:
    """{timestamp, tests: [{name, passed, status, details, timestamp}], summary}."""
    content = {
        "timestamp": _stamp(report.ended),
        "tests": [
            {
                "name": each.name,
                "passed": each.status == "PASS",
                "status": each.status,
                "details": each.details,
                "timestamp": _stamp(each.at),
            }
            for each in report.findings
        ],
        "summary": {
            "total": len(report.findings),
            "passed": report.count("PASS"),
            "failed": report.count("FAIL"),
            "skipped": report.count("SKIPPED"),
            "pass_rate": report.pass_rate,
        },
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def as_junit(report: Report) -> str:
    """The report as JUnit XML, with a test suite for each phase."""
    return junit(NAME, [_case(finding) for finding in report.findings])


def _case(finding: Finding) -> Case:
    suite = f"Phase {finding.phase}: {PHASES[finding.phase]}"
    if finding.status == "FAIL":
        kind = finding.cause.value if finding.cause else "failed"
        return Case(suite, finding.name, failure=finding.details, kind=kind)
    if finding.status == "SKIPPED":
        return Case(suite, finding.name, skipped=finding.details)
    return Case(suite, finding.name, output=finding.details)


def markdown(report: Report) -> str:
    """For people: the answer, the broken hops, then every check with its time."""
    seconds = (report.ended - report.began).total_seconds()
    rate = "none could be checked" if report.pass_rate is None else f"{report.pass_rate:g} %"
    parts = [
        "# Directory-Bolt System Integration Test", "",
        f"**Date:** {_stamp(report.ended)}  ",
        f"**Hermes:** {report.url}  ",
        f"**Took:** {seconds:.1f} s  ",
        f"**Result:** {_counted(report)} (passed of checked: {rate})", "",
        "**Can the staff dashboard read what the workers deliver?** " + ANSWERS[report.exit_code], "",
        *_broken(report),
    ]  # fmt: skip
    for phase, name in PHASES.items():
        rows = [each for each in report.findings if each.phase == phase]
        parts += [f"## Phase {phase}: {name}", "", *_table(rows), ""]
    return "\n".join(parts)


def _counted(report: Report) -> str:
    passed, failed, skipped = map(report.count, get_args(Status))
    return f"{passed} passed, {failed} failed, {skipped} skipped of {len(report.findings)}"


def _broken(report: Report) -> list[str]:
    if not report.broken:
        return []
    lines = ["## Broken", ""]
    for cause in report.broken:
        why = explanation_of(cause)
        lines.append(f"- **{why.hop}**: {why.text} *{why.next_step}*")
    return [*lines, ""]


def _table(rows: list[Finding]) -> list[str]:
    head = ["| Check | Result | Seen at | Details |", "|---|---|---|---|"]
    return [
        *head,
        *(
            f"| {_cell(row.name)} | {MARKS[row.status]} | {row.at:%H:%M:%S} | {_cell(row.details)} |"
            for row in rows
        ),
    ]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
