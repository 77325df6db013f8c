"""The hold of a worker on a flow run: every write of an order's work is guarded by it."""

from dataclasses import dataclass
from uuid import UUID

from directory_bolt.storage import flows
from hermes_base.postgres.database import Connection


class LeaseLostError(Exception):
    """Another worker has taken this flow over; what is under way here must not be saved."""


class OrderStoppedError(Exception):
    """The order was cancelled while a worker held it: nothing more of it is begun."""


class ClosingError(Exception):
    """This worker is shutting down; another goes on with the order."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Which worker works on which flow run."""

    flow_id: UUID
    worker_id: str


async def require_hold(connection: Connection, hold: Hold) -> None:
    """Lock the flow run until the transaction ends. Raises LeaseLostError when it is not ours."""
    if not await flows.holds(connection, hold.flow_id, hold.worker_id):
        raise LeaseLostError
