"""The words of what is said of an alert. A letter tells how things stand when it is sent, not when it was written:
one that waited for its channel says that it is over meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hermes.core.alerting.life import Letter, What
from hermes.core.views.causes import listed
from hermes_base.alerts.model import Severity

LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Failing:
    """A service below an alert, by the names that people know, and the label and detail of its run."""

    service: str
    site: str
    failures: int
    label: str
    why: str
    path: str
    is_partial: bool = False
    """Whether its runs were partial and failed in turn, and so opened the alert."""


@dataclass(frozen=True, slots=True)
class News:
    """What there is to say of an alert. `failing`: services below it, of alerts of services; `text`: what
    others say of themselves."""

    alert_id: UUID
    what: What
    number: int
    severity: Severity
    opened_at: datetime
    closed_at: datetime | None
    flaps: int
    text: str
    failing: Sequence[Failing]


def letter(news: News, address: str) -> Letter:
    """The letter, with a link where `address`, that of this Hermes, is known."""
    alert = f"alert-{news.alert_id}"
    number = f"-{news.number}" if news.number else ""
    path = news.failing[0].path if len(news.failing) == 1 else f"/alerts#{alert}"
    url = f"{address}{path}" if address else ""
    lines = [_first(news), *_rest(news), url]
    return Letter(
        id=f"{alert}-{news.what}{number}",
        alert=alert,
        what=news.what,
        is_open=news.closed_at is None,
        severity=news.severity,
        subject=_plain(_prefix(news) + headline(news.text, news.failing, news.closed_at is None)),
        text="\n".join(line for line in lines if line),
        url=url,
        at=news.closed_at or news.opened_at,
    )


def headline(text: str, failing: Sequence[Failing], is_open: bool = True) -> str:
    """One line: `X is failing on Y`, `200 services fail by one cause: Access denied`."""
    if not failing:
        return text
    if len(failing) == 1:
        one = failing[0]
        return f"{one.service} {'is' if is_open else 'was'} {'partial' if one.is_partial else 'failing'} on {one.site}"
    return f"{len(failing)} services {'fail' if is_open else 'failed'} by one cause: {failing[0].label}"


def _prefix(news: News) -> str:
    if news.closed_at is not None:
        return "Recovered: "
    return {"reminder": "Still open: ", "escalation": "Nobody has taken it: ", "flapping": "Flapping: "}.get(
        news.what, ""
    )  # fmt: skip


def _first(news: News) -> str:
    if not news.failing:
        return news.text
    one = news.failing[0]
    if len(news.failing) == 1:
        tests = (
            f"its last {one.failures} smoke tests" if one.failures > 1 else "its last smoke test"
        )
        verb = "did not pass" if one.is_partial else "failed"
        return f"{one.service} on {one.site} {verb} {tests}. {one.why}".strip()
    names = listed([f"{each.service} ({each.site})" for each in news.failing])
    return f"{one.why}\n{names}."


def _rest(news: News) -> Sequence[str]:
    stamp = f"{news.opened_at:%d %b %Y, %H:%M} UTC"
    if news.closed_at is not None:
        over = f"It was open from {stamp} and is over since {news.closed_at:%d %b %Y, %H:%M} UTC."
        return [over, f"It came back {news.flaps} times in between."] if news.flaps > 1 else [over]
    if news.flaps:
        return [
            "It was over and came back. You hear of it again when it stays over for half an hour."
        ]
    return [f"Open since {stamp}."] if news.what in ("reminder", "escalation") else []


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)[:LONGEST_SUBJECT]
