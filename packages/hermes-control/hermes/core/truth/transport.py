"""What HTTP says of an answer beside its body: its status, its age, and warnings of caches."""

import re
from datetime import timedelta

from hermes.core.truth.asked import Asked
from hermes.core.truth.ends import Echo
from hermes.core.truth.moments import moment_of
from hermes_base.reasons import Reason

STALE_WARNINGS = ("110", "111", "112", "113")
OLDEST_SECONDS = 300
FAILED = ("x-amz-function-error", "grpc-status")
"""Headers with which platforms say, beside a 200, that the function failed."""
RANGE = re.compile(r"\s*\w+ 0-(\d+)/(\d+)\s*")


def _is_a_part(content_range: str) -> bool:
    """Whether a range leaves something out; `items 0-4/5` is everything."""
    found = RANGE.fullmatch(content_range)
    return bool(content_range) and not (found and int(found[1]) + 1 == int(found[2]))


def transport_echo(asked: Asked) -> Echo | None:
    """What HTTP says against an answer: a part of it alone, changed on its way, or old."""
    headers = asked.headers
    if failed := next((name for name in FAILED if headers.get(name, "0") != "0"), ""):
        says = "HTTP says that the function behind the worker failed."
        return Echo(Reason.CONTRADICTED, "whole", says, {failed: headers[failed]})
    if asked.status == 206 or _is_a_part(headers.get("content-range", "")):
        shows = headers.get("content-range") or 206
        return Echo(
            Reason.CONTRADICTED,
            "whole",
            "HTTP says that this is only a part of the response.",
            shows,
        )
    if asked.status == 203:
        return Echo(
            Reason.CONTRADICTED,
            "unchanged",
            "HTTP says that the response was changed in transit.",
            203,
        )
    warning = headers.get("warning", "")
    if warning.startswith(STALE_WARNINGS):
        return Echo(
            Reason.STALE_ANSWER,
            "age",
            "HTTP warns that the response is stale.",
            {"Warning": warning},
        )
    if warning.startswith("214"):
        return Echo(
            Reason.CONTRADICTED,
            "unchanged",
            "HTTP says that the response was changed in transit.",
            {"Warning": warning},
        )
    changed = moment_of(headers.get("last-modified"))
    if changed is not None and changed - asked.skew < asked.started_at - timedelta(hours=1):
        says = "HTTP says that this response was last changed before the run."
        shows = {"Last-Modified": headers["last-modified"]}
        return Echo(Reason.STALE_ANSWER, "age", says, shows)
    age = headers.get("age", "").strip()
    if age.isdigit() and asked.now is not None:
        since = (asked.now - asked.started_at).total_seconds()
        if int(age) > since + OLDEST_SECONDS:
            return Echo(
                Reason.STALE_ANSWER,
                "age",
                f"A cache kept this response for {int(age)} s, longer than the run lasts.",
                {"Age": age},
            )
    return None
