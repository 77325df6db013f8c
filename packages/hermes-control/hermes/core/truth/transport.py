"""What HTTP says of an answer beside its body: its status, its age, and warnings of caches."""

from hermes.core.truth.asked import Asked
from hermes.core.truth.ends import Echo
from hermes_base.reasons import Reason

STALE_WARNINGS = ("110", "111", "112", "113")
OLDEST_SECONDS = 300


def transport_echo(asked: Asked) -> Echo | None:
    """What HTTP says against an answer: a part of it alone, changed on its way, or old."""
    headers = asked.headers
    if asked.status == 206 or headers.get("content-range"):
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
