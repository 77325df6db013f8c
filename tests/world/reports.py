"""Public bug reports of other products, by kind: `reports.toml` as rows."""

from typing import Literal

from pydantic import Field

from tests.world.rows import HERE, Marked, Sentence, read


class Report(Marked):
    """A kind of bug that others were told of. It is held by `tests` (node ids), by `rows` of this place
    (`pages/forms:two_steps_by_script`) or by a `trial` (a test in test_report_trials.py). One that does not
    hold and that nothing tries says why (`untried`)."""

    number: int
    reports: tuple[str, ...] = Field(min_length=1)
    kind: str
    promise: Sentence
    verdict: Literal["pass", "fail", "weak", "read"]
    tests: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    trial: str = ""
    untried: str = ""


def reports() -> list[Report]:
    """Every report."""
    return read(HERE / "reports.toml", "reports", Report)


def trial(name: str) -> Report:
    """The report that a test of this name tries."""
    return next(each for each in reports() if each.trial == name)
