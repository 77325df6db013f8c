"""Logs of the code under test, where pytest shows them beside a failure."""

import sys

import structlog


def log_plainly() -> None:
    """Lines without colour on the process's standard error, whatever a test has put into its place:
    what a command prints is compared word for word.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.__stderr__),
    )
