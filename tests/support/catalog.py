"""The catalog as shipped, changed for tests, and outputs that keep its promises."""

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

    Directory-Bolt's own counts as planned.
    """
    shipped = shipped_catalog()
    never = {"google_ads_connector", "site_executor", "directory_submission"}
    planned = {"state": "planned", "planned_because": "It has tests of its own.", "bundled": False}
    services = [
        s.model_copy(update=planned)
        if s.slug == "directory_submission"
        else s
        if s.slug in never or s.integration_type == "platform"
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


def outputs_of(service: Service, *leave_out: str) -> dict[str, Any]:
    """A value for every promised output of a service, but for those left out."""
    samples: dict[str, Any] = {
        "number": 7,
        "list": [{"x": 1}],
        "object": {"a": 1},
        "text": "some",
        "flag": True,
    }
    return {o.slug: samples[o.type] for o in service.outputs if o.slug not in leave_out}
