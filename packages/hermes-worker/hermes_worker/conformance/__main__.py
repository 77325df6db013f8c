"""`python -m hermes_worker.conformance URL`: exit code 0 conforms, 1 does not, 4 usage or unreachable."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from hermes_worker.conformance import LEVELS, Limits, Report, Unreachable, verify
from hermes_worker.conformance.document import document
from hermes_worker.conformance.honest import Honesty, honesty
from hermes_worker.conformance.junit import junit
from hermes_worker.conformance.wire import json_object

CONFORMS, BROKEN, USAGE = 0, 1, 4
KEY = "HERMES_WORKER_KEY"


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{message}\n")


def main(words: Sequence[str] | None = None) -> int:
    options = parser().parse_args(words)
    if options.document:
        print(document(), end="")
        return CONFORMS
    try:
        report, honest = asyncio.run(found(options))
        if options.junit:
            options.junit.write_text(junit(report), "utf-8")
    except (Unreachable, ValueError, OSError) as trouble:
        print(trouble, file=sys.stderr)
        return USAGE
    print(printed(report, honest, as_json=options.json))
    return CONFORMS if report.conforms and (honest is None or honest.honest) else BROKEN


def printed(report: Report, honest: Honesty | None, *, as_json: bool) -> str:
    """The report, and what was found of the worker's honesty where it was asked for."""
    if as_json:
        told = {"honesty": honest.as_json()} if honest else {}
        return json.dumps({**report.as_json(), **told}, indent=2)
    return report.text() + (f"\n\n{honest.text()}" if honest else "")


def parser() -> Parser:
    made = Parser(
        "verify-worker", description="Test a worker against the worker contract v1 over HTTP."
    )
    made.add_argument("url", nargs="?", help="the worker's base URL")
    made.add_argument("--key", default=os.environ.get(KEY), help=f"its key (default: ${KEY})")
    made.add_argument(
        "--level",
        choices=LEVELS,
        help="level to test (default: the level /health declares, or smoke)",
    )
    made.add_argument("--mode", default="smoke", help="mode of the runs (default: smoke)")
    made.add_argument(
        "--payload",
        type=json_fields,
        default={},
        help="extra fields for each start request, as JSON",
    )
    made.add_argument("--restart-command", help="shell command that restarts the worker")
    made.add_argument("--wait", type=float, default=0, help="seconds to wait for /health")
    made.add_argument(
        "--time-limit", type=float, default=Limits().job, help="time limit for one run, in seconds"
    )
    made.add_argument("--json", action="store_true", help="print the report as JSON")
    made.add_argument(
        "--honest",
        action="store_true",
        help="also check for made-up figures, with at most five more small jobs",
    )
    made.add_argument(
        "--junit", type=Path, metavar="FILE", help="also write JUnit XML to this file"
    )
    made.add_argument("--document", action="store_true", help="print the contract, as Markdown")
    return made


def json_fields(text: str) -> dict[str, Any]:
    value = json_object(text.encode())
    if isinstance(value, str):
        raise argparse.ArgumentTypeError(value)
    return value


async def found(options: argparse.Namespace) -> tuple[Report, Honesty | None]:
    if not options.url:
        raise ValueError("Name the worker: verify-worker http://127.0.0.1:8500")
    limits = Limits(job=options.time_limit)
    report = await verify(
        options.url,
        options.key or None,
        level=options.level,
        mode=options.mode,
        payload=options.payload,
        restart_command=options.restart_command,
        wait=options.wait,
        limits=limits,
    )
    if not options.honest:
        return report, None
    key = options.key or None
    return report, await honesty(
        options.url, key, mode=options.mode, payload=options.payload, limits=limits
    )


if __name__ == "__main__":
    sys.exit(main())
