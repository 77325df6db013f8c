"""The crawler of the fleet and its website, for the hostile pages."""

from tests.hermes_fleet.conftest import crawler as crawler
from tests.hermes_fleet.conftest import website as website
