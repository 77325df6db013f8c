"""What a service can do through the dialect of its worker, whatever the catalog says of a worker of our own."""

from hermes.core.catalog import Service
from hermes.core.worker_config import WorkerConfig


def adapted(service: Service, config: WorkerConfig) -> Service:
    """The service as its worker speaks: it is cancelled where the dialect says how, and a start is repeated only where
    the API starts one job for one key."""
    dialect = config.dialect
    if dialect is None:
        return service
    _ = service.rulebook  # compiled once: the copy takes what is compiled with it
    cancels = dialect.cancel is not None
    paths = service.paths.model_copy(update={"cancel": service.paths.cancel or "/cancel"})
    return service.model_copy(
        update={
            "honours_idempotency": service.honours_idempotency and dialect.start.repeatable,
            "supports_cancel": cancels or (service.supports_cancel and dialect.poll.status == ""),
            "paths": paths,
        }
    )
