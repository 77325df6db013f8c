"""The home of an installation: a folder closed to others, with the secrets that Hermes makes itself."""

from pathlib import Path

import structlog

from hermes_base.home.lock import Lock, hold
from hermes_base.problems import Problem
from hermes_base.secret_files import read_key, read_secret, write_secret
from hermes_base.settings import Settings

__all__ = ["Lock", "close_home", "hold_home", "make_home", "require_secrets"]

log = structlog.get_logger()


def hold_home(settings: Settings, command: str) -> Lock:
    """Make the home one's own until the lock is released or this process ends, however it ends.

    Nothing of the home is touched before. Raises `home_taken`, which names who has it and where it
    listens, and `settings_invalid` where the folder cannot be written.
    """
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        return hold(settings.home, settings.lock_file, command)
    except OSError as error:
        raise _unwritable(settings, error) from None


def make_home(settings: Settings) -> None:
    """The home folder, closed to others, with tokens for this machine, the fleet and the brain.

    Raises `settings_invalid` where it cannot be written, and `secret_file_unusable` for a secret that
    would open nothing, or everything.
    """
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        close_home(settings)
        for file in (settings.token_file, settings.fleet_token_file, settings.brain_token_file):
            write_secret(file)
    except OSError as error:
        raise _unwritable(settings, error) from None
    require_secrets(settings)


def require_secrets(settings: Settings) -> None:
    """Every secret that Hermes made is whole. Raises `secret_file_unusable`, with the way out."""
    for file in settings.secret_files:
        if file.exists():
            read_secret(file)
    if settings.customer_link_file.exists():
        read_key(settings.customer_link_file)


def close_home(settings: Settings) -> None:
    """Take every right on secrets and logs from other users, as where a backup was unpacked."""
    folders = [settings.home, settings.home / "logs", settings.home / "secrets", settings.evidence]
    found = [folder for folder in folders if folder.is_dir()]
    files = [file for file in settings.secret_files if file.is_file()]
    files += [file for folder in found[1:3] for file in folder.iterdir() if file.is_file()]
    for path in found + files:
        _close(path)


def _close(path: Path) -> None:
    mode = path.stat().st_mode & 0o777
    if not mode & 0o077:
        return
    try:
        path.chmod(mode & 0o700)
    except PermissionError:  # a volume of another owner: it stays as whoever mounted it wants it
        log.warning("other users may read this, and it is not ours to close", path=str(path))


def _unwritable(settings: Settings, error: OSError) -> Problem:
    message = f"HERMES_HOME: cannot write {settings.home}: {error.strerror}"
    return Problem("settings_invalid", message, "Set HERMES_HOME to a folder that you own.")
