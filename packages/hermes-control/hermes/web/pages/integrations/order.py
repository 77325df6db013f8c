"""One order of services on every page: the catalog's."""

from collections.abc import Callable

from hermes.core.catalog import Catalog
from hermes.core.views import JobView


def place_in(catalog: Catalog) -> Callable[[str], int]:
    """The place of a slug in the catalog; what has left it comes last."""
    places = {service.slug: place for place, service in enumerate(catalog)}
    return lambda slug: places.get(slug, len(places))


def in_order(job: JobView, catalog: Catalog) -> JobView:
    """The job with its services in the catalog's order, so that nothing jumps on a refresh."""
    place = place_in(catalog)
    services = sorted(job.services, key=lambda service: place(service.slug))
    return job.model_copy(update={"services": services})
