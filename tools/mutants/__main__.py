"""Can the tests fail? Small faults, one at a time in a copy of the checkout, and which test sees each.

make mutants COUNT=300 SEED=1 MINUTES=60      or, with every option,
.venv/bin/python -m tools.mutants --help
"""

import argparse
import signal
import sys
import time
from pathlib import Path

from tools.mutants.areas import AREAS, area_of, files_of, sample
from tools.mutants.judged import open_ones
from tools.mutants.lanes import Plan, verdicts
from tools.mutants.mutant import Mutant, mutants_of, stands
from tools.mutants.report import share, survivors, table, write
from tools.mutants.verdict import Verdict

CHECKOUT = Path(__file__).parents[2]
BUILD = CHECKOUT / "build" / "mutants"


def options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        prog="tools.mutants", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--seed", default=1, type=int, help="another seed draws other mutants")
    parser.add_argument("--count", default=300, type=int, help="how many, spread over the areas")
    parser.add_argument(
        "--first", default=1, type=int, metavar="N", help="go on at this one of the list"
    )
    parser.add_argument("--minutes", default=60.0, type=float, help="begin no mutant after that")
    parser.add_argument(
        "--patience", default=60.0, type=float, help="seconds a survivor may take on far tests"
    )
    parser.add_argument("--area", action="append", choices=list(AREAS), help="these areas alone")
    parser.add_argument("--file", help="every mutant of this file, in place of a sample")
    parser.add_argument("--jobs", default=2, type=int, help="side by side")
    parser.add_argument(
        "--least", default=95.0, type=float, help="exit 1 below this percentage of killed"
    )
    parser.add_argument("--list", action="store_true", help="print the mutants, try none")
    parser.add_argument("--show", type=int, metavar="N", help="print the diff of one of the list")
    return parser.parse_args()


def drawn(chosen: argparse.Namespace) -> list[Mutant]:
    """The mutants that the options ask for, without those that people have judged."""
    if chosen.file:
        content = (CHECKOUT / chosen.file).read_bytes()
        every = [one for one in mutants_of(chosen.file, content) if stands(one, content)]
        return open_ones(every)
    files = files_of(CHECKOUT, chosen.area or AREAS)
    return open_ones(sample(CHECKOUT, files, chosen.seed, chosen.count))


def tried(mutants: list[Mutant], chosen: argparse.Namespace) -> list[Verdict]:
    """Every verdict, printed as it falls. Ctrl-C, or a request to end, ends it with what there is."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    plan = Plan(CHECKOUT, BUILD / "tests", time.monotonic() + 60 * chosen.minutes, chosen.patience)
    found: list[Verdict] = []
    try:
        for verdict in verdicts(mutants, chosen.jobs, plan):
            if isinstance(verdict, str):
                print(f"not used  {verdict} fails on right code", flush=True)
                continue
            found.append(verdict)
            write(found, BUILD / "report.json")
            print(f"{len(found):4}/{len(mutants)} {verdict.line}", flush=True)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    return found


def main() -> int:
    """Draw, try, report; the exit code says whether enough were killed."""
    chosen = options()
    mutants = drawn(chosen)
    if chosen.show is not None:
        mutant = mutants[chosen.show - 1]
        print(mutant.diff((CHECKOUT / mutant.path).read_bytes()))
        return 0
    if chosen.list:
        for place, one in enumerate(mutants, 1):
            print(
                f"{place:4} {area_of(one.path):11} {one.path}:{one.number}  {one.edit.operator}: {one.becomes}"
            )
        return 0
    mutants = mutants[chosen.first - 1 :]
    found = tried(mutants, chosen)
    print(f"\n{table(found)}\n\n{survivors(found)}")
    if len(found) < len(mutants):
        print(f"{len(mutants) - len(found)} of {len(mutants)} mutants were not reached in time")
    return 0 if share(found) >= chosen.least else 1


if __name__ == "__main__":
    sys.exit(main())
