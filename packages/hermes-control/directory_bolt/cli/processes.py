"""`hermes brain | subscriber | flow-worker | monitor`, `create-test-job`, `erase-customer`, `sandbox pay`."""

import asyncio
import json
import secrets
import time
from typing import Annotated, Any

import aiohttp
import typer

from directory_bolt.core.orders.paid import paid_event, signature_of
from directory_bolt.core.orders.webhook_secrets import newest_of
from directory_bolt.engines.queue import QueueAwayError
from hermes_base.cli.console import out, plain, print_json
from hermes_base.cli.process import Host, Parent, borrow_database, run
from hermes_base.problems import Problem, RelayedProblem
from hermes_base.settings import Settings, load

ACTOR = "command line"
HealthPort = Annotated[
    int, typer.Option(help="Loopback port for this process's /health. 0 picks a free port.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

sandbox = typer.Typer(no_args_is_help=True)
queue = typer.Typer(no_args_is_help=True)


def add(app: typer.Typer) -> None:
    """Add the commands to the program."""
    for command in (brain, subscriber, monitor):
        app.command()(command)
    app.command("flow-worker")(flow_worker)
    app.command("create-test-job")(create_test_job)
    app.command("erase-customer")(erase_customer)
    app.add_typer(queue, name="queue", help="Use Amazon SQS as the order queue.")
    app.add_typer(sandbox, name="sandbox", help="Simulate the outside world.")


def brain(host: Host = None, port: int | None = None, parent_pid: Parent = None) -> None:
    """Start only the brain, which puts orders into the queue."""
    from directory_bolt import wiring

    given: dict[str, Any] = {"host": host, "brain_port": port}
    settings = load(**{name: value for name, value in given.items() if value is not None})
    _prepare(settings, parent_pid)
    run(wiring.run_brain(settings, parent_pid), "brain")


def subscriber(health_port: HealthPort = 0, parent_pid: Parent = None) -> None:
    """Start only the subscriber, which reads orders from the queue and triggers flows."""
    from directory_bolt import wiring

    settings = load()
    _prepare(settings, parent_pid)
    run(wiring.run_subscriber(settings, parent_pid, health_port), "subscriber")


def flow_worker(health_port: HealthPort = 0, parent_pid: Parent = None) -> None:
    """Start one flow worker with its own browser. You can run several."""
    from directory_bolt import wiring

    settings = load()
    _prepare(settings, parent_pid)
    run(wiring.run_flow_worker(settings, parent_pid, health_port), "flow-worker")


def monitor(health_port: HealthPort = 0, parent_pid: Parent = None) -> None:
    """Start only the monitor, which alerts on stuck orders and missing heartbeats."""
    from directory_bolt import wiring

    settings = load()
    _prepare(settings, parent_pid)
    run(wiring.run_monitor(settings, parent_pid, health_port), "monitor")


def _prepare(settings: Settings, parent: int | None) -> None:
    from hermes_base.logs import configure_logging

    configure_logging(settings)
    borrow_database(settings, parent)


@queue.command("create")
def create_queue() -> None:
    """Create the SQS order queue and its dead-letter queue if they do not exist."""
    from directory_bolt import wiring
    from hermes_base.postgres.opening import borrowed_database

    async def creating(settings: Settings) -> tuple[str, str]:
        async with borrowed_database(settings):
            return await wiring.create_sqs(settings)

    try:
        live, dead = asyncio.run(creating(load()))
    except QueueAwayError as error:
        hint = "Check HERMES_SQS_ENDPOINT_URL, HERMES_SQS_REGION and the AWS credentials."
        raise Problem("queue_away", f"{error}.", hint) from error
    out.print(f"Queue: {plain(live)}\nDead letters: {plain(dead)}")


def create_test_job(
    directories: Annotated[int, typer.Option(min=1, max=500, help="Number of directories.")] = 5,
    json: AsJson = False,  # the option's name
) -> None:
    """Create a test order for an invented business. It goes through every step from the outbox on."""
    from directory_bolt import wiring
    from hermes_base.postgres.opening import borrowed_database

    async def making(settings: Settings) -> str:
        async with (
            borrowed_database(settings),
            wiring.open_orders(settings) as o,
        ):
            return str(await o.intake.create_test_order(ACTOR, directories))

    job = asyncio.run(making(load()))
    print_json({"jobId": job}) if json else out.print(f"Created job {job}.")


def erase_customer(
    email: Annotated[str, typer.Argument(help="The customer's email address.")],
) -> None:
    """Erase a customer's personal data. Totals and audit entries are kept without it."""
    from directory_bolt import wiring
    from hermes_base.postgres.opening import borrowed_database

    async def erasing(settings: Settings) -> int:
        async with (
            borrowed_database(settings),
            wiring.open_orders(settings) as o,
        ):
            return await o.erasure.erase_customer(email, ACTOR)

    count = asyncio.run(erasing(load()))
    out.print(f"Erased {count} {'customer' if count == 1 else 'customers'}.")


@sandbox.command()
def pay(
    package_type: Annotated[
        str, typer.Option("--package", help="Package: starter, growth, professional or enterprise.")
    ] = "starter",
    tag: Annotated[str, typer.Option(help="Tag in the name of the invented business.")] = "",
    json: AsJson = False,  # the option's name
) -> None:
    """Simulate a Stripe payment: send a correctly signed event to the running web server."""
    from directory_bolt import wiring
    from hermes_base.processes import address_of

    settings = load()
    secret = newest_of(wiring.stripe_secret(settings))
    if not secret:
        hint = "Start the demo (hermes up --demo), or set HERMES_STRIPE_WEBHOOK_SECRET."
        raise Problem("stripe_not_configured", "No Stripe webhook secret is set.", hint)
    url = f"{address_of(settings)}/api/webhook"
    event = paid_event(package_type, tag or secrets.token_hex(4), int(time.time()))
    reply = asyncio.run(_deliver(url, secret, event))
    if json:
        print_json(reply)
        return
    out.print(
        f"Paid: {plain(reply['outcome'])}, job {plain(str(reply['jobId']))}. {plain(reply['detail'])}"
    )


async def _deliver(url: str, secret: str, event: dict[str, Any]) -> dict[str, Any]:
    body = json.dumps(event).encode()
    headers = {
        "Content-Type": "application/json",
        "Stripe-Signature": signature_of(body, secret, int(time.time())),
    }
    try:
        async with aiohttp.request("POST", url, data=body, headers=headers) as answer:
            reply: dict[str, Any] = await answer.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        message = f"The web server at {url} does not respond: {type(error).__name__}."
        raise Problem("server_away", message, "Start it with: hermes up --demo") from error
    if answer.status != 200:
        raise RelayedProblem(
            reply.get("code", "refused"), reply.get("message", "Refused."), reply.get("hint", "")
        )
    return reply
