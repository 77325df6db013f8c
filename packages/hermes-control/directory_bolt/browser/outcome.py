"""Makes the `Outcome` of a submission: status, reason, field report, response log, evidence."""

import time
from collections.abc import Mapping
from typing import Any

from directory_bolt.browser.network_activity import stop_loading
from directory_bolt.browser.page_session import PageSession
from directory_bolt.browser.page_snapshot import PageSnapshot
from directory_bolt.core.orders.states import ResultReason
from directory_bolt.core.outcomes.views import Judgement
from directory_bolt.submitting import Outcome

EXCERPT = 2000  # characters of the page's text in the log; the evidence file holds all of it
MOST_PAGES = 20


async def outcome_of(
    session: PageSession,
    judgement: Judgement,
    snapshot: PageSnapshot,
    payload: Mapping[str, Any],
    *,
    retry: bool = False,
) -> Outcome:
    """The outcome of a judgement. A form that is still refused after its correction is `rejected`."""
    status, reason, message = judgement.status, judgement.reason, judgement.message
    if judgement.step == "correct":
        faults = "; ".join(f"{name}: {wrong}" for name, wrong in judgement.wrong.items())
        status, reason, message = "failed", ResultReason.REJECTED, f"Not accepted: {faults}"
    text = "\n".join(frame.text for frame in snapshot.shown)
    return Outcome(
        status, reason, message, dict(payload), response_log(session, text),
        await session.evidence.keep_last(session.page, text),
        judgement.listing_url, judgement.confirmation, retry,
    )  # fmt: skip


async def interrupted(
    session: PageSession, reason: ResultReason, message: str, payload: Mapping[str, Any]
) -> Outcome:
    """The outcome of a submission that broke off.

    Before the click it may be tried again. After it nobody knows whether the form arrived, and a
    second one would be a duplicate: people decide.
    """
    await stop_loading(session.page)
    picture = await session.evidence.keep_last(session.page, "")
    log = response_log(session, "")
    if session.sent:
        return Outcome(
            "needs_manual", ResultReason.OUTCOME_UNKNOWN, message, dict(payload), log, picture
        )
    return Outcome("failed", reason, message, dict(payload), log, picture, retry=True)


def response_log(session: PageSession, text: str) -> dict[str, Any]:
    """What the directory answered: final URL and status, 2,000 characters of text, dialogs, documents
    on the way (the last 20), and seconds from the start."""
    return {
        "url": session.page.url,
        "status": session.network.status if session.sent else session.status,
        "text": text[:EXCERPT],
        "alerts": session.alerts,
        "pages": session.network.pages[-MOST_PAGES:],
        "seconds": round(time.monotonic() - session.begun, 2),
    }
