"""`python -m hermes_fleet`: serve the bundled workers."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from hermes_fleet.host import BUNDLED, FleetError, Place, bundled, serve_fleet
from hermes_worker import Worker, WorkerError
from hermes_worker.logs import log_to_stderr

YES = ("1", "true", "yes", "on")


def main(arguments: Sequence[str] | None = None, workers: Sequence[Worker] | None = None) -> int:
    """Exit code 0 after a graceful stop, 1 when the fleet cannot be served."""
    options = parser().parse_args(arguments)
    log_to_stderr(json_lines=os.environ.get("HERMES_LOG_JSON", "").lower() in YES)
    place = Place(
        options.host,
        options.port,
        options.key_file,
        options.state,
        options.announce,
        options.parent_pid,
    )
    try:
        serve_fleet(workers or bundled(options.only), place)
    except (FleetError, WorkerError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hermes_fleet", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8410, help="0 picks a free one")
    parser.add_argument(
        "--key-file", type=Path, required=True, help="made with a new key if missing"
    )
    parser.add_argument("--state", type=Path, required=True, help="folder for the workers' jobs")
    parser.add_argument("--only", nargs="+", default=(), metavar="SLUG", help=", ".join(BUNDLED))
    parser.add_argument("--announce", type=Path, help="file that tells where the fleet is")
    parser.add_argument("--parent-pid", type=int, help="stop when this parent process is gone")
    return parser


if __name__ == "__main__":
    sys.exit(main())
