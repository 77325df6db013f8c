"""What is known of a directory before it is visited."""

from hermes_sandbox.directories.model import Directory
from hermes_sandbox.directories.verdicts import CAPTCHA, GUARDS
from hermes_sandbox.site.dice import Dice

HIGHEST = {1: 80, 2: 60, 3: 45, 4: 25}
"""Tier -> a domain authority that no directory of it reaches."""
SPREAD = 20


def authority(directory: Directory) -> int:
    """An invented domain authority, always the same, higher in the better tiers."""
    return HIGHEST[directory.tier] - 1 - Dice("authority", directory.slug).below(SPREAD)


def requires_login(directory: Directory) -> bool:
    """Whether an account is wanted before anything can be sent."""
    return directory.opening in ("login", "members") or any(
        field.asks == "password" for field in directory.fields
    )


def has_captcha(directory: Directory) -> bool:
    """Whether a CAPTCHA stands in the form."""
    return GUARDS.get(directory.guard) == CAPTCHA
