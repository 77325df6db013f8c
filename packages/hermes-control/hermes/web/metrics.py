"""What the control room counts for GET /metrics."""

from prometheus_client.core import GaugeMetricFamily, Metric, SummaryMetricFamily

from hermes.core.figures import Counts, Figures
from hermes_base.web.metrics import gauge


def metrics_of(found: Figures) -> list[Metric]:
    """Test jobs, runs, durations and open alerts."""
    return [
        _counted("hermes_test_jobs", "Test jobs", ["run_type", "status"], found.test_jobs),
        _counted("hermes_service_runs", "Service runs", ["service", "run_type", "status", "reason"], found.runs),
        _durations(found.durations),
        gauge("hermes_service_alerts_open", "Open service alerts", found.open_alerts),
    ]  # fmt: skip


def _counted(name: str, text: str, labels: list[str], rows: Counts) -> Metric:
    """Gauges, not counters: rows go when their site is deleted."""
    found = GaugeMetricFamily(name, text, labels=labels)
    for row in rows:
        found.add_metric([str(row[label]) for label in labels], row["n"])
    return found


def _durations(rows: Counts) -> Metric:
    text = "Duration of finished runs"
    labels = ["service", "run_type"]
    found = SummaryMetricFamily("hermes_service_run_seconds", text, labels=labels)
    for row in rows:
        found.add_metric([row["service"], row["run_type"]], row["n"], row["seconds"])
    return found
