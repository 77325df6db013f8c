"""Every hop of an order's way as it was measured just now: for the API, `hermes doctor` and the fleet."""

from collections.abc import Sequence

from pydantic import Field

from directory_bolt.core.views.order_work import DirectoryView, ProcessView, QueueView
from hermes_base.checks import Check, State, failed, passed, skipped
from hermes_base.view import View


class Hop(View):
    """`not set` is a hop that nobody has configured; orders of the demo do not need it."""

    hop: str = Field(examples=["subscriber"])
    name: str = Field(examples=["Process subscriber"])
    state: State
    text: str = Field(examples=["last heartbeat 2.1 s ago"])
    next_step: str
    age_seconds: float | None = Field(default=None, description="Of the heartbeat of a process")


class Pipeline(View):
    """`ready` when no hop is `not ready`; `demo_directories` is to how many a test order may go."""

    ready: bool
    hops: list[Hop]
    demo_directories: int


def pipeline(
    hops: Sequence[Hop], processes: Sequence[ProcessView], directories: Sequence[DirectoryView]
) -> Pipeline:
    """The hops before the processes, the processes, and where an order ends."""
    newest = _newest(processes)
    found = [*hops, *map(_process, newest), _browser(processes), _directories(directories)]
    return Pipeline(
        ready=all(hop.state != "not ready" for hop in found),
        hops=found,
        demo_directories=sum(view.is_used and view.is_demo for view in directories),
    )


def hop(slug: str, check: Check, age: float | None = None) -> Hop:
    """A check-up of one hop."""
    return Hop(
        hop=slug, name=check.name, state=check.state, text=check.text, next_step=check.next_step,
        age_seconds=age,
    )  # fmt: skip


def webhook_hop(is_signed: bool) -> Hop:
    """The hop of Stripe's webhook: skipped while no signing secret is set."""
    if is_signed:
        return hop("webhook", passed("Stripe webhook", "the signing secret is set"))
    step = "Set HERMES_STRIPE_WEBHOOK_SECRET, or start the demo: hermes up --demo"
    text = "no signing secret: POST /api/webhook returns 503"
    return hop("webhook", skipped("Stripe webhook", text, step))


def outbox_hop(view: QueueView) -> Hop:
    """From the order to the brain; what was tried in vain says why."""
    fault = next((item.last_error for item in view.outbox if item.last_error), None)
    text = f"{view.outbox_waiting} waiting"
    if fault is None:
        return hop("outbox", passed("Outbox", text))
    step = "Check the brain. Waiting orders are sent automatically once it responds."
    return hop("outbox", failed("Outbox", f"{text}: {fault}", step))


def queue_hop(view: QueueView, fault: str) -> Hop:
    """The queue with its depth. `fault` is why it does not answer, or ""."""
    name, fault = f"Queue ({view.provider})", fault or view.fault or ""
    if fault:
        step = "Correct HERMES_SQS_*, or create a missing queue with: hermes create-queue"
        return hop("queue", failed(name, fault, step))
    text = f"{view.visible} waiting, {view.in_flight} in flight, {view.dead} dead letters"
    return hop("queue", passed(name, text))


def engine_hop(engine: str, fault: str) -> Hop:
    """The flow engine. `fault` is why it does not answer, or ""."""
    name = f"Flow engine ({engine})"
    if fault:
        step = "Correct HERMES_PREFECT_API_URL; register the deployment with: hermes prefect deploy"
        return hop("flow_engine", failed(name, fault, step))
    return hop("flow_engine", passed(name, "reachable and ready for orders"))


def _newest(views: Sequence[ProcessView]) -> list[ProcessView]:
    """One of each kind: a living one where there is any."""
    found: dict[str, ProcessView] = {}
    for view in sorted(views, key=lambda view: view.state != "alive"):
        found.setdefault(view.process, view)
    return list(found.values())


def _process(view: ProcessView) -> Hop:
    slug, name, age = view.process.replace("-", "_"), f"Process {view.process}", view.age_seconds
    if view.state == "alive":
        return hop(slug, passed(name, f"last heartbeat {age:g} s ago"), age)
    start = "serve" if view.process == "relay" else view.process
    message = "no heartbeat yet" if age is None else f"no heartbeat for {age:g} s"
    step = f"Start everything with: hermes up, or only this process with: hermes {start}"
    return hop(slug, failed(name, message, step), age)


def _browser(processes: Sequence[ProcessView]) -> Hop:
    """By what the living flow workers say of their own machines."""
    name = "Browser of the flow worker"
    alive = [view for view in processes if view.process == "flow-worker" and view.state == "alive"]
    browsers = [view.told["browser"] for view in alive if "browser" in view.told]
    if "" in browsers:
        step = "Run on its machine: hermes browser install"
        return hop("browser", failed(name, "Chromium not found", step))
    if browsers:
        return hop("browser", passed(name, str(browsers[0])))
    return hop(
        "browser", skipped(name, "no flow worker is running", "Start the flow worker first.")
    )


def _directories(views: Sequence[DirectoryView]) -> Hop:
    used = sum(view.is_used for view in views)
    demo = sum(view.is_used and view.is_demo for view in views)
    text = f"{used} of {len(views)} can be used, {demo} of them demo directories"
    if used:
        return hop("directories", passed("Directories", text))
    step = "On the Directories page, record that their terms allow submissions."
    return hop("directories", skipped("Directories", text, step))
