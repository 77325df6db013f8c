"""How a visit ends: status, reason, what was filled in, what was answered, and the evidence."""

import time
from collections.abc import Mapping
from typing import Any

from directory_bolt.browser.reading import Sheet
from directory_bolt.browser.scene import Scene
from directory_bolt.browser.traffic import stop
from directory_bolt.core.orders.states import ResultReason
from directory_bolt.core.outcomes.views import Judgement
from directory_bolt.submitting import Outcome

EXCERPT = 2000  # characters of the page's text in the log; the file holds all of it
MOST_PAGES = 20


async def ended(
    scene: Scene,
    judgement: Judgement,
    sheet: Sheet,
    payload: Mapping[str, Any],
    *,
    retry: bool = False,
) -> Outcome:
    """The outcome of a judgement; a form that is still wrong after its correction was refused."""
    status, reason, message = judgement.status, judgement.reason, judgement.message
    if judgement.step == "correct":
        said = "; ".join(f"{name}: {wrong}" for name, wrong in judgement.wrong.items())
        status, reason, message = "failed", ResultReason.REJECTED, f"Not taken: {said}"
    text = "\n".join(frame.text for frame in sheet.shown)
    return Outcome(
        status, reason, message, dict(payload), log_of(scene, text),
        await scene.evidence.keep_last(scene.page, text),
        judgement.listing_url, judgement.confirmation, retry,
    )  # fmt: skip


async def broken(
    scene: Scene, reason: ResultReason, message: str, payload: Mapping[str, Any]
) -> Outcome:
    """Trouble before the click may pass; after it nobody knows what arrived."""
    await stop(scene.page)
    picture = await scene.evidence.keep_last(scene.page, "")
    log = log_of(scene, "")
    if scene.sent:
        return Outcome(
            "needs_manual", ResultReason.OUTCOME_UNKNOWN, message, dict(payload), log, picture
        )
    return Outcome("failed", reason, message, dict(payload), log, picture, retry=True)


def log_of(scene: Scene, text: str) -> dict[str, Any]:
    """Final address and status, an excerpt of the text, boxes, pages on the way, seconds."""
    return {
        "url": scene.page.url,
        "status": scene.traffic.status if scene.sent else scene.status,
        "text": text[:EXCERPT],
        "alerts": scene.alerts,
        "pages": scene.traffic.pages[-MOST_PAGES:],
        "seconds": round(time.monotonic() - scene.begun, 2),
    }
