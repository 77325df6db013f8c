"""Sites and catalog entries as people read them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from hermes.core.catalog import Output, Service
from hermes.core.sites.site import Site
from hermes_base.view import View


class SiteView(View):
    """A site."""

    id: UUID
    name: str
    base_url: str
    is_demo: bool
    settings: dict[str, Any]
    updated_at: datetime | None


class CatalogService(View):
    """A service of the catalog, without any site's state."""

    slug: str
    display_name: str
    category: str
    purpose: str
    integration_type: str
    state: str
    planned_because: str
    supports_async: bool
    supports_smoke: bool
    supports_full: bool
    secret: str
    expected_outputs: list[Output]


def site_view(site: Site) -> SiteView:
    """A site as JSON."""
    return SiteView(
        id=site.id,
        name=site.name,
        base_url=site.base_url,
        is_demo=site.is_demo,
        settings=dict(site.settings),
        updated_at=site.updated_at,
    )


def catalog_service(service: Service) -> CatalogService:
    """A catalog entry as JSON."""
    return CatalogService(
        slug=service.slug,
        display_name=service.name,
        category=service.category,
        purpose=service.purpose,
        integration_type=service.integration_type,
        state=service.state,
        planned_because=service.planned_because,
        supports_async=service.supports_async,
        supports_smoke=service.smoke is not None,
        supports_full=service.supports_full,
        secret=service.secret,
        expected_outputs=[o for slug in service.expected_outputs if (o := service.output(slug))],
    )
