"""What a run says at its end: a table by area, the survivors, and the same as JSON."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tools.mutants.areas import AREAS, area_of
from tools.mutants.verdict import Verdict


def share(verdicts: Sequence[Verdict]) -> float:
    """Percent that were killed; what made the tests hang is noticed too. 100 where nothing was tried."""
    dead = sum(verdict.state != "survived" for verdict in verdicts)
    return 100 * dead / len(verdicts) if verdicts else 100.0


def table(verdicts: Sequence[Verdict]) -> str:
    """Killed, timed out and survived of each area."""
    lines = [f"{'area':12} {'killed':>7} {'timed out':>10} {'survived':>9} {'share':>7}"]
    for area in (*AREAS, "all"):
        ours = [one for one in verdicts if area in ("all", area_of(one.mutant.path))]
        count = Counter(one.state for one in ours)
        if ours:
            states = f"{count['killed']:>7} {count['timed out']:>10} {count['survived']:>9}"
            lines.append(f"{area:12} {states} {share(ours):>6.1f}%")
    return "\n".join(lines)


def survivors(verdicts: Sequence[Verdict]) -> str:
    """Each survivor with its line and what that line became."""
    blocks = [
        f"{one.mutant.path}:{one.mutant.number}  {one.mutant.edit.operator}"
        f"\n    - {one.mutant.line}\n    + {one.mutant.becomes}"
        f"\n    {one.tests} tests came by and passed ({one.circle})"
        for one in verdicts
        if one.state == "survived"
    ]
    return "\n".join(blocks)


def write(verdicts: Sequence[Verdict], file: Path) -> None:
    """Everything as JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([one.fields for one in verdicts], indent=1) + "\n")
