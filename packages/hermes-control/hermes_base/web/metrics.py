"""GET /metrics for Prometheus: counted from rows at each scrape; what is not known is left out."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from fastapi import Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from hermes_base import __version__
from hermes_base.people.roles import READ_ALL
from hermes_base.web.api import problems
from hermes_base.web.routing import Router

MetricSource = Callable[[], Awaitable[list[Metric]]]
"""What a product counts; the wiring names the sources of an application."""

router = Router(tags=["platform"])


class ReadMetrics(Collector):
    """Metrics that were read before the registry asks for them: reading them waits for the database."""

    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = list(found)

    def collect(self) -> Iterator[Metric]:
        """The metrics, when the registry asks for them."""
        return iter(self._found)


@router.get("/metrics", READ_ALL, responses={**problems(), 200: {"content": {"text/plain": {}}}})
async def read(request: Request) -> Response:
    """Jobs, runs, durations, orders, queue, processes and alerts, as Prometheus reads them."""
    sources: Sequence[MetricSource] = request.app.state.metrics
    found: list[Metric] = [
        InfoMetricFamily("hermes", "Version of Hermes", {"version": __version__})
    ]
    for source in sources:
        found += await source()
    registry = CollectorRegistry(auto_describe=False)
    registry.register(ReadMetrics(found))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def gauge_by(name: str, text: str, label: str, counts: Mapping[str, Any]) -> Metric:
    """A gauge with one sample for each label value; values that are None are left out."""
    found = GaugeMetricFamily(name, text, labels=[label])
    for key, count in counts.items():
        if count is not None:
            found.add_metric([key], count)
    return found


def gauge(name: str, text: str, value: float | None) -> Metric:
    """A gauge with one sample; without any where the value is None."""
    found = GaugeMetricFamily(name, text)
    if value is not None:
        found.add_metric([], value)
    return found
