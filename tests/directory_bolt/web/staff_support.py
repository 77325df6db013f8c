"""A staffed shop for tests of the staff's pages: real orders, worked off by the scripted pipeline."""

import struct
import zlib
from collections.abc import Sequence
from uuid import UUID

from directory_bolt.core.orders.states import ResultReason, ResultStatus
from directory_bolt.submitting import BeforeClick, Outcome, Task
from tests.directory_bolt.processes.shop import ScriptedSubmitter, Shop, Visit
from tests.support.served import Served

PAYLOAD = {
    "name": {
        "label": "Business name",
        "kind": "business_name",
        "value": "Mill Bakery",
        "confidence": 0.97,
    },
    "email": {
        "label": "E-mail",
        "kind": "email",
        "value": "ada@bakery.example.com",
        "confidence": 0.9,
    },
}


def shop_of(served: Served) -> Shop:
    """The pipeline behind the served pages, with directories that do what the test says."""
    orders = served.orders
    return Shop(orders.pool, orders, served.room.clock, ScriptedSubmitter())


def ending(
    status: ResultStatus,
    reason: str = "",
    message: str = "",
    screenshot: str | None = None,
    listing_url: str | None = None,
) -> Visit:
    """A directory at which every submission ends like this; what is submitted is clicked first."""

    async def visit(task: Task, before_click: BeforeClick) -> Outcome:
        del task
        if status == "submitted":
            await before_click(PAYLOAD)
        why = ResultReason(reason) if reason else None
        answer = {"status": 200, "text": "Thank you"}
        return Outcome(
            status, why, message, PAYLOAD, answer, screenshot=screenshot, listing_url=listing_url
        )

    return visit


async def mixed_order(shop: Shop) -> UUID:
    """An order that is over: one submitted, one failed, one skipped, one that needs a person."""
    names = ("accepts", "refuses", "robots", "captcha")
    await shop.directories(*names)
    visits = shop.submitter.visits
    listing = "https://accepts.example/listing/7"
    visits["accepts"] = ending("submitted", listing_url=listing, screenshot=shot(shop, "accepts"))
    visits["refuses"] = ending("failed", "rejected", "They said no.")
    visits["robots"] = ending("skipped", "robots")
    visits["captcha"] = ending("needs_manual", "captcha", screenshot=shot(shop, "captcha"))
    job_id = await shop.order(len(names))
    await shop.work_off(job_id)
    return job_id


def shot(shop: Shop, name: str, size: tuple[int, int] = (480, 300)) -> str:
    """A real picture among the evidence; its file name."""
    file = shop.orders.evidence / f"shot-{name}.png"
    file.write_bytes(png(*size))
    return file.name


def png(width: int, height: int) -> bytes:
    """A grey picture with a dark bar on top, as PNG."""
    rows = b"".join(b"\x00" + bytes([90 if y < 40 else 225]) * width for y in range(height))
    parts: Sequence[tuple[bytes, bytes]] = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    told = kind + data
    return struct.pack(">I", len(data)) + told + struct.pack(">I", zlib.crc32(told))
