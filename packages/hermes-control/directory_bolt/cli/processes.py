"""`hermes brain | subscriber | flow-worker | monitor`, `create-test-job`, `erase-customer`, `sandbox pay`."""

import asyncio
import json
import secrets
import time
from typing import Annotated, Any

import aiohttp
import typer

from directory_bolt.core.orders.paid import paid_event, signature_of
from directory_bolt.engines.queue import QueueAwayError
from hermes_base.cli.console import out, plain, print_json
from hermes_base.cli.process import Host, Parent, borrow_database, run
from hermes_base.problems import Problem, RelayedProblem
from hermes_base.settings import Settings, load

ACTOR = "command line"
HealthPort = Annotated[
    int, typer.Option(help="Port of this process's /health on loopback; 0: any free one.")
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
    app.add_typer(queue, name="queue", help="Amazon SQS as the queue of orders.")
    app.add_typer(sandbox, name="sandbox", help="What stands in for the outside world.")


def brain(host: Host = None, port: int | None = None, parent_pid: Parent = None) -> None:
    """The brain alone: the door through which orders enter the queue."""
    from directory_bolt import wiring

    given: dict[str, Any] = {"host": host, "brain_port": port}
    settings = load(**{name: value for name, value in given.items() if value is not None})
    _prepare(settings, parent_pid)
    run(wiring.run_brain(settings, parent_pid), "brain")


def subscriber(health_port: HealthPort = 0, parent_pid: Parent = None) -> None:
    """The subscriber alone: takes orders from the queue and hands them to the flow engine."""
    from directory_bolt import wiring

    settings = load()
    _prepare(settings, parent_pid)
    run(wiring.run_subscriber(settings, parent_pid, health_port), "subscriber")


def flow_worker(health_port: HealthPort = 0, parent_pid: Parent = None) -> None:
    """A flow worker alone, with its browser; start as many as you like."""
    from directory_bolt import wiring

    settings = load()
    _prepare(settings, parent_pid)
    run(wiring.run_flow_worker(settings, parent_pid, health_port), "flow-worker")


def monitor(health_port: HealthPort = 0, parent_pid: Parent = None) -> None:
    """The monitor alone: says what is stuck and who is silent."""
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
    """Make the SQS queue of orders and its dead-letter queue unless they are there."""
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
    directories: Annotated[int, typer.Option(min=1, max=500, help="How many directories.")] = 5,
    json: AsJson = False,  # the option's name
) -> None:
    """Make one order of an invented business; it takes the whole way from the outbox on."""
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
    email: Annotated[str, typer.Argument(help="E-mail address of the customer.")],
) -> None:
    """Erase a customer's personal data; figures and the audit stay, without it."""
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
    package_type: Annotated[str, typer.Option("--package", help="starter, growth ...")] = "starter",
    tag: Annotated[str, typer.Option(help="Names the invented business.")] = "",
    json: AsJson = False,  # the option's name
) -> None:
    """Pay for a package as Stripe would say it: a correctly signed event to the running web server."""
    from directory_bolt import wiring
    from hermes_base.processes import address_of

    settings = load()
    secret = wiring.stripe_secret(settings)
    if not secret:
        hint = "Start the demo (hermes up --demo), or set HERMES_STRIPE_WEBHOOK_SECRET."
        raise Problem("stripe_not_configured", "There is no webhook secret here.", hint)
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
        message = f"The web server at {url} does not answer: {type(error).__name__}."
        raise Problem("server_away", message, "Start it: hermes up --demo") from error
    if answer.status != 200:
        raise RelayedProblem(
            reply.get("code", "refused"), reply.get("message", "Refused."), reply.get("hint", "")
        )
    return reply
