"""The home of an installation: a folder closed to others, with the secrets that Hermes makes itself."""

from hermes_base.problems import Problem
from hermes_base.secret_files import write_secret
from hermes_base.settings import Settings


def make_home(settings: Settings) -> None:
    """The home folder, closed to others, with tokens for this machine, the fleet and the brain.

    Raises `settings_invalid` where it cannot be written.
    """
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_secret(settings.token_file)
        write_secret(settings.fleet_token_file)
        write_secret(settings.brain_token_file)
    except OSError as error:
        message = f"HERMES_HOME: cannot write {settings.home}: {error.strerror}"
        raise Problem(
            "settings_invalid", message, "Set HERMES_HOME to a folder that you own."
        ) from None
