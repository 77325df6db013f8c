"""GET /metrics for Prometheus: counted from rows at each scrape; what is not known is left out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.registry import Collector

import hermes_base as package
from directory_bolt.core.views.order_work import ProcessView, QueueView, Summary
from directory_bolt.reading import OrderQueries
from hermes.control import Hermes
from hermes.core.figures import Counts, Figures
from hermes.web.api.common import problems

router = APIRouter(tags=["platform"])


class Told(Collector):
    """Hands out metrics that were made before."""

    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = list(found)

    def collect(self) -> Iterator[Metric]:
        """For the registry."""
        return iter(self._found)


@router.get("/metrics", responses={**problems(), 200: {"content": {"text/plain": {}}}})
async def read(request: Request) -> Response:
    """Jobs, runs, durations, orders, queue, processes and alerts, as Prometheus reads them."""
    hermes: Hermes = request.app.state.hermes
    queries: OrderQueries = request.app.state.order_queries
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Told([*_tests(await hermes.figures()), *await _orders(queries)]))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _tests(found: Figures) -> list[Metric]:
    return [
        InfoMetricFamily("hermes", "Hermes itself", {"version": package.__version__}),
        _counted("hermes_test_jobs", "Test jobs", ["run_type", "status"], found.test_jobs),
        _counted("hermes_service_runs", "Service runs", ["service", "run_type", "status", "reason"], found.runs),
        _durations(found.durations),
        _single("hermes_service_alerts_open", "Open alerts of services", found.open_alerts),
    ]  # fmt: skip


async def _orders(queries: OrderQueries) -> list[Metric]:
    summary, queue = await queries.summary(), await queries.queue()
    kinds: dict[str, float] = {}
    for alert in await queries.alerts():
        kinds[alert.kind] = kinds.get(alert.kind, 0) + 1
    return [
        *_work(summary),
        *_queue(queue),
        *_processes(await queries.workers()),
        _by("hermes_order_alerts_open", "Open alerts of orders", "kind", kinds),
    ]


def _work(summary: Summary) -> list[Metric]:
    return [
        _by("hermes_orders", "Orders by status", "status", summary.orders),
        _by("hermes_order_results", "Directories of orders by status", "status", summary.directories),
    ]  # fmt: skip


def _queue(queue: QueueView) -> list[Metric]:
    depths = {"visible": queue.visible, "in_flight": queue.in_flight}
    return [
        _by("hermes_queue_messages", f"Messages in the queue ({queue.provider})", "state", depths),
        _single("hermes_queue_up", "1 while the queue answers", 0 if queue.fault else 1),
        _single("hermes_dead_letters", "Dead letters that wait for somebody", queue.dead),
        _single("hermes_outbox_waiting", "Orders that the brain does not have yet", queue.outbox_waiting),
    ]  # fmt: skip


def _processes(found: list[ProcessView]) -> list[Metric]:
    ages = GaugeMetricFamily(
        "hermes_heartbeat_age_seconds", "Since the last sign of life", labels=["process", "worker"]
    )
    alive: dict[str, float] = {}
    for view in found:
        alive[view.process] = alive.get(view.process, 0) + (view.state == "alive")
        if view.age_seconds is not None:
            ages.add_metric([view.process, view.worker_id or ""], view.age_seconds)
    return [ages, _by("hermes_processes_alive", "Living processes of a kind", "process", alive)]


def _counted(name: str, text: str, labels: list[str], rows: Counts) -> Metric:
    """Gauges, not counters: rows go when their site is deleted."""
    found = GaugeMetricFamily(name, text, labels=labels)
    for row in rows:
        found.add_metric([str(row[label]) for label in labels], row["n"])
    return found


def _durations(rows: Counts) -> Metric:
    text = "How long ended runs took"
    labels = ["service", "run_type"]
    found = SummaryMetricFamily("hermes_service_run_seconds", text, labels=labels)
    for row in rows:
        found.add_metric([row["service"], row["run_type"]], row["n"], row["seconds"])
    return found


def _by(name: str, text: str, label: str, counts: Mapping[str, Any]) -> Metric:
    found = GaugeMetricFamily(name, text, labels=[label])
    for key, count in counts.items():
        if count is not None:
            found.add_metric([key], count)
    return found


def _single(name: str, text: str, value: float | None) -> Metric:
    found = GaugeMetricFamily(name, text)
    if value is not None:
        found.add_metric([], value)
    return found
