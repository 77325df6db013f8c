"""The JSON API of orders."""

from directory_bolt.web.api import orders, staff, staff_actions
from hermes_base.web.routing import Router

router = Router()
for part in (orders, staff, staff_actions):
    router.include(part.router)
