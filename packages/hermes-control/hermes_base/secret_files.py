"""Secrets that Hermes makes itself, each in a file of its home: written whole, never read when they are not."""

import contextlib
import os
import secrets
from pathlib import Path

from hermes_base.problems import Problem

SHORTEST = 32
"""Characters. Hermes' own have 43, or 64 where they are hexadecimal."""


def write_secret(path: Path, text: str = "") -> None:
    """A secret in a file of mode 600, a new random one unless given; what stands there already stays."""
    if path.exists():
        return
    scratch = _written(path, text or secrets.token_urlsafe(32), 0o600)
    with contextlib.suppress(FileExistsError):  # another process was first: its secret stays
        path.hardlink_to(scratch)
    scratch.unlink()
    _sync(path.parent)


def write_whole(path: Path, text: str, *, mode: int = 0o600) -> None:
    """Replace a file's text: after a loss of power it holds the old text or the new one, never a part."""
    _written(path, text, mode).replace(path)
    _sync(path.parent)


def read_secret(path: Path) -> str:
    """The secret in a file. Raises `secret_file_unusable` for one that is empty, short, damaged or closed.

    An empty secret would match an empty password, and an empty key would sign what anybody can sign.
    """
    try:
        text = path.read_text("ascii").strip()
    except OSError as error:
        raise _unusable(path, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _unusable(path, "is damaged: it holds more than letters and digits") from None
    if not text:
        raise _unusable(path, "is empty")
    if len(text) < SHORTEST:
        raise _unusable(path, f"holds {len(text)} characters, fewer than {SHORTEST}")
    if len(text.split()) > 1 or not text.isprintable():
        raise _unusable(path, "is damaged: it holds more than one word")
    return text


def read_key(path: Path) -> bytes:
    """The bytes of a key in hexadecimal. Raises `secret_file_unusable`."""
    try:
        return bytes.fromhex(read_secret(path))
    except ValueError:
        raise _unusable(path, "is damaged: it is not hexadecimal") from None


def _unusable(path: Path, why: str) -> Problem:
    hint = "Put it back from a backup; or remove it, and the next start makes a new one."
    return Problem("secret_file_unusable", f"The secret file {path} {why}.", hint)


def _written(path: Path, text: str, mode: int) -> Path:
    """A file beside `path` with this text, safely on the disk."""
    scratch = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        scratch.unlink()
        raise
    return scratch


def _sync(folder: Path) -> None:
    """The name of a file is safe only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems cannot
            os.fsync(handle)
    finally:
        os.close(handle)
