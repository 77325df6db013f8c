"""What Directory-Bolt counts for GET /metrics."""

from prometheus_client.core import GaugeMetricFamily, Metric

from directory_bolt.core.views.order_work import ProcessView, QueueView, Summary
from directory_bolt.reading import OrderQueries
from hermes_base.web.metrics import gauge, gauge_by


async def metrics_of(queries: OrderQueries) -> list[Metric]:
    """Orders, directories, queue, processes and open alerts."""
    summary, queue = await queries.summary(), await queries.queue()
    kinds: dict[str, float] = {}
    for alert in await queries.alerts():
        kinds[alert.kind] = kinds.get(alert.kind, 0) + 1
    return [
        *_work(summary),
        *_queue(queue),
        *_processes(await queries.workers()),
        gauge_by("hermes_order_alerts_open", "Open order alerts", "kind", kinds),
    ]


def _work(summary: Summary) -> list[Metric]:
    return [
        gauge_by("hermes_orders", "Orders by status", "status", summary.orders),
        gauge_by("hermes_order_results", "Directories of orders by status", "status", summary.directories),
    ]  # fmt: skip


def _queue(queue: QueueView) -> list[Metric]:
    depths = {"visible": queue.visible, "in_flight": queue.in_flight}
    return [
        gauge_by("hermes_queue_messages", f"Messages in the queue ({queue.provider})", "state", depths),
        gauge("hermes_queue_up", "1 if the queue responds", 0 if queue.fault else 1),
        gauge("hermes_dead_letters", "Dead letters not yet replayed", queue.dead),
        gauge("hermes_outbox_waiting", "Orders not yet sent to the brain", queue.outbox_waiting),
    ]  # fmt: skip


def _processes(found: list[ProcessView]) -> list[Metric]:
    ages = GaugeMetricFamily(
        "hermes_heartbeat_age_seconds",
        "Seconds since the last heartbeat",
        labels=["process", "worker"],
    )
    alive: dict[str, float] = {}
    for view in found:
        alive[view.process] = alive.get(view.process, 0) + (view.state == "alive")
        if view.age_seconds is not None:
            ages.add_metric([view.process, view.worker_id or ""], view.age_seconds)
    return [
        ages,
        gauge_by("hermes_processes_alive", "Running processes by kind", "process", alive),
    ]
