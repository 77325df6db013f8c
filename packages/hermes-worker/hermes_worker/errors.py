"""Troubles an author or a caller may see, and how an exception becomes words for the outside."""

import re

LONGEST_MESSAGE = 300
SECRETS = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), r"\1 [hidden]"),
    (
        re.compile(
            r"(?i)([\w-]*(?:key|token|secret|password|signature)\"?'?\s*[=:]\s*)[^\s&,;)}]+"
        ),
        r"\1[hidden]",
    ),
    (re.compile(r"(://)[^/\s@]+@"), r"\1[hidden]@"),
)


class WorkerError(Exception):
    """Raise it in your function to fail the job with a code (snake_case) and a plain sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Refusal(WorkerError):
    """A request that is answered with an HTTP error; `field` names the payload field at fault."""

    def __init__(self, status: int, code: str, message: str, field: str | None = None) -> None:
        super().__init__(code, message)
        self.status = status
        self.field = field


def code_of(error: BaseException) -> str:
    """The class name in snake_case: ConnectionError -> connection_error."""
    name = type(error).__name__
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def message_of(error: BaseException) -> str:
    """The first line of the error, at most 300 characters, with what looks like a secret hidden."""
    lines = str(error).strip().splitlines()
    if not lines:
        return f"The worker's function raised {type(error).__name__} without a message."
    message = lines[0]
    for pattern, replacement in SECRETS:
        message = pattern.sub(replacement, message)
    return message[:LONGEST_MESSAGE]
