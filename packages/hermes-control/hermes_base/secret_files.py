"""Secrets that Hermes makes itself, each in a file of its home."""

import contextlib
import os
import secrets
from pathlib import Path


def write_secret(path: Path) -> None:
    """A new random secret in a file of mode 600, unless there is one. Atomic: never half-written."""
    if path.exists():
        return
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(32))
    with contextlib.suppress(FileExistsError):  # another process was first: its secret stays
        path.hardlink_to(scratch)
    scratch.unlink()
