"""What `hermes doctor` says of Directory-Bolt: the pre-flight of the requirements' checklist."""

import os
from collections.abc import Mapping

from directory_bolt import wiring
from directory_bolt.core.views.pipeline import webhook_hop
from directory_bolt.reading import OrderQueries
from hermes_base.checks import Check, failed, passed, skipped
from hermes_base.problems import Problem
from hermes_base.settings import Settings

ALWAYS = ("HERMES_DATABASE_URL", "HERMES_PUBLIC_URL", "HERMES_STRIPE_WEBHOOK_SECRET")
OF_SQS = (
    "HERMES_SQS_QUEUE_NAME", "HERMES_SQS_ENDPOINT_URL", "HERMES_SQS_REGION", "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
)  # fmt: skip
OF_PREFECT = ("HERMES_PREFECT_API_URL", "PREFECT_API_URL", "PREFECT_API_KEY")


async def examine_orders(settings: Settings) -> list[Check]:
    """Variables by name, then every hop of the pipeline: webhook, queue, flow engine, processes ..."""
    known = variables(settings, os.environ)
    is_signed = bool(wiring.stripe_secret(settings))
    try:
        async with wiring.open_orders(settings, size=2) as orders:
            found = (await OrderQueries(orders).pipeline(is_signed=is_signed)).hops
    except Problem as problem:
        found = [webhook_hop(is_signed)]
        broken = [failed("Orders", problem.message.split("\n")[0], problem.hint)]
    else:
        broken = []
    return [known, *(Check(hop.name, hop.state, hop.text, hop.next_step) for hop in found), *broken]


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
        "Variables", text, "Set the variables this deployment needs. The demo needs none."
    )  # fmt: skip
