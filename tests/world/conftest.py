"""The crawler of the fleet and its website, for the hostile pages."""

from tests.hermes_fleet.conftest import crawler, website

__all__ = ["crawler", "website"]
