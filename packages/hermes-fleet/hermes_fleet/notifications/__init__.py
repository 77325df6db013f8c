"""Alerts by e-mail, Slack, Discord, a signed webhook or Apprise, and the proof that they arrive."""

import os
import time
from typing import Annotated, Any

import aiohttp
from pydantic import Field

from hermes_fleet.notifications.channels import CHANNELS, SECRET_NAMES
from hermes_fleet.notifications.delivery import look_for_receipts
from hermes_fleet.notifications.ledger import ledger
from hermes_fleet.notifications.message import MOST_MESSAGES, Message, test_message
from hermes_fleet.notifications.opening import channels_of
from hermes_fleet.notifications.report import OUTPUTS, report
from hermes_fleet.notifications.rules import QuietHours
from hermes_fleet.notifications.sending import Addressed, Rules, Sending, token_of
from hermes_fleet.providers import SANDBOX_FILE, credential
from hermes_worker import Job, Result, Worker, WorkerError

LONGEST_WINDOW = 7 * 24 * 60  # minutes, within what the ledger keeps


def not_ready() -> dict[str, str]:
    """Secrets that cannot be used, or that there are none. Nothing is sent and nobody is asked."""
    found: dict[str, str] = {}
    configured = os.environ.get(SANDBOX_FILE, "") != ""
    for name, channel in CHANNELS.items():
        try:
            configured = credential(channel.secret_name, "") is not None or configured
        except WorkerError as error:
            found[name] = error.message
    if not configured and not found:
        found["channels"] = f"No channel is configured. Add one of these secrets: {SECRET_NAMES}."
    return found


worker = Worker(
    "notifications",
    version="1.0.0",
    outputs=OUTPUTS,
    modes=("smoke", "full"),
    answer_within=48,
    resumable=True,
    max_concurrency=1,  # two jobs at once would not keep the pace of a channel
    time_limit={"smoke": 46, "full": 900},
    ready=not_ready,
)


@worker.run
async def notify(
    job: Job,
    site: str,
    settings: dict[str, Any] | None = None,
    messages: Annotated[list[Message], Field(max_length=MOST_MESSAGES)] | None = None,
    quiet_hours: QuietHours | None = None,
    same_key_minutes: Annotated[float, Field(ge=0, le=LONGEST_WINDOW)] = 60,
    read_back_seconds: Annotated[float, Field(ge=0, le=15)] = 10,
) -> Result:
    """Smoke: one test message over every channel. Full: `messages`, as the rules let them out."""
    began = time.monotonic()
    wanted = _messages(job, site, messages)
    notify_to = (settings or {}).get("notify_to")
    addressed = Addressed(site, job.site_id or "", notify_to if isinstance(notify_to, str) else "")
    async with aiohttp.ClientSession() as session:
        channels = channels_of(site, session)
        with ledger(job.folder.parent, time.time()) as kept:
            rules = Rules(quiet_hours, same_key_minutes * 60)
            sending = Sending(job, channels, kept, addressed, rules)
            await sending.send(wanted)
        await look_for_receipts(sending.deliveries, channels.ready, read_back_seconds)
    return report(sending.deliveries, channels, time.monotonic() - began)


def _messages(job: Job, site: str, given: list[Message] | None) -> list[Message]:
    if job.mode == "smoke":
        return [test_message(site, token_of(job.id, 1))]
    if not given:
        message = "messages: a full run needs at least one message with subject and text."
        raise WorkerError("missing_config", message)
    return given
