"""What `hermes doctor` says of Directory-Bolt: the pre-flight of the requirements' checklist."""

import os
from collections.abc import Mapping

from hermes.cli.lazily import orders_wiring
from hermes.core.checks import Check, failed, passed, skipped
from hermes.core.problems import Problem
from hermes.core.views.order_work import ProcessView
from hermes.desk import Desk
from hermes.engines.flow import FlowAwayError
from hermes.engines.queue import QueueAwayError
from hermes.orders import Orders
from hermes.settings import Settings

ALWAYS = ("HERMES_DATABASE_URL", "HERMES_PUBLIC_URL", "HERMES_STRIPE_WEBHOOK_SECRET")
OF_SQS = (
    "HERMES_SQS_QUEUE_NAME", "HERMES_SQS_ENDPOINT_URL", "HERMES_SQS_REGION", "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
)  # fmt: skip
OF_PREFECT = ("HERMES_PREFECT_API_URL", "PREFECT_API_URL", "PREFECT_API_KEY")


async def examine_orders(settings: Settings) -> list[Check]:
    """Variables by name, webhook, queue, flow engine, processes, directories."""
    checks = [variables(settings, os.environ), _stripe(settings)]
    try:
        async with orders_wiring().open_orders(settings, size=2) as orders:
            desk = Desk(orders)
            return [
                *checks,
                await _queue(orders),
                await _engine(orders),
                *(_process(view) for view in _newest(await desk.workers())),
                await _directories(desk),
            ]
    except Problem as problem:
        return [*checks, failed("Orders", problem.message.split("\n")[0], problem.hint)]


def variables(settings: Settings, environment: Mapping[str, str]) -> Check:
    """Which variables are set that the chosen engines read; never their values."""
    wanted = [*ALWAYS]
    wanted += OF_SQS if settings.queue == "sqs" else ()
    wanted += OF_PREFECT if settings.flow == "prefect" else ()
    names = {
        name: bool(environment.get(name) or environment.get(f"{name}_FILE")) for name in wanted
    }
    there = [name for name, is_set in names.items() if is_set]
    absent = [name for name, is_set in names.items() if not is_set]
    text = f"set: {', '.join(there) or 'none'}; not set: {', '.join(absent) or 'none'}"
    return passed("Variables", text) if not absent else skipped(
        "Variables", text, "Set what this deployment needs; the embedded demo needs none."
    )  # fmt: skip


def _stripe(settings: Settings) -> Check:
    if orders_wiring().stripe_secret(settings):
        return passed("Stripe webhook", "a signing secret is there")
    step = "Set HERMES_STRIPE_WEBHOOK_SECRET, or start the demo: hermes up --demo"
    return skipped("Stripe webhook", "no signing secret: POST /api/webhook answers 503", step)


async def _queue(orders: Orders) -> Check:
    name = f"Queue ({orders.queue.provider})"
    try:
        await orders.queue.check()
        depth = await orders.queue.depth()
    except QueueAwayError as error:
        step = "Correct HERMES_SQS_*; make a missing queue with: hermes queue create"
        return failed(name, str(error), step)
    return passed(name, f"{depth.visible} waiting, {depth.in_flight} under way, {depth.dead} dead")


async def _engine(orders: Orders) -> Check:
    name = f"Flow engine ({orders.engine.name})"
    try:
        await orders.engine.check()
    except FlowAwayError as error:
        step = "Correct HERMES_PREFECT_API_URL; register the deployment with: hermes prefect deploy"
        return failed(name, str(error), step)
    return passed(name, "answers, with what orders need")


def _newest(views: list[ProcessView]) -> list[ProcessView]:
    """One of each kind: a living one where there is any."""
    found: dict[str, ProcessView] = {}
    for view in sorted(views, key=lambda view: view.state != "alive"):
        found.setdefault(view.process, view)
    return list(found.values())


def _process(view: ProcessView) -> Check:
    name = f"Process {view.process}"
    if view.state == "alive":
        return passed(name, f"last heartbeat {view.age_seconds:g} s ago")
    start = "serve" if view.process == "relay" else view.process
    said = (
        "was never heard of" if view.age_seconds is None else f"silent for {view.age_seconds:g} s"
    )
    return failed(name, said, f"Start it with: hermes up, or alone: hermes {start}")


async def _directories(desk: Desk) -> Check:
    found = await desk.directories()
    used = sum(view.is_used for view in found)
    demo = sum(view.is_used and view.is_demo for view in found)
    text = f"{used} of {len(found)} may be used, {demo} of them demo directories"
    if used:
        return passed("Directories", text)
    return skipped("Directories", text, "Record on the page Directories that their terms allow it.")
