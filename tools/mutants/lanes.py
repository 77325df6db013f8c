"""Lanes: processes that try mutants side by side, each with a copy and a PostgreSQL of its own."""

import contextlib
import os
import pickle
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from types import FrameType

from tools.mutants.database import database
from tools.mutants.knowledge import Knowledge
from tools.mutants.mutant import Mutant
from tools.mutants.nearest import Neighbourhood
from tools.mutants.tree import make_copy
from tools.mutants.trial import (
    BECOME_SUBREAPER,
    END_WITH_PARENT,
    Trials,
    import_heavy,
    process_option,
)
from tools.mutants.verdict import Trying, Verdict


@dataclass(frozen=True, slots=True)
class Plan:
    """`until` is the monotonic time after which no mutant is begun, `patience` the seconds for far tests."""

    checkout: Path
    kept: Path
    until: float
    patience: float


def verdicts(mutants: Sequence[Mutant], lanes: int, plan: Plan) -> Iterator[Verdict | str]:
    """Each verdict as it falls; a text names a file of tests that fails on right code."""
    import_heavy()
    with _folder() as folder, contextlib.ExitStack() as stack:
        open_ends: list[Connection] = []
        for number in range(lanes):
            end = stack.enter_context(_lane(mutants[number::lanes], folder / str(number), plan))
            open_ends.append(end)
        while open_ends:
            for end in wait(open_ends):
                assert isinstance(end, Connection)
                try:
                    yield pickle.loads(end.recv_bytes())  # noqa: S301  # from a fork of this process
                except EOFError:
                    open_ends.remove(end)


@contextlib.contextmanager
def _folder() -> Generator[Path]:
    """Where the copies lie; outside of the checkout, with a short path: sockets lie below it."""
    folder = Path(tempfile.mkdtemp(prefix="hermes-mutants-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _lane(mutants: Sequence[Mutant], folder: Path, plan: Plan) -> Generator[Connection]:
    """Fork a lane; at the end of the block it is asked to end, and waited for."""
    ours, its = Pipe(duplex=False)
    if not (pid := os.fork()):
        ours.close()
        _become_lane(mutants, folder, plan, its)
    its.close()
    try:
        yield ours
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
        ours.close()


def _become_lane(mutants: Sequence[Mutant], folder: Path, plan: Plan, end: Connection) -> None:
    try:
        os.setsid()  # Ctrl-C reaches the first process alone
        signal.signal(signal.SIGTERM, _stop)
        process_option(BECOME_SUBREAPER, 1)
        process_option(END_WITH_PARENT, signal.SIGTERM)
        for found in _tried(mutants, folder, plan):
            end.send_bytes(pickle.dumps(found))
    except SystemExit:
        pass
    except BaseException as problem:  # noqa: BLE001  # this process ends here, and says why
        print(f"a lane ended: {problem!r}", file=sys.stderr, flush=True)
    finally:
        end.close()
        os._exit(0)


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit


def _tried(mutants: Sequence[Mutant], folder: Path, plan: Plan) -> Iterator[Verdict | str]:
    copy = make_copy(plan.checkout, folder / "tree")
    with database(plan.checkout) as running:
        trials = Trials(copy, running)
        knowledge = Knowledge(trials, Neighbourhood(copy.root), plan.kept)
        told: set[str] = set()
        for mutant in mutants:
            if time.monotonic() > plan.until:
                return
            yield Trying(trials, knowledge, mutant).verdict(plan.patience)
            yield from sorted(knowledge.red - told)
            told |= knowledge.red
