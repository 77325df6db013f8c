"""The catalog as shipped, changed for tests, and outputs that keep its promises."""

from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import Any

from hermes.core import catalog_reader
from hermes.core.catalog import Catalog, Service

THIRTEEN = frozenset(["google_data_connector", "serp_intel", "crawl_render", "core_web_vitals", "competitive_snapshot", "content_decay", "content_qa", "seo_kbase", "backlink_authority", "content_generator", "orchestrator", "audit_log", "notifications"])  # fmt: skip


@cache
def shipped_catalog() -> Catalog:
    """The catalog as shipped."""
    return catalog_reader.read((files("hermes") / "catalog.toml").read_text("utf-8"))


def all_built() -> Catalog:
    """The shipped catalog with the first thirteen services of the fleet built, and none that came later.

    These count as planned: they have tests of their own.
    """
    shipped = shipped_catalog()
    never = {"google_ads_connector", "site_executor", "directory_submission"}
    planned = {"state": "planned", "planned_because": "It has tests of its own.", "bundled": False}
    services = [
        s.model_copy(update=planned)
        if s.slug in never
        else s
        if s.integration_type == "platform"
        else s.model_copy(update={"state": "built", "requires_site": ("base_url",)})
        for s in shipped.services
        if s.slug in THIRTEEN | never or s.integration_type == "platform"
    ]
    return Catalog(version=1, services=tuple(services))


def many_at_once() -> Catalog:
    """serp_intel, built, with room for all runs at once."""
    shipped = shipped_catalog()
    changes = {"state": "built", "requires_site": ("base_url",), "max_concurrency": 5000}
    services = [
        s.model_copy(update=changes) if s.slug == "serp_intel" else s for s in shipped.services
    ]
    return Catalog(version=1, services=tuple(services))


SITE_PAGE = "/prices"
SOURCE = "https://developers.google.com/search/docs/appearance/title-link"
HONEST: dict[str, Any] = {
    "gsc_impressions": 7, "gsc_clicks": 7, "gsc_ctr": 1.0,
    "gsc_queries": [{"query": "prices", "clicks": 3, "impressions": 5, "ctr": 0.6, "position": 4.2}],
    "gsc_pages": [{"page": SITE_PAGE, "clicks": 3, "impressions": 5, "ctr": 0.6, "position": 4.2}],
    "serp_rank_snapshots": [{"keyword": "prices", "position": 7, "url": SITE_PAGE}],
    "serp_serp_snapshots": [{"keyword": "prices", "results": [{"position": 7, "url": SITE_PAGE}]}],
    "serp_top_keywords": [{"keyword": "prices", "position": 7}],
    "non_200_urls": [{"url": SITE_PAGE, "status": 404}],
    "canonical_errors": [{"url": SITE_PAGE, "type": "relative"}],
    "render_failures": [{"url": SITE_PAGE}], "orphan_pages": [SITE_PAGE],
    "redirect_chains": [{"hops": ["/old", "/older", SITE_PAGE]}],
    "meta_tags": {"items": [{"url": SITE_PAGE, "title": "Prices"}]},
    "lcp": 1700, "inp": 70, "regressions": [{"metric": "lcp", "before": 1200, "now": 1700}],
    "competitors": [{"site": "https://rival.example", "share_of_voice": 0.2}],
    "ranking_pages": [{"url": "https://rival.example/prices", "position": 2}],
    "page_templates": [{"template": "/blog/*", "pages": 7}],
    "content_structure": {"yours": {"pages": 3}},
    "decay_signals": [{"page": SITE_PAGE, "signs": ["clicks_fell"]}],
    "refresh_candidates": [{"page": SITE_PAGE, "lost_clicks": 12}],
    "competitor_replacement": [{"page": SITE_PAGE, "competitor_url": "https://rival.example/a"}],
    "violations": [{"rule": "reading_ease", "url": SITE_PAGE, "severity": "minor"}],
    "compliance_status": "compliant", "fix_list": [{"url": SITE_PAGE, "change": "Split it."}],
    "seo_recommendations": [{"title": "Give every page a title", "source": SOURCE}],
    "best_practices": [{"title": "One title per page", "source": SOURCE}],
    "optimization_tips": [{"tip": "Begin with what the page is about.", "source": SOURCE}],
    "reference_docs": [{"title": "Title links", "url": SOURCE}],
    "new_links": [{"from": "https://portland.example/", "to": SITE_PAGE, "anchor": "prices"}],
    "lost_links": [{"from": "https://oregon.example/", "to": SITE_PAGE, "anchor": "prices"}],
    "anchor_distribution": [{"anchor": "prices", "share": 1.0}],
    "drafts": [{"title": "What it costs", "body": "A first visit costs 40 dollars. We tell prices before."}],
    "content_blocks": [{"heading": "Prices", "text": "A first visit costs 40 dollars."}],
    "faq_schema": {
        "@context": "https://schema.org", "@type": "FAQPage",
        "mainEntity": [{"@type": "Question", "name": "What does it cost?",
                        "acceptedAnswer": {"@type": "Answer", "text": "40 dollars."}}],
    },
    "internal_links": [{"url": SITE_PAGE, "anchor": "prices", "status": 200}],
    "job_status": {"queued": 0, "running": 1, "done": 7, "failed": 0, "cancelled": 0},
    "run_history": [{"service": "crawl_render", "status": "success"}],
    "error_rates": {"crawl_render": {"runs": 4, "failed": 1, "rate": 0.25}},
    "run_logs": [{"service": "crawl_render", "status": "success"}],
    "health_metrics": {"runners_alive": 1, "runs_queued": 0},
    "alerts": [{"service": "crawl_render", "reason": "site_unreachable"}],
    "change_audit": [{"actor": "ann", "action": "site_added"}],
    "pr_created": "https://git.example/marigold/site/pulls/7", "ads_cpc": 1.0,
    "ads_campaign_status": [{"name": "Spring", "state": "paused"}],
}  # fmt: skip
"""A value that keeps the contract of each output whose contract a common sample does not keep."""
SAMPLES: dict[str, Any] = {
    "number": 7,
    "list": [{"x": 1}],
    "object": {"a": 1},
    "text": "some",
    "flag": True,
}


def outputs_of(service: Service, *leave_out: str) -> dict[str, Any]:
    """A value for every promised output of a service that keeps its contract, but for those left out."""
    given = [output for output in service.outputs if output.slug not in leave_out]
    return {o.slug: deepcopy(HONEST.get(o.slug, SAMPLES[o.type])) for o in given}
