"""Gathers what is to be seen of a running Hermes at one moment."""

import asyncio
from collections.abc import Mapping
from typing import Any, cast

from directory_bolt.core.verification.facts import READS, Facts, Seen, json_of
from directory_bolt.verify.live import Changes
from directory_bolt.verify.target import TargetClient
from hermes_base.clock import Clock

HELLO_SECONDS = 5.0


async def read_facts(client: TargetClient, changes: Changes, clock: Clock) -> Facts:
    """Everything that phases 1 and 2 are judged by."""
    web, answers = await asyncio.gather(client.get("/health"), _reads(client))
    reads = dict(zip(READS, answers, strict=True))
    beats = _beats(reads["workers"])
    brain_url = client.target.brain_url or _heartbeat_fact(beats, "brain", "address")
    brain, enqueue, healths, live = await asyncio.gather(
        _maybe(client, brain_url, "/health"),
        _maybe(client, brain_url, "/api/jobs/enqueue"),
        _healths(client, beats),
        changes.greeting(HELLO_SECONDS),
    )
    return Facts(clock(), web, reads, brain_url, brain, enqueue, live, healths)


async def _reads(client: TargetClient) -> list[Seen]:
    return await asyncio.gather(*(client.get(f"/api/staff/{name}") for name in READS))


def _beats(workers: Seen) -> list[Mapping[str, Any]]:
    found = json_of(workers)
    return cast("list[Mapping[str, Any]]", found) if isinstance(found, list) else []


def _heartbeat_fact(beats: list[Mapping[str, Any]], process: str, fact: str) -> str:
    """What a living process says of itself; "" where it says nothing."""
    living = (beat for beat in beats if beat["process"] == process and beat["state"] == "alive")
    return next((str(beat["told"].get(fact, "")) for beat in living), "")


async def _maybe(client: TargetClient, base: str, path: str) -> Seen | None:
    return await client.get_elsewhere(f"{base.rstrip('/')}{path}") if base else None


async def _healths(client: TargetClient, beats: list[Mapping[str, Any]]) -> dict[str, Seen]:
    """The /health of background processes; it listens on loopback, so only their own machine asks."""
    if client.target.logs is None:
        return {}
    asked = {
        str(beat["workerId"]): str(beat["told"]["health"])
        for beat in beats
        if beat["state"] == "alive" and beat["told"].get("health")
    }
    answers = await asyncio.gather(*(client.get_elsewhere(url) for url in asked.values()))
    return dict(zip(asked, answers, strict=True))
