"""The crawler of the fleet and its website, and the shop of orders, for rows that need them."""

from tests.directory_bolt.conftest import shop
from tests.hermes_fleet.conftest import crawler, website

__all__ = ["crawler", "shop", "website"]
