"""Caller trouble: what somebody asked wrongly, with a code, a sentence and what to do about it.

Worker trouble is never raised; it is a value from `hermes_base.reasons`.
"""


class Problem(Exception):
    """Asked wrongly. `code` is stable, `message` says what is wrong, `hint` what to do."""

    def __init__(
        self,
        code: str,
        message: str,
        hint: str,
        *,
        field: str | None = None,
        details: object | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.field = field
        self.details = details


def not_found(what: str, name: object, hint: str) -> Problem:
    """`code` is `unknown_<what>`, e.g. `unknown_site`."""
    return Problem(f"unknown_{what.replace(' ', '_')}", f"There is no {what} {name!s}.", hint)
