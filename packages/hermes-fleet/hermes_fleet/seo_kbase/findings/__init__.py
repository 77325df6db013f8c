"""From outputs of other workers to what needs doing: one reader for each service, keys for all."""

from collections.abc import Callable, Iterator

from hermes_fleet.seo_kbase.findings import crawl, others
from hermes_fleet.seo_kbase.findings.finding import Finding, Outputs

KEYS = crawl.KEYS | others.KEYS
READERS: dict[str, Callable[[Outputs], Iterator[Finding]]] = {
    "crawl_render": crawl.findings,
    "core_web_vitals": others.vitals,
    "content_qa": others.content,
    "content_decay": others.decay,
    "backlink_authority": others.backlinks,
    "serp_intel": others.rankings,
    "google_data_connector": others.google,
    "competitive_snapshot": others.competition,
}
"""By the service whose runs they read."""
